from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mutagen.mp4 import MP4, MP4Cover
from tones import TITLES, book_of

from audiobook.audit import audit, contents
from audiobook.model import Meta
from audiobook.outputs import m4b
from audiobook.outputs.m4b import aac, boxes

if TYPE_CHECKING:
    from pathlib import Path

META = Meta(
    title="Tắt đèn",
    author="Ngô Tất Tố",
    narrator="Hà Nội",
    date="1937",
    language="vi",
    genre="Audiobook",
    description="Chuyện làng Đông Xá. " * 30,
    cover=b"\xff\xd8\xff" + bytes(90),
)


def test_it_says_that_it_is_an_audiobook(tmp_path: Path) -> None:
    tags = MP4(book_of("m4b", tmp_path, TITLES, [0.8] * 3, META).path).tags
    assert tags is not None
    assert tags["stik"] == [2]
    assert tags["pgap"] is True
    texts = {"©nam": META.title, "©alb": META.title, "©ART": META.author, "aART": META.author}
    texts |= {"©wrt": META.narrator, "©day": META.date, "©gen": META.genre}
    assert {name: tags[name] for name in texts} == {name: [text] for name, text in texts.items()}
    assert tags["ldes"] == [META.description]
    assert META.description.startswith(tags["desc"][0])
    assert len(tags["desc"][0].encode()) <= 255
    assert tags["©lyr"] == ["Câu 0.\nCâu 1.\nCâu 2."]
    assert tags["covr"] == [MP4Cover(META.cover, MP4Cover.FORMAT_JPEG)]


def test_nero_chapters(tmp_path: Path) -> None:
    book = book_of("m4b", tmp_path, [*TITLES, "ộ" * 200], [0.8] * 4)
    chapters = MP4(book.path).chapters
    assert chapters is not None
    assert [chapter.title for chapter in chapters] == [*TITLES, "ộ" * 42]
    for shown, chapter in zip(chapters, book.chapters, strict=True):
        assert shown.start == pytest.approx(chapter.start / book.rate, abs=1e-6)


def test_it_can_be_played_while_it_comes(tmp_path: Path) -> None:
    data = book_of("m4b", tmp_path, TITLES, [0.8] * 3).path.read_bytes()
    names, position = [], 0
    while position < len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        names.append(name)
        position += size
    assert names == [b"ftyp", b"moov", b"mdat"]
    assert position == len(data)


def test_gapless_is_said_twice(tmp_path: Path) -> None:
    book = book_of("m4b", tmp_path, TITLES, [0.8] * 3)
    data = book.path.read_bytes()
    assert f" 00000000 00000400 00000000 {book.samples:016X} ".encode() in data
    edit = data.index(b"elst") + 12
    assert struct.unpack_from(">Ii", data, edit) == (book.samples, aac.DELAY)


def test_long_books_get_wide_numbers() -> None:
    """Of 25 hours at 48 kHz: lengths over 32 bits, and places in the file over 4 GB."""
    hours = 25 * 3600 * 48000
    assert len(boxes.movie_header(48000, hours)) == len(boxes.movie_header(48000, 1)) + 12
    samples = boxes.Samples(
        sizes=[700] * 64, lengths=[(64, 1024)], per_chunk=32, start=1 << 33, far=True
    )
    table = samples.tables()
    offsets = table.index(b"co64") + 8
    assert struct.unpack_from(">IQQ", table, offsets) == (2, 1 << 33, (1 << 33) + 32 * 700)


def test_loud_noise_stays_within_a_frame() -> None:
    samples = np.zeros(aac.whole_frames(3 * 22050, 22050), np.int16)
    samples[: -aac.TAIL] = np.random.default_rng(1).integers(-20000, 20000, len(samples) - aac.TAIL)
    frames = aac.frames(m4b.encode(samples, 22050, 128))
    assert len(frames) * aac.FRAME == len(samples)
    assert max(map(len, frames)) <= aac.MOST_BYTES


@pytest.mark.parametrize("broken", [b"junk", b"\xff\xf1", b"\xff\xf1\x5c\x40\x20\x00\x00"])
def test_frames_that_are_none(broken: bytes) -> None:
    with pytest.raises(ValueError, match="frame"):
        aac.frames(broken)


def test_an_audit_sees_more_chapters_than_nero_can_list(tmp_path: Path) -> None:
    titles = [f"Hồi {number}" for number in range(1, 301)]
    book = book_of("m4b", tmp_path, titles, [0.7] * 300)
    audited = audit(book.path)
    assert [part.title for part in audited.contents.chapters] == titles
    assert [part.start for part in audited.contents.chapters] == pytest.approx(
        [chapter.start / book.rate for chapter in book.chapters]
    )
    assert audited.contents.chapters[-1].end == pytest.approx(book.seconds)
    rules = {finding.rule for finding in audited.findings}
    assert not {rule for rule in rules if rule.startswith(("chapter-", "chapters", "title"))}
    damaged = book.path.read_bytes().replace(b"stts", b"xxxx")
    book.path.write_bytes(damaged)
    assert contents.read_contents(book.path).chapters == ()
