"""Lists the chapters of a source with their words, and how long each will be heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.app.lengths import estimate_chapters
from audiobook.app.preparing import prepare
from audiobook.config import with_marked_voices
from audiobook.model import count_words, ignore_event
from audiobook.stages.tidy.directions import marked_voices

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Event, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterLength:
    """A chapter, and how long it will be."""

    number: int
    title: str
    level: int
    """1 for the outermost division of the book."""
    words: int
    seconds: float
    """An estimate, from what the voice has recorded here."""
    narrator: str
    """The name of the voice that narrates it."""


def measure_chapters(
    job: Job, report: Callable[[Event], None] = ignore_event
) -> list[ChapterLength]:
    """Return the chapters of a source with their words, and how long each will be.

    Args:
        job: the source, and how it is read.
        report: called with a `Recognised` for every scanned page.

    Raises:
        SourceError: the source cannot be read.
    """
    lengths = []
    document = prepare(job, report)
    job = with_marked_voices(job, marked_voices(document))
    estimates = estimate_chapters(document, job)
    for number, (chapter, seconds) in enumerate(zip(document.chapters, estimates, strict=True), 1):
        words = sum(count_words(paragraph.text) for paragraph in chapter.paragraphs)
        lengths.append(
            ChapterLength(
                number=number,
                title=chapter.title,
                level=chapter.level,
                words=words,
                seconds=seconds,
                narrator=chapter.narrator or job.voice.name,
            )
        )
    return lengths
