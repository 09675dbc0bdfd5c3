"""Estimates how long texts will be heard, from what their voices have recorded here.

The silence of a script is known. What is spoken lasts by its syllables, and by the marks inside
its sentences, at which voices pause by themselves.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook import engines
from audiobook.errors import VoiceError
from audiobook.stages.script import write_passages
from audiobook.stages.speakers import people_of
from audiobook.store.paces import PaceSums, keep_pace, read_pace
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.model import Cast, Document, Job, Passage, Timing, Voice

# A sign between words, at which a voice pauses; not that of a number, and not the last.
_MARK = re.compile(r"(?:[,;:…]|[.!?]+)[”’\"')\]]*\s+(?=\w)|\s[–—-]\s|\s*—\s*(?=\w)|\s[(“\"]")
_LONGEST_WORD = 7
"""Letters: no Vietnamese syllable has more, apart from marks that are letters of their own."""
_LETTERS = 3.3
"""Letters of a syllable, on average, in languages that write words together."""


class Amount(NamedTuple):
    """What a voice says of one sentence."""

    voice: str
    syllables: int
    marks: int
    """Signs inside it, at which the voice pauses."""
    inside: float
    """Seconds of silence that the script asks for inside it."""


class Measure(NamedTuple):
    """What decides how long a passage is heard."""

    amounts: tuple[Amount, ...]
    """Of each sentence."""
    between: float
    """Seconds of silence that the script asks for around the sentences."""


def measure(passage: Passage, cast: Cast) -> Measure:
    """Return what decides how long a passage is heard.

    Args:
        passage: what is said.
        cast: who says it.
    """
    amounts, between = [], passage.opening
    for utterance in passage.utterances:
        voice = cast.voice(utterance.role, utterance.voice)
        between += utterance.pause
        pieces = max(len(utterance.spoken) - 1, 0)
        inside = sum(utterance.gaps) if utterance.gaps else pieces * voice.pauses.clause
        syllables = sum(count_syllables(text, voice.language) for text in utterance.spoken)
        marks = sum(len(_MARK.findall(text)) for text in utterance.spoken)
        amounts.append(_shared_amount(voice.name, syllables, marks, inside))
    return Measure(tuple(amounts), between)


@lru_cache(4096)
def _shared_amount(voice: str, syllables: int, marks: int, inside: float) -> Amount:
    """Return one object for equal sentences: those of all passages of a book are in memory."""
    return Amount(voice, syllables, marks, inside)


def count_syllables(text: str, language: str) -> int:
    """Return about how many syllables a text has, as it is spoken."""
    if language.startswith("vi"):
        return sum(
            1 if len(word) <= _LONGEST_WORD else round(len(word) / _LETTERS)
            for word in text.split()
            if any(map(str.isalnum, word))
        )
    return round(sum(map(str.isalnum, text)) / _LETTERS)


class Estimator:
    """Knows how fast the voices of a cast speak.

    Args:
        cast: the voices.
        folder: the cache folder, in which it is noted how fast they spoke.
    """

    def __init__(self, cast: Cast, folder: Path) -> None:
        self._paces = {voice.name: _pace(voice, folder) for voice in cast.voices}

    def seconds(self, measured: Measure) -> float:
        """Return how long a passage will be heard, in seconds."""
        seconds = measured.between
        for amount in measured.amounts:
            syllable, mark = self._paces[amount.voice]
            seconds += amount.syllables * syllable + amount.marks * mark + amount.inside
        return seconds


def estimate_chapters(document: Document, job: Job) -> list[float]:
    """Return how many seconds each chapter of a book will be heard.

    Args:
        document: the book.
        job: who speaks.
    """
    estimator, lexicon = Estimator(job.cast, job.cache), Lexicon(job.lexicon)
    people = people_of(document) if job.cast.speakers else None
    last = len(document.chapters) - 1

    def passages() -> Iterator[tuple[int, Passage]]:
        for number, chapter in enumerate(document.chapters):
            for passage in write_passages(
                chapter,
                number,
                job.cast,
                lambda _voice: None,
                lexicon,
                people=people,
                last=number == last,
            ):
                yield number, passage

    lengths = [0.0 for _ in document.chapters]
    for number, passage in passages():
        lengths[number] += estimator.seconds(measure(passage, job.cast))
    return lengths


class Lessons:
    """Collects how fast voices spoke in what is recorded, and notes it.

    Args:
        cast: the voices.
        folder: the cache folder.
    """

    def __init__(self, cast: Cast, folder: Path) -> None:
        self._voices = {voice.name: voice for voice in cast.voices}
        self._folder = folder
        self._sums: dict[str, PaceSums] = {}

    def add(self, measured: Measure, timing: Timing, rate: int) -> None:
        """Count one recording.

        Args:
            measured: its passage.
            timing: when its sentences are heard.
            rate: samples a second.
        """
        for amount, cue in zip(measured.amounts, timing.cues, strict=True):
            seconds = (cue.end - cue.start) / rate - amount.inside
            if amount.syllables and seconds > 0:
                speed = self._voices[amount.voice].speed
                sums = PaceSums.of(amount.syllables, amount.marks, seconds * speed)
                self._sums[amount.voice] = self._sums.get(amount.voice, PaceSums()) + sums

    def keep(self) -> None:
        """Add what was counted to the notes of the voices."""
        for name, sums in self._sums.items():
            of = _pace_key(self._voices[name])
            noted = read_pace(self._folder, name, of)
            keep_pace(self._folder, name, of, (noted + sums).aged())
        self._sums.clear()


def _pace(voice: Voice, folder: Path) -> tuple[float, float]:
    """Return the seconds of a syllable and of a mark."""
    try:
        noted = read_pace(folder, voice.name, _pace_key(voice))
    except VoiceError:  # what it needs is not installed, so it has recorded nothing here
        noted = PaceSums()
    syllable, mark = noted.fit(voice.syllable, voice.breath)
    return syllable / voice.speed, mark / voice.speed


def _pace_key(voice: Voice) -> list[str]:
    """Return what decides how fast a voice speaks, apart from its speed."""
    return [*map(str, engines.identity(voice)), voice.model, str(voice.pitch), str(voice.rate)]
