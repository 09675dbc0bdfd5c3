"""Checks the frames of an MP3: whole, of one bit rate, and as many as their index says."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Layer III (ISO/IEC 11172-3 and 13818-3): kbit/s by the index in the header.
_BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
# By the two bits of the version: 2.5, none, 2, 1.
_RATES = ((11025, 12000, 8000, 0), (0,) * 4, (22050, 24000, 16000, 0), (44100, 48000, 32000, 0))
_FRAMES, _BYTES, _PLACES = 1, 2, 4
_ID3V1 = b"TAG"


@dataclass(frozen=True, slots=True)
class Frames:
    """What the frames of a file are like."""

    count: int
    """Frames with sound, without the index frame."""
    size: int
    """Bytes of these frames and the index."""
    bitrate: float
    """kbit/s on average."""
    constant: bool
    findings: tuple[Finding, ...]


def walk(path: Path) -> Frames:
    """Walk over all frames of an MP3, one header after the other.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is empty, or holds no frame.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as sound:
        start = _after_tag(sound)
        first = _next_frame(sound, start)
        if first is None:
            raise ValueError("there is no MP3 frame in it")
        index = _index_at(sound, first)
        first_frame = first + _frame_length(sound, first) if index else first
        counts, stray, position = dict[int, int](), list[int](), first_frame
        end = len(sound)
        if sound[end - 128 : end - 125] == _ID3V1:
            end -= 128
        second = sound[first + 1]
        lengths = _frame_lengths(second)
        is_cut = False
        while position < end - 3:
            length = lengths[sound[position + 2]]
            if sound[position] != 0xFF or sound[position + 1] != second or not length:
                stray.append(position)
                resumed = _next_frame(sound, position + 1)
                if resumed is None or resumed >= end:
                    break
                position = resumed
                second = sound[position + 1]
                lengths = _frame_lengths(second)
                continue
            if position + length > end:
                is_cut = True
                break
            kbits = sound[position + 2] >> 4
            counts[kbits] = counts.get(kbits, 0) + 1
            position += length
        frames = sum(counts.values())
        version = second >> 3 & 3
        table = _BITRATES[1 if version == 3 else 2]
        average = sum(table[key] * count for key, count in counts.items()) / max(frames, 1)
        findings = [*_judge_damage(stray, is_cut), *_judge_index(index, frames, position - first)]
        return Frames(frames, position - first, average, len(counts) <= 1, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Index:
    """The Info or Xing frame that encoders put before the sound."""

    name: str
    frames: int | None
    size: int | None
    places: bool


def _after_tag(sound: mmap.mmap) -> int:
    if sound[:3] != b"ID3":
        return 0
    size = 0
    for byte in sound[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _next_frame(sound: mmap.mmap, start: int) -> int | None:
    """Find the next header that another one follows, or the end of the file."""
    position = sound.find(b"\xff", start)
    while 0 <= position < len(sound) - 3:
        length = _frame_length(sound, position)
        end = position + length
        if length and (
            end >= len(sound) - 3
            or (sound[end] == 0xFF and sound[end + 1] == sound[position + 1])
            or sound[end : end + 3] == _ID3V1
        ):
            return position
        position = sound.find(b"\xff", position + 1)
    return None


def _frame_length(sound: mmap.mmap, position: int) -> int:
    """Return the bytes of the frame that begins at a position; 0 if none does."""
    header = sound[position : position + 3]
    if len(header) < 3 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    return _frame_lengths(header[1])[header[2]]


@cache
def _frame_lengths(second: int) -> tuple[int, ...]:
    """Return frame sizes by the third byte of a header with this second byte; 0 for no frame."""
    version = second >> 3 & 3
    bitrates = _BITRATES[1 if version == 3 else 2]
    per_bit = 144_000 if version == 3 else 72_000
    lengths = []
    for third in range(256):
        rate, bitrate = _RATES[version][third >> 2 & 3], bitrates[third >> 4]
        lengths.append(per_bit * bitrate // rate + (third >> 1 & 1) if rate and bitrate else 0)
    return tuple(lengths)


def _index_at(sound: mmap.mmap, first: int) -> _Index | None:
    mpeg1, mono = sound[first + 1] >> 3 & 3 == 3, sound[first + 3] >> 6 == 3
    side_info = (17 if mono else 32) if mpeg1 else (9 if mono else 17)
    tag = first + 4 + side_info
    name = sound[tag : tag + 4]
    if name not in (b"Info", b"Xing"):
        return None
    flags = int.from_bytes(sound[tag + 4 : tag + 8])
    fields = iter((tag + 8, tag + 12))
    frames = int.from_bytes(sound[(n := next(fields)) : n + 4]) if flags & _FRAMES else None
    size = int.from_bytes(sound[(n := next(fields)) : n + 4]) if flags & _BYTES else None
    return _Index(name.decode(), frames, size, bool(flags & _PLACES))


def _judge_damage(stray: list[int], is_cut: bool) -> Iterator[Finding]:
    if stray:
        yield Finding(
            "frames",
            Severity.ERROR,
            "something that is not sound stands between the frames",
            f"{len(stray)} places, the first at byte {stray[0]:,}",
            "one frame after the other",
            "build the book again",
        )
    if is_cut:
        yield Finding(
            "frames",
            Severity.ERROR,
            "the file ends in the middle of a frame",
            remedy="it was cut off while it was copied: copy or build it again",
        )


def _judge_index(index: _Index | None, frames: int, size: int) -> Iterator[Finding]:
    """Compare the figures of the index with the frames that are in the file."""
    remedy = "build the book again, or let a tag editor rebuild the frame"
    if index is None or index.frames is None:
        yield Finding(
            "info-frame",
            Severity.WARNING,
            "no Info frame tells players how long the book is",
            "none" if index is None else "without the number of frames",
            "Info or Xing",
            remedy,
        )
        return
    if index.frames != frames:
        yield Finding(
            "info-frame",
            Severity.ERROR,
            f"the {index.name} frame tells another length, so players show and seek wrong",
            f"{frames:,} frames",
            f"{index.frames:,} frames",
            remedy,
        )
    if index.size is not None and index.size != min(size, 0xFFFFFFFF):
        yield Finding(
            "info-frame",
            Severity.WARNING,
            f"the {index.name} frame tells another size, so players seek wrong",
            f"{size:,} bytes",
            f"{index.size:,} bytes",
            remedy,
        )
    if not index.places:
        yield Finding(
            "info-frame",
            Severity.NOTE,
            f"the {index.name} frame has no table of places to seek by",
            remedy=remedy,
        )
