"""A book's MP3 cut into its chapters at the borders of frames, nothing encoded again."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from audiobook.errors import SourceError
from audiobook.model import Book, BoundChapter, Cue
from audiobook.outputs import Track, mp3
from audiobook.outputs.mp3 import headers, id3

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.podcast.model import Volume

# The provenance in the tag of a cut chapter. It is always the same, so that the hash in the name of
# the file changes only when the chapter itself does.
_PROVENANCE = "cut"


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
    position = headers.first_frame(file)
    run = headers.walk(file, position, headers.file_size(file))
    count = len(run.thirds)
    if late := [start for start in starts if start > count]:
        raise ValueError(f"it has {count} frames, and a chapter begins at frame {late[0]}")
    if count == starts[-1]:
        raise ValueError("its last chapter has no sound")
    numbers = [*starts, count]
    borders, sizes = [], run.sizes
    for last, number in pairwise([0, *numbers]):
        position += sum(islice(sizes, number - last))
        borders.append(position)
    return borders, numbers
