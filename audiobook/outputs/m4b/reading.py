"""Reads the chapters of an MP4 from its text track."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from audiobook.model import BoundChapter

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BYTES = 1 << 28
"""Largest movie box that is read: a book of 20 hours has 4 MB and its cover."""


def read_chapters(file: IO[bytes]) -> list[BoundChapter]:
    """Return the chapters of a book that this program wrote, with the movie box before the sound.

    Raises:
        ValueError: the file has another form.
        KeyError: it has no track of chapters.
        struct.error: it is cut off.
    """
    movie = b""
    while len(head := file.read(8)) == 8:
        size, name = struct.unpack(">I4s", head)
        if name == b"moov":
            movie = file.read(min(size - 8, _MOST_BYTES))
            break
        if not 8 <= size < _MOST_BYTES:
            break
        file.seek(size - 8, 1)
    for name, track in _child_boxes(movie):
        if name != b"trak":
            continue
        media = dict(_child_boxes(dict(_child_boxes(track))[b"mdia"]))
        if media[b"hdlr"][8:12] == b"text":
            return _read_text_track(file, media)
    raise KeyError("text")


def _read_text_track(file: IO[bytes], media: dict[bytes, bytes]) -> list[BoundChapter]:
    tables = dict(_child_boxes(dict(_child_boxes(media[b"minf"]))[b"stbl"]))
    lengths = struct.iter_unpack(">II", tables[b"stts"][8:])
    sizes = [size for (size,) in struct.iter_unpack(">I", tables[b"stsz"][12:])]
    (position,) = struct.unpack_from(
        *((">Q", tables[b"co64"]) if b"co64" in tables else (">I", tables[b"stco"])), 8
    )
    file.seek(position)
    chapters: list[BoundChapter] = []
    start = 0
    for size, (count, length) in zip(sizes, lengths, strict=True):
        sample = file.read(size)
        title = sample[2 : 2 + int.from_bytes(sample[:2])].decode()
        chapters.append(BoundChapter(title, start, start + count * length))
        start += count * length
    return chapters


def _child_boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        if size < 8:
            raise ValueError(f"no box at byte {position}")
        yield name, data[position + 8 : position + size]
        position += size
