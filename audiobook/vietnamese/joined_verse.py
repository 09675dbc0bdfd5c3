"""Verse whose lines run on in one paragraph: as a quotation in prose, or in a text wrapped anew."""

from __future__ import annotations

from itertools import cycle, product
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.verse import Metre, find_poems, syllables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEXT_SENTENCE = re.compile(rf"(?<=[”»])\s+(?=[–—-]?\s?[{CAPITALS}])")
# Where a quotation is from, after it: (Ca dao), – Nguyễn Du.
_SOURCE = re.compile(r"(?<!\s)\s*(?:\([^()]{2,60}\)|[–—]\s?[^.!?–—]{2,40})[.]?\Z")
_QUOTED = re.compile(r":\s+(?=[\"“«]?[^\W\d_])")
_PATTERNS = ((6, 8), (8, 6), (7, 7, 6, 8), (6, 8, 7, 7))
_FEWEST, _MOST = 14, 100_000
# So many lines may begin in small letters, by misprint, and verse may begin after so many colons.
_MOST_SMALL, _MOST_STARTS = 2, 4
_SLASH = re.compile(r"(?<!\s)\s*(?:/|\|)\s*")
_FEWEST_LINES = 2
_SURE = (Metre.SIX_EIGHT, Metre.DOUBLE_SEVEN, Metre.SEVEN, Metre.EQUAL)


class JoinedVerse(NamedTuple):
    """A paragraph that holds verse, taken apart."""

    lead: str
    """The prose before it; may be empty."""
    lines: tuple[str, ...]
    rest: str
    """What follows: where the verse is from, or the sentence after the quotation; may be empty."""


def part_joined(text: str) -> JoinedVerse | None:
    """Return the verse that a paragraph holds, line by line, None if it holds none.

    It ends the paragraph, or is a quotation that ends with a sentence.

    >>> part_joined("Có câu: “Cá không ăn muối cá ươn, Con cưỡng cha mẹ trăm đường con hư.”")
    ... # doctest: +NORMALIZE_WHITESPACE
    JoinedVerse(lead='Có câu:',
                lines=('“Cá không ăn muối cá ươn,', 'Con cưỡng cha mẹ trăm đường con hư.”'),
                rest='')
    """
    if text.count(" ") + 1 < _FEWEST or len(text) > _MOST:
        return None
    source = _SOURCE.search(text)
    ends = [source.start() if source else len(text)]
    ends += [match.start() for match in _NEXT_SENTENCE.finditer(text)][: _MOST_STARTS - 1]
    starts = [0, *(match.end() for match in _QUOTED.finditer(text))][:_MOST_STARTS]
    for start, end in product(starts, ends):
        lines = _lines_of(text[start:end].strip())
        if lines:
            return JoinedVerse(text[:start].strip(), lines, text[end:].strip())
    return None


def _lines_of(body: str) -> tuple[str, ...]:
    """Return the lines of verse that run on in a text; empty if it is not verse throughout."""
    parted = _SLASH.split(body)
    candidates = [parted] if len(parted) >= _FEWEST_LINES else []
    words = body.split()
    candidates += filter(None, (_cut(words, counts) for counts in _PATTERNS))
    return next((tuple(lines) for lines in candidates if _is_all_verse(lines)), ())


def _cut(words: Sequence[str], counts: Sequence[int]) -> list[str]:
    """Cut words into lines of so many syllables in turn; empty if they do not come out even."""
    lines: list[str] = []
    line: list[str] = []
    missing = small = 0
    turns = cycle(counts)
    for word in words:
        size = len(syllables_of(word))
        if missing == 0 and size:
            small += not any(map(str.isupper, word))
            if small > _MOST_SMALL:
                return []
            lines += [" ".join(line)] if line else []
            line, missing = [], next(turns)
        missing -= size
        line.append(word)
        if missing < 0:
            return []
    return [*lines, " ".join(line)] if missing == 0 and lines else []


def _is_all_verse(lines: Sequence[str]) -> bool:
    poems = find_poems(lines)
    return len(poems) == 1 and poems[0][:2] == (0, len(lines)) and poems[0].metre in _SURE
