"""The contents and the text of a book as a page shows them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from audiobook.messages import localize, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobook.model import BoundChapter
    from audiobook.podcast.model import Volume

_NOT_LETTERS = re.compile(r"[\W_]+")
# A heading is read out in a few sentences at most: "Chương 1." "Giông tố."
_HEADING_CUES = 4
# How many sentences, at least, are laid out together, or skipped while they are out of sight.
_RUN = 24


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A chapter in the table of contents, and the chapters below it."""

    title: str
    seconds: float
    nested: list[ContentsEntry]


@dataclass(frozen=True, slots=True)
class TimedSentence:
    """A sentence and the second at which it begins."""

    seconds: float
    text: str
    begins_paragraph: bool
    """Whether a paragraph begins with it; true of all where the file does not tell."""


@dataclass(frozen=True, slots=True)
class Section:
    """The text of a chapter."""

    title: str
    level: int
    heading: list[TimedSentence]
    """The sentences that read the title out; empty if none do."""
    runs: list[list[list[TimedSentence]]]
    """The paragraphs, in runs that are laid out together."""


def nest_chapters(
    chapters: Sequence[BoundChapter], rate: int, first: int = 1
) -> list[ContentsEntry]:
    """Nest chapters by their levels: a chapter of a deeper level goes below the one before it.

    Args:
        chapters: the chapters, in order.
        rate: samples a second, the unit of their times.
        first: the number of the first of them, for those without a title.
    """
    levels = [chapter.level for chapter in chapters]
    top = min(levels, default=1)
    top_indexes = [index for index, level in enumerate(levels) if not index or level == top]
    return [
        ContentsEntry(
            chapters[start].title or localize(message("Part {number}", number=first + start)),
            chapters[start].start / rate,
            nest_chapters(chapters[start + 1 : end], rate, first + start + 1),
        )
        for start, end in pairwise([*top_indexes, len(chapters)])
    ]


def text_sections(volume: Volume) -> list[Section]:
    """Return the text of a book, chapter by chapter."""
    sections = []
    starts = [chapter.start for chapter in volume.chapters]
    begins = volume.paragraphs

    def chapter_of(sentence: tuple[int, TimedSentence]) -> int:
        return bisect_right(starts, sentence[0]) - 1

    sentences = [
        (cue.start, TimedSentence(cue.start / volume.rate, cue.text, not begins or index in begins))
        for index, cue in enumerate(volume.cues)
    ]
    for number, group in groupby(sentences, chapter_of):
        lines = [sentence for _, sentence in group]
        chapter = volume.chapters[number] if number >= 0 else None
        title, level = (chapter.title, chapter.level) if chapter else ("", 1)
        count = _count_heading_sentences(title, lines)
        runs = list(_runs(_paragraphs(lines[count:])))
        sections.append(Section(title, level, lines[:count], runs))
    return sections


def _paragraphs(lines: Iterable[TimedSentence]) -> Iterator[list[TimedSentence]]:
    paragraph: list[TimedSentence] = []
    for line in lines:
        if line.begins_paragraph and paragraph:
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _runs(paragraphs: Iterable[list[TimedSentence]]) -> Iterator[list[list[TimedSentence]]]:
    run: list[list[TimedSentence]] = []
    for paragraph in paragraphs:
        run.append(paragraph)
        if sum(map(len, run)) >= _RUN:
            yield run
            run = []
    if run:
        yield run


def _count_heading_sentences(title: str, lines: Sequence[TimedSentence]) -> int:
    """Return how many sentences at the beginning of a chapter read its title out."""
    title_letters, spoken_letters = _letters_only(title), ""
    for count, line in enumerate(lines[:_HEADING_CUES], 1):
        spoken_letters += _letters_only(line.text)
        if spoken_letters and spoken_letters == title_letters:
            return count
    return 0


def _letters_only(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
