"""Finished books in other formats: nothing but the encoding changes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import mutagen
import numpy as np
import pytest
from command import run
from finished import RATE, good_book, samples_of
from mutagen.id3 import APIC, CHAP, CTOC, ID3, TIT2, CTOCFlags, Frame, PictureType
from tones import recorded_book

from audiobook.app import ownership
from audiobook.app.converting import Conversion, ConvertedBook, choose_path, convert
from audiobook.audit import audit
from audiobook.audit.contents import read_contents
from audiobook.errors import OutputError, SourceError, UsageError
from audiobook.model import Chapter, Meta
from audiobook.outputs import SUFFIXES, load_sound
from audiobook.speech import pieces
from audiobook.stages.bind import bind
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.audit.types import FileContents
    from audiobook.model import Converted

META = Meta(
    title="Bến đò",
    author="Nguyễn An",
    narrator="Hà Nội",
    date="2026-05-02",
    language="vi",
    genre="Truyện",
    publisher="Nhà in",
    description="Chuyện bến đò\nở làng",
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MP3 with three chapters, a cover and synced text."""
    return good_book(tmp_path_factory.mktemp("book"))


def converted(source: Path, form: str, folder: Path, **options: object) -> ConvertedBook:
    conversion = Conversion(
        source=source, path=folder / f"to{SUFFIXES[form]}", format=form, cache=folder / "cache"
    )
    return convert(replace(conversion, **options))  # type: ignore[arg-type]


def tags_of(contents: FileContents) -> tuple[object, ...]:
    texts = contents.title, contents.author, contents.narrator, contents.date
    more = contents.genre, contents.publisher, contents.description
    return (*texts, *more, contents.language.replace("vie", "vi"), contents.cover_file)


def chapter_starts(contents: FileContents) -> list[float]:
    return [chapter.start for chapter in contents.chapters]


def sentence_starts(contents: FileContents) -> list[float]:
    return [sentence.start for sentence in contents.sentences]


def assert_same_places(old: FileContents, new: FileContents) -> None:
    """Chapters and sentences begin within 50 ms of where they began."""
    assert [one.title for one in new.chapters] == [one.title for one in old.chapters]
    assert [one.level for one in new.chapters] == [one.level for one in old.chapters]
    assert [one.text for one in new.sentences] == [one.text for one in old.sentences]
    for places in (chapter_starts, sentence_starts):
        assert places(new) == pytest.approx(places(old), abs=0.05)


def test_through_all_formats_and_back(book: Path, tmp_path: Path) -> None:
    first = audit(book)
    source = book
    for form in ("m4b", "opus", "mp3", "opus", "m4b", "mp3"):
        made = converted(source, form, tmp_path, path=tmp_path / f"{source.stem}+.{form}").book
        result = audit(made.path)
        assert [finding.rule for finding in result.findings] == []
        assert tags_of(result.contents) == tags_of(first.contents)
        assert_same_places(first.contents, result.contents)
        assert result.sound.level.loudness == pytest.approx(first.sound.level.loudness, abs=0.2)
        assert result.sound.seconds == pytest.approx(first.sound.seconds, abs=0.3)
        assert made.loudness == pytest.approx(result.sound.level.loudness, abs=0.1)
        assert made.sentences == len(first.contents.sentences)
        assert ownership.read_identity(made.path) == ownership.read_identity(book)
        source = made.path


@pytest.mark.parametrize("form", ["m4b", "opus"])
def test_three_hundred_chapters_in_parts(form: str, tmp_path: Path) -> None:
    titles = [f"Chương {number}: “Đêm”" for number in range(300)]
    recorded = recorded_book("mp3", titles, [0.6] * 300, META)
    chapters = [Chapter(title, (), 1 + (n % 10 > 0)) for n, title in enumerate(titles)]
    path = tmp_path / "b.mp3"
    bind(replace(recorded, chapters=chapters), load_sound("mp3"), path, "order")
    made = converted(path, form, tmp_path).book.path
    old, new = read_contents(path), read_contents(made)
    assert_same_places(old, new)
    assert tags_of(new) == tags_of(old)
    assert {chapter.parent for chapter in new.chapters} == {"", *titles[::10]}
    back = converted(made, "mp3", tmp_path).book.path
    assert_same_places(old, read_contents(back))


