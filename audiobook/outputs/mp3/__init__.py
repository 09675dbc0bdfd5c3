"""MP3: an ID3 tag with chapters and synced text, and frames that LAME made."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from audiobook.outputs.mp3 import frames, id3
from audiobook.outputs.mp3.frames import (
    DELAY,
    TAIL,
    Index,
    attenuation,
    check,
    count_frames,
    encode,
    frame_lengths,
    head_frame,
    samples_per_frame,
    whole_frames,
)
from audiobook.outputs.mp3.id3 import VERSION, read_book, read_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Book, Cue
    from audiobook.outputs import Track

__all__ = [
    "BITRATE",
    "DELAY",
    "NAME",
    "SUFFIX",
    "TAIL",
    "VERSION",
    "Index",
    "attenuation",
    "check",
    "count_frames",
    "cut",
    "encode",
    "frame_lengths",
    "head_frame",
    "headed",
    "read_book",
    "read_order",
    "samples_per_frame",
    "tail",
    "whole_frames",
    "write",
]

NAME = "mp3"
SUFFIX = ".mp3"
BITRATE = 64


def tail(rate: int) -> int:  # noqa: ARG001 (LAME counts samples)
    """Return how many samples at the end of a recording must be silent."""
    return TAIL


def cut(rate: int) -> int:  # noqa: ARG001
    """Return by how many samples a book ends before its recordings do.

    A decoder that knows the delay starts the sound at 0 and runs out that much earlier.
    """
    return DELAY


def write(
    file: IO[bytes],
    book: Book,
    cues: Sequence[Cue],
    order: str,
    sounds: Iterable[bytes],
    track: Track | None = None,
) -> None:
    """Write a book; see `audiobook.outputs.Format`."""
    file.write(id3.render(book, cues, order, track))
    head_at = file.tell()
    index = frames.Index((book.samples + DELAY) // samples_per_frame(book.rate))
    for sound in sounds:
        if not index.size:  # the first: its header tells how long the head will be
            header = sound[:4]
            file.write(head_frame(header, index))
        index.add(sound)
        file.write(sound)
    file.seek(head_at)
    file.write(head_frame(header, index))


def headed(sound: bytes) -> bytes:
    """Return recordings, joined, as a file of their own without a tag."""
    index = frames.Index(count_frames(sound))
    index.add(sound)
    return head_frame(sound[:4], index) + sound
