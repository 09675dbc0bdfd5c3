"""A book's MP3 cut into its chapters at the borders of frames, nothing encoded again."""

from __future__ import annotations

import io
import mmap
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from audiobook import id3, mp3
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import BoundChapter
    from audiobook.podcast.shelf import Volume

_ID3_HEADER = 10
_XING = (b"Xing", b"Info", b"VBRI")

_lengths = cache(mp3.frame_lengths)


@contextmanager
def open_chapters(volume: Volume) -> Iterator[Iterator[bytes]]:
    """Open a book to go through the MP3 files of its chapters, in order.

    Each holds the tag, an Info frame and the chapter's frames as they are. The files are made as
    they are asked for, so that no more than a chapter is in memory.

    Raises:
        SourceError: the book cannot be read, or its frames end before its last chapter begins.
    """
    try:
        with (
            volume.path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as sound,
        ):
            yield _cut(volume, sound)
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
        with (
            volume.path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as sound,
        ):
            _, numbers = _find_frames(sound, _starts(volume))
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


def _cut(volume: Volume, sound: mmap.mmap) -> Iterator[bytes]:
    borders, numbers = _find_frames(sound, _starts(volume))
    for at, chapter in enumerate(volume.chapters):
        data = sound[borders[at] : borders[at + 1]]
        info = mp3.info_frame(data[:4], numbers[at + 1] - numbers[at], len(data))
        yield _tag(volume, chapter, at + 1) + info + data


def _find_frames(sound: mmap.mmap, wanted: Sequence[int]) -> tuple[list[int], list[int]]:
    """Find frames by walking from one header to the next.

    Args:
        sound: a file.
        wanted: numbers of frames in order, from 0, the Info frame not counted.

    Returns:
        Where these begin and where the last frame ends, in bytes; and their numbers and how many
        there are.
    """
    position = _first_frame(sound)
    lengths = _lengths(bool(sound[position + 1] & 8))
    second = sound[position + 1] & 0xFE
    end = len(sound) - 4
    borders: list[int] = []
    number = 0
    for until in (*wanted, -1):
        while number != until and position <= end:
            length = lengths[sound[position + 2]]
            if not length or sound[position] != 0xFF or sound[position + 1] & 0xFE != second:
                break  # another tag follows the sound
            if position + length > len(sound):
                break  # the last frame is cut off
            position += length
            number += 1
        if until not in (number, -1):
            raise ValueError(f"it has {number} frames, and a chapter begins at frame {until}")
        borders.append(position)
    return borders, [*wanted, number]


def _first_frame(sound: mmap.mmap) -> int:
    """Return where the first frame of sound begins, after the tag and an Info frame."""
    position = 0
    while sound[position : position + 3] == b"ID3":
        size = sound[position + 6 : position + _ID3_HEADER]
        position += _ID3_HEADER + sum(byte << 7 * (3 - at) for at, byte in enumerate(size))
    while sound[position : position + 1] != b"\xff" or sound[position + 1] & 0xE6 != 0xE2:
        if (position := sound.find(b"\xff", position + 1)) < 0 or position + 4 > len(sound):
            raise ValueError("it holds no frame")
    length = _lengths(bool(sound[position + 1] & 8))[sound[position + 2]]
    head = sound[position : position + 48]
    return position + length if any(mark in head for mark in _XING) else position


def _tag(volume: Volume, chapter: BoundChapter, number: int) -> bytes:
    from mutagen.id3 import (
        CHAP,
        CTOC,
        ID3,
        TALB,
        TCON,
        TDRC,
        TIT2,
        TLAN,
        TPE1,
        TPE2,
        TRCK,
        CTOCFlags,
        Encoding,
    )

    meta, text = volume.meta, Encoding.UTF16
    tag = ID3()
    for frame, value in (
        (TIT2, chapter.title),
        (TPE1, meta.author),
        (TALB, meta.title),
        (TPE2, meta.narrator),
        (TRCK, f"{number}/{len(volume.chapters)}"),
        (TDRC, meta.date),
        (TLAN, id3.iso_language(meta.language)),
        (TCON, meta.genre),
    ):
        if value:
            tag.add(frame(encoding=text, text=[value]))
    length = round((chapter.end - chapter.start) * 1000 / volume.rate)
    title = [TIT2(encoding=text, text=[chapter.title])]
    unused = 0xFFFFFFFF
    tag.add(CHAP("chp1", 0, length, unused, unused, sub_frames=title))
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    tag.add(CTOC("toc", flags, ["chp1"]))
    tag.update_to_v23()
    file = io.BytesIO()
    tag.save(file, v2_version=3, padding=lambda _info: 0)
    return file.getvalue()
