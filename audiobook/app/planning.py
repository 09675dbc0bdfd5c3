"""Tells what building a book would do, without recording anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobook.app.lengths import Estimator, measure
from audiobook.app.music import lay_music, record_music
from audiobook.app.preparing import prepare
from audiobook.app.scripting import check_characters, write_script
from audiobook.app.voice_levels import reference_passages
from audiobook.config import with_marked_voices
from audiobook.model import Cast, Plan, PlannedChapter, TimedPassage, ignore_event
from audiobook.speech import fitting
from audiobook.speech.speak import pending_requests
from audiobook.stages.record import spoken_texts
from audiobook.stages.tidy.directions import marked_voices
from audiobook.store.recordings import Recordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobook.app.scripting import PassageSummary
    from audiobook.model import Event, Job, Passage, Slot, Utterance, Voice


@dataclass(slots=True)
class _Length:
    """How long a chapter is."""

    sentences: int = 0
    characters: int = 0
    seconds: float = 0.0


def plan(job: Job, report: Callable[[Event], None] = ignore_event) -> Plan:
    """Return what `build` would do, without recording speech; `Recognised` pages are reported.

    Music is decoded and kept in the cache, because its length counts.

    Raises:
        AudiobookError: the source, the voice or the music cannot be used.
    """
    document = prepare(job, report)
    job = with_marked_voices(job, marked_voices(document))
    check_characters(document, job.cast)
    recordings = Recordings(job.cache)
    estimator = Estimator(job.cast, job.cache)
    lengths = [_Length() for _ in document.chapters]
    passages = recorded = 0
    requests: set[tuple[Voice, str]] = set()
    guesses: set[str] = set()
    spoken: list[tuple[Slot, float]] = []
    summaries: list[PassageSummary] = []
    timed_end = 0
    for summary, passage in write_script(document, job):
        summaries.append(summary)
        length = lengths[summary.chapter]
        length.sentences += summary.sentences
        length.characters += summary.characters
        if isinstance(passage, TimedPassage):
            free = spoken[-1][1] + fitting.GAP if spoken else 0.0
            spoken += _spoken_slots(summary, passage, job, recordings, estimator, free)
            timed_end = passage.begin + passage.samples
        passages += 1
        guesses.update(summary.guesses)
        samples = recordings.samples(summary.key)
        if samples is not None:
            recorded += 1
            length.seconds += samples / job.sound.rate
        else:
            length.seconds += estimator.seconds(summary.measure)
            requests.update(_online_requests(passage, job.cast))
    for _, clip in record_music(lay_music(document, summaries, job), job, recordings):
        lengths[clip.chapter].seconds += clip.timing.samples / job.sound.rate
    if recorded < passages:
        for voice, passage in reference_passages(job.cast):
            requests.update(_online_requests(passage, Cast(voice)))
    return Plan(
        title=document.meta.title,
        chapters=tuple(
            PlannedChapter(
                number=document.number_of(position),
                title=chapter.title,
                level=chapter.level,
                sentences=length.sentences,
                characters=length.characters,
                seconds=timed_end / job.sound.rate or length.seconds,
                narrator=chapter.narrator or job.voice.name,
            )
            for position, (chapter, length) in enumerate(
                zip(document.chapters, lengths, strict=True)
            )
        ),
        requests=len(requests),
        requested=sum(len(text) for _, text in requests),
        cost=sum(len(text) * voice.price for voice, text in requests) / 1_000_000,
        seconds=timed_end / job.sound.rate or sum(length.seconds for length in lengths),
        recorded=recorded,
        passages=passages,
        words=document.book.words,
        changes=document.changes,
        guesses=len(guesses),
        misfits=tuple(fitting.find_misfits(spoken)),
    )


def _spoken_slots(
    summary: PassageSummary,
    passage: TimedPassage,
    job: Job,
    recordings: Recordings,
    estimator: Estimator,
    free: float,
) -> Iterator[tuple[Slot, float]]:
    """Yield the slots of a passage in which something is said, and when that ends, in seconds.

    That is an estimate if the passage is not recorded.

    Args:
        summary: of the passage.
        passage: what is said.
        job: who says it.
        recordings: the store of recordings.
        estimator: knows how fast the voices speak.
        free: when something can be said after the passages before it, in seconds.
    """
    recording = recordings.get(summary.key)
    if recording is not None:
        cues = [
            (slot, cue)
            for slot, cue in zip(summary.slots, recording.timing.cues, strict=True)
            if cue.end > cue.start
        ]
        begin = passage.begin / job.sound.rate
        if cues:  # what is before it may have moved it since
            begin = max(begin, free - cues[0][1].start / job.sound.rate)
        yield from ((slot, begin + cue.end / job.sound.rate) for slot, cue in cues)
        return
    by_slot: dict[Slot, list[Utterance]] = {}
    for utterance in passage.utterances:
        if utterance.spoken and utterance.slot:
            by_slot.setdefault(utterance.slot, []).append(utterance)
    seconds = {
        slot: estimator.seconds(
            measure(replace(passage, utterances=tuple(utterances), opening=0.0), job.cast)
        )
        - utterances[-1].pause
        for slot, utterances in by_slot.items()
    }
    yield from fitting.expected_ends(seconds, free)


def _online_requests(passage: Passage, cast: Cast) -> Iterator[tuple[Voice, str]]:
    """Yield the voices and texts that would be sent to servers for a passage."""
    for voice, texts, take in spoken_texts(passage, cast):
        if voice.network:
            yield from pending_requests(texts, voice, take)
