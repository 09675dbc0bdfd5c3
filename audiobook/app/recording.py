"""Records the passages of a book, as far as their recordings are not in the store."""

from __future__ import annotations

import math
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.app.lengths import Lessons, Measure, measure
from audiobook.app.voice_levels import with_levels
from audiobook.errors import EngineError, UsageError, of_setting
from audiobook.messages import message, reason
from audiobook.model import Cast, Failed, Progress, RecordedPassage, TimedPassage
from audiobook.speech import fitting
from audiobook.speech.speak import clip_paths
from audiobook.stages import record
from audiobook.stages.arrange import arrange, later
from audiobook.stages.script import write_passages
from audiobook.stages.speakers import people_of, unknown_characters
from audiobook.store.recordings import recording_key
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from audiobook.app.lengths import Estimator
    from audiobook.model import (
        Document,
        Event,
        Job,
        Passage,
        Recording,
        Slot,
        Sound,
        Timing,
        Utterance,
        Voice,
    )
    from audiobook.store.recordings import Recordings
    from audiobook.workers import Recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSummary:
    """What is held of a passage until it is recorded: all passages of a book would be too large."""

    chapter: int
    """The position of its chapter, from 0."""
    key: str
    """The key of its recording."""
    sentences: int
    """The number of sentences."""
    characters: int
    """The number of characters."""
    is_speech: bool
    """Whether there is something to say."""
    guesses: tuple[str, ...]
    """The words that are read by guess, as written."""
    measure: Measure
    """What decides how long it is heard."""
    paragraphs: tuple[int, ...]
    """The positions, from 0, of the sentences that paragraphs begin with."""
    slots: tuple[Slot, ...]
    """Those of its sentences, if they have any."""
    clips: tuple[Path, ...]
    """The files of the cache in which online voices may have clips of it."""


def check_characters(document: Document, cast: Cast) -> None:
    """Check that the book has the characters that a cast names.

    Raises:
        UsageError: it has not.
    """
    if not cast.speakers:
        return
    for name in unknown_characters(cast, people_of(document)):
        with of_setting(f"cast.{name}"):
            raise UsageError(
                message("nobody in the book is called {name!r}", name=name),
                message("see who speaks in it: audiobook cast SOURCE"),
            )


def write_script(
    document: Document, job: Job, only: int | None = None
) -> Iterator[tuple[PassageSummary, Passage]]:
    """Yield the passages of a book, each with its summary.

    Args:
        document: the book.
        job: who speaks, and how it is recorded.
        only: the position of the one chapter whose passages are wanted; None for all.

    Raises:
        VoiceError: a voice is not usable here.
    """
    versions = _versions(job.cast)
    lexicon, takes = Lexicon(job.lexicon), dict(job.takes)
    people = people_of(document) if job.cast.speakers else None

    def limit_of(voice: Voice) -> int | None:
        return engines.load(voice.engine).limit

    for number, chapter in enumerate(document.chapters):
        if only not in (None, number):
            continue
        is_last = number == len(document.chapters) - 1
        position = document.number_of(number) - 1
        chapter_passages = write_passages(
            chapter,
            position,
            job.cast,
            limit_of,
            lexicon,
            people=people,
            takes=takes,
            last=is_last,
        )
        most_characters = job.preview * job.voice.pace if job.preview else math.inf
        script = _preview(chapter_passages, most_characters)
        for written in arrange(script, job.sound) if job.timed else script:
            passage = _without_vain_takes(written, job.cast)
            utterances = passage.utterances
            summary = PassageSummary(
                chapter=number,
                key=recording_key(
                    passage, job.cast, job.sound, versions, balance=record.BALANCE_VERSION
                ),
                sentences=len(utterances),
                characters=sum(len(utterance.text) for utterance in utterances),
                is_speech=any(utterance.spoken for utterance in utterances),
                guesses=tuple(guess for utterance in utterances for guess in utterance.guesses),
                measure=measure(passage, job.cast),
                paragraphs=tuple(
                    place for place, one in enumerate(utterances) if one.begins_paragraph
                ),
                slots=tuple(utterance.slot for utterance in utterances if utterance.slot),
                clips=tuple(
                    path
                    for voice, texts, take in record.spoken_texts(passage, job.cast)
                    if voice.network
                    for path in clip_paths(texts, voice, take)
                ),
            )
            yield summary, passage


