"""A book's MP3 cut into its chapters at the borders of frames, nothing encoded again."""

from __future__ import annotations

import os
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from audiobook.errors import SourceError
from audiobook.model import Book, BoundChapter, Cue
from audiobook.outputs import Track, mp3
from audiobook.outputs.mp3 import id3

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.podcast.model import Volume

_ID3_HEADER = 10
# The provenance in the tag of a cut chapter. It is always the same, so that the hash in the name of
# the file changes only when the chapter itself does.
_PROVENANCE = "cut"
# Bytes of a frame header. A header that gives a shorter length does not begin a frame.
_FRAME_HEADER = 4
# Marks of an Info frame, which holds no sound, and how many bytes of a frame are searched for them.
_XING, _MARKED = (b"Xing", b"Info", b"VBRI"), 48
_BLOCK = 1 << 20


class CutChapter(NamedTuple):
    """A chapter as a book of its own."""

    book: Book
    """It has one chapter, which starts at 0, and no cover."""
    cues: tuple[Cue, ...]
    """The sentences of the chapter."""
    sound: bytes
    """The MP3 file."""


@contextmanager
def open_chapters(volume: Volume) -> Iterator[Iterator[CutChapter]]:
    """Open a book and return an iterator over its chapters, each as a book of its own.

    Each chapter is cut when the iterator reaches it, so that only one is in memory at a time.

    Args:
        volume: the book, with its sentences.

    Raises:
        SourceError: the book cannot be read, or its frames end before its last chapter begins.
    """
    try:
        with volume.path.open("rb") as file:
            yield _cut_chapters(volume, file)
    except (OSError, ValueError) as problem:
        raise SourceError(
            f"cannot cut {volume.path} into chapters: {problem}", "build the book again"
        ) from problem


def check_frames(volume: Volume) -> None:
    """Make sure that the file of a book holds all its frames.

    Raises:
        SourceError: frames are missing, or the file cannot be read.
    """
    remedy = "build the book again, or take the file away"
    try:
        with volume.path.open("rb") as file:
            _, numbers = _find_frames(file, _start_frames(volume))
    except (OSError, ValueError) as problem:
        raise SourceError(f"{volume.path} is damaged: {problem}", remedy) from problem
    sample_count = numbers[-1] * mp3.samples_per_frame(volume.rate) - mp3.DELAY
    if volume.synthetic and sample_count != volume.samples:
        seconds = (volume.samples - sample_count) / volume.rate
        raise SourceError(f"{volume.path} is damaged: {seconds:.1f} s of it are missing", remedy)


def _start_frames(volume: Volume) -> list[int]:
    """Return the number of the frame that each chapter begins with."""
    frame_samples = mp3.samples_per_frame(volume.rate)
    return [round(chapter.start / frame_samples) for chapter in volume.chapters]


def _cut_chapters(volume: Volume, file: BinaryIO) -> Iterator[CutChapter]:
    borders, numbers = _find_frames(file, _start_frames(volume))
    frame_samples = mp3.samples_per_frame(volume.rate)
    cues = deque(volume.cues)
    for index, chapter in enumerate(volume.chapters):
        # As in a whole book, the decoder's delay is taken from the silence at the end.
        length = (numbers[index + 1] - numbers[index]) * frame_samples - mp3.DELAY
        whole_chapter = BoundChapter(chapter.title, 0, length)
        chapter_cues = []
        while cues and cues[0].start < chapter.end:
            chapter_cues.append(cues.popleft().shifted(-chapter.start))
        meta = replace(volume.meta, title=chapter.title, cover=b"")
        book = Book(meta, volume.path, volume.rate, length, (whole_chapter,), len(chapter_cues))
        track = Track(volume.meta.title, index + 1, len(volume.chapters))
        tag = id3.render(book, chapter_cues, _PROVENANCE, track)
        file.seek(borders[index])
        sound = mp3.standalone_file(file.read(borders[index + 1] - borders[index]))
        yield CutChapter(book, tuple(chapter_cues), tag + sound)


def _find_frames(file: BinaryIO, starts: Sequence[int]) -> tuple[list[int], list[int]]:
    """Find the positions of frames by walking from one header to the next.

    Args:
        file: an MP3.
        starts: the numbers of the frames to find, in order, from 0; the Info frame is not counted.

    Returns:
        The positions in bytes at which these frames begin, and the end of the last frame of the
        file; then the numbers of these frames, and the number of all frames.
    """
    position = _first_frame(file)
    size = file.seek(0, os.SEEK_END)
    first, second, *_ = _read_at(file, position, _FRAME_HEADER)
    lengths = mp3.frame_lengths(second >> 3 & 1)
    block, block_start = b"", position
    borders: list[int] = []
    number = 0
    for target in (*starts, -1):
        while number != target:
            offset = position - block_start
            if offset + _FRAME_HEADER > len(block):
                block, block_start, offset = _read_at(file, position, _BLOCK), position, 0
            if len(block) < _FRAME_HEADER or block[offset] != first or block[offset + 1] != second:
                break  # the end, or another tag
            length = lengths[block[offset + 2]]
            if length < _FRAME_HEADER or position + length > size:
                break  # no frame, or one that is cut off
            position += length
            number += 1
        if target not in (number, -1):
            raise ValueError(f"it has {number} frames, and a chapter begins at frame {target}")
        borders.append(position)
    if number == starts[-1]:
        raise ValueError("its last chapter has no sound")
    return borders, [*starts, number]


def _first_frame(file: BinaryIO) -> int:
    """Return the position in bytes of the first frame of sound, after tags and an Info frame."""
    position = 0
    while (head := _read_at(file, position, _ID3_HEADER)).startswith(b"ID3"):
        position += _ID3_HEADER + sum(
            byte << 7 * (3 - offset) for offset, byte in enumerate(head[6:])
        )
    block = _read_at(file, position, _BLOCK)
    offset = block.find(b"\xff")
    while offset >= 0 and (len(block) < offset + _FRAME_HEADER or block[offset + 1] & 0xE6 != 0xE2):
        offset = block.find(b"\xff", offset + 1)
    if offset < 0:
        raise ValueError("it holds no frame")
    if not any(mark in block[offset : offset + _MARKED] for mark in _XING):
        return position + offset
    return position + offset + mp3.frame_lengths(block[offset + 1] >> 3 & 1)[block[offset + 2]]


def _read_at(file: BinaryIO, position: int, size: int) -> bytes:
    file.seek(position)
    return file.read(size)
