"""A book's MP3 cut into its sections at the borders of frames, nothing encoded again.

A section may be ten hours long: its sound is read block by block.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Book, Cue
from audiobook.outputs import Track, mp3
from audiobook.outputs.mp3 import headers, id3

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobook.model import BoundChapter
    from audiobook.podcast.division import Section
    from audiobook.podcast.model import Volume

# The provenance in the tag of a cut section. It is always the same, so that the hash in the name of
# the file changes only when the section itself does.
_PROVENANCE = "cut"
_BLOCK = 1 << 20


class CutSection(NamedTuple):
    """A section as a book of its own."""

    book: Book
    """Its first chapter starts at 0; it has no cover."""
    cues: tuple[Cue, ...]
    """The sentences of the section."""
    head: bytes
    """What its MP3 file begins with, before the frames of the book: the tag and the Info frame."""
    file: BinaryIO
    """The book, open as long as the iterator of the sections is."""
    start: int
    """The position in bytes at which the frames of the section begin in it."""
    end: int

    @property
    def size(self) -> int:
        """The bytes of the MP3 file of the section."""
        return len(self.head) + self.end - self.start

    def blocks(self) -> Iterator[bytes]:
        """Yield the MP3 file of the section in blocks.

        Raises:
            ValueError: the book has become shorter.
        """
        yield self.head
        for position in range(self.start, self.end, _BLOCK):
            wanted = min(_BLOCK, self.end - position)
            block = headers.read_at(self.file, position, wanted)
            if len(block) < wanted:
                raise ValueError(message("the last frame is cut off"))
            yield block


@contextmanager
def open_sections(volume: Volume, sections: Sequence[Section]) -> Iterator[Iterator[CutSection]]:
    """Open a book and return an iterator over its sections, each as a book of its own.

    Each section is cut when the iterator reaches it, and is to be read before the next one.

    Args:
        volume: the book, with its sentences.
        sections: what `division.divide` returned for it.

    Raises:
        SourceError: the book cannot be read, or its frames end before its last section begins.
    """
    try:
        with volume.path.open("rb") as file:
            yield _cut_sections(volume, sections, file)
    except (OSError, ValueError) as problem:
        raise SourceError(
            message("cannot cut {path} into chapters: {reason}", path=volume.path, reason=problem),
            message("build the book again"),
        ) from problem


def check_frames(volume: Volume) -> None:
    """Make sure that the file of a book holds all its frames.

    Raises:
        SourceError: frames are missing, or the file cannot be read.
    """
    remedy = message("build the book again, or take the file away")
    try:
        with volume.path.open("rb") as file:
            _, numbers, _ = _find_frames(file, _frames_at(volume, volume.chapters))
    except (OSError, ValueError) as problem:
        raise SourceError(
            message("{path} is damaged: {reason}", path=volume.path, reason=problem), remedy
        ) from problem
    sample_count = numbers[-1] * mp3.samples_per_frame(volume.rate) - mp3.DELAY
    if volume.synthetic and sample_count != volume.samples:
        seconds = (volume.samples - sample_count) / volume.rate
        raise SourceError(
            message(
                "{path} is damaged: {seconds:.1f} s of it are missing",
                path=volume.path,
                seconds=seconds,
            ),
            remedy,
        )


def _frames_at(volume: Volume, chapters: Iterable[BoundChapter]) -> list[int]:
    """Return the number of the frame that each of these chapters begins with."""
    frame_samples = mp3.samples_per_frame(volume.rate)
    return [round(chapter.start / frame_samples) for chapter in chapters]


def _cut_sections(
    volume: Volume, sections: Sequence[Section], file: BinaryIO
) -> Iterator[CutSection]:
    first_chapters = [section.chapters[0] for section in sections]
    borders, numbers, run = _find_frames(file, _frames_at(volume, first_chapters))
    frame_samples = mp3.samples_per_frame(volume.rate)
    cues = deque(volume.cues)
    for index, section in enumerate(sections):
        # As in a whole book, the decoder's delay is taken from the silence at the end.
        length = (numbers[index + 1] - numbers[index]) * frame_samples - mp3.DELAY
        start, end = section.chapters[0].start, section.chapters[-1].end
        chapters = [
            replace(
                chapter,
                title=section.title if len(section.chapters) == 1 else chapter.title,
                start=chapter.start - start,
                end=length if chapter.end == end else chapter.end - start,
                level=1,
            )
            for chapter in section.chapters
        ]
        section_cues = []
        while cues and cues[0].start < end:
            section_cues.append(cues.popleft().shifted(-start))
        book = Book(
            meta=replace(volume.meta, title=section.title, cover=b""),
            path=volume.path,
            rate=volume.rate,
            samples=length,
            chapters=tuple(chapters),
            sentences=len(section_cues),
        )
        track = Track(volume.meta.title, index + 1, len(sections))
        tag = id3.render(book, section_cues, _PROVENANCE, track)
        start, end = borders[index : index + 2]
        section_run = run._replace(thirds=run.thirds[numbers[index] : numbers[index + 1]], end=end)
        first = headers.read_at(file, start, headers.HEADER)
        head = tag + mp3.head_of(first, section_run)
        yield CutSection(book, tuple(section_cues), head, file, start, end)


def _find_frames(
    file: BinaryIO, starts: Sequence[int]
) -> tuple[list[int], list[int], headers.FrameRun]:
    """Find the positions of frames by walking from one header to the next.

    Args:
        file: an MP3.
        starts: the numbers of the frames to find, in order, from 0; the Info frame is not counted.

    Returns:
        The positions in bytes at which these frames begin, and the end of the last frame of the
        file; then the numbers of these frames, and the number of all frames; then all frames.
    """
    position = headers.first_frame(file)
    run = headers.walk(file, position, headers.file_size(file))
    count = len(run.thirds)
    if late := [start for start in starts if start > count]:
        raise ValueError(
            message(
                "it has {count} frames, and a chapter begins at frame {frame}",
                count=count,
                frame=late[0],
            )
        )
    if count == starts[-1]:
        raise ValueError(message("its last chapter has no sound"))
    numbers = [*starts, count]
    borders = []
    for last, number in pairwise([0, *numbers]):
        position += run.size(last, number)
        borders.append(position)
    return borders, numbers, run
