"""Compares the syllables that were heard of a sentence with those that should be said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from audiobook.vietnamese.syllables import bare

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
# What a recogniser that mishears takes for each other, as northern voices say it: only the first
# letters of a syllable, the longer spellings first.
_ALIKE = (
    (re.compile(r"^(?:ngh|ng)"), "N"),
    (re.compile(r"^(?:tr|ch)"), "c"),
    (re.compile(r"^(?:gi(?=[aeou])|gi|r|d|s|x)"), "z"),
    (re.compile(r"^(?:kh|gh|k|q|c(?!$))"), "k"),
    (re.compile(r"^ph"), "f"),
    (re.compile(r"y"), "i"),
    (re.compile(r"(?:nh|ng)$"), "N"),
    (re.compile(r"ch$"), "k"),
    (re.compile(r"c$"), "k"),
)
_GAP = 0.7
"""What a syllable costs that was left out or added; one for quite another costs 1."""
_CLEAR = 0.6
"""A syllable that costs less than this was understood, more or less."""
_MOST_HEARD = 6
"""Times as many syllables as should be said, and `_MOST_MORE`: what is heard beyond is not read."""
_MOST_MORE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How what was heard differs from what should be said, all in syllables."""

    expected: int
    """How many should be said."""
    heard: int
    cost: float
    """The distance of the two: about as many as are wrong, alike ones counted in part."""
    replaced: float
    """The part of it that is due to other syllables in the place of those expected."""
    missing: int
    """How many were left out."""
    missing_end: int
    """How many of them at the end."""
    added: int
    """How many were heard beside those expected."""
    again: float
    """How much of the sentence is in what was added, from 0 for nothing to 1 for all."""


def syllables_of(text: str) -> list[str]:
    """Return the syllables of a spoken text, as they are compared.

    >>> syllables_of("Trời mưa, 2 giờ.")
    ['koi', 'mua', '2', 'zo']
    """
    return [_folded(word) for word in _WORD.findall(text.lower())]


def compare(expected: Sequence[str], heard: Sequence[str]) -> Comparison:
    """Align what was heard with what should be said, in time by the product of their lengths.

    Args:
        expected: syllables that should be said, as `syllables_of` returns them.
        heard: those that were heard; what is far more than was expected is not looked at.
    """
    heard = heard[: _MOST_HEARD * len(expected) + _MOST_MORE]
    pairs, cost = _align(expected, heard)
    missing = [row for row, column in pairs if column is None and row is not None]
    added = [column for row, column in pairs if row is None and column is not None]
    return Comparison(
        expected=len(expected),
        heard=len(heard),
        cost=cost,
        replaced=cost - _GAP * (len(missing) + len(added)),
        missing=len(missing),
        missing_end=_end_run(pairs),
        added=len(added),
        again=_share_again(expected, [heard[column] for column in added]),
    )


def _end_run(pairs: Sequence[tuple[int | None, int | None]]) -> int:
    """Return how many syllables were left out after the last that was understood."""
    run = 0
    for _, column in reversed(pairs):
        if column is not None:
            break
        run += 1
    return run


def _share_again(expected: Sequence[str], added: Sequence[str]) -> float:
    """Return which share of a sentence is among the syllables that were added to it."""
    if not added or not expected:
        return 0.0
    pairs, _ = _align(expected, added)
    understood = sum(
        1 - _difference(expected[row], added[column])
        for row, column in pairs
        if row is not None and column is not None
    )
    return understood / len(expected)


def _align(
    expected: Sequence[str], heard: Sequence[str]
) -> tuple[list[tuple[int | None, int | None]], float]:
    """Return the cheapest alignment as pairs of places, None for a gap, and what it costs."""
    rows: list[list[float]] = [[_GAP * column for column in range(len(heard) + 1)]]
    for row, syllable in enumerate(expected, 1):
        above, costs = rows[-1], [_GAP * row]
        for column, other in enumerate(heard, 1):
            costs.append(
                min(
                    above[column - 1] + _difference(syllable, other),
                    above[column] + _GAP,
                    costs[-1] + _GAP,
                )
            )
        rows.append(costs)
    return _trace(rows, expected, heard), rows[-1][-1]


def _trace(
    rows: Sequence[Sequence[float]], expected: Sequence[str], heard: Sequence[str]
) -> list[tuple[int | None, int | None]]:
    """Return the pairs of the cheapest alignment, from the table of costs."""
    row, column = len(expected), len(heard)
    pairs: list[tuple[int | None, int | None]] = []
    while row or column:
        here = rows[row][column]
        if row and column:
            step = rows[row - 1][column - 1] + _difference(expected[row - 1], heard[column - 1])
            if step <= here + 1e-9:
                row, column = row - 1, column - 1
                pairs.append((row, column))
                continue
        if row and rows[row - 1][column] + _GAP <= here + 1e-9:
            row -= 1
            pairs.append((row, None))
        else:
            column -= 1
            pairs.append((None, column))
    return pairs[::-1]


@lru_cache(1 << 14)
def _folded(word: str) -> str:
    letters = bare(word).replace("đ", "D")
    for pattern, instead in _ALIKE:
        letters = pattern.sub(instead, letters)
    return letters


@lru_cache(1 << 16)
def _difference(one: str, other: str) -> float:
    """Return how different two syllables are, from 0 to 1: the share of letters that differ."""
    if one == other:
        return 0.0
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], place
        for column, other_letter in enumerate(other, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (letter != other_letter)),
            )
    return row[-1] / max(len(one), len(other))
