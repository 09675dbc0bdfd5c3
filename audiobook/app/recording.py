"""Records the passages of a book, as far as their recordings are not in the store."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.app.lengths import Lessons
from audiobook.app.scripting import summarize_script, versions_of, write_script
from audiobook.app.voice_levels import with_levels
from audiobook.errors import EngineError, of_setting
from audiobook.messages import reason
from audiobook.model import Cast, Failed, Progress, RecordedPassage, TimedPassage
from audiobook.stages.arrange import later
from audiobook.store.recordings import recording_key

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from audiobook.app.scripting import PassageSummary
    from audiobook.model import (
        Document,
        Event,
        Job,
        Passage,
        Recording,
        Sound,
        Timing,
        Voice,
    )
    from audiobook.store.recordings import Recordings
    from audiobook.workers import Recorder


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
            if (timing := self.recordings.timing(key)) is not None:
                self._note_recorded(same_passages, timing, was_kept=True)
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
        chapters = {by_key[key][0].chapter for key in missing}
        pending = self._passages_with(missing, chapters, job)
        failed: set[str] = set()
        lessons = Lessons(job.cast, job.cache)
        with closing(self.recorder.record_all(pending, cast, job.sound, job.workers)) as recorded:
            for key, outcome in recorded:
                if not isinstance(outcome, EngineError):
                    self.recordings.keep(key, outcome)
                    timing = _without_words(outcome.timing)
                    self._note_recorded(by_key[key], timing, was_kept=False)
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
        key = recording_key(passage, cast, job.sound, versions_of(cast))
        timing = self.recordings.timing(key)
        if timing is None:
            ((_, outcome),) = self.recorder.record_all([(key, passage)], cast, job.sound)
            if isinstance(outcome, EngineError):
                raise outcome
            self.recordings.keep(key, outcome)
            timing = _without_words(outcome.timing)
        return replace(recorded, key=key, timing=timing)

    def _record_alone(self, passage: Passage, cast: Cast, sound: Sound) -> Recording:
        with closing(self.recorder.record_all([(0, passage)], cast, sound, 1)) as recorded:
            ((_, outcome),) = recorded
        if isinstance(outcome, EngineError):
            raise outcome
        return outcome

    def _passages_with(
        self, keys: set[str], chapters: Container[int], job: Job
    ) -> Iterator[tuple[str, Passage]]:
        """Write the script of chapters again; yield the passages that have one of these keys."""
        for summary, passage in write_script(self.document, job, chapters):
            if summary.key in keys:
                keys.remove(summary.key)
                yield summary.key, passage
                if not keys:
                    return

    def _note_recorded(
        self, summaries: Iterable[PassageSummary], timing: Timing, *, was_kept: bool
    ) -> None:
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
