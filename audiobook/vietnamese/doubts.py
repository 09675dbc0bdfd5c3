"""Doubts: the words of a text that were read by guess, for a person to confirm or correct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.vietnamese.letters import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobook.vietnamese.reading import Reading

_CONTEXT = 30


@dataclass(frozen=True, slots=True)
class Doubt:
    """One word, abbreviation or number that was read by guess."""

    written: str
    spoken: str
    """How it will be said."""
    rule: str
    """Name of the rule that guessed."""
    count: int
    """How often the text has it."""
    chapter: int
    """Number of the chapter where it stands first, from 1."""
    context: str
    """The words around it there."""


def list_doubts(sentences: Iterable[tuple[int, str, Iterable[Reading]]]) -> list[Doubt]:
    """List what was read by guess, the commonest first, and as the text has them.

    Args:
        sentences: of each sentence the number of its chapter, from 1, its text, and its readings.
    """
    firsts: dict[tuple[str, str], tuple[str, int, str]] = {}
    counts: dict[tuple[str, str], int] = {}
    for chapter, text, readings in sentences:
        for reading in readings:
            if reading.is_guess:
                word = (reading.written, reading.spoken.strip())
                counts[word] = counts.get(word, 0) + 1
                if word not in firsts:
                    firsts[word] = (reading.rule, chapter, _context(text, reading))
    doubts = [
        Doubt(written, spoken, rule, counts[written, spoken], chapter, context)
        for (written, spoken), (rule, chapter, context) in firsts.items()
    ]
    return sorted(doubts, key=lambda doubt: -doubt.count)


def _context(text: str, reading: Reading) -> str:
    """Return the whole words around a reading, about thirty characters on each side."""
    start, end = max(0, reading.start - _CONTEXT), reading.end + _CONTEXT
    if start:
        start = text.find(" ", start, reading.start) + 1 or reading.start
    if end < len(text):
        end = max(text.rfind(" ", reading.end, end), reading.end)
    return clean_line(text[start:end])
