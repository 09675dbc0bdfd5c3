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

    from audiobook.podcast.shelf import Volume

_ID3_HEADER = 10
# What a cut chapter says it was made from: the same, so that only its own changes rename it.
_ORDER = "cut"
# Bytes of a header; whatever says it is shorter is no frame.
_HEADER = 4
# Marks of a frame that tells of the others, and the bytes at its beginning that hold them.
_XING, _MARKED = (b"Xing", b"Info", b"VBRI"), 48
_BLOCK = 1 << 20


class Part(NamedTuple):
    """A chapter as a book of its own."""

    book: Book
    """Of one chapter, from 0; without a cover."""
    cues: tuple[Cue, ...]
    """Its sentences."""
    sound: bytes
    """The MP3 file."""


@contextmanager
def open_chapters(volume: Volume) -> Iterator[Iterator[Part]]:
    """Open a book to go through its chapters, in order, each as a book of its own.

    They are made as they are asked for, so that no more than a chapter is in memory.

    Args:
        volume: the book, with its sentences.

    Raises:
        SourceError: the book cannot be read, or its frames end before its last chapter begins.
    """
    try:
        with volume.path.open("rb") as file:
            yield _cut(volume, file)
    except (OSError, ValueError) as problem:
        raise SourceError(
            f"cannot cut {volume.path} into chapters: {problem}", "build the book again"
        ) from problem


def check(volume: Volume) -> None:
    """Make sure that all frames are there that a book needs.

    Raises:
        SourceError: some are missing.
    """
    remedy = "build the book again, or take the file away"
    try:
        with volume.path.open("rb") as file:
            _, numbers = _find_frames(file, _starts(volume))
    except (OSError, ValueError) as problem:
        raise SourceError(f"{volume.path} is damaged: {problem}", remedy) from problem
    there = numbers[-1] * mp3.samples_per_frame(volume.rate) - mp3.DELAY
    if volume.synthetic and there != volume.samples:
        seconds = (volume.samples - there) / volume.rate
        raise SourceError(f"{volume.path} is damaged: {seconds:.1f} s of it are missing", remedy)


def _starts(volume: Volume) -> list[int]:
    """Return the numbers of the frames that chapters begin with."""
    frame = mp3.samples_per_frame(volume.rate)
    return [round(chapter.start / frame) for chapter in volume.chapters]


def _cut(volume: Volume, file: BinaryIO) -> Iterator[Part]:
    borders, numbers = _find_frames(file, _starts(volume))
    frame = mp3.samples_per_frame(volume.rate)
    cues = deque(volume.cues)
    for at, chapter in enumerate(volume.chapters):
        # As of a book: the decoder's delay is taken from the silence at the end.
        length = (numbers[at + 1] - numbers[at]) * frame - mp3.DELAY
        alone = BoundChapter(chapter.title, 0, length)
        own = []
        while cues and cues[0].start < chapter.end:
            own.append(cues.popleft().shifted(-chapter.start))
        meta = replace(volume.meta, title=chapter.title, cover=b"")
        book = Book(meta, volume.path, volume.rate, length, (alone,), len(own))
        track = Track(volume.meta.title, at + 1, len(volume.chapters))
        tag = id3.render(book, own, _ORDER, track)
        file.seek(borders[at])
        sound = mp3.standalone_file(file.read(borders[at + 1] - borders[at]))
        yield Part(book, tuple(own), tag + sound)


def _find_frames(file: BinaryIO, wanted: Sequence[int]) -> tuple[list[int], list[int]]:
    """Find frames by walking from one header to the next.

    Args:
        file: an MP3.
        wanted: numbers of frames in order, from 0, the Info frame not counted.

    Returns:
        Where these begin and where the last frame ends, in bytes; and their numbers and how many
        there are.
    """
    position = _first_frame(file)
    size = file.seek(0, os.SEEK_END)
    first, second, *_ = _read(file, position, _HEADER)
    lengths = mp3.frame_lengths(second >> 3 & 1)
    block, begin = b"", position
    borders: list[int] = []
    number = 0
    for until in (*wanted, -1):
        while number != until:
            at = position - begin
            if at + _HEADER > len(block):
                block, begin, at = _read(file, position, _BLOCK), position, 0
            if len(block) < _HEADER or block[at] != first or block[at + 1] != second:
                break  # the end, or another tag
            length = lengths[block[at + 2]]
            if length < _HEADER or position + length > size:
                break  # no frame, or one that is cut off
            position += length
            number += 1
        if until not in (number, -1):
            raise ValueError(f"it has {number} frames, and a chapter begins at frame {until}")
        borders.append(position)
    if number == wanted[-1]:
        raise ValueError("its last chapter has no sound")
    return borders, [*wanted, number]


def _first_frame(file: BinaryIO) -> int:
    """Return where the first frame of sound begins, after the tag and an Info frame."""
    position = 0
    while (head := _read(file, position, _ID3_HEADER)).startswith(b"ID3"):
        position += _ID3_HEADER + sum(byte << 7 * (3 - at) for at, byte in enumerate(head[6:]))
    block = _read(file, position, _BLOCK)
    at = block.find(b"\xff")
    while at >= 0 and (len(block) < at + _HEADER or block[at + 1] & 0xE6 != 0xE2):
        at = block.find(b"\xff", at + 1)
    if at < 0:
        raise ValueError("it holds no frame")
    if not any(mark in block[at : at + _MARKED] for mark in _XING):
        return position + at
    return position + at + mp3.frame_lengths(block[at + 1] >> 3 & 1)[block[at + 2]]


def _read(file: BinaryIO, position: int, size: int) -> bytes:
    file.seek(position)
    return file.read(size)
