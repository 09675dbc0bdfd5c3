"""A book's MP3 cut into its sections at the borders of frames, nothing encoded again."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice, pairwise
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


class CutSection(NamedTuple):
    """A section as a book of its own."""

    book: Book
    """Its first chapter starts at 0; it has no cover."""
    cues: tuple[Cue, ...]
    """The sentences of the section."""
    sound: bytes
    """The MP3 file."""


@contextmanager
def open_sections(volume: Volume, sections: Sequence[Section]) -> Iterator[Iterator[CutSection]]:
    """Open a book and return an iterator over its sections, each as a book of its own.

    Each section is cut when the iterator reaches it, so that only one is in memory at a time.

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
            _, numbers = _find_frames(file, _frames_at(volume, volume.chapters))
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
    borders, numbers = _find_frames(file, _frames_at(volume, first_chapters))
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
        file.seek(borders[index])
        sound = mp3.standalone_file(file.read(borders[index + 1] - borders[index]))
        yield CutSection(book, tuple(section_cues), tag + sound)


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
    borders, sizes = [], run.sizes
    for last, number in pairwise([0, *numbers]):
        position += sum(islice(sizes, number - last))
        borders.append(position)
    return borders, numbers