def _versions(cast: Cast) -> dict[Voice, object]:
    """Return what else than its settings decides how each voice sounds."""
    return {voice: record.version_of(voice) for voice in cast.voices}


def _without_vain_takes(passage: Passage, cast: Cast) -> Passage:
    """Return a passage whose utterances have another take only if their voices have one."""
    if all(utterance.take == 1 for utterance in passage.utterances):
        return passage

    def has_takes(utterance: Utterance) -> bool:
        voice = cast.voice(utterance.role, utterance.voice)
        return engines.can_vary(engines.load(voice.engine))

    return replace(
        passage,
        utterances=tuple(
            utterance if has_takes(utterance) else replace(utterance, take=1)
            for utterance in passage.utterances
        ),
    )


def _preview(passages: Iterator[Passage], characters: float) -> Iterator[Passage]:
    """Yield the beginning of a chapter: so many characters, rounded up to whole sentences."""
    for passage in passages:
        utterances = []
        for utterance in passage.utterances:
            if characters > 0:
                utterances.append(utterance)
                characters -= len(utterance.text)
        yield replace(passage, utterances=tuple(utterances))
        if characters <= 0:
            return


def summarize_script(document: Document, job: Job) -> list[PassageSummary]:
    """Return the summaries of all passages of a book."""
    return [summary for summary, _ in write_script(document, job)]


