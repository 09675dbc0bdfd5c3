"""Metres: how many of some lines are of each, by counts of syllables, rhymes and tones."""

from __future__ import annotations

from itertools import cycle, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.rhyme import is_level, rhymes

if TYPE_CHECKING:
    from collections.abc import Sequence

STANZA = 4
"""Lines of a stanza, and the fewest of verse without the tones of lục bát."""
_FEWEST_COUPLET = 2
# Of 3,193 pairs of Truyện Kiều that must rhyme 99.5 % do, of any two of its syllables 7 %.
_SURE_SHARE = 0.6
_FREE_SHARE, _FEWEST_FREE = 0.5, 3
_EQUAL_COUNTS = range(4, 9)

Line = tuple[str, ...]
"""The syllables of a line."""


class _Link(NamedTuple):
    """Two syllables that must rhyme: the second in the line after that of the first."""

    syllable: int
    following: int


_SIX_EIGHT: dict[tuple[int, int], _Link] = {(6, 8): _Link(5, 5), (8, 6): _Link(7, 5)}
# By the syllables of two neighbouring lines. That of the eight with the next seven is left out: it
# is on the fifth syllable or on the third.
_DOUBLE_SEVEN: dict[tuple[int, int], _Link] = {
    (7, 7): _Link(6, 4),
    (7, 6): _Link(6, 5),
    (6, 8): _Link(5, 5),
}


def six_eight(run: Sequence[Line]) -> int:
    """Return how many lines at the beginning are lục bát."""
    count = _alternating(run, (6, 8) if len(run[0]) == 6 else (8, 6))
    rhyming = _rhyming(run[:count], _SIX_EIGHT)
    if not rhyming.count(True) or rhyming.count(True) < len(rhyming) * _SURE_SHARE:
        count = (rhyming.index(False) + 1) if False in rhyming else 0
        rhyming = rhyming[: count - 1] if count else []
    if count < _FEWEST_COUPLET or not rhyming:
        return 0
    couplets = [pair for pair in pairwise(run[:count]) if len(pair[0]) == 6]
    if count < STANZA and not (couplets and all(_keeps_tones(*pair) for pair in couplets)):
        return 0
    return count


def _keeps_tones(six: Line, eight: Line) -> bool:
    """Whether a couplet of lục bát has the tones of its metre; 1,612 of 1,613 in Kiều have."""
    turns = not is_level(six[3]) or not is_level(six[1])  # a six of 3 and 3 turns early
    return (
        turns
        and is_level(six[5])
        and not is_level(eight[3])
        and is_level(eight[5])
        and is_level(eight[7])
    )


def double_seven(run: Sequence[Line]) -> int:
    """Return how many lines at the beginning are song thất lục bát."""
    for pattern in ((7, 7, 6, 8), (6, 8, 7, 7)):
        count = _alternating(run, pattern)
        first_sevens = 0 if pattern[0] == 7 else 2
        if count < first_sevens + STANZA:
            continue
        rhyming = _rhyming(run[:count], _DOUBLE_SEVEN)
        if rhyming.count(True) >= max(2, len(rhyming) * _SURE_SHARE):
            return count
    return 0


def _alternating(run: Sequence[Line], counts: Sequence[int]) -> int:
    """Return how many lines have the counts of syllables in turn."""
    end = 0
    for line, count in zip(run, cycle(counts), strict=False):
        if len(line) != count:
            break
        end += 1
    return end


def _rhyming(lines: Sequence[Line], links: dict[tuple[int, int], _Link]) -> list[bool]:
    """Return for each two lines that a metre links whether they rhyme."""
    return [
        rhymes(line[link.syllable], following[link.following])
        for line, following in pairwise(lines)
        if (link := links.get((len(line), len(following))))
    ]


def equal(run: Sequence[Line]) -> int:
    """Return how many lines at the beginning are of one length, in rhymed stanzas of four."""
    if len(run[0]) not in _EQUAL_COUNTS:
        return 0
    count = _alternating(run, (len(run[0]),))
    stanzas = [run[start : start + STANZA] for start in range(0, count - STANZA + 1, STANZA)]
    rhymed = sum(map(_is_rhymed, stanzas))
    return count if stanzas and rhymed * 2 > len(stanzas) else 0


def _is_rhymed(stanza: Sequence[Line]) -> bool:
    """Whether the ends of four lines rhyme in a usual order: x a x a, a a b b, a b b a."""
    first, second, third, fourth = (line[-1] for line in stanza)
    return rhymes(second, fourth) or (
        (rhymes(first, second) and rhymes(third, fourth))
        or (rhymes(first, fourth) and rhymes(second, third))
    )


def free(run: Sequence[Line]) -> int:
    """Return how many lines are verse of any length: half rhyme with one of the two before."""
    ends = [line[-1] for line in run]
    rhymed = sum(
        any(rhymes(ends[place], earlier) for earlier in ends[max(0, place - 2) : place])
        for place in range(1, len(ends))
    )
    enough = rhymed >= max(_FEWEST_FREE, (len(ends) - 1) * _FREE_SHARE)
    return len(run) if len(run) >= STANZA and enough else 0
