"""What a build leaves in its folder, in every format, and what it leaves alone."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import mutagen
import numpy as np
import pytest
from places import DATA

from audiobook import outputs
from audiobook.app.build import build
from audiobook.app.current import find_book
from audiobook.app.delivery import check_can_write
from audiobook.audit import ACX, audit
from audiobook.config import make_job as order
from audiobook.errors import UsageError
from audiobook.model import Chapter, Document, Event, Meta, Remark
from audiobook.outputs import transcripts
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Job

BOOK = "Chương 1\n\nMột câu. Hai câu.\n\nChương 2\n\nBa câu nữa."


def ordered(job: Job, form: str, split: bool = False) -> Job:
    sound = outputs.load(form).SOUND
    return replace(job, format=form, sound=replace(job.sound, format=sound), split=split)


def files(job: Job) -> dict[str, int]:
    return {
        str(path.relative_to(job.folder)): path.stat().st_mtime_ns
        for path in job.folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("form", outputs.FORMATS)
def test_a_book_is_written_once(make_job: Callable[..., Job], form: str) -> None:
    job = ordered(make_job(BOOK), form)
    book = build(job)
    written = files(job)
    assert list(written) == [book.path.name]
    again = build(job)
    assert files(job) == written
    assert (again.sentences, again.samples) == (book.sentences, book.samples)
    assert [chapter.title for chapter in again.chapters] == ["Chương 1", "Chương 2"]
    build(replace(job, meta=replace(job.meta, author="Nguyễn An")))
    assert files(job) != written


def test_transcripts_stand_beside_the_book(make_job: Callable[..., Job]) -> None:
    job = replace(make_job(BOOK), transcripts=transcripts.KINDS)
    build(job)
    written = files(job)
    assert set(written) == {"book.mp3", "book.vtt", "book.srt", "book.lrc"}
    for kind in transcripts.KINDS:
        assert "nữa" in (job.folder / f"book.{kind}").read_text("utf-8")
    build(job)
    assert files(job) == written
    (job.folder / "book.srt").unlink()
    build(job)
    assert files(job) == written  # it has the date of its book


def test_they_follow_the_book(make_job: Callable[..., Job]) -> None:
    job = replace(make_job(BOOK), transcripts=("vtt",))
    build(job)
    Path(job.source).write_text(BOOK.replace("Ba câu", "Bốn câu"), "utf-8")
    build(replace(job, transcripts=()))
    assert "Ba" in (job.folder / "book.vtt").read_text("utf-8")
    build(job)
    assert "Bốn" in (job.folder / "book.vtt").read_text("utf-8")


def test_they_follow_the_book_though_the_clock_went_back(make_job: Callable[..., Job]) -> None:
    job = replace(make_job(BOOK), transcripts=("vtt",))
    build(job)
    for path in job.folder.iterdir():
        os.utime(path, (4e9, 4e9))  # as it was written before the clock went back
    Path(job.source).write_text(BOOK.replace("Ba câu", "Bốn câu"), "utf-8")
    build(job)
    assert "Bốn" in (job.folder / "book.vtt").read_text("utf-8")


def test_the_book_of_each_format_keeps_its_own_transcript(make_job: Callable[..., Job]) -> None:
    """Sentences do not begin at the same time in them: passages are whole frames."""
    jobs = [
        replace(ordered(make_job(BOOK), form), transcripts=("vtt", "srt"))
        for form in ("mp3", "opus", "epub")
    ]
    for job in jobs:
        build(job)
    written = files(jobs[0])
    assert set(written) == {
        *("book.mp3", "book.vtt", "book.srt"),
        *("book.opus", "book.opus.vtt", "book.opus.srt"),
        *("book.readalong.epub", "book.readalong.epub.vtt", "book.readalong.epub.srt"),
    }
    for job in jobs:
        assert find_book(job)  # it is up to date
        build(job)
    assert files(jobs[0]) == written
    Path(jobs[0].source).write_text(BOOK.replace("Ba câu", "Bốn câu"), "utf-8")
    build(jobs[1])
    changed = {name for name, content in files(jobs[0]).items() if content != written[name]}
    assert changed == {"book.opus", "book.opus.vtt", "book.opus.srt"}


@pytest.mark.parametrize("form", outputs.SOUND_FORMATS)
def test_chapters_by_themselves(make_job: Callable[..., Job], form: str) -> None:
    job = ordered(make_job(BOOK), form, split=True)
    book = build(job)
    suffix = book.path.suffix
    written = files(job)
    assert set(written) == {
        f"book{suffix}",
        f"book/01 - Chương 1{suffix}",
        f"book/02 - Chương 2{suffix}",
    }
    build(job)
    assert files(job) == written


@pytest.mark.parametrize("form", outputs.SOUND_FORMATS)
def test_chapters_that_are_no_more_are_removed_and_nothing_else(
    make_job: Callable[..., Job], form: str
) -> None:
    old = BOOK.replace("Chương 1", "Chương 1: Ở “đâu?”").replace("2", "2: Về")
    book = build(ordered(make_job(old), form, split=True))
    folder, suffix = book.path.with_suffix(""), book.path.suffix
    first = folder / f"01 - Chương 1- Ở “đâu-”{suffix}"
    second = folder / f"02 - Chương 2- Về{suffix}"
    assert sorted(folder.iterdir()) == [first, second]
    mine = {
        f"01 - bản sao{suffix}": first.read_bytes(),  # has another name than its title
        f"03 - Chương 2- Về{suffix}": second.read_bytes(),  # another number
        f"Chương 2- Về{suffix}": second.read_bytes(),
        f"01 - {book.meta.title}{suffix}": book.path.read_bytes(),  # is no chapter
        f"04 - của tôi{suffix}": b"not ours",
        "01 - Chương 1- Ở “đâu-”.txt": b"notes",
    }
    for name, content in mine.items():
        (folder / name).write_bytes(content)
    build(ordered(make_job("Chương 1\n\nMột câu. Hai câu."), form, split=True))
    files_left = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert files_left.pop(f"01 - Chương 1{suffix}")
    assert files_left == mine


def test_a_preview_is_a_book_of_its_own(make_job: Callable[..., Job]) -> None:
    job = make_job("Chương 1\n\n" + "Một câu như mọi câu. " * 300)
    book = build(job)
    preview = build(replace(job, preview=20.0))
    assert preview.path.name == "book.preview.mp3"
    assert 15 < preview.seconds < 30
    assert book.seconds > 100
    assert book.path.exists()


@pytest.mark.parametrize(
    ("order_with", "message"),
    [
        (partial(order, form="flac"), "no format 'flac'.*mp3, m4b, opus, epub"),
        (partial(order, form="wav"), "wav has no chapters.*mp3, m4b, opus, epub"),
        (partial(order, transcripts=["pdf"]), "no transcript 'pdf'.*vtt, srt, lrc"),
        (partial(order, bitrate=33), "no 33 kbit/s"),
    ],
)
def test_what_cannot_be_written(order_with: Callable[..., Job], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        order_with("-", folder=Path(), voice="tone")


def test_acx_has_its_own_rules(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Sáng sớm, sương còn giăng trên mặt hồ. " * 20, "utf-8")
    book = build(
        order(
            str(tmp_path / "a.txt"),
            folder=tmp_path,
            voice="hanoi",
            profile="acx",
            without_cover=True,
        )
    )
    assert book.rate == 44_100
    sound = np.frombuffer(ffmpeg.decode(book.path.read_bytes(), 44_100), np.int16) / 32_768
    decibels = 20 * np.log10(np.sqrt(np.mean(sound**2)))
    assert -23 < decibels < -18
    assert 20 * np.log10(np.abs(sound).max()) < -3
    assert book.path.stat().st_size * 8 / book.seconds == pytest.approx(192_000, rel=0.05)


def test_a_book_for_acx_meets_what_is_checked_for_acx(tmp_path: Path, picture: bytes) -> None:
    (tmp_path / "a.png").write_bytes(picture)
    sentences = "Sáng sớm, sương còn giăng trên mặt hồ. Người bán hoa đã gánh hàng ra phố.\n\n"
    (tmp_path / "a.txt").write_text(
        f"Chương 1\n\n{sentences * 2}Chương 2\n\nĐêm. {sentences}", "utf-8"
    )
    meta = Meta(title="Hồ", author="Nguyễn An", narrator="Hà Nội", date="2026")
    order_with = partial(
        order,
        str(tmp_path / "a.txt"),
        folder=tmp_path,
        voice="hanoi",
        meta=meta,
        cover=tmp_path / "a.png",
        split=True,
        keep=["repeats"],
    )
    build(order_with(profile="acx"))
    written = [tmp_path / "a.mp3", *sorted((tmp_path / "a").glob("*.mp3"))]
    assert len(written) == 3
    for path in written:
        assert audit(path, ACX).findings == ()
    # What the user says counts more; and podcasts begin at once.
    build(order_with(profile="acx", pauses={"opening": 0.2, "closing": 6}))
    result = audit(tmp_path / "a.mp3", ACX)
    quiet = [finding.measured for finding in result.findings if finding.rule == "room-tone"]
    assert [float(length.split()[0]) for length in quiet] == pytest.approx([0.2, 6], abs=0.05)
    build(order_with())
    result = audit(tmp_path / "a.mp3")
    assert result.findings == ()
    assert result.contents.sentences[0].start == 0


def test_room_tone_fills_the_pauses(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Một câu.\n\nHai câu.", "utf-8")
    order_with = partial(order, str(tmp_path / "a.txt"), folder=tmp_path, voice="hanoi")
    levels = []
    for room_tone in (False, True):
        book = build(order_with(room_tone=room_tone, pauses={"paragraph": 3.0}))
        sound = np.frombuffer(ffmpeg.decode(book.path.read_bytes(), book.rate), np.int16)
        middle = sound[len(sound) // 2 - 5_000 : len(sound) // 2 + 5_000] / 32_768
        levels.append(20 * np.log10(np.sqrt(np.mean(middle**2)) + 1e-9))
    assert levels[0] < -90
    assert levels[1] == pytest.approx(-66, abs=2)


@pytest.mark.parametrize("form", outputs.SOUND_FORMATS)
def test_the_loudness_of_the_book_is_in_its_tags(tmp_path: Path, form: str) -> None:
    """Known from its recordings; ffmpeg agrees once it has decoded the file."""
    text = (DATA / "ve-tinh.txt").read_text("utf-8")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    job = order(
        str(tmp_path / "a.txt"), folder=tmp_path, voice="saigon", form=form, without_cover=True
    )
    book = build(job)
    assert book.loudness is not None
    command = [ffmpeg.find(), "-hide_banner", "-nostats", "-i", str(book.path)]
    # What it prints at the end has one decimal; what it notes at each frame has three.
    metadata_filter = "ametadata=print:key=lavfi.r128.I:file=-"
    command += ["-af", f"ebur128=dualmono=true:metadata=1,{metadata_filter}", "-f", "null", "-"]
    completed = subprocess.run(command, capture_output=True, check=True)
    peer = float(re.findall(rb"lavfi.r128.I=(-[\d.]+)", completed.stdout)[-1])
    assert book.loudness == pytest.approx(peer, abs=0.1)
    tags = mutagen.File(book.path).tags
    if form == "opus":  # RFC 7845: 256ths of a decibel to -23 LUFS
        assert int(tags["R128_TRACK_GAIN"][0]) / 256 == pytest.approx(-23 - peer, abs=0.1)
    else:  # ReplayGain 2.0: decibels to -18 LUFS
        names = {
            "mp3": "TXXX:REPLAYGAIN_TRACK_GAIN",
            "m4b": "----:com.apple.iTunes:REPLAYGAIN_TRACK_GAIN",
        }
        tag = tags[names[form]]
        gain = bytes(tag[0]).decode() if form == "m4b" else str(tag)
        assert gain.endswith(" dB")
        assert float(gain.split()[0]) == pytest.approx(-18 - peer, abs=0.1)


@pytest.mark.parametrize(("form", "told"), [("opus", 1), ("mp3", 0), ("m4b", 0)])
def test_chapters_that_a_format_cannot_list_are_told_before_recording(
    make_job: Callable[..., Job], form: str, told: int
) -> None:
    job = ordered(make_job(BOOK), form)
    chapters = tuple(Chapter(f"{number}", ()) for number in range(1100))
    document = Document(meta=job.meta, chapters=chapters)
    path = job.folder / "book"
    events: list[Event] = []
    check_can_write(job, document, path, path, "", events.append)
    assert len(events) == told
    for event in events:
        assert isinstance(event, Remark)
        assert "only 1,000 of the 1,100 chapters" in event.text
