"""MP3: an ID3 tag with chapters and synced text, and frames encoded by LAME."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from audiobook.outputs import SUFFIXES
from audiobook.outputs.mp3 import frames, id3
from audiobook.outputs.mp3.frames import (
    DELAY,
    TAIL,
    Index,
    attenuation,
    check,
    count_frames,
    encode,
    info_frame,
    samples_per_frame,
    walk_sound,
    whole_frames,
)
from audiobook.outputs.mp3.headers import read_sound
from audiobook.outputs.mp3.id3 import VERSION, read_book, read_fingerprint, read_tag
from audiobook.outputs.mp3.retagging import retag

if TYPE_CHECKING:
    from audiobook.model import Book, RecordedBook
    from audiobook.outputs import Track
    from audiobook.outputs.mp3.headers import FrameRun

__all__ = [
    "BITRATE",
    "CHAPTERS_APART",
    "DELAY",
    "MOST_CHAPTERS",
    "NAME",
    "SOUND",
    "SUFFIX",
    "TAIL",
    "VERSION",
    "Index",
    "attenuation",
    "check",
    "count_frames",
    "encode",
    "head_of",
    "info_frame",
    "read_book",
    "read_fingerprint",
    "read_sound",
    "read_tag",
    "retag",
    "samples_per_frame",
    "silent_tail",
    "standalone_file",
    "trimmed_samples",
    "walk_sound",
    "whole_frames",
    "write",
]

NAME = SOUND = "mp3"
SUFFIX = SUFFIXES[NAME]
CHAPTERS_APART = False
MOST_CHAPTERS = 0
BITRATE = 64


def silent_tail(rate: int) -> int:  # noqa: ARG001 (LAME counts samples)
    """Return how many samples at the end of a recording must be silent."""
    return TAIL


def trimmed_samples(rate: int) -> int:  # noqa: ARG001
    """Return how many samples a stream lacks at the end of its last recording.

    A decoder that knows the delay starts the sound at 0, and its end comes that much earlier.
    """
    return DELAY


def write(
    file: IO[bytes],
    book: Book,
    recorded: RecordedBook,
    fingerprint: str,
    track: Track | None = None,
) -> None:
    """Write a book; see `audiobook.outputs.Format`."""
    paragraphs = recorded.paragraphs()
    file.write(id3.render(book, recorded.cues(), fingerprint, track, paragraphs=paragraphs))
    head_start = file.tell()
    index = frames.Index((book.samples + DELAY) // samples_per_frame(book.rate))
    for sound in recorded.sounds():
        if not index.size:  # the first sound: its header decides the size of the Info frame
            header = sound[:4]
            file.write(info_frame(header, index))
        index.add(walk_sound(sound))
        file.write(sound)
    file.seek(head_start)
    file.write(info_frame(header, index))


def standalone_file(sound: bytes) -> bytes:
    """Return joined recordings as the bytes of a file without a tag."""
    return head_of(sound[:4], walk_sound(sound)) + sound


def head_of(first: bytes, run: FrameRun) -> bytes:
    """Return the Info frame with which a file of these frames begins.

    Args:
        first: the first frame, for its header.
        run: all frames.
    """
    index = frames.Index(len(run.thirds))
    index.add(run)
    return info_frame(first, index)
