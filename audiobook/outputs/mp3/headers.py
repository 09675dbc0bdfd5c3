"""Walks over the frames of an MP3 by their headers, for writers and readers alike.

Layer III by ISO/IEC 11172-3 and 13818-3, and the rates of MPEG 2.5, which no standard has.
"""

from __future__ import annotations

import os
from functools import cache
from typing import IO, TYPE_CHECKING, NamedTuple

from audiobook.messages import message
from audiobook.outputs.blocks import read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

MPEG1_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""Kilobits a second by their index in a header; 0 is a rate that the header does not tell."""
MPEG2_BITRATES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
MPEG1_RATES = (44100, 48000, 32000)
"""Samples a second by their index in a header."""
MPEG2_RATES = (22050, 24000, 16000)
_MPEG25_RATES = (11025, 12000, 8000)
# By the two bits of the version: 2.5, none, 2, 1.
_RATES = (_MPEG25_RATES, (), MPEG2_RATES, MPEG1_RATES)
_MPEG1 = 3

HEADER = 4
"""Bytes of a frame header."""
INFO, XING = b"Info", b"Xing"
"""The names of an index frame at a constant and at a variable bit rate."""
_VBRI, _VBRI_AT = b"VBRI", 36
_FRAMES, _BYTES, _PLACES = 1, 2, 4
# An index frame is read to the end of its figures.
_INDEX_HEAD = 64
_ID3, _ID3_HEADER = b"ID3", 10
_ID3V1, _ID3V1_SIZE = b"TAG", 128
_BLOCK = 1 << 20


class FrameRun(NamedTuple):
    """Frames that follow one another, with the same version in each header."""

    second: int
    """The second byte of every header."""
    thirds: bytes
    """The third byte of each header, which tells the bit rate and the size of its frame."""
    end: int
    """The position in bytes behind the last whole frame."""

    def size(self, first: int, end: int) -> int:
        """Return the bytes of the frames from a number to another, both counted from 0."""
        thirds, lengths = self.thirds[first:end], frame_lengths(self.second)
        return sum(lengths[third] * thirds.count(third) for third in set(thirds))


class IndexFrame(NamedTuple):
    """What the Info or Xing frame that encoders put before the sound says."""

    name: str
    frames: int | None
    """Frames with sound; None if it does not say."""
    size: int | None
    """Bytes of these frames and itself; None if it does not say."""
    has_places: bool
    """Whether it holds a table of places to seek by."""


def bitrates_of(second: int) -> tuple[int, ...]:
    """Return the bit rates in kbit/s, by their index, of headers with this second byte."""
    return MPEG1_BITRATES if second >> 3 & 3 == _MPEG1 else MPEG2_BITRATES


@cache
def frame_lengths(second: int) -> tuple[int, ...]:
    """Return frame sizes by the third byte of a header with this second byte; 0 for no frame."""
    version = second >> 3 & 3
    bitrates, rates = (*bitrates_of(second), 0), (*_RATES[version], 0, 0, 0, 0)
    per_bit = 144_000 if version == _MPEG1 else 72_000
    lengths = []
    for third in range(256):
        rate, bitrate = rates[third >> 2 & 3], bitrates[third >> 4]
        lengths.append(per_bit * bitrate // rate + (third >> 1 & 1) if rate and bitrate else 0)
    return tuple(lengths)


def frame_length(header: bytes | bytearray) -> int:
    """Return the bytes of the frame that a header begins; 0 if it begins none."""
    if len(header) < 3 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    return frame_lengths(header[1])[header[2]]


def side_info(header: bytes | bytearray) -> int:
    """Return the bytes between a header and the sound of its frame, where an index is written."""
    is_mono = header[3] >> 6 == 3
    if header[1] >> 3 & 3 == _MPEG1:
        return 17 if is_mono else 32
    return 9 if is_mono else 17


def walk(file: IO[bytes], start: int, end: int) -> FrameRun:
    """Walk from one header to the next, until there is none or a frame is cut off.

    Args:
        file: an MP3.
        start: the position in bytes of the first header.
        end: the position in bytes at which the sound ends.
    """
    header = read_at(file, start, HEADER)
    if not frame_length(header):
        return FrameRun(0, b"", start)
    first, second = header[:2]
    lengths = frame_lengths(second)
    thirds, position = bytearray(), start
    while position <= end - HEADER:
        block = read_at(file, position, min(_BLOCK, end - position))
        offset, last = 0, len(block) - HEADER
        while offset <= last and block[offset] == first and block[offset + 1] == second:
            third = block[offset + 2]
            if not (length := lengths[third]):
                break
            thirds.append(third)
            offset += length
        position += offset
        if offset <= last or not offset:
            break  # something else follows, or the file is shorter than it was
    if position > end:
        position -= lengths[thirds.pop()]  # this frame is cut off
    return FrameRun(second, bytes(thirds), position)


def belongs_to(run: FrameRun, header: bytes) -> bool:
    """Whether a header goes on with a run, so that the run ended only because it is cut off."""
    return bool(frame_length(header)) and header[1] == run.second


def find_frame(file: IO[bytes], start: int) -> int | None:
    """Find the next header that another one follows, or the end of the file.

    Args:
        file: an MP3.
        start: the position in bytes from which it is looked for.
    """
    end = file_size(file)
    position = start
    while len(block := read_at(file, position, _BLOCK)) >= HEADER:
        offset = block.find(b"\xff")
        while 0 <= offset <= len(block) - HEADER:
            if length := frame_length(block[offset : offset + HEADER]):
                next_at = offset + length
                following = block[next_at : next_at + HEADER] or read_at(
                    file, position + next_at, HEADER
                )
                if (
                    position + next_at > end - HEADER
                    or following[:2] == block[offset : offset + 2]
                    or following[:3] == _ID3V1
                ):
                    return position + offset
            offset = block.find(b"\xff", offset + 1)
        position += len(block) - HEADER + 1
    return None


def after_tags(file: IO[bytes]) -> int:
    """Return the position in bytes behind the ID3v2 tags with which a file begins."""
    position = 0
    while (head := read_at(file, position, _ID3_HEADER)).startswith(_ID3):
        position += after_tag(head)
    return position


def after_tag(head: bytes) -> int:
    """Return the bytes of an ID3v2 tag and its header of ten bytes; 0 if that begins none."""
    if not head.startswith(_ID3):
        return 0
    size = 0
    for byte in head[6:]:
        size = size << 7 | byte & 0x7F
    return _ID3_HEADER + size


def end_of_sound(file: IO[bytes]) -> int:
    """Return the position in bytes at which a file ends, or its ID3v1 tag begins."""
    end = file_size(file)
    tag = max(end - _ID3V1_SIZE, 0)
    return tag if read_at(file, tag, len(_ID3V1)) == _ID3V1 else end


def read_index(file: IO[bytes], first: int) -> IndexFrame | None:
    """Return what the first frame says of all others; None if it is not an Info or Xing frame.

    Args:
        file: an MP3.
        first: the position in bytes of its first frame.
    """
    frame = read_at(file, first, _INDEX_HEAD)
    at = HEADER + side_info(frame)
    name = frame[at : at + 4]
    if name not in (INFO, XING):
        return None
    flags = int.from_bytes(frame[at + 4 : at + 8])
    fields = (int.from_bytes(frame[place : place + 4]) for place in (at + 8, at + 12))
    frames = next(fields) if flags & _FRAMES else None
    size = next(fields) if flags & _BYTES else None
    return IndexFrame(name.decode(), frames, size, bool(flags & _PLACES))


def read_sound(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the frames of a file in blocks; see `audiobook.outputs.Format`."""
    first = after_tags(file)
    index = read_index(file, first)
    end = first + index.size if index and index.size else end_of_sound(file)
    return read_blocks(file, first, end)


def first_frame(file: IO[bytes]) -> int:
    """Return the position in bytes of the first frame of sound, behind tags and an index frame.

    Raises:
        ValueError: the file holds no frame.
    """
    first = find_frame(file, after_tags(file))
    if first is None:
        raise ValueError(message("it holds no frame"))
    is_vbri = read_at(file, first + _VBRI_AT, len(_VBRI)) == _VBRI
    if is_vbri or read_index(file, first):
        return first + frame_length(read_at(file, first, HEADER))
    return first


def file_size(file: IO[bytes]) -> int:
    """Return the bytes of a file."""
    return file.seek(0, os.SEEK_END)


def read_at(file: IO[bytes], position: int, size: int) -> bytes:
    """Return bytes of a file from a position; fewer where it ends.

    Args:
        file: a file that can seek.
        position: the first byte, from 0.
        size: how many bytes.
    """
    file.seek(position)
    return file.read(size)
