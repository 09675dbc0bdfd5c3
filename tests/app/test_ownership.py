"""Whose files are: those of somebody else are never replaced."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from audiobook import outputs
from audiobook.app.book_requests import find_books
from audiobook.app.build import build
from audiobook.app.ownership import OutputLedger, read_identity, read_provenance
from audiobook.app.texts import texts_in
from audiobook.cli.app import app
from audiobook.errors import OutputError
from audiobook.model import Progress
from audiobook.outputs import transcripts
from audiobook.stages import readers

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Event, Job

    Make = Callable[..., Job]

BOOK = "Chương 1\n\nMột câu. Hai câu.\n\nChương 2\n\nBa câu nữa."


def ordered(job: Job, form: str, **settings: Any) -> Job:
    sound = outputs.load(form).SOUND
    return replace(job, format=form, sound=replace(job.sound, format=sound), **settings)


def place(path: Path, content: bytes = b"mine") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def refused(job: Job, path: Path, message: str) -> None:
    """Building stops before anything is recorded and leaves the file alone; insisting does it."""
    old_content = path.read_bytes()
    events: list[Event] = []
    with pytest.raises(OutputError, match=message) as caught:
        build(job, events.append)
    assert caught.value.exit_code == 7
    assert str(path) in caught.value.what
    assert "--overwrite" in caught.value.remedy
    assert not any(isinstance(event, Progress) for event in events)
    assert path.read_bytes() == old_content
    build(replace(job, overwrite=True))
    assert path.read_bytes() != old_content
    build(job)  # it is ours now


# --- files that somebody else made ----------------------------------------------------------------


@pytest.mark.parametrize("form", outputs.FORMATS)
def test_a_book_in_the_place_of_another_file(make_job: Make, form: str) -> None:
    job = ordered(make_job(BOOK), form)
    suffix = ".readalong.epub" if form == "epub" else f".{form}"
    refused(job, place(job.folder / f"book{suffix}"), "was not made by audiobook")


@pytest.mark.parametrize("kind", transcripts.KINDS)
def test_a_transcript_that_somebody_wrote(make_job: Make, kind: str) -> None:
    job = replace(make_job(BOOK), transcripts=(kind,))
    refused(job, place(job.folder / f"book.{kind}"), "was not written by audiobook")


@pytest.mark.parametrize("kind", transcripts.KINDS)
def test_a_transcript_that_somebody_corrected(make_job: Make, kind: str) -> None:
    job = replace(make_job(BOOK), transcripts=(kind,))
    build(job)
    path = job.folder / f"book.{kind}"
    path.write_text(path.read_text("utf-8").replace("nữa", "nữa nhé"), "utf-8")
    refused(job, path, "or was changed since")


def test_a_chapter_in_the_place_of_another_file(make_job: Make) -> None:
    job = ordered(make_job(BOOK), "mp3", split=True)
    path = place(job.folder / "book" / "02 - Chương 2.mp3")
    refused(job, path, "was not made by audiobook")


def test_whatever_is_a_link_or_no_file(make_job: Make, tmp_path: Path) -> None:
    job = make_job(BOOK)
    job.folder.mkdir()
    (job.folder / "book.mp3").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="was not made"):
        build(job)
    (job.folder / "book.mp3").unlink()
    os.mkfifo(job.folder / "book.mp3")  # would be waited for if it were read
    with pytest.raises(OutputError, match="was not made"):
        build(job)


# --- files of ours --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", outputs.FORMATS)
def test_a_book_of_ours_is_made_again_though_the_cache_is_gone(
    make_job: Make, tmp_path: Path, form: str
) -> None:
    job = ordered(make_job(BOOK), form, transcripts=transcripts.KINDS)
    path = build(job).path
    assert read_provenance(path)
    shutil.rmtree(tmp_path / "cache")
    build(ordered(make_job(BOOK + " Thêm."), form, transcripts=transcripts.KINDS))
    assert all("Thêm" in (job.folder / f"book.{kind}").read_text() for kind in transcripts.KINDS)


def test_a_transcript_away_from_its_book_is_known_by_its_content(make_job: Make) -> None:
    job = replace(make_job(BOOK), transcripts=("srt",))
    build(job)
    path = job.folder / "book.srt"
    os.utime(path, (1, 1))
    ledger = OutputLedger(job.cache)
    assert ledger.is_own_transcript(path)
    shutil.rmtree(job.cache)  # then nobody knows it, and it is left alone
    assert not ledger.is_own_transcript(path)
    with pytest.raises(OutputError, match="was not written by audiobook"):
        build(job)


@pytest.mark.parametrize("kind", ["vtt", "lrc"])
def test_a_transcript_says_itself_that_it_is_ours(make_job: Make, kind: str) -> None:
    job = replace(make_job(BOOK), transcripts=(kind,))
    build(job).path.unlink()
    shutil.rmtree(job.cache)
    path = job.folder / f"book.{kind}"
    path.rename(alone := path.with_stem("khác"))
    os.utime(alone, (1, 1))
    assert OutputLedger(job.cache).is_own_transcript(alone)
    assert texts_in(job.folder) == []  # and so it is no text for another book
    assert "audiobook" not in " ".join(
        paragraph.text
        for chapter in readers.read(str(alone)).chapters
        for paragraph in chapter.paragraphs
    )
    text = alone.read_text("utf-8")
    for changed in (text.replace("nữa", "nhé"), text[1:], text + "\n", ""):
        alone.write_text(changed, "utf-8")
        assert not OutputLedger(job.cache).is_own_transcript(alone)


def test_the_book_of_another_kind_of_source_keeps_its_name(make_job: Make, tmp_path: Path) -> None:
    job = make_job(BOOK)
    first = build(job).path
    old_content = first.read_bytes()
    markdown = place(tmp_path / "book.md", b"# Kh\xc3\xa1c\n\nKh\xc3\xa1c.")
    other = build(replace(job, source=str(markdown)))
    assert other.path.name == "book-md.mp3"
    assert first.read_bytes() == old_content
    # Whichever is built again finds its own, even if it is the only one left.
    markdown.write_text("# Khác\n\nKhác hẳn.", "utf-8")
    assert build(replace(job, source=str(markdown))).path == other.path
    Path(job.source).write_text("Đổi.", "utf-8")
    assert build(job).path == first
    first.unlink()
    assert build(replace(job, source=str(markdown))).path == other.path


def test_the_name_that_a_folder_gives_is_taken_first(make_job: Make) -> None:
    job = replace(make_job(BOOK), stem="book-txt")
    assert build(job).path.name == "book-txt.mp3"


def test_two_files_of_one_name_in_different_folders(make_job: Make, tmp_path: Path) -> None:
    job = make_job(BOOK)
    path = build(job).path
    namesake = place(tmp_path / "khác" / "book.txt", "Truyện khác.".encode())
    refused(replace(job, source=str(namesake)), path, f"is the book of {job.source}")
    # One that was moved is the same.
    moved = namesake.rename(tmp_path / "book.txt.moved").rename(tmp_path / "mới.txt")
    place(tmp_path / "nơi mới" / "book.txt", moved.read_bytes() + b" Th\xc3\xaam.")
    build(replace(job, source=str(tmp_path / "nơi mới" / "book.txt")))


def test_texts_from_standard_input(make_job: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def build_text(text: str, **settings: Any) -> str:
        from io import BytesIO, TextIOWrapper

        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode())))
        return build(replace(make_job("x"), source="-", **settings)).path.name

    assert build_text("Một câu.") == "stdin.mp3"
    second = build_text("Hai câu.")
    assert second.startswith("stdin-")
    assert build_text("Hai câu.") == second
    assert build_text("Một câu.") == "stdin.mp3"
    assert build_text("# Bản tin\n\nMưa.") == "Bản tin.mp3"
    assert build_text("# Bản tin\n\nNắng.").startswith("Bản tin-")
    # Whoever names the file wants the latest in it.
    folder = make_job("x").folder
    assert build_text("Ba câu.", path=folder / "tin.mp3") == "tin.mp3"
    assert build_text("Bốn câu.", path=folder / "tin.mp3") == "tin.mp3"


def test_a_source_is_never_replaced(make_job: Make, tmp_path: Path) -> None:
    job = replace(make_job(BOOK), overwrite=True)
    for job_in_the_way in (
        replace(job, path=Path(job.source)),
        replace(job, source=str(place(tmp_path / "out" / "a.srt", b"x")), transcripts=("srt",)),
    ):
        old_content = Path(job_in_the_way.source).read_bytes()
        with pytest.raises(OutputError, match="is the source itself"):
            build(job_in_the_way)
        assert Path(job_in_the_way.source).read_bytes() == old_content


def test_what_we_wrote_is_no_source(make_job: Make, tmp_path: Path) -> None:
    for form in ("mp3", "epub"):
        job = ordered(make_job(BOOK), form, folder=tmp_path / "texts", transcripts=("srt", "vtt"))
        build(job)
    build(ordered(job, "epub", path=tmp_path / "texts" / "khác.epub", transcripts=()))
    place(tmp_path / "texts" / "của tôi.txt", b"Mine.")
    # Copied, they have another date, and are known by the book beside them.
    copy = tmp_path / "bản sao"
    copy.mkdir()
    for path in (tmp_path / "texts").iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    shutil.rmtree(job.cache)
    for folder in (tmp_path / "texts", copy):
        assert [Path(request.source).name for request in find_books([str(folder)], copy)] == [
            "của tôi.txt"
        ]
    assert read_identity(tmp_path / "texts" / "của tôi.txt") is None


# --- the command ----------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, str]:
    completed = CliRunner().invoke(app, ["build", "--voice", "tone", "--cover", "none", *words])
    return completed.exit_code, completed.stderr.splitlines()[-1] if completed.stderr else ""


@pytest.mark.parametrize(
    ("name", "magic"),
    [
        ("foo.mp3", b"ID3"),
        ("sub/foo.M4B", b"\0\0\0"),
        ("foo.bar.opus", b"OggS"),
        ("foo.epub", b"PK"),
    ],
)
def test_a_file_is_named(tmp_path: Path, name: str, magic: bytes) -> None:
    source = place(tmp_path / "a.txt", BOOK.encode())
    wanted = tmp_path / "ra" / name
    assert run(str(source), "-o", str(wanted), "--transcript", "vtt")[0] == 0
    assert wanted.read_bytes().startswith(magic)
    names = {path.name for path in wanted.parent.iterdir()}
    assert names == {wanted.name, f"{wanted.stem}.vtt"}
    assert run(str(source), "-o", str(wanted), "--transcript", "vtt")[0] == 0


def test_what_cannot_be_named(tmp_path: Path) -> None:
    first, second = (place(tmp_path / name, b"M\xe1\xbb\x99t.") for name in ("a.txt", "b.txt"))
    code, line = run(str(first), "-o", str(tmp_path / "a.m4b"), "--format", "mp3")
    assert (code, line.endswith("leave out --format, or name another file")) == (2, True)
    code, line = run(str(first), str(second), "-o", str(tmp_path / "a.mp3"))
    assert (code, "several books cannot become one file" in line) == (2, True)
    for name in ("a.flac", "a.foo", "a.mp4"):
        code, line = run(str(first), "-o", str(tmp_path / name))
        endings = ".mp3, .m4b, .opus, .epub, .wav"
        assert (code, f"name a file that ends in {endings}" in line) == (2, True)
    assert sorted(path.name for path in tmp_path.glob("?.*")) == ["a.txt", "b.txt"]
    # A folder may be called like that.
    (tmp_path / "a.mp3").mkdir()
    assert run(str(first), "-o", str(tmp_path / "a.mp3"))[0] == 0
    assert (tmp_path / "a.mp3" / "a.mp3").is_file()
    (tmp_path / "a.foo").mkdir()
    assert run(str(first), "-o", str(tmp_path / "a.foo"))[0] == 0
    assert run(str(first), "-o", str(tmp_path / "a.v2"))[0] == 0
    assert (tmp_path / "a.v2" / "a.mp3").is_file()
    place(tmp_path / "mine.mp3")
    assert run(str(first), "-o", str(tmp_path / "mine.mp3"))[0] == 7
    assert run(str(first), "-o", str(tmp_path / "mine.mp3"), "--overwrite")[0] == 0


def test_names_as_long_as_disks_take(tmp_path: Path) -> None:
    for name in ("ạ" * 83 + ".txt", "ạ" * 82 + "a.txt", "x" * 251 + ".txt"):
        place(tmp_path / "texts" / name, BOOK.encode())
    words = (str(tmp_path / "texts"), "-k", "-o", str(tmp_path / "out"), "--transcript", "vtt")
    for more in ((), ("--split",), ("--preview", "1"), ("--format", "epub")):
        assert run(*words, *more)[0] == 0
    assert len(list((tmp_path / "out").glob("*.preview.mp3"))) == 3
    assert len(list((tmp_path / "out").glob("*.readalong.epub"))) == 3
