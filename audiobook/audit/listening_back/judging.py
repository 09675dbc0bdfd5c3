"""Judges which sentences of a book were not said as they should be, by the book's own measure.

A small recogniser mishears a third of what a good voice says, and every voice has its own pace. So
each sentence is compared with the others of its book: how fast it is said, and how much speaks for
its text, which what is misheard hardly lowers. What differs from the usual by chance is estimated
from the medians, which a few bad sentences do not move.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median
from typing import TYPE_CHECKING

from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.messages import Message

THRESHOLD = 3.3
"""Usual deviations from which a sentence is doubted."""
# Normal noise: the deviation is so many times the median of absolute deviations.
_MAD = 1.4826
# A deviation of one syllable counts as much as one of all sentences of this length.
_STEADY = 20.0
# What deviations are taken to be before the book tells, and how many sentences that is worth.
_PRIOR_PACE, _PRIOR_SUPPORT, _PRIOR_WORTH = 0.15, 1.5, 8
# Deviations less than these mean nothing, however regular a book is: 3 % of pace.
_LEAST_PACE, _LEAST_SUPPORT = 0.1, 0.3
_ROUNDS = 4
"""How often the usual is found anew at most."""
_OFF_PACE = 1.5
"""Deviations of pace without which a sentence neither breaks off nor repeats anything."""
_UNSUPPORTED = 0.25
"""The share of the usual support that a sentence has at least which was said: by Sano and Whisper
base, in 160 sentences, at least 0.45, and what was said in its place at most 0.05."""
_UNDERSTOOD = 0.5
"""The usual support from which that is told: a recogniser that does not understand a voice finds
as little for every text."""


class Kind(StrEnum):
    """What is wrong with a sentence."""

    CUT = "cut"
    """It breaks off, or misses words."""
    REPEATED = "repeated"
    """It is said more than once, or more is said."""
    OTHER = "other"
    """Something else is said."""
    LANGUAGE = "language"
    """It is said in another language."""

    @property
    def label(self) -> Message:
        """What is wrong, for the user."""
        match self:
            case Kind.CUT:
                return message("words are missing")
            case Kind.REPEATED:
                return message("something is said twice")
            case Kind.OTHER:
                return message("something else is said")
            case Kind.LANGUAGE:
                return message("another language is spoken")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSentence:
    """A sentence of a book and what a recogniser heard of it."""

    number: int
    """Its place among the cues of the book, from 0."""
    start: float
    """Seconds from the beginning of the book."""
    text: str
    """As written."""
    expected: str
    """What should be said."""
    heard: str
    seconds: float
    """How long there is sound, without the pauses in it."""
    syllables: int
    """How many should be said."""
    support: tuple[float, ...]
    """What speaks for them, piece by piece; see `Heard.support`."""
    context_support: tuple[float, ...] = ()
    """The same where it is heard after another sentence; empty where it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A sentence that does not sound as it should."""

    kind: Kind
    sentence: HeardSentence
    deviation: float
    """How far from the others of the book it is, in usual deviations: the more, the surer."""
    language: str = ""
    """BCP 47 tag of the language that was heard, if it is another."""


def judge(sentences: Sequence[HeardSentence]) -> list[Doubt]:
    """Return the sentences that differ too much from the others, the surest first.

    What is usual is found in the sentences that are not doubted, in a few rounds, so that many bad
    ones do not hide each other.

    Args:
        sentences: all that were heard of one book, with something to say in each.
    """
    doubts: list[Doubt] = []
    for _ in range(_ROUNDS):
        before = {doubt.sentence.number for doubt in doubts}
        doubts = _doubts([row for row in sentences if row.number not in before], sentences)
        if {doubt.sentence.number for doubt in doubts} == before:
            break
    return sorted(doubts, key=lambda doubt: -doubt.deviation)


def _doubts(usual: Sequence[HeardSentence], sentences: Sequence[HeardSentence]) -> list[Doubt]:
    """Return the sentences that differ too much from what is usual in some of them."""
    pace = _Usual(usual, _log_pace, _PRIOR_PACE, _LEAST_PACE)
    support = _Usual(usual, _support, _PRIOR_SUPPORT, _LEAST_SUPPORT)
    is_understood = support.center > _UNDERSTOOD
    doubts = []
    for sentence in sentences:
        late = pace.deviation(sentence)
        weak = max(-support.deviation(sentence), 0.0)
        deviation = math.hypot(late, weak)
        is_other = is_understood and _is_unsupported(sentence, support.center)
        if is_other:
            deviation += THRESHOLD
        if deviation >= THRESHOLD:
            kind = _kind(late, is_other=is_other)
            doubts.append(Doubt(kind=kind, sentence=sentence, deviation=deviation))
    return doubts


def _is_unsupported(sentence: HeardSentence, usual: float) -> bool:
    """Whether nothing speaks for a sentence."""
    if sentence.context_support:
        return _support(sentence) < 0
    return bool(sentence.support) and _support(sentence) < _UNSUPPORTED * usual


def _kind(late: float, *, is_other: bool) -> Kind:
    if is_other or abs(late) < _OFF_PACE:
        return Kind.OTHER
    return Kind.CUT if late < 0 else Kind.REPEATED


class _Usual:
    """What is usual of one figure of the sentences of a book."""

    def __init__(
        self,
        sentences: Sequence[HeardSentence],
        figure: Callable[[HeardSentence], float],
        prior: float,
        least: float,
    ) -> None:
        self._figure = figure
        self.center = median(map(figure, sentences)) if sentences else 0.0
        spread = _MAD * median(map(self._relative, sentences)) if sentences else 0.0
        count = len(sentences)
        mixed = (count * spread**2 + _PRIOR_WORTH * prior**2) / (count + _PRIOR_WORTH)
        self._spread = max(math.sqrt(mixed), least)

    def deviation(self, sentence: HeardSentence) -> float:
        """Return how far a sentence is from the usual, in usual deviations."""
        deviation = self._figure(sentence) - self.center
        return deviation / _noise(sentence) / self._spread

    def _relative(self, sentence: HeardSentence) -> float:
        return abs(self._figure(sentence) - self.center) / _noise(sentence)


def _noise(sentence: HeardSentence) -> float:
    """Return how much figures of a sentence vary, by its length: a short one varies more."""
    return math.sqrt(1 / sentence.syllables + 1 / _STEADY)


def _log_pace(sentence: HeardSentence) -> float:
    return math.log(max(sentence.seconds, 0.01) / sentence.syllables)


def _support(sentence: HeardSentence) -> float:
    return fmean(sentence.context_support or sentence.support or (0.0,))
