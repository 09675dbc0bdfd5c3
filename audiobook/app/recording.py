"""The takes of a book: a recording for each of its passages, kept from before or made now."""

from __future__ import annotations

import math
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.errors import EngineError
from audiobook.model import Cast, Failed, Progress, Take
from audiobook.stages import record
from audiobook.stages.script import write_passages
from audiobook.store.recordings import recording_key
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from audiobook.model import Document, Event, Job, Passage, Timing, Voice
    from audiobook.store.recordings import Recordings
    from audiobook.workers import Studio


@dataclass(frozen=True, slots=True)
class Line:
    """What is kept of a passage until it is recorded: a book's passages together are large."""

    chapter: int
    """Position of its chapter, from 0."""
    key: str
    """Of its recording."""
    sentences: int
    characters: int
    is_speech: bool
    """There is something to say in it."""
    guesses: tuple[str, ...]
    """What in it is read by guess, as written."""


def passages(document: Document, job: Job) -> Iterator[tuple[Line, Passage]]:
    """Yield the passages of a book, each with what is kept of it.

    Raises:
        VoiceError: a voice is not usable here.
    """
    versions = {voice: (engines.identity(voice), record.VERSION) for voice in job.cast.voices}
    lexicon = Lexicon(job.lexicon)

    def limit_of(voice: Voice) -> int | None:
        return engines.load(voice.engine).limit

    for number, chapter in enumerate(document.chapters):
        last = number == len(document.chapters) - 1
        place = document.number_of(number) - 1
        whole = write_passages(chapter, place, job.cast, limit_of, lexicon, last=last)
        most = job.preview * job.voice.pace if job.preview else math.inf
        for passage in _beginning(whole, most):
            said = passage.utterances
            line = Line(
                number,
                recording_key(passage, job.cast, job.sound, versions),
                len(said),
                sum(len(utterance.text) for utterance in said),
                any(utterance.spoken for utterance in said),
                tuple(guess for utterance in said for guess in utterance.guesses),
            )
            yield line, passage


def _beginning(passages: Iterator[Passage], characters: float) -> Iterator[Passage]:
    """Yield what is said in the first so many characters of a chapter, in whole sentences."""
    for passage in passages:
        said = []
        for utterance in passage.utterances:
            if characters > 0:
                said.append(utterance)
                characters -= len(utterance.text)
        yield replace(passage, utterances=tuple(said))
        if characters <= 0:
            return


def script(document: Document, job: Job) -> list[Line]:
    """Return the lines of a whole book."""
    return [line for line, _ in passages(document, job)]


def make(
    document: Document,
    lines: Sequence[Line],
    job: Job,
    recordings: Recordings,
    report: Callable[[Event], None],
    studio: Studio,
) -> list[Take]:
    """Have every passage recorded that is not there, and return the takes of the book.

    What an online voice failed at is left to the fallback voice, if there is one.

    Args:
        document: the book.
        lines: its script.
        job: who speaks, and how it is recorded.
        recordings: those that are kept.
        report: is told of each passage.
        studio: who records.

    Raises:
        EngineError: a passage could not be recorded; those that could are kept.
        OutputError: a recording cannot be kept.
    """
    work = _Work(document, job, recordings, report, studio)
    failed = work.record(lines, job)
    fallback = job.fallback
    stood_in = dict(work.stand_in(lines, failed, fallback)) if failed and fallback else {}
    return [
        Take(line.chapter, key, work.timings[key], position in stood_in)
        for position, line in enumerate(lines)
        for key in (stood_in.get(position, line.key),)
    ]


@dataclass(slots=True)
class _Work:
    """The recording of one book, and what is known of it so far."""

    document: Document
    job: Job
    recordings: Recordings
    report: Callable[[Event], None]
    studio: Studio
    timings: dict[str, Timing] = field(default_factory=dict)
    """Of each passage that is there, by its key."""
    left: Counter[int] = field(default_factory=Counter)
    """Passages missing from each chapter."""

    def record(self, lines: Iterable[Line], job: Job) -> set[str]:
        """Have every line recorded, and return the keys of those that failed."""
        alike: dict[str, list[Line]] = {}
        for line in lines:
            alike.setdefault(line.key, []).append(line)
            self.left[line.chapter] += 1
        for key, same in alike.items():
            if (recording := self.recordings.get(key)) is not None:
                self._note(same, recording.timing, remembered=True)
        todo = self._passages(alike.keys() - self.timings.keys(), job)
        failed: set[str] = set()
        with closing(self.studio.record_all(todo, job.cast, job.sound, job.workers)) as recorded:
            for key, outcome in recorded:
                if not isinstance(outcome, EngineError):
                    self.recordings.keep(key, outcome)
                    self._note(alike[key], outcome.timing, remembered=False)
                    continue
                if job.fallback is None:
                    raise outcome
                failed.add(key)
                for line in alike[key]:
                    self.left[line.chapter] -= 1
                    number = self.document.number_of(line.chapter)
                    self.report(Failed(number, line.sentences, str(outcome)))
        return failed

    def stand_in(
        self, lines: Sequence[Line], failed: Container[str], fallback: Voice
    ) -> Iterator[tuple[int, str]]:
        """Have the fallback voice speak what failed; yield where that was, and the new keys.

        Where passages begin and end depends on no voice, so that its script matches.
        """
        job = replace(self.job, cast=Cast(fallback), fallback=None)
        spoken = [
            (position, line)
            for position, line in enumerate(script(self.document, job))
            if lines[position].key in failed
        ]
        self.record((line for _, line in spoken), job)
        for position, line in spoken:
            yield position, line.key

    def _passages(self, wanted: set[str], job: Job) -> Iterator[tuple[str, Passage]]:
        """Write the script again, for the passages that are wanted."""
        if not wanted:
            return
        for line, passage in passages(self.document, job):
            if line.key in wanted:
                wanted.remove(line.key)
                yield line.key, passage

    def _note(self, lines: Iterable[Line], timing: Timing, *, remembered: bool) -> None:
        # Words are many, and only transcripts ask for them: they stay in the recordings.
        cues = tuple(replace(cue, words=()) for cue in timing.cues)
        timing = replace(timing, cues=cues)
        for line in lines:
            self.timings[line.key] = timing
            self.left[line.chapter] -= 1
            self.report(
                Progress(
                    self.document.number_of(line.chapter),
                    self.document.chapters[line.chapter].title,
                    line.sentences,
                    line.characters,
                    timing.samples / self.job.sound.rate,
                    remembered,
                    self.left[line.chapter] == 0,
                )
            )
