"""Shows what a build would say, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audiobook.app.preparing import prepare
from audiobook.config import with_marked_voices
from audiobook.model import ignore_event
from audiobook.stages import readers
from audiobook.stages.script import readings_of, readings_of_sentences
from audiobook.stages.speakers import people_of
from audiobook.stages.tidy.directions import marked_voices
from audiobook.vietnamese import Lexicon, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobook.model import Event, Job, Slot
    from audiobook.vietnamese import Reading


class SpokenSentence(NamedTuple):
    """A sentence as it stands in a text, and how it is read."""

    chapter: int
    """The number of its chapter, from 1; 0 where the text was not divided."""
    written: str
    readings: list[Reading]
    """What is said for parts of it that are not said as they are written."""

    @property
    def spoken(self) -> str:
        """What the engine is told."""
        return say(self.written, self.readings)


def read_sentences(
    job: Job, report: Callable[[Event], None] = ignore_event
) -> Iterator[SpokenSentence]:
    """Yield the sentences of a source as a build would say them.

    Args:
        job: the source, and how it is read.
        report: called with a `Recognised` for every scanned page.

    Raises:
        SourceError: the source cannot be read.
        UsageError: a chapter is selected that the book does not have.
    """
    document = prepare(job, report)
    cast, lexicon = with_marked_voices(job, marked_voices(document)).cast, Lexicon(job.lexicon)
    people = people_of(document) if cast.speakers else None
    for position, chapter in enumerate(document.chapters):
        number = document.number_of(position)
        for text, readings in readings_of_sentences(chapter, cast, lexicon, people):
            yield SpokenSentence(number, text, readings)


def read_subtitles(job: Job) -> Iterator[tuple[Slot, str]]:
    """Yield what a build would say in each slot of subtitles, a sentence at a time.

    Raises:
        SourceError: the source cannot be read, or has no times.
        VoiceError: a voice is not usable here.
    """
    from audiobook.app.scripting import write_script

    for _, passage in write_script(prepare(job), job):
        for utterance in passage.utterances:
            if utterance.slot and utterance.spoken:
                yield utterance.slot, " ".join(utterance.spoken)


def read_lines(job: Job) -> Iterator[SpokenSentence]:
    """Yield the lines of a plain text as a build would say them, each as one sentence.

    Raises:
        SourceError: the source cannot be read, or is not plain text.
    """
    lexicon = Lexicon(job.lexicon)
    for line in readers.read_text(job.source).splitlines():
        yield SpokenSentence(0, line, readings_of(line, job.voice, lexicon))
