"""Reads the chapters of an MP4 from its text track."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from audiobook.messages import message
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
    for media in _media_of_tracks(_read_movie(file)):
        if media[b"hdlr"][8:12] == b"text":
            return _read_text_track(file, media)
    raise KeyError("text")


def read_language(file: IO[bytes]) -> str:
    """Return the language of the sound as an ISO 639-2 code; empty where it is not known.

    Raises:
        ValueError: the file has another form.
        KeyError: a part of it is missing.
        struct.error: it is cut off.
    """
    for media in _media_of_tracks(_read_movie(file)):
        if media[b"hdlr"][8:12] == b"soun":
            header = media[b"mdhd"]
            (packed,) = struct.unpack_from(">H", header, 32 if header[0] else 20)
            letters = (chr((packed >> shift & 31) + 0x60) for shift in (10, 5, 0))
            code = "".join(letters)
            return code if code.isalpha() and code != "und" else ""
    return ""


def _read_movie(file: IO[bytes]) -> bytes:
    """Return the movie box; empty where it does not come before the sound."""
    while len(head := file.read(8)) == 8:
        size, name = struct.unpack(">I4s", head)
        if name == b"moov":
            return file.read(min(size - 8, _MOST_BYTES))
        if not 8 <= size < _MOST_BYTES:
            break
        file.seek(size - 8, 1)
    return b""


def _media_of_tracks(movie: bytes) -> Iterator[dict[bytes, bytes]]:
    """Yield the boxes of the media of each track by their names."""
    for name, track in _child_boxes(movie):
        if name == b"trak":
            yield dict(_child_boxes(dict(_child_boxes(track))[b"mdia"]))


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
        chapters.append(BoundChapter(title=title, start=start, end=start + count * length))
        start += count * length
    return chapters


def _child_boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        if size < 8:
            raise ValueError(message("no box at byte {position}", position=position))
        yield name, data[position + 8 : position + size]
        position += size