def test_sound_and_silence_stay_where_they_are(book: Path, tmp_path: Path) -> None:
    before = samples_of(book).astype(float)
    for form in ("m4b", "opus", "mp3"):
        after = samples_of(converted(book, form, tmp_path).book.path).astype(float)
        length = min(len(before), len(after))
        spectrum = np.fft.rfft(before[:length], 1 << 21)
        spectrum *= np.fft.rfft(after[:length], 1 << 21).conj()
        delay = int(np.fft.irfft(spectrum).argmax())
        assert min(delay, (1 << 21) - delay) <= RATE // 1000
        assert np.corrcoef(before[:length], after[:length])[0, 1] > 0.97


def sine(path: Path, *options: str, seconds: float = 6) -> Path:
    """A file of somebody else's: a tone without a pause, in stereo."""
    command = [ffmpeg.find(), "-v", "error", "-f", "lavfi", "-i"]
    command += [f"sine=frequency=440:duration={seconds}:sample_rate=44100", "-ac", "2"]
    subprocess.run([*command, "-b:a", "96k", *options, str(path)], check=True)
    return path


@pytest.mark.parametrize(("suffix", "form"), [(".mp3", "opus"), (".m4a", "mp3"), (".opus", "m4b")])
def test_strangers_without_chapters_or_silence(
    suffix: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "_LONGEST", 4.0)
    source = sine(tmp_path / f"của ai{suffix}")
    result = converted(source, form, tmp_path)
    old, new = audit(source), audit(result.book.path)
    assert new.contents.title == "của ai"
    assert [chapter.title for chapter in new.contents.chapters] == ["của ai"]
    assert new.sound.level.loudness == pytest.approx(old.sound.level.loudness, abs=0.2)
    assert new.sound.seconds == pytest.approx(6, abs=0.15)
    assert new.contents.rate in (44_100, 48_000)
    assert ["never silent" in note for note in result.notes] == [True]
    assert converted(source, form, tmp_path).unchanged


def test_a_stranger_with_chapters(tmp_path: Path) -> None:
    source = sine(tmp_path / "a.mp3")
    tag = ID3()
    tag.add(TIT2(encoding=3, text="Của người khác"))
    tag.add(APIC(encoding=0, mime="image/png", type=PictureType.COVER_FRONT, data=b"\x89PNG" * 9))
    for number, start in enumerate((0, 4321)):
        frames: list[Frame] = [TIT2(encoding=3, text=f"Phần {number}")]
        frames += [APIC(encoding=0, mime="image/jpeg", type=0, data=b"\xff\xd8" * 9)] * number
        end = 4321 if number == 0 else 6000
        tag.add(CHAP(element_id=f"c{number}", start_time=start, end_time=end, sub_frames=frames))
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    tag.add(CTOC(element_id="t", flags=flags, child_element_ids=["c0", "c1"]))
    tag.save(source)
    made = converted(source, "m4b", tmp_path).book.path
    contents = read_contents(made)
    assert [(one.title, one.start) for one in contents.chapters] == [
        ("Phần 0", 0),
        ("Phần 1", pytest.approx(4.321, abs=0.002)),
    ]
    assert contents.cover_file == b"\x89PNG" * 9
    again = converted(source, "mp3", tmp_path).book.path
    assert [one.picture for one in read_contents(again).chapters] == [b"", b"\xff\xd8" * 9]
    assert mutagen.File(made).info.channels == 1


def test_the_bit_rate_is_not_below_that_of_the_source(book: Path, tmp_path: Path) -> None:
    assert read_contents(converted(book, "mp3", tmp_path).book.path).bitrate == 64
    high = converted(book, "mp3", tmp_path, bitrate=128).book.path
    assert read_contents(high).bitrate == 128
    again = converted(high, "mp3", tmp_path, path=tmp_path / "again.mp3").book.path
    assert read_contents(again).bitrate == 128
    low = converted(book, "mp3", tmp_path, vbr=9).book.path
    assert not read_contents(low).constant
    with pytest.raises(UsageError, match="no quality"):
        converted(book, "m4b", tmp_path, vbr=2)


