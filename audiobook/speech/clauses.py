"""Divides a text into clauses: how long each takes to say, and the silence that may follow it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Sequence

CLOSED = r"[\"'”’»)\]]*"
WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile(rf"[,;:.?!…–—]+{CLOSED}(?=\s|\Z)|\s[-–—](?=\s)")
_VOWELS = re.compile(r"(?:[aeiouy][\u0300-\u036f]*)+", re.IGNORECASE)

_FINAL = 0.3
"""Syllables by which the last one of a clause is longer."""
_ODD_LETTER = 0.3
"""How many syllables more or less a letter of a word that is not Vietnamese may take."""


class Border(NamedTuple):
    """How long the silence is at one kind of border between two clauses."""

    silent: float
    """Probability that there is a silence at all."""
    usual: float
    """Its median length in seconds."""
    spread: float
    """Standard deviation of the length's logarithm."""


CLAUSE_BORDER = Border(0.75, 0.2, 0.7)
SENTENCE_BORDER = Border(0.97, 0.35, 0.6)
TEXT_BORDER = Border(0.998, 0.4, 0.55)


class Clause(NamedTuple):
    """A run of words without a mark between them."""

    syllables: float
    variance: float
    """Of the syllables, as far as their number is not known."""
    border: Border


def split_clauses(text: str) -> list[Clause]:
    """Return the clauses of a text; the last one ends at the border to the next text."""
    clauses: list[Clause] = []
    start = 0
    for mark in _MARKED.finditer(text):
        if words := WORD.findall(text, start, mark.start()):
            border = SENTENCE_BORDER if any(sign in ".?!…" for sign in mark[0]) else CLAUSE_BORDER
            clauses.append(_make_clause(words, border))
            start = mark.end()
    if words := WORD.findall(text, start):
        clauses.append(_make_clause(words, TEXT_BORDER))
    if not clauses:
        return [Clause(_FINAL, 1.0, TEXT_BORDER)]
    return [*clauses[:-1], clauses[-1]._replace(border=TEXT_BORDER)]


def _make_clause(words: Sequence[str], border: Border) -> Clause:
    syllables, variance = _FINAL, 0.0
    for word in words:
        if is_vietnamese(word):
            syllables += 1
        else:
            # A word with vowels may be read, in syllables, or spelled. How other words are said,
            # as those of other scripts, is not known.
            vowels = len(_VOWELS.findall(unicodedata.normalize("NFD", word)))
            syllables += vowels or len(word)
            variance += ((_ODD_LETTER if vowels else 1) * len(word)) ** 2
    return Clause(syllables, variance, border)
