"""A good book has no problems found; each way to spoil it is found."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from finished import RATE, finding_of, good_book, png, samples_of, sounding, tagged
from mutagen.id3 import APIC, ID3, PictureType

from audiobook.audit import ACX, PODCAST, PROFILES, Audit, Severity, audit
from audiobook.audit.contents import read_contents
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return good_book(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def samples(book: Path) -> NDArray[np.int16]:
    return samples_of(book)


@pytest.fixture(scope="module")
def starts(book: Path) -> list[float]:
    """When each sentence begins, in seconds."""
    return [milliseconds / 1000 for _, milliseconds in ID3(book).getall("SYLT")[0].text]


def test_a_good_book(book: Path) -> None:
    audited = audit(book)
    assert audited.findings == ()
    assert not audited.falls_short
    assert [chapter.title for chapter in audited.contents.chapters] == [
        "Một",
        "Chương hai",
        "Chương ba cuối cùng",
    ]
    assert audited.sound.samples == audited.contents.samples
    assert audited.sound.level.loudness == pytest.approx(-16, abs=0.3)
    assert [drift.where for drift in audited.speech.drift] == ["beginning", "middle", "end"]
    assert all(abs(drift.seconds) < 0.03 for drift in audited.speech.drift)
    assert audited.speech.pace == pytest.approx(0.15, abs=0.02)  # as the voice has it


# --- what the file says of itself ---------------------------------------------------------------


def chapters(tag: ID3) -> list[Any]:
    return sorted(tag.getall("CHAP"), key=lambda chapter: int(chapter.start_time))


def titled(number: int, title: str) -> Callable[[ID3], None]:
    def edit(tag: ID3) -> None:
        chapters(tag)[number].sub_frames["TIT2"].text = [title]

    return edit


def moved(number: int, *, start: int = 0, end: int = 0) -> Callable[[ID3], None]:
    """Move the beginning or the end of a chapter by so many ms."""

    def edit(tag: ID3) -> None:
        chapter = chapters(tag)[number]
        chapter.start_time += start
        chapter.end_time += end

    return edit


def covered(data: bytes) -> Callable[[ID3], None]:
    def edit(tag: ID3) -> None:
        tag.delall("APIC")
        tag.add(APIC(encoding=0, mime="image/png", type=PictureType.COVER_FRONT, data=data))

    return edit


def contents(names: list[str]) -> Callable[[ID3], None]:
    def edit(tag: ID3) -> None:
        tag["CTOC:toc"].child_element_ids = names

    return edit


def swap_titles(tag: ID3) -> None:
    first, _, last = chapters(tag)
    first.sub_frames, last.sub_frames = last.sub_frames, first.sub_frames


def say_longer(tag: ID3) -> None:
    tag.delall("TXXX:audiobook-order")
    tag.add(_order(10**7))


def _order(samples: int) -> Any:
    from mutagen.id3 import TXXX

    return TXXX(encoding=0, desc="audiobook-order", text=[f"x {RATE} {samples} 9"])


@pytest.mark.parametrize(
    ("edit", "rule", "severity", "measured"),
    [
        (lambda tag: tag.delall("TIT2"), "tags", Severity.ERROR, ""),
        (lambda tag: tag.delall("TPE1"), "tags", Severity.WARNING, ""),
        (lambda tag: tag.delall("TLAN"), "tags", Severity.WARNING, ""),
        (lambda tag: tag.delall("TPE2"), "tags", Severity.NOTE, ""),
        (lambda tag: tag.delall("APIC"), "cover", Severity.WARNING, ""),
        (covered(png(1400, 1500)), "cover", Severity.WARNING, "1400 × 1500 pixels"),
        (covered(png(600, 600)), "cover", Severity.WARNING, "600 × 600 pixels"),
        (covered(png(4000, 4000)), "cover", Severity.WARNING, "4000 × 4000 pixels"),
        (covered(b"GIF89a..."), "cover", Severity.ERROR, "unknown"),
        (titled(0, " "), "title-empty", Severity.ERROR, ""),
        (titled(1, "MỘT"), "title-twice", Severity.WARNING, "MỘT"),
        (titled(2, "x" * 121), "title-long", Severity.WARNING, "121 characters"),
        (moved(2, end=60_000), "chapter-end", Severity.ERROR, None),
        (moved(2, end=-5_000), "chapter-gap", Severity.WARNING, None),
        (moved(0, end=-1_000), "chapter-gap", Severity.WARNING, "+1.00 s"),
        (moved(0, end=1_000), "chapter-overlap", Severity.WARNING, "-1.00 s"),
        (moved(0, start=500), "chapter-gap", Severity.WARNING, "at 0.50 s"),
        (lambda tag: tag.delall("CHAP"), "chapters", Severity.WARNING, "0"),
        (lambda tag: tag.delall("CTOC"), "contents", Severity.WARNING, "none"),
        (contents(["chp1", "chp3"]), "contents", Severity.ERROR, "2 of 3 chapters"),
        (contents(["chp2", "chp1", "chp3"]), "contents", Severity.ERROR, ""),
        (swap_titles, "chapter-order", Severity.ERROR, ""),
        (lambda tag: tag.delall("SYLT"), "synced-text", Severity.NOTE, "none"),
        (say_longer, "length", Severity.ERROR, None),
    ],
)
def test_tags(
    book: Path,
    tmp_path: Path,
    edit: Callable[[ID3], object],
    rule: str,
    severity: Severity,
    measured: str | None,
) -> None:
    audited = audit(tagged(book, tmp_path / "b.mp3", edit))
    finding = finding_of(audited, rule)
    assert finding.severity is severity
    assert measured is None or finding.measured == measured
    assert {finding.rule for finding in audited.findings} <= {rule, "contents"}


def test_the_same_title_in_two_parts_is_none_twice(book: Path, tmp_path: Path) -> None:
    from mutagen.id3 import CTOC, TIT2, CTOCFlags

    def edit(tag: ID3) -> None:
        titled(1, "Một")(tag)
        tag["CTOC:toc"].child_element_ids = ["chp1", "part"]
        below = [TIT2(encoding=1, text=["Phần II"])]
        table = CTOC("part", CTOCFlags.ORDERED, ["chp2", "chp3"], sub_frames=below)
        tag.add(table)

    audited = audit(tagged(book, tmp_path / "b.mp3", edit))
    assert [chapter.parent for chapter in audited.contents.chapters] == ["", "Phần II", "Phần II"]
    assert audited.findings == ()


def test_tables_that_hold_each_other_end(book: Path, tmp_path: Path) -> None:
    audited = audit(tagged(book, tmp_path / "b.mp3", contents(["toc", "chp1", "chp2", "chp3"])))
    assert audited.findings == ()


# --- cues and speech ----------------------------------------------------------------------------


def cue(number: int, ms: int = 0, text: str = "") -> Callable[[ID3], None]:
    def edit(tag: ID3) -> None:
        lines = tag.getall("SYLT")[0].text
        sentence, start = lines[number]
        lines[number] = (text or sentence, start + ms)

    return edit


def test_a_cue_that_was_moved(book: Path, tmp_path: Path, starts: list[float]) -> None:
    audited = audit(tagged(book, tmp_path / "b.mp3", cue(6, 450)))
    finding = finding_of(audited, "cue-place")
    assert finding.at == pytest.approx(starts[6] + 0.45)
    assert finding.chapter == 2
    assert [finding.rule for finding in audited.findings] == ["cue-place"]


def test_all_cues_moved(book: Path, tmp_path: Path) -> None:
    def edit(tag: ID3) -> None:
        for number in range(len(tag.getall("SYLT")[0].text)):
            cue(number, 90)(tag)

    audited = audit(tagged(book, tmp_path / "b.mp3", edit))
    assert [drift.where for drift in audited.speech.drift] == ["beginning", "middle", "end"]
    finding = finding_of(audited, "cue-drift")
    assert finding.severity is Severity.WARNING
    assert -100 < int(finding.measured.split()[0]) < -70


def test_cues_that_drift(
    book: Path, tmp_path: Path, samples: NDArray[np.int16], starts: list[float]
) -> None:
    """What is put in late in the book moves the end, not the beginning."""
    insertion = round((starts[-5] - 0.2) * RATE)
    longer = np.insert(samples, insertion, np.zeros(round(0.3 * RATE), np.int16))
    audited = audit(sounding(book, tmp_path / "b.mp3", longer))
    beginning, _, end = audited.speech.drift
    assert abs(beginning.seconds) < 0.03
    assert end.seconds == pytest.approx(0.3, abs=0.03)
    assert finding_of(audited, "cue-drift").severity is Severity.ERROR
    assert finding_of(audited, "cue-drift").what.startswith("at the end")
    assert finding_of(audited, "length").measured > finding_of(audited, "length").wanted


def test_cues_in_disorder(book: Path, tmp_path: Path, starts: list[float]) -> None:
    to_the_end = round((starts[-1] - starts[2]) * 1000) + 10
    audited = audit(tagged(book, tmp_path / "b.mp3", cue(2, to_the_end)))
    assert finding_of(audited, "synced-text").severity is Severity.ERROR


def silenced(samples: NDArray[np.int16], first: float, last: float) -> NDArray[np.int16]:
    quiet = samples.copy()
    quiet[round(first * RATE) : round(last * RATE)] = 0
    return quiet


def test_a_sentence_that_is_not_heard(
    book: Path, tmp_path: Path, samples: NDArray[np.int16], starts: list[float]
) -> None:
    quiet = silenced(samples, starts[6] - 0.01, starts[7] - 0.05)
    finding = finding_of(audit(sounding(book, tmp_path / "b.mp3", quiet)), "speech-missing")
    assert finding.at == pytest.approx(starts[6])
    assert "Ông nhìn những con thuyền" in finding.what


def test_a_sentence_cut_short(
    book: Path, tmp_path: Path, samples: NDArray[np.int16], starts: list[float]
) -> None:
    quiet = silenced(samples, starts[6] + 0.5, starts[7] - 0.05)
    finding = finding_of(audit(sounding(book, tmp_path / "b.mp3", quiet)), "speech-short")
    assert finding.at == pytest.approx(starts[6])
    assert finding.measured == "0.5 s"


def test_a_sentence_with_other_sound_in_it(book: Path, tmp_path: Path) -> None:
    finding = finding_of(audit(tagged(book, tmp_path / "b.mp3", cue(1, text="Một"))), "speech-long")
    assert finding.severity is Severity.WARNING


def test_silence_inside_a_sentence(
    book: Path, tmp_path: Path, samples: NDArray[np.int16], starts: list[float]
) -> None:
    quiet = silenced(samples, starts[1] + 0.3, starts[1] + 1.6)
    finding = finding_of(audit(sounding(book, tmp_path / "b.mp3", quiet)), "silence")
    assert finding.severity is Severity.ERROR
    assert finding.at == pytest.approx(starts[1] + 0.3, abs=0.05)


def test_silence_between_sentences(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    longer = np.append(samples, np.zeros(7 * RATE, np.int16))
    finding = finding_of(audit(sounding(book, tmp_path / "b.mp3", longer)), "silence")
    assert finding.severity is Severity.WARNING
    assert float(finding.measured.split()[0]) == pytest.approx(7, abs=0.3)


# --- levels -------------------------------------------------------------------------------------


def test_too_loud(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    audited = audit(sounding(book, tmp_path / "b.mp3", samples * 1.3))
    assert finding_of(audited, "loudness").measured == f"{audited.sound.level.loudness:.1f} LUFS"
    assert audited.sound.level.loudness == pytest.approx(-16 + 20 * np.log10(1.3), abs=0.3)


def test_one_chapter_too_soft(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    parts = audit(book).contents.chapters
    softer = samples.astype(float)
    softer[round(parts[1].start * RATE) : round(parts[1].end * RATE)] *= 10 ** (-1 / 20)
    audited = audit(sounding(book, tmp_path / "b.mp3", softer))
    (finding,) = audited.findings
    assert (finding.rule, finding.chapter) == ("chapter-loudness", 2)
    assert finding.severity is Severity.WARNING
    assert audited.sound.chapter_levels[1].loudness == pytest.approx(-17, abs=0.3)


def test_clipped(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    audited = audit(sounding(book, tmp_path / "b.mp3", samples * 8.0))
    assert finding_of(audited, "clipping").at == pytest.approx(audited.sound.clipped[0])
    assert finding_of(audited, "clipping").chapter == 1
    assert finding_of(audited, "true-peak").wanted == "at most -1 dBTP"


def test_silent(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    audited = audit(sounding(book, tmp_path / "b.mp3", samples * 0))
    assert finding_of(audited, "loudness").what == "the book is silent"
    assert finding_of(audited, "speech-missing")


def test_what_acx_asks_for(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    noise = np.random.default_rng(1).normal(0, 200, len(samples))
    audited = audit(sounding(book, tmp_path / "b.mp3", samples * 4.0 + noise), ACX)
    rules = {finding.rule for finding in audited.findings}
    assert rules >= {"rms", "noise-floor", "bit-rate", "sample-rate", "room-tone"}
    assert "peak" in rules
    assert finding_of(audited, "bit-rate").measured == "64 kbit/s"
    assert finding_of(audited, "sample-rate").measured == "22050 Hz"


def test_a_book_for_acx(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    lengthened = np.concatenate((np.zeros(RATE * 6 // 10), samples, np.zeros(RATE * 2)))
    options = ("-af", "volume=-2dB", "-ar", "44100", "-b:a", "192k")
    audited = audit(sounding(book, tmp_path / "b.mp3", lengthened, *options), ACX)
    # Only what comes of the sound being moved is found.
    assert {finding.rule for finding in audited.findings} <= {
        *("cue-drift", "cue-place", "length", "silence", "chapter-gap"),
        *("speech-missing", "speech-short"),
    }


# --- the file -----------------------------------------------------------------------------------


def test_cut_off(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.mp3"
    data = book.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    audited = audit(path)
    assert finding_of(audited, "info-frame").severity is Severity.ERROR
    assert finding_of(audited, "length")
    assert finding_of(audited, "chapter-end").chapter == 2
    assert finding_of(audited, "frames").what == "the file ends in the middle of a frame"


def test_damaged(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.mp3"
    data = bytearray(book.read_bytes())
    middle = len(data) * 2 // 3
    data[middle : middle + 3000] = b"damage" * 500
    path.write_bytes(data)
    audited = audit(path)
    assert finding_of(audited, "frames").severity is Severity.ERROR
    assert finding_of(audited, "damage")


def test_variable_bit_rate(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    as_loud = samples * 0.95  # with a variable bit rate LAME turns nothing down
    path = sounding(book, tmp_path / "b.mp3", as_loud, "-q:a", "5")
    (finding,) = audit(path).findings
    assert (finding.rule, finding.severity) == ("bit-rate", Severity.NOTE)
    assert finding_of(audit(path, ACX), "bit-rate").severity is Severity.ERROR


def test_without_an_info_frame(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    path = sounding(book, tmp_path / "b.mp3", samples, "-b:a", "64k", "-write_xing", "0")
    assert finding_of(audit(path), "info-frame").measured == "none"


def test_an_info_frame_that_is_wrong(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.mp3"
    data = bytearray(book.read_bytes())
    frame_count = data.index(b"Info") + 8
    data[frame_count : frame_count + 4] = (10**6).to_bytes(4)
    path.write_bytes(data)
    assert finding_of(audit(path), "info-frame").wanted == "1,000,000 frames"


def test_stereo_is_a_note(book: Path, tmp_path: Path, samples: NDArray[np.int16]) -> None:
    path = sounding(book, tmp_path / "b.mp3", samples, "-ac", "2", "-b:a", "128k")
    assert finding_of(audit(path), "channels").severity is Severity.NOTE


@pytest.mark.parametrize(("codec", "suffix"), [("aac", "m4b"), ("libopus", "opus")])
def test_other_formats(
    book: Path, tmp_path: Path, samples: NDArray[np.int16], codec: str, suffix: str
) -> None:
    path = tmp_path / f"b.{suffix}"
    options = ("-f", "mp4" if suffix == "m4b" else "ogg", "-metadata", "title=Bến đò")
    sounding(book, path, samples, *options, codec=codec)
    audited = audit(path)
    assert (audited.contents.format, audited.contents.title) == (suffix, "Bến đò")
    assert audited.sound.level.loudness == pytest.approx(-16, abs=0.3)


def starts_in_chapters(audited: Audit) -> list[float]:
    """When each sentence begins, in seconds after its chapter does."""
    begins = [chapter.start for chapter in audited.contents.chapters]
    return [
        line.start - begins[bisect_right(begins, line.start + 0.01) - 1]
        for line in audited.contents.sentences
    ]


@pytest.mark.parametrize("form", ["m4b", "opus"])
def test_other_formats_have_cues_to_compare(book: Path, tmp_path: Path, form: str) -> None:
    path = good_book(tmp_path, form)
    audited, usual = audit(path), audit(book)
    assert [line.text for line in audited.contents.sentences] == [
        line.text for line in usual.contents.sentences
    ]
    # Passages are whole frames, and those of each format are its own.
    assert starts_in_chapters(audited) == pytest.approx(starts_in_chapters(usual), abs=0.05)
    assert [drift.where for drift in audited.speech.drift] == ["beginning", "middle", "end"]
    assert all(abs(drift.seconds) < 0.03 for drift in audited.speech.drift)
    assert not [finding for finding in audited.findings if finding.severity is not Severity.NOTE]


def test_files_that_are_no_books(tmp_path: Path) -> None:
    path = tmp_path / "b.mp3"
    with pytest.raises(SourceError, match="cannot read"):
        audit(path)
    for data in (b"", b"text" * 1000, b"ID3\x04\0\0\0\0\0\x0ajunk", b"RIFF\x24\0\0\0WAVEfmt "):
        path.write_bytes(data)
        with pytest.raises(SourceError, match="is no"):
            audit(path)
    with pytest.raises(SourceError):
        audit(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are none here")
    pipe = tmp_path / "book.mp3"
    os.mkfifo(pipe)
    with pytest.raises(SourceError, match="is a pipe or a device"):
        read_contents(pipe)


def test_of_many_alike_only_some_are_told(book: Path, tmp_path: Path) -> None:
    def edit(tag: ID3) -> None:
        tag.getall("SYLT")[0].text = [("Không ai nghe thấy câu này", at) for at in range(40)]

    audited = audit(tagged(book, tmp_path / "b.mp3", edit))
    missing = [finding for finding in audited.findings if finding.rule == "speech-missing"]
    assert len(missing) == 21
    assert re.fullmatch(r"and \d+ more like these", missing[-1].what)


def test_profiles_by_name() -> None:
    assert PROFILES == {"podcast": PODCAST, "acx": ACX}


def test_copying_changes_nothing(book: Path, tmp_path: Path) -> None:
    """The ways to spoil a book do not themselves."""
    plain = tagged(book, tmp_path / "b.mp3", lambda _: None)
    assert audit(plain).findings == ()
    again = sounding(book, tmp_path / "c.mp3", samples_of(book))
    assert audit(again).findings == ()
