"""Takes MP4 files apart into boxes and puts these together again (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NamedTuple

from audiobook.messages import message
from audiobook.outputs.blocks import read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BYTES = 1 << 28
"""Largest movie box that is read: a book of 20 hours has 4 MB and its cover."""
_CONTAINERS = frozenset(
    (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"tref", b"udta", b"meta", b"ilst")
)
_HEADER = 8


class Place(NamedTuple):
    """Where a box at the top of a file stands, in bytes."""

    name: bytes
    start: int
    end: int
    content: int
    """Where its content begins."""


@dataclass(slots=True)
class Box:
    """A box in memory; one of those that hold others has them as children."""

    name: bytes
    body: bytes = b""
    """Its content; of a box with children what stands before them."""
    children: list[Box] = field(default_factory=list)
    tail: bytes = b""
    """What stands behind its children: QuickTime ends user data with four zeros."""

    def __bytes__(self) -> bytes:
        content = b"".join((self.body, *map(bytes, self.children), self.tail))
        return struct.pack(">I4s", _HEADER + len(content), self.name) + content

    def find(self, *path: bytes) -> Box | None:
        """Return the first box at a path of names below this one; None where there is none."""
        if not path:
            return self
        below = (child.find(*path[1:]) for child in self.children if child.name == path[0])
        return next((box for box in below if box is not None), None)

    def take(self, *path: bytes) -> Box:
        """Return the first box at a path of names.

        Raises:
            ValueError: there is none.
        """
        box = self.find(*path)
        if box is None:
            raise ValueError(message("it has no {name} box", name=path[-1].decode("latin-1")))
        return box

    def make(self, name: bytes, body: bytes = b"") -> Box:
        """Return the first child of a name; a new one at the end where there is none."""
        child = self.find(name)
        if child is None:
            child = Box(name, body)
            self.children.append(child)
        return child

    def all(self, name: bytes) -> list[Box]:
        """Return all children of a name."""
        return [child for child in self.children if child.name == name]


def places(file: IO[bytes]) -> Iterator[Place]:
    """Yield the boxes at the top of a file, in order; nothing from where it is damaged."""
    start, size_of_file = 0, file.seek(0, 2)
    while start + _HEADER <= size_of_file:
        file.seek(start)
        size, name = struct.unpack(">I4s", file.read(_HEADER))
        content = start + _HEADER
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            content += 8
        end = start + size if size else size_of_file
        if end < content or end > size_of_file:
            return
        yield Place(name, start, end, content)
        start = end


def read_sound(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the sound of a file in blocks; see `audiobook.outputs.Format`.

    Titles of chapters are media as well, in a smaller box.
    """
    media = [place for place in places(file) if place.name == b"mdat"]
    if not media:
        raise ValueError(message("it has no {name} box", name="mdat"))
    largest = max(media, key=lambda place: place.end - place.content)
    return read_blocks(file, largest.content, largest.end)


def read_movie(file: IO[bytes]) -> Box:
    """Return the movie box of a file.

    Raises:
        ValueError: it has none, or it is damaged.
    """
    for place in places(file):
        if place.name == b"moov" and place.end - place.start <= _MOST_BYTES:
            file.seek(place.content)
            return _parse(b"moov", file.read(place.end - place.content))
    raise ValueError(message("it has no {name} box", name="moov"))


def parse(data: bytes) -> Box:
    """Return a box of these bytes.

    Raises:
        ValueError: it is damaged.
    """
    return _parse(data[4:8], data[_HEADER:])


def _parse(name: bytes, data: bytes) -> Box:
    if name not in _CONTAINERS:
        return Box(name, data)
    # In MP4 this box has a version and flags, in QuickTime it has none.
    position = 4 if name == b"meta" and data[4:8] != b"hdlr" else 0
    box = Box(name, data[:position])
    while position + _HEADER <= len(data):
        size, child = struct.unpack_from(">I4s", data, position)
        if not size and not any(data[position:]):
            break
        if size < _HEADER or position + size > len(data):
            raise ValueError(message("no box at byte {position}", position=position))
        box.children.append(_parse(child, data[position + _HEADER : position + size]))
        position += size
    box.tail = data[position:]
    return box