def spoken_slots(
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


def record_passages(
    document: Document,
    summaries: Sequence[PassageSummary],
    job: Job,
    recordings: Recordings,
    report: Callable[[Event], None],
    recorder: Recorder,
) -> list[RecordedPassage]:
    """Record every passage that is not in the store, and return all passages of the book.

    Passages that an online voice failed to speak are recorded with the fallback voice, if any.

    Args:
        document: the book.
        summaries: what `summarize_script` returned.
        job: the voices, the sound and the workers.
        recordings: the store of recordings.
        report: called with the progress of each passage.
        recorder: records the passages.

    Raises:
        VoiceError: something that a voice needs to speak is missing.
        EngineError: a passage could not be recorded; the recordings of others are kept.
        OutputError: a recording cannot be stored.
    """
    book_recording = _BookRecording(
        document=document, job=job, recordings=recordings, report=report, recorder=recorder
    )
    failed = book_recording.record(summaries, job)
    fallback = job.fallback
    fallback_keys = (
        dict(book_recording.record_fallback(summaries, failed, fallback))
        if failed and fallback
        else {}
    )
    passages = [
        RecordedPassage(
            chapter=summary.chapter,
            key=key,
            timing=book_recording.timings[key],
            stands_in=position in fallback_keys,
            paragraphs=summary.paragraphs,
            slots=summary.slots,
        )
        for position, summary in enumerate(summaries)
        for key in (fallback_keys.get(position, summary.key),)
    ]
    return list(book_recording.without_overlaps(passages)) if job.timed else passages


@dataclass(slots=True, kw_only=True)
class _BookRecording:
    """The recording of one book, and its progress."""

    document: Document
    job: Job
    recordings: Recordings
    report: Callable[[Event], None]
    recorder: Recorder
    timings: dict[str, Timing] = field(default_factory=dict)
    """The timing of each recorded passage, by its key."""
    missing: Counter[int] = field(default_factory=Counter)
    """The number of passages of each chapter that are not recorded yet."""

    def record(self, summaries: Iterable[PassageSummary], job: Job) -> set[str]:
        """Record every passage, and return the keys of those that failed."""
        by_key: dict[str, list[PassageSummary]] = {}
        for summary in summaries:
            by_key.setdefault(summary.key, []).append(summary)
            self.missing[summary.chapter] += 1
        for key, same_passages in by_key.items():
            if (recording := self.recordings.get(key)) is not None:
                self._note_recorded(same_passages, recording.timing, was_kept=True)
        missing = by_key.keys() - self.timings.keys()
        if missing:
            with of_setting("voice"):
                engines.check_ready(job.cast.narrator)
            for role, voice in (*job.cast.roles, *job.cast.speakers, *job.cast.languages):
                with of_setting(f"cast.{role}"):
                    engines.check_ready(voice)
            for voice in job.cast.marked:
                engines.check_ready(voice)
        cast = job.cast
        if missing:
            cast = with_levels(cast, job.sound, self.recordings, self._record_alone)
        pending = self._passages_with(missing, job)
        failed: set[str] = set()
        lessons = Lessons(job.cast, job.cache)
        with closing(self.recorder.record_all(pending, cast, job.sound, job.workers)) as recorded:
            for key, outcome in recorded:
                if not isinstance(outcome, EngineError):
                    self.recordings.keep(key, outcome)
                    self._note_recorded(by_key[key], outcome.timing, was_kept=False)
                    if not job.timed:  # subtitles are spoken faster where time is short
                        lessons.add(by_key[key][0].measure, outcome.timing, job.sound.rate)
                    continue
                if job.fallback is None:
                    raise outcome
                failed.add(key)
                for summary in by_key[key]:
                    self.missing[summary.chapter] -= 1
                    number = self.document.number_of(summary.chapter)
                    self.report(Failed(number, summary.sentences, reason(outcome)))
        lessons.keep()
        return failed

    def record_fallback(
        self, summaries: Sequence[PassageSummary], failed: Container[str], fallback: Voice
    ) -> Iterator[tuple[int, str]]:
        """Record the failed passages with the fallback voice; yield their positions and new keys.

        The borders of passages do not depend on the voice, so the positions are the same.
        """
        job = replace(self.job, cast=Cast(fallback), fallback=None)
        failed_passages = [
            (position, summary)
            for position, summary in enumerate(summarize_script(self.document, job))
            if summaries[position].key in failed
        ]
        self.record((summary for _, summary in failed_passages), job)
        for position, summary in failed_passages:
            yield position, summary.key

    def without_overlaps(self, passages: Iterable[RecordedPassage]) -> Iterator[RecordedPassage]:
        """Yield passages that have slots; one that another reaches into is recorded to begin later.

        A silence that is too short for that is left out.
        """
        late = 0
        for (_, passage), recorded in zip(
            write_script(self.document, self.job), passages, strict=True
        ):
            if not isinstance(passage, TimedPassage):
                raise TypeError("a passage of subtitles has no time")
            moved = later(passage, late, self.job.sound) if late else passage
            late -= passage.samples
            if moved is None:
                continue
            if moved is not passage:
                recorded = self._record_moved(moved, recorded)
            late += recorded.timing.samples
            yield recorded

    def _record_moved(self, passage: Passage, recorded: RecordedPassage) -> RecordedPassage:
        """Record a passage again that begins elsewhere than it was meant to."""
        job, fallback = self.job, self.job.fallback
        cast = Cast(fallback) if recorded.stands_in and fallback else job.cast
        key = recording_key(passage, cast, job.sound, _versions(cast))
        recording = self.recordings.get(key)
        if recording is None:
            ((_, outcome),) = self.recorder.record_all([(key, passage)], cast, job.sound)
            if isinstance(outcome, EngineError):
                raise outcome
            self.recordings.keep(key, outcome)
            recording = outcome
        return replace(recorded, key=key, timing=_without_words(recording.timing))

    def _record_alone(self, passage: Passage, cast: Cast, sound: Sound) -> Recording:
        with closing(self.recorder.record_all([(0, passage)], cast, sound, 1)) as recorded:
            ((_, outcome),) = recorded
        if isinstance(outcome, EngineError):
            raise outcome
        return outcome

    def _passages_with(self, keys: set[str], job: Job) -> Iterator[tuple[str, Passage]]:
        """Write the script again, and yield the passages that have one of these keys."""
        if not keys:
            return
        for summary, passage in write_script(self.document, job):
            if summary.key in keys:
                keys.remove(summary.key)
                yield summary.key, passage

    def _note_recorded(
        self, summaries: Iterable[PassageSummary], timing: Timing, *, was_kept: bool
    ) -> None:
        timing = _without_words(timing)
        for summary in summaries:
            self.timings[summary.key] = timing
            self.missing[summary.chapter] -= 1
            self.report(
                Progress(
                    chapter=self.document.number_of(summary.chapter),
                    title=self.document.chapters[summary.chapter].title,
                    sentences=summary.sentences,
                    characters=summary.characters,
                    seconds=timing.samples / self.job.sound.rate,
                    remembered=was_kept,
                    chapter_done=self.missing[summary.chapter] == 0,
                )
            )


def _without_words(timing: Timing) -> Timing:
    # Words take much memory, and only transcripts need them: they stay in the recordings.
    return replace(timing, cues=tuple(replace(cue, words=()) for cue in timing.cues))