def test_files_of_others_are_left_alone(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "to.m4b"
    path.write_bytes(b"mine")
    with pytest.raises(OutputError, match="not made by audiobook"):
        converted(book, "m4b", tmp_path)
    assert path.read_bytes() == b"mine"
    converted(book, "m4b", tmp_path, overwrite=True)
    with pytest.raises(OutputError, match="is the source itself"):
        converted(path, "m4b", tmp_path, overwrite=True)
    other = converted(sine(tmp_path / "other.mp3", seconds=1), "opus", tmp_path).book.path
    written = other.read_bytes()
    with pytest.raises(OutputError, match="is the book of"):
        converted(book, "opus", tmp_path)
    assert other.read_bytes() == written


def test_nothing_is_left_behind_when_it_is_stopped(book: Path, tmp_path: Path) -> None:
    def stop(event: Converted) -> None:
        assert 0 < event.seconds <= event.total
        raise KeyboardInterrupt

    folder = tmp_path / "out"
    conversion = Conversion(source=book, path=folder / "a.m4b", format="m4b", cache=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        convert(conversion, stop)
    assert list(folder.iterdir()) == []


def test_a_book_whose_end_is_missing(book: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(book.read_bytes()[:-60_000])
    with pytest.raises(SourceError, match="are missing"):
        converted(broken, "m4b", tmp_path)
    assert not (tmp_path / "to.m4b").exists()


def test_the_command(book: Path, tmp_path: Path) -> None:
    first = run("convert", str(book), "--format", "m4b", "-o", str(tmp_path))
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith(f"{tmp_path / 'book.m4b'}: ")
    assert "3 chapters, 12 sentences" in first.stdout
    again = run("convert", str(book), "-o", str(tmp_path / "book.m4b"))
    assert "(unchanged)" in again.stdout
    assert run("check", str(tmp_path / "book.m4b")).returncode == 0
    assert run("convert", str(book), "-o", str(tmp_path)).returncode == 2
    epub = run("convert", str(book), "--format", "epub")
    assert epub.returncode == 2
    assert "needs the text" in epub.stderr
    assert run("convert", str(tmp_path / "none.mp3"), "--format", "m4b").returncode == 3


def test_names(tmp_path: Path) -> None:
    path, form = choose_path(tmp_path / "Một.MP3", tmp_path, "opus")
    assert (path, form) == (tmp_path / "Một.opus", "opus")


# --- pieces -------------------------------------------------------------------------------------


GRID = pieces.Grid(rate=1000, frame=10, tail=50)


def sound_with_gaps(seconds: int, gaps: list[float]) -> np.ndarray:
    """Loud noise, with 0.2 s of faint noise before each of some times."""
    noise = np.random.default_rng(0)
    samples = noise.integers(-9000, 9000, seconds * 1000).astype(np.int16)
    for end in gaps:
        last = int(end * 1000)
        samples[last - 200 : last] = noise.integers(-30, 30, 200)
    return samples


def cut(samples: np.ndarray, chapters: list[int], sentences: list[int]) -> list[pieces.Piece]:
    blocks: Iterator[np.ndarray] = iter(np.array_split(samples, 7))
    return list(pieces.cut(blocks, GRID, chapters, sentences))


def test_pieces_are_the_whole_sound() -> None:
    samples = sound_with_gaps(700, [100, 170, 333.33, 420, 600])
    parts = cut(samples, [], [])
    joined = np.concatenate([part.samples for part in parts])
    changed = np.flatnonzero(joined[: len(samples)] != samples)
    assert len(joined) - len(samples) <= GRID.tail + GRID.frame
    assert len(changed) <= len(parts) * (GRID.tail + 10)
    for part, following in pairwise(parts):
        assert part.start + len(part.samples) == following.start
        assert len(part.samples) <= 180_000
        assert len(part.samples) % GRID.frame == 0
        assert not part.samples[-GRID.tail :].any()
    assert [part.is_cut_in_sound for part in parts].count(True) == 1


def test_pieces_end_before_chapters_and_sentences() -> None:
    samples = sound_with_gaps(400, [100, 200, 333.33])
    parts = cut(samples, [50_000, 100_000], [120_000, 200_000, 300_000, 333_330])
    # At 50 s there is no silence.
    assert [part.start for part in parts] == [0, 100_000, 200_000, 333_330]
    assert not any(part.is_cut_in_sound for part in parts)
