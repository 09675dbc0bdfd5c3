"""Ogg pages (RFC 3533): packets out of a stream, and packets into one."""

from __future__ import annotations

import struct
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTINUED, _FIRST, _LAST = 1, 2, 4
_HEADER = struct.Struct("<4sBBqIIIB")
_CRC_AT = 22
_MOST_SEGMENTS = 255
_NOTHING_ENDS = -1
"""Position of a page on which no packet ends."""
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class Writer:
    """Writes one stream of packets, a page at a time."""

    def __init__(self, file: IO[bytes], serial: int) -> None:
        """Begin a stream of that number."""
        self._file = file
        self._serial = serial
        self._number = 0

    def write(self, packets: list[bytes], position: int, *, last: bool = False) -> None:
        """Write packets on pages of their own.

        Args:
            packets: what to write.
            position: samples of the stream once they are decoded.
            last: whether the stream ends with them.
        """
        lacing = b"".join(
            b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets
        )
        data, at, flags = b"".join(packets), 0, 0
        for start in range(0, len(lacing), _MOST_SEGMENTS):
            segments = lacing[start : start + _MOST_SEGMENTS]
            length, ended = sum(segments), start + _MOST_SEGMENTS >= len(lacing)
            # A page that ends within a packet tells the position of none, or the next page would
            # not know what it goes on with: `packets` are few, so only long ones run over.
            flags |= _LAST if last and ended else 0
            where = position if ended else _NOTHING_ENDS
            self._page(segments, data[at : at + length], where, flags)
            at += length
            flags = _CONTINUED if segments[-1] == 255 else 0

    def _page(self, segments: bytes, data: bytes, position: int, flags: int) -> None:
        flags |= 0 if self._number else _FIRST
        page = bytearray(
            _HEADER.pack(b"OggS", 0, flags, position, self._serial, self._number, 0, len(segments))
        )
        page += segments
        page += data
        page[_CRC_AT : _CRC_AT + 4] = crc(page).to_bytes(4, "little")
        self._file.write(page)
        self._number += 1


def packets(data: bytes) -> Iterator[bytes]:
    """Yield the packets of a file that holds one stream.

    Raises:
        ValueError: something else stands between its pages, or it is cut off.
    """
    position, parts = 0, []
    while position < len(data):
        if not data.startswith(b"OggS", position) or position + _HEADER.size > len(data):
            raise ValueError(f"no page at byte {position}")
        count = data[position + _HEADER.size - 1]
        position += _HEADER.size
        segments = data[position : position + count]
        position += count
        if position + sum(segments) > len(data):
            raise ValueError("the last page is cut off")
        for size in segments:
            parts.append(data[position : position + size])
            position += size
            if size < 255:
                yield b"".join(parts)
                parts = []


def crc(page: bytes | bytearray) -> int:
    """Return the checksum of a page whose own is zero.

    Ogg's and zlib's are the same polynomial, read from opposite ends; Ogg's begins with zero
    and is not inverted.
    """
    mirrored = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4).translate(_REVERSED), "little")
