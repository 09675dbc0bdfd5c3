"""Checks the frames of an MP3: whole, of one bit rate, and as many as their index says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity
from audiobook.messages import message, plural
from audiobook.outputs.mp3 import headers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.outputs.mp3.headers import IndexFrame


@dataclass(frozen=True, slots=True, kw_only=True)
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
    with path.open("rb") as file:
        first = headers.find_frame(file, headers.after_tags(file))
        if first is None:
            raise ValueError(message("there is no MP3 frame in it"))
        index = headers.read_index(file, first)
        end = headers.end_of_sound(file)
        position = first
        if index:
            position += headers.frame_length(headers.read_at(file, first, headers.HEADER))
        kbits, stray = Counter[int](), list[int]()
        while True:
            run = headers.walk(file, position, end)
            bitrates, position = headers.bitrates_of(run.second), run.end
            for third, count in Counter(run.thirds).items():
                kbits[bitrates[third >> 4]] += count
            header = headers.read_at(file, position, headers.HEADER)
            is_at_end = position > end - headers.HEADER
            is_cut = not is_at_end and headers.belongs_to(run, header)
            if is_at_end or is_cut:
                break
            stray.append(position)
            resumed = headers.find_frame(file, position + 1)
            if resumed is None or resumed >= end:
                break
            position = resumed
    frames, size = kbits.total(), position - first
    average = sum(rate * count for rate, count in kbits.items()) / max(frames, 1)
    findings = [*_judge_damage(stray, is_cut), *_judge_index(index, frames, size)]
    return Frames(
        count=frames, size=size, bitrate=average, constant=len(kbits) <= 1, findings=tuple(findings)
    )


def _judge_damage(stray: list[int], is_cut: bool) -> Iterator[Finding]:
    if stray:
        yield Finding(
            rule="frames",
            severity=Severity.ERROR,
            what=message("there is something that is not sound between the frames"),
            measured=plural(
                "{count} place, at byte {first:,}",
                "{count} places, the first at byte {first:,}",
                count=len(stray),
                first=stray[0],
            ),
            wanted=message("one frame after the other"),
            remedy=message("build the book again"),
        )
    if is_cut:
        yield Finding(
            rule="frames",
            severity=Severity.ERROR,
            what=message("the file ends in the middle of a frame"),
            remedy=message("it was cut off while it was copied: copy or build it again"),
        )


def _judge_index(index: IndexFrame | None, frames: int, size: int) -> Iterator[Finding]:
    """Compare the figures of the index with the frames that are in the file."""
    remedy = message("build the book again, or let a tag editor rebuild the frame")
    if index is None or index.frames is None:
        yield Finding(
            rule="info-frame",
            severity=Severity.WARNING,
            what=message("no Info frame tells players how long the book is"),
            measured=message("none") if index is None else message("without the number of frames"),
            wanted=message("Info or Xing"),
            remedy=remedy,
        )
        return
    if index.frames != frames:
        yield Finding(
            rule="info-frame",
            severity=Severity.ERROR,
            what=message(
                "the {frame} frame states another length: players show wrong times",
                frame=index.name,
            ),
            measured=message("{count:,} frames", count=frames),
            wanted=message("{count:,} frames", count=index.frames),
            remedy=remedy,
        )
    if index.size is not None and index.size != min(size, 0xFFFFFFFF):
        yield Finding(
            rule="info-frame",
            severity=Severity.WARNING,
            what=message(
                "the {frame} frame states another size: players seek to wrong places",
                frame=index.name,
            ),
            measured=message("{count:,} bytes", count=size),
            wanted=message("{count:,} bytes", count=index.size),
            remedy=remedy,
        )
    if not index.has_places:
        yield Finding(
            rule="info-frame",
            severity=Severity.NOTE,
            what=message("the {frame} frame has no table of places to seek by", frame=index.name),
            remedy=remedy,
        )
