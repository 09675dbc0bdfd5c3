"""Listens to a finished book: a recogniser writes down each sentence, and says how its text fits.

What should be said is not in the file: its cues hold the text as written. It is read again as a
narrator from the north reads it, without the user's lexicon; the few readings that differ lower the
support for a sentence less than what else a small recogniser does not understand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobook.audit.listening_back.clips import cut_clips
from audiobook.audit.listening_back.context import hear_in_context
from audiobook.audit.listening_back.judging import Doubt, HeardSentence, Kind, judge
from audiobook.audit.listening_back.recogniser import HOME, RATE, Heard, Recogniser
from audiobook.vietnamese import foreign_language, normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from audiobook.audit.listening_back.clips import SentenceClip
    from audiobook.audit.types import SyncedSentence

__all__ = [
    "RATE",
    "Doubt",
    "Heard",
    "HeardSentence",
    "Hearing",
    "Kind",
    "Recogniser",
    "count_syllables",
    "listen_to",
]

_WORD = re.compile(r"[^\W_]+")
# Syllables: the language of fewer cannot be told.
_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard of a book."""

    sentences: Mapping[int, HeardSentence]
    """By their places among the cues of the book, from 0; those with nothing to say are not
    there."""
    doubts: tuple[Doubt, ...]
    """The sentences that do not sound as they should, the surest first."""


def listen_to(
    path: Path,
    cues: Sequence[SyncedSentence],
    recogniser: Recogniser,
    report: Callable[[int, int], None] = lambda _number, _total: None,
    earlier: Hearing | None = None,
) -> Hearing:
    """Listen to a book, and return which of its sentences do not sound as they should.

    Args:
        path: the book, which is decoded once, and twice more if something else seems to be said.
        cues: its synced text.
        recogniser: writes down what it hears.
        report: called with the number of sentences heard so far, and of all.
        earlier: what was heard before those sentences that it doubts were recorded again: only
            they are heard now.

    Raises:
        SourceError: the sound cannot be decoded.
        EngineError: the recogniser failed.
    """
    ordered = sorted(cues, key=lambda cue: cue.start)
    expected = {number: normalize(cue.text, respell=True) for number, cue in enumerate(ordered)}
    syllables = {number: count_syllables(text) for number, text in expected.items()}
    if earlier is None:
        sentences: dict[int, HeardSentence] = {}
        wanted = {number for number, count in syllables.items() if count}
    else:
        sentences = dict(earlier.sentences)
        wanted = {doubt.sentence.number for doubt in earlier.doubts}
    for count, clip in enumerate(cut_clips(path, ordered, wanted), 1):
        text = expected[clip.number]
        heard = recogniser.hear(clip.samples, HOME, text) if len(clip.samples) else Heard("", "")
        sentences[clip.number] = HeardSentence(
            number=clip.number,
            start=ordered[clip.number].start,
            text=ordered[clip.number].text,
            expected=text,
            heard=heard.text,
            seconds=clip.seconds,
            syllables=syllables[clip.number],
            support=heard.support,
        )
        report(count, len(wanted))
    doubts, unlike = _judged(sentences)
    alone = {number for number in unlike if not sentences[number].context_support}
    sentences |= hear_in_context(path, ordered, sentences, alone, doubts, recogniser)
    doubts, unlike = _judged(sentences)
    for clip in cut_clips(path, ordered, unlike) if unlike else ():
        doubts[clip.number] = _with_language(doubts[clip.number], clip, recogniser)
    return Hearing(sentences, tuple(doubt for doubt in doubts.values() if not _is_meant(doubt)))


def _judged(sentences: Mapping[int, HeardSentence]) -> tuple[dict[int, Doubt], set[int]]:
    """Return the doubts by their sentences, and those that something else seems to be said in."""
    doubts = {doubt.sentence.number: doubt for doubt in judge(list(sentences.values()))}
    return doubts, {number for number, doubt in doubts.items() if doubt.kind is Kind.OTHER}


def count_syllables(text: str) -> int:
    """Return how many syllables a spoken text has.

    >>> count_syllables("Trời mưa, hai giờ.")
    4
    """
    return len(_WORD.findall(text))


def _with_language(doubt: Doubt, clip: SentenceClip, recogniser: Recogniser) -> Doubt:
    """Return a doubt with the language that is heard, if it is another than Vietnamese."""
    if doubt.sentence.syllables < _FEWEST:
        return doubt
    heard = recogniser.hear(clip.samples, "")
    if heard.language in ("", HOME):
        return doubt
    sentence = replace(doubt.sentence, heard=heard.text)
    return replace(doubt, kind=Kind.LANGUAGE, sentence=sentence, language=heard.language)


def _is_meant(doubt: Doubt) -> bool:
    """Whether a sentence is said in the foreign language that it is written in."""
    return bool(doubt.language) and doubt.language == foreign_language(doubt.sentence.text)
