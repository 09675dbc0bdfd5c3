"""Lets a sentence of a book be heard at once: from its recording, or recorded for the purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from audiobook import engines
from audiobook.app.scripting import write_script
from audiobook.app.voice_levels import with_levels
from audiobook.errors import UsageError, VoiceError
from audiobook.messages import message
from audiobook.model import Chapter, Document, Meta, Paragraph
from audiobook.outputs import mp3
from audiobook.stages.record import record
from audiobook.stages.turns import sentence_key
from audiobook.store.belongings import Belongings
from audiobook.store.recordings import Recordings

if TYPE_CHECKING:
    from audiobook.model import Cue, Job, Timing


class HeardSentence(NamedTuple):
    """Where a sentence is to be heard."""

    key: str
    """Of the recording that holds it."""
    start: float
    """Seconds from the beginning of the recording."""
    end: float


def hear(job: Job, text: str, document: Document | None = None, number: int = 0) -> HeardSentence:
    """Return the recording in which a sentence is heard, made now if there is none.

    The passage of the book is taken if it is recorded. Otherwise the sentence is recorded alone,
    and kept, so that it is heard at once the next time; an online voice keeps the clip too, and is
    not asked for it again when the book is built.

    Args:
        job: who speaks; recorded as for an MP3.
        text: the sentence as written.
        document: the book that it is in; None for a text of its own.
        number: the number of its chapter, from 1.

    Raises:
        UsageError: there is nothing to say in it.
        AudiobookError: the voice cannot say it.
    """
    belongings = Belongings(job.cache, [job.source])
    recordings = Recordings(job.cache, belongings)
    if document is not None and (heard := _in_passage(job, text, document, number, recordings)):
        return heard
    scripted = list(write_script(_alone(text, document, number), job))
    if not any(summary.is_speech for summary, _ in scripted):
        raise UsageError(
            message("there is nothing to say in {text!r}", text=text[:80]),
            message("give a text with words in it"),
        )
    summary, passage = scripted[0]
    belongings.add(summary.clips)
    recording = recordings.get(summary.key)
    if recording is None:
        for voice in job.cast.voices:
            engines.check_network(voice)
        cast = with_levels(job.cast, job.sound, recordings, record)
        recording = record(passage, cast, job.sound)
        recordings.keep(summary.key, recording)
    return HeardSentence(summary.key, *_span(recording.timing, recording.timing.cues, job))


def in_take(
    job: Job, text: str, take: int, document: Document | None = None, number: int = 0
) -> Job:
    """Return a job in which a sentence is wanted in another take.

    Args:
        job: the book.
        text: the sentence as written.
        take: the number of the take, from 1.
        document: the book that it is in.
        number: the number of its chapter, from 1.

    Raises:
        UsageError: the voice that says it says it in one way only.
    """
    key = sentence_key(text)
    others = tuple(pair for pair in job.takes if pair[0] != key)
    wanted = replace(job, takes=(*others, (key, take)) if take > 1 else others)
    if take > 1 and all(
        utterance.take == 1
        for _, passage in write_script(_alone(text, document, number), wanted)
        for utterance in passage.utterances
    ):
        raise UsageError(
            message("the voice of this sentence always says it the same"),
            message("correct a reading, or choose another voice"),
        )
    return wanted


def has_takes(job: Job) -> bool:
    """Return whether a voice of a book may say a sentence in another way when it is asked again."""
    for voice in job.cast.voices:
        try:
            if engines.can_vary(engines.load(voice.engine)):
                return True
        except VoiceError:
            continue  # it cannot speak here at all, which is told where it is to speak
    return False


def _alone(text: str, document: Document | None, number: int) -> Document:
    """Return a book of one sentence, narrated as the chapter that it is in."""
    narrator = document.chapters[number - 1].narrator if document else ""
    chapter = Chapter("", (Paragraph(text),), narrator=narrator)
    return Document(meta=Meta(), chapters=(chapter,))


def sound_of(job: Job, key: str) -> bytes | None:
    """Return a recording as an MP3 file; None if it is not kept any more.

    Args:
        job: where recordings are kept, made for an MP3.
        key: of the recording.
    """
    recording = Recordings(job.cache).get(key)
    return mp3.standalone_file(recording.sound) if recording else None


def _in_passage(
    job: Job, text: str, document: Document, number: int, recordings: Recordings
) -> HeardSentence | None:
    for summary, passage in write_script(document, job, {number - 1}):
        if not any(utterance.text in text for utterance in passage.utterances):
            continue
        if summary.key not in recordings or (recording := recordings.get(summary.key)) is None:
            continue
        for first, cue in enumerate(recording.timing.cues):
            if text.startswith(cue.text):
                following = recording.timing.cues[first:]
                cues = _while_in(text, following)
                return HeardSentence(summary.key, *_span(recording.timing, cues, job))
    return None


def _while_in(text: str, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """Return the cues that follow each other in a sentence."""
    position = count = 0
    for cue in cues:
        place = text.find(cue.text, position)
        if place < 0:
            break
        position, count = place + len(cue.text), count + 1
    return cues[:count]


def _span(timing: Timing, cues: tuple[Cue, ...], job: Job) -> tuple[float, float]:
    last = cues[-1].end if cues else timing.samples
    first = cues[0].start if cues else 0
    return first / job.sound.rate, last / job.sound.rate
