"""Reads and writes packets in Ogg pages (RFC 3533)."""

from __future__ import annotations

import struct
import zlib
from typing import IO, TYPE_CHECKING

from audiobook.messages import message

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
        """Begin a stream of a serial number."""
        self._file = file
        self._serial = serial
        self._number = 0

    def write(self, packets: list[bytes], position: int, *, last: bool = False) -> None:
        """Write packets on pages of their own.

        Args:
            packets: the packets.
            position: samples of the stream up to their end.
            last: whether the stream ends with them.
        """
        lacing = b"".join(
            b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets
        )
        data, offset, flags = b"".join(packets), 0, 0
        for start in range(0, len(lacing), _MOST_SEGMENTS):
            segments = lacing[start : start + _MOST_SEGMENTS]
            length, is_last_page = sum(segments), start + _MOST_SEGMENTS >= len(lacing)
            # A page on which no packet ends must not give a position. The packets are few, so only
            # a long one goes on beyond its page.
            flags |= _LAST if last and is_last_page else 0
            page_position = position if is_last_page else _NOTHING_ENDS
            self._page(segments, data[offset : offset + length], page_position, flags)
            offset += length
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
        ValueError: there is something between its pages, or it is cut off.
    """
    position, parts = 0, []
    while position < len(data):
        if not data.startswith(b"OggS", position) or position + _HEADER.size > len(data):
            raise ValueError(message("no page at byte {position}", position=position))
        count = data[position + _HEADER.size - 1]
        position += _HEADER.size
        segments = data[position : position + count]
        position += count
        if position + sum(segments) > len(data):
            raise ValueError(message("the last page is cut off"))
        for size in segments:
            parts.append(data[position : position + size])
            position += size
            if size < 255:
                yield b"".join(parts)
                parts = []


def read_sound(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what the pages with sound hold; see `audiobook.outputs.Format`.

    Numbers and checksums of pages change when comments before them take more pages.
    """
    file.seek(0)
    while len(head := file.read(_HEADER.size)) == _HEADER.size:
        name, _, _, position, _, _, _, count = _HEADER.unpack(head)
        if name != b"OggS":
            raise ValueError(message("no page at byte {position}", position=file.tell()))
        content = file.read(sum(file.read(count)))
        if position > 0:
            yield content


def crc(page: bytes | bytearray) -> int:
    """Return the checksum of a page in which the checksum field is zero.

    Ogg and zlib use the same polynomial with opposite bit orders; that of Ogg begins with zero and
    is not inverted.
    """
    mirrored = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4).translate(_REVERSED), "little")
