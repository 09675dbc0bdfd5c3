"""Chapters as players read them: each way of reading is written here anew, without a library.

- MNAVChapters (iOS): CHAP frames by their time; the title is what follows the last "TIT2".
- Table readers: the table at the top of ID3, whose entries must be chapters.
- AntennaPod: CHAP frames in the order of the file; chapters of Vorbis by two digits.
- Voice (Android): the list of Nero; and one title from each chunk of the track of chapters.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

import pytest
from mutagen.oggopus import OggOpus
from tones import book_of

from audiobook.model import Book, BoundChapter, Meta
from audiobook.outputs.mp3 import id3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TITLES = [f"Hồi {number}: “Ngõ” ộ 😀" for number in range(1, 301)]
LEVELS = [1, 1, 2, 3, 2, 1, 2]
DEEP = ["Tựa", "Phần I", "Chương 1", "Một", "Chương 2", "Phần II", "Chương 3"]


def id3_frames(data: bytes, position: int = 10) -> Iterator[tuple[str, bytes]]:
    """Yield the frames of an ID3v2.3 tag, or of a frame that holds others."""
    while position + 10 <= len(data) and data[position]:
        size = int.from_bytes(data[position + 4 : position + 8])
        yield data[position : position + 4].decode(), data[position + 10 : position + 10 + size]
        position += 10 + size


def tag_of(titles: list[str], levels: list[int]) -> bytes:
    chapters = tuple(
        BoundChapter(title=title, start=n * 22_050, end=(n + 1) * 22_050, level=level)
        for n, (title, level) in enumerate(zip(titles, levels, strict=True))
    )
    book = Book(
        meta=Meta(title="Sách"),
        path=None,  # type: ignore[arg-type]
        rate=22_050,
        samples=len(titles) * 22_050,
        chapters=chapters,
        sentences=0,
    )
    return id3.render(book, [], "order")


def chapter_frames(tag: bytes) -> dict[str, tuple[int, str]]:
    """Return start and title of each CHAP frame by its element, in the order of the file."""
    found = {}
    for name, frame in id3_frames(tag):
        if name == "CHAP":
            element, _, rest = frame.partition(b"\0")
            assert rest[8:16] == b"\xff" * 8  # places in the file would be asked first
            title = rest[rest.rindex(b"TIT2") + 11 :]
            found[element.decode()] = int.from_bytes(rest[:4]), title.decode("utf-16").rstrip("\0")
    return found


def top_entries(tag: bytes) -> list[str]:
    """Return the entries of the table that says that it is at the top."""
    for name, frame in id3_frames(tag):
        element, _, rest = frame.partition(b"\0")
        if name == "CTOC" and rest[0] & 2:
            assert rest[0] & 1, f"{element!r} has an order"
            return [entry.decode() for entry in rest[2:].split(b"\0")[: rest[1]]]
    return []


def boxes(data: bytes, *path: str) -> list[bytes]:
    """Return the contents of the boxes of MP4 at a path."""
    found, position = [], 0
    while path and position + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        if name == path[0].encode():
            inner = data[position + 8 : position + size]
            found += boxes(inner, *path[1:]) if path[1:] else [inner]
        position += size
    return found


def nero_list(data: bytes) -> list[tuple[int, str]]:
    (entries,) = boxes(data, "moov", "udta", "chpl")
    found, position = [], 9
    for _ in range(entries[8]):
        start, length = struct.unpack_from(">Qb", entries, position)
        assert length >= 0, "some read the length with its sign"
        title = entries[position + 9 : position + 9 + length]
        found.append((start // 10_000, title.decode()))
        position += 9 + length
    assert position == len(entries)
    return found


def chunk_titles(data: bytes) -> list[str]:
    """Return the first title of each chunk of the track of chapters."""
    for track in boxes(data, "moov", "trak", "mdia"):
        (handler,) = boxes(track, "hdlr")
        if handler[8:12] == b"text":
            (table,) = boxes(track, "minf", "stbl", "stco")
            places = struct.unpack(f">{len(table) // 4 - 2}I", table[8:])
            return [
                data[at + 2 : at + 2 + int.from_bytes(data[at : at + 2])].decode() for at in places
            ]
    return []


@pytest.mark.parametrize("count", [7, 255, 300])
def test_chapters_of_id3_in_the_order_of_time(count: int) -> None:
    tag = tag_of(TITLES[:count], [1] * count)
    frames = list(chapter_frames(tag).values())
    assert frames == [(number * 1000, title) for number, title in enumerate(TITLES[:count])]
    assert frames == sorted(frames)


@pytest.mark.parametrize(
    ("titles", "levels"), [(DEEP, LEVELS), (TITLES[:255], [1, 2, 3] * 85)], ids=["deep", "255"]
)
def test_the_table_at_the_top_names_the_chapters_themselves(
    titles: list[str], levels: list[int]
) -> None:
    tag = tag_of(titles, levels)
    frames = chapter_frames(tag)
    assert [frames[entry][1] for entry in top_entries(tag)] == titles


def test_tables_below_hold_what_one_cannot() -> None:
    entries = top_entries(tag_of(TITLES, [1] * 300))
    assert 1 < len(entries) < 256
    assert not set(entries) & chapter_frames(tag_of(TITLES, [1] * 300)).keys()


def test_mp4_beyond_255_chapters(tmp_path: Path) -> None:
    titles = [title + " dài" * 40 for title in TITLES]
    data = book_of("m4b", tmp_path, titles, [0.7] * 300).path.read_bytes()
    assert chunk_titles(data) == titles
    listed = nero_list(data)
    assert len(listed) == 255
    assert all(title.startswith(short) for (_, short), title in zip(listed, titles, strict=False))
    assert all(len(short.encode()) > 120 for _, short in listed)


def test_vorbis_chapters_by_their_digits(tmp_path: Path) -> None:
    book = book_of("opus", tmp_path, TITLES[:100], [0.7] * 100)
    comments: list[tuple[str, str]] = OggOpus(book.path).tags or []
    keys = [key.lower() for key, _ in comments if re.match(r"(?i)chapter\d\d\d", key)]
    starts = [key[8:10] for key in keys if len(key) == 10]
    assert starts == [f"{number:02}" for number in range(100)]
