"""Damage to finished files is noticed, and changes of their tags are not taken for it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import mutagen
import pytest
from command import run

from audiobook import outputs
from audiobook.app.build import build
from audiobook.app.converting import Conversion, convert
from audiobook.app.retagging import Changes, retag
from audiobook.model import Job, Progress, Remark
from audiobook.system.folders import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Event

    Make = Callable[..., Job]

TEXT = "Chương 1\n\n" + "Nước lên rồi nước lại xuống. " * 30 + "\n\nChương 2\n\nĐò sang sông."


@pytest.fixture(params=["mp3", "m4b", "opus", "epub"])
def job(request: pytest.FixtureRequest, make_job: Make) -> Job:
    """A book in each format."""
    job = make_job(TEXT)
    sound_format = outputs.load(request.param).SOUND
    return replace(job, format=request.param, sound=replace(job.sound, format=sound_format))


def remarks(job: Job) -> list[str]:
    """Build a book, and return what is remarked; "built" if its passages were gone through."""
    events: list[Event] = []
    build(job, events.append)
    built = ["built"] if any(isinstance(event, Progress) for event in events) else []
    return [str(event.text) for event in events if isinstance(event, Remark)] + built


def spoil(path: Path, start: int, end: int) -> None:
    """Write zeros into a file, which keeps its size and its date."""
    status = path.stat()
    data = bytearray(path.read_bytes())
    assert any(data[start:end])
    data[start:end] = bytes(end - start)
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_the_tags_of_a_file_are_read_once(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = build(job), build(job)
    form = outputs.load(job.format)
    monkeypatch.setattr(form, "read_book", lambda *_: pytest.fail("the tags are read again"))
    assert build(job) == again
    assert again.path == first.path
    monkeypatch.undo()
    assert form.read_book(again.path, form.read_fingerprint(again.path)) == again


def test_changed_tags_are_read_again(make_job: Make) -> None:
    job = make_job(TEXT)
    path = build(job).path
    build(job)
    retag(path, Changes(texts={"title": "Con đò"}))
    assert [build(job).meta.title for _ in range(2)] == ["Con đò"] * 2


def test_a_file_with_its_second_half_lost(job: Job) -> None:
    """Its size and date are the same, as after a loss of power."""
    path = build(job).path
    content = path.read_bytes()
    assert remarks(job) == []
    # What is in the last tenth of some formats tells whose the file is.
    spoil(path, len(content) // 2, len(content) * 9 // 10)
    assert remarks(job) == [
        f"{path} was damaged since it was made, and is written again",
        "built",
    ]
    assert path.read_bytes() == content
    assert remarks(job) == []


def test_a_file_that_was_cut_off(make_job: Make) -> None:
    job = make_job(TEXT)
    path = build(job).path
    content = path.read_bytes()
    os.truncate(path, len(content) - 2000)
    assert remarks(job)[1:] == ["built"]
    assert path.read_bytes() == content


def test_one_bit(job: Job) -> None:
    """Only who reads all of the sound sees it."""
    path = build(job).path
    content = path.read_bytes()
    # Between two samples of a file of which there are eight.
    place = len(content) * 3 // 14 + 2600
    spoil(path, place, place + 8)
    assert remarks(job) == []
    assert remarks(replace(job, verify=True))[1:] == ["built"]
    assert path.read_bytes() == content


def test_other_tags_are_no_damage(make_job: Make) -> None:
    for form in outputs.SOUND_FORMATS:
        plain = make_job(TEXT, name=form)
        job = replace(plain, format=form, sound=replace(plain.sound, format=form))
        path = build(job).path
        retag(path, Changes(texts={"title": "Bến đò " * 40}))
        assert remarks(replace(job, verify=True)) == [], form
        file = mutagen.File(path, easy=True)
        file["artist"] = "Somebody " * 2000
        file.save()
        content = path.read_bytes()
        assert remarks(job) == [], form
        assert remarks(replace(job, verify=True)) == [], form
        assert path.read_bytes() == content


def test_nothing_is_known_without_the_cache(make_job: Make, tmp_path: Path) -> None:
    job = make_job(TEXT)
    path = build(job).path
    elsewhere = replace(job, cache=tmp_path / "other", verify=True)
    assert remarks(elsewhere) == [f"{path} cannot be verified: no cache knows it"]


def test_a_chapter_in_a_file_of_its_own(make_job: Make) -> None:
    job = replace(make_job(TEXT), split=True)
    folder = build(job).path.with_suffix("")
    first, second = sorted(folder.glob("*.mp3"))
    contents = first.read_bytes(), second.read_bytes()
    spoil(first, len(contents[0]) // 2, len(contents[0]))
    assert remarks(job) == [
        f"{first} was damaged since it was made, and is written again",
        "built",
    ]
    assert (first.read_bytes(), second.read_bytes()) == contents


def test_a_converted_book(make_job: Make, tmp_path: Path) -> None:
    job = make_job(TEXT)
    conversion = Conversion(
        source=build(job).path, path=tmp_path / "book.opus", format="opus", cache=job.cache
    )
    assert not convert(conversion).unchanged
    assert convert(conversion).unchanged
    content = conversion.path.read_bytes()
    spoil(conversion.path, len(content) // 2, len(content) * 9 // 10)
    assert not convert(conversion).unchanged
    assert conversion.path.read_bytes() == content


def test_notes_that_cannot_be_kept(make_job: Make, recorded: Callable[[Job], Job]) -> None:
    """All recordings are there, and nothing more can be written beside them."""
    job = recorded(make_job(TEXT))
    for folder in ("orders", "written", "seals", "paces"):
        (job.cache / folder).write_bytes(b"not a folder")
    job = replace(job, transcripts=("srt", "vtt"))
    assert (
        remarks(job) == ["built", f"cannot write to {job.cache}: the next build takes longer"][::-1]
    )
    assert job.folder.joinpath("book.mp3").exists()
    assert remarks(job)[1:] == []


@pytest.mark.parametrize("words", [(), ("-k",)], ids=["one", "many"])
def test_the_command_says_what_it_cannot_verify(tmp_path: Path, words: tuple[str, ...]) -> None:
    source = tmp_path / "a.txt"
    source.write_text(TEXT, "utf-8")
    command = ("build", str(source), "-o", str(tmp_path), "--voice", "tone", "--cover", "none")
    assert run(*command, *words).returncode == 0
    assert "cannot be verified" not in run(*command, *words, "--verify").stderr
    for seal in cache_folder().rglob("*.seal"):
        seal.unlink()
    done = run(*command, *words, "--verify")
    assert f"{tmp_path / 'a.mp3'} cannot be verified" in done.stderr
    assert "unchanged" in done.stdout
