from __future__ import annotations

import base64
import io
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from mutagen.flac import Picture
from mutagen.oggopus import OggOpus
from tones import ONSET, TITLES, book_of

from audiobook.app.chapter_lists import ListedChapter
from audiobook.app.converting import Conversion, convert
from audiobook.app.retagging import Changes, retag
from audiobook.audit import Severity
from audiobook.audit.chapters import judge_chapters
from audiobook.audit.contents import read_contents
from audiobook.model import Book, BoundChapter, Meta, RecordedBook, RecordedPassage, Sound, Timing
from audiobook.outputs import opus
from audiobook.outputs.opus import ogg, packets

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.messages import Message


def test_comments(tmp_path: Path) -> None:
    cover = b"\xff\xd8\xff" + bytes(200_000)
    meta = Meta(title="Tắt đèn", author="Ngô Tất Tố", narrator="Hà Nội", cover=cover)
    book = book_of("opus", tmp_path, TITLES, [0.8, 0.9, 1.0], meta)
    tags = OggOpus(book.path)
    assert tags["performer"] == ["Hà Nội"]
    assert tags["lyrics"] == ["Câu 0.\nCâu 1.\nCâu 2."]
    first, second, _ = tags["syncedlyrics"][0].splitlines()
    assert first == "[00:00.25] Câu 0."
    onset = book.chapters[1].start / book.rate + ONSET
    assert (second[:7], second[9:]) == ("[00:01.", "] Câu 1.")
    assert float(second[4:9]) == pytest.approx(onset, abs=0.006)
    assert [tags[f"chapter{n:03}name"] for n in range(3)] == [[title] for title in TITLES]
    second = tags["chapter001"][0]
    assert second.startswith("00:00:00.")
    assert float(second[6:]) == pytest.approx(book.chapters[1].start / book.rate, abs=0.001)
    picture = Picture(base64.b64decode(tags["metadata_block_picture"][0]))
    assert (picture.data, picture.mime, picture.type) == (cover, "image/jpeg", 3)


def test_positions_are_of_48_khz_and_end_with_the_sound(tmp_path: Path) -> None:
    book = book_of("opus", tmp_path, TITLES, [0.8, 0.9, 1.0])
    info = OggOpus(book.path).info
    assert info is not None
    assert info.length == pytest.approx(book.seconds, abs=1e-9)
    head, *_ = ogg.packets(book.path.read_bytes())
    assert int.from_bytes(head[10:12], "little") == packets.DELAY
    assert int.from_bytes(head[12:16], "little") == book.rate


def test_more_chapters_than_numbers(tmp_path: Path) -> None:
    chapters = tuple(
        BoundChapter(title=f"{n}", start=n * 480, end=n * 480 + 480, level=1 if n % 2 else 2)
        for n in range(1500)
    )
    file = io.BytesIO()
    sound = b"\x00\x01\xf8" * 750
    book = Book(
        meta=Meta(title="a"),
        path=tmp_path / "b.opus",
        rate=24000,
        samples=1500 * 240,
        chapters=chapters,
        sentences=0,
    )
    recorded = RecordedBook(
        meta=book.meta,
        chapters=[],
        passages=[RecordedPassage(chapter=0, key="k", timing=Timing(book.samples, (), -20.0, 6))],
        sound=Sound(rate=book.rate, format="opus"),
        sound_of={"k": sound}.__getitem__,
    )
    opus.write(file, book, recorded, "order")
    book.path.write_bytes(file.getvalue())
    again = opus.read_book(book.path, "order")
    assert again is not None
    assert [chapter.title for chapter in again.chapters] == [f"{n}" for n in range(1, 1500, 2)]
    contents = read_contents(book.path)
    assert contents.unlisted_chapters == 750
    assert [
        (finding.severity, str(finding.measured))
        for finding in judge_chapters(contents, contents.seconds)
        if finding.rule == "contents"
    ] == [(Severity.NOTE, "750 of 1,500 chapters")]
    fewer = [ListedChapter("A", Fraction(0)), ListedChapter("B", Fraction(1))]
    assert retag(book.path, Changes(chapters=fewer)).changed == ("chapters",)
    assert read_contents(book.path).unlisted_chapters == 0
    many = [ListedChapter(f"{n}", Fraction(n, 100)) for n in range(1400)]
    (note,) = retag(book.path, Changes(chapters=many)).notes
    assert "only 1,000 of the 1,400 chapters" in note
    assert read_contents(book.path).unlisted_chapters == 400


def test_a_conversion_to_fewer_chapters_tells_how_many(tmp_path: Path) -> None:
    book = book_of("mp3", tmp_path, TITLES, [1.0, 1.0, 1.0])
    many = [ListedChapter(f"{n}", Fraction(n, 500)) for n in range(1100)]
    retag(book.path, Changes(chapters=many))

    def convert_to(source: Path, form: str) -> tuple[Message, ...]:
        path = source.with_name(f"b.{form}")
        return convert(
            Conversion(source=source, path=path, format=form, cache=tmp_path / "cache")
        ).notes

    (note,) = convert_to(book.path, "opus")
    assert "the file holds only 1,000 of the 1,100 chapters" in note
    (note,) = convert_to(tmp_path / "b.opus", "m4b")
    assert "the source lists only 1,000 of the 1,100 chapters of the book" in note
    assert not convert_to(book.path, "m4b")


@pytest.mark.parametrize("size", [0, 1, 254, 255, 256, 255 * 255, 255 * 255 + 7, 200_000])
def test_packets_of_any_size_come_back(size: int) -> None:
    wanted = [b"a" * size, b"b" * 300, b""]
    file = io.BytesIO()
    stream = ogg.Writer(file, 7)
    stream.write(wanted[:1], 0)
    stream.write(wanted[1:], 960, last=True)
    assert list(ogg.packets(file.getvalue())) == wanted


def test_checksum_is_that_of_the_format() -> None:
    """By the definition in RFC 3533, bit by bit."""

    def slowly(page: bytes) -> int:
        register = 0
        for byte in page:
            register ^= byte << 24
            for _ in range(8):
                register = register << 1 ^ (0x04C11DB7 if register >> 31 else 0)
                register &= 0xFFFFFFFF
        return register

    page = bytes(range(256)) * 3 + b"OggS"
    assert ogg.crc(page) == slowly(page)


@pytest.mark.parametrize("broken", [b"junk", b"OggS", b"OggS" + bytes(22) + b"\x05"])
def test_pages_that_are_none(broken: bytes) -> None:
    with pytest.raises(ValueError, match="page"):
        list(ogg.packets(broken))


def test_packets_that_are_cut_off() -> None:
    with pytest.raises(ValueError, match="cut off"):
        packets.split(b"\x00\x09abc")
