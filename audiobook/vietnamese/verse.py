"""Verse: which lines are verse, and in which metre, by counts of syllables, rhymes and tones."""

from __future__ import annotations

import re
from enum import Enum
from itertools import cycle, pairwise
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from audiobook.vietnamese.rhyme import is_level, rhymes
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SYLLABLE = re.compile(r"[^\W\d_]+")
_NOTE_MARK = re.compile(r"\[\d{1,3}\]|\(\d{1,3}\)|[\u00b9\u00b2\u00b3\u2070-\u2079*]+|\d{1,3}\Z")
_MAY_OPEN = re.compile(r"[\s\"'“‘«(…]*(?=[^\W\d_])")
_LABEL = re.compile(r"\A[^:]{1,20}:\s+\S{1,12}\Z|\A\s*(?:[-–—•*+#]|\w{1,3}[.)]\s)")
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'”’»)]*\Z")
_FEWEST_SYLLABLES, _MOST_SYLLABLES = 3, 12
_LONGEST_LINE = 70
# Of 3,193 pairs of Truyện Kiều that must rhyme 99.5 % do, of any two of its syllables 7 %.
_SURE_SHARE = 0.6
_FREE_SHARE, _FEWEST_FREE = 0.5, 3
_FEWEST_LINES, _STANZA = 2, 4
_EQUAL_COUNTS = range(4, 9)
_MOST_ENDED = 0.75


class Metre(Enum):
    """How the lines of a poem are built."""

    SIX_EIGHT = "lục bát"
    DOUBLE_SEVEN = "song thất lục bát"
    SEVEN = "thất ngôn"
    EQUAL = "lines of one length"
    FREE = "free verse"


class Poem(NamedTuple):
    """Lines that are verse: the first, the one after the last, and their metre."""

    start: int
    end: int
    metre: Metre


Line = tuple[str, ...]
"""The syllables of a line."""


class _Link(NamedTuple):
    """Two syllables that must rhyme: the second in the line after that of the first."""

    syllable: int
    following: int


_SIX_EIGHT: dict[tuple[int, int], _Link] = {(6, 8): _Link(5, 5), (8, 6): _Link(7, 5)}
# 0 to 3 are the places in a stanza of 7, 7, 6 and 8; the eight links to the stanza that follows.
_DOUBLE_SEVEN: dict[tuple[int, int], _Link] = {
    (7, 7): _Link(6, 4),
    (7, 6): _Link(6, 5),
    (6, 8): _Link(5, 5),
}


def syllables_of(line: str) -> Line:
    """Return the syllables of a line of text, without marks of notes.

    >>> syllables_of("Rằng: Năm Gia-tĩnh triều Minh,")
    ('Rằng', 'Năm', 'Gia', 'tĩnh', 'triều', 'Minh')
    """
    return tuple(_SYLLABLE.findall(_NOTE_MARK.sub("", normalize("NFC", line).strip())))


def may_be_free_verse(line: str) -> bool:
    """Whether a line that its source sets apart may be verse: no item, label, address or dish.

    >>> may_be_free_verse("trong cõi"), may_be_free_verse("Pommes soufflées")
    (True, False)
    """
    syllables = syllables_of(line)
    if not _is_plain(line) or not syllables:
        return False
    return len(syllables) >= _STANZA or _is_vietnamese(syllables)


def _is_plain(line: str) -> bool:
    """Whether a line is short, holds no number, and is neither a label, an item nor a name."""
    bare = _NOTE_MARK.sub("", line.strip())
    if len(bare) > _LONGEST_LINE or any(map(str.isdigit, bare)):
        return False
    is_name = not bare.isupper() and all(word[0].isupper() for word in _SYLLABLE.findall(bare))
    return not is_name and _LABEL.search(bare) is None


def _is_vietnamese(syllables: Line) -> bool:
    """Whether at least three syllables in four are Vietnamese."""
    return sum(map(is_vietnamese, syllables)) * 4 >= len(syllables) * 3


def find_poems(lines: Sequence[str]) -> list[Poem]:
    """Return which of some lines are verse by their metre and rhymes.

    Args:
        lines: neighbouring lines of a text, verse or not.
    """
    measured = [_measured(line) for line in lines]
    poems: list[Poem] = []
    position = 0
    while position < len(lines):
        poem = _poem_at(lines, measured, position)
        if poem is None:
            position += 1
            continue
        poems.append(poem)
        position = poem.end
    return list(_joined(poems, measured))


def metre_of(lines: Sequence[str]) -> list[Metre]:
    """Return the metre of each of some lines that are known to be verse."""
    metres = [Metre.FREE] * len(lines)
    for poem in find_poems(lines):
        metres[poem.start : poem.end] = [poem.metre] * (poem.end - poem.start)
    return metres


def _measured(line: str) -> Line:
    """Return the syllables of a line that may be verse; none of another line."""
    syllables = syllables_of(line) if _is_plain(line) else ()
    fits = _FEWEST_SYLLABLES <= len(syllables) <= _MOST_SYLLABLES
    return syllables if fits and _is_vietnamese(syllables) else ()


def _joined(poems: Sequence[Poem], measured: Sequence[Line]) -> Iterator[Poem]:
    """Yield poems, two of one metre as one where a single line of another length parts them."""
    pending: Poem | None = None
    for poem in poems:
        if pending is None:
            pending = poem
        elif poem.metre is pending.metre and _are_joined(pending, poem, measured):
            pending = Poem(pending.start, poem.end, poem.metre)
        else:
            yield pending
            pending = poem
    if pending is not None:
        yield pending


def _are_joined(poem: Poem, following: Poem, measured: Sequence[Line]) -> bool:
    return following.start - poem.end <= 1 and all(measured[poem.end : following.start])


def _poem_at(lines: Sequence[str], measured: Sequence[Line], start: int) -> Poem | None:
    """Return the poem that begins with a line, if one does."""
    end = start
    while end < len(lines) and measured[end]:
        end += 1
    run = measured[start:end]
    if len(run) < _FEWEST_LINES or not _begins_line(lines[start]):
        return None
    for metre, count in (
        (Metre.DOUBLE_SEVEN, _double_seven(run)),
        (Metre.SIX_EIGHT, _six_eight(run)),
        (Metre.SEVEN, _equal(run)),
        (Metre.FREE, _free(run)),
    ):
        while count and lines[start + count - 1].rstrip().endswith(":"):
            count -= 1  # prose again: it announces what somebody says
        texts = lines[start : start + count]
        if count < _FEWEST_LINES or not _begin_with_capitals(texts):
            continue
        if metre in (Metre.SEVEN, Metre.FREE) and _reads_as_sentences(texts):
            continue
        if metre is Metre.SEVEN and len(run[0]) != 7:
            metre = Metre.EQUAL
        return Poem(start, start + count, metre)
    return None


def _begins_line(line: str) -> bool:
    """Whether a line begins with a capital letter, as lines of verse do."""
    opening = _MAY_OPEN.match(line)
    return opening is not None and line[opening.end()].isupper()


def _begin_with_capitals(lines: Sequence[str]) -> bool:
    """Whether lines begin with capital letters, but for a misprint in ten."""
    small = sum(not _begins_line(line) for line in lines)
    return small * 10 <= len(lines)


def _reads_as_sentences(lines: Sequence[str]) -> bool:
    """Whether nearly every line is a sentence, as short paragraphs of prose are."""
    ended = sum(_ENDS_SENTENCE.search(line.rstrip()) is not None for line in lines)
    return ended > len(lines) * _MOST_ENDED


# --- metres: each returns how many of the lines at the beginning are of it ------------------------


def _six_eight(run: Sequence[Line]) -> int:
    count = _alternating(run, (6, 8) if len(run[0]) == 6 else (8, 6))
    rhyming = _rhyming(run[:count], _SIX_EIGHT)
    if not rhyming.count(True) or rhyming.count(True) < len(rhyming) * _SURE_SHARE:
        count = (rhyming.index(False) + 1) if False in rhyming else 0
        rhyming = rhyming[: count - 1] if count else []
    if count < 2 or not rhyming:
        return 0
    couplets = [pair for pair in pairwise(run[:count]) if len(pair[0]) == 6]
    if count < _STANZA and not (couplets and all(_keeps_tones(*pair) for pair in couplets)):
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


def _double_seven(run: Sequence[Line]) -> int:
    for pattern in ((7, 7, 6, 8), (6, 8, 7, 7)):
        count = _alternating(run, pattern)
        first_sevens = 0 if pattern[0] == 7 else 2
        if count < first_sevens + _STANZA:
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


def _equal(run: Sequence[Line]) -> int:
    if len(run[0]) not in _EQUAL_COUNTS:
        return 0
    count = _alternating(run, (len(run[0]),))
    stanzas = [run[start : start + _STANZA] for start in range(0, count - _STANZA + 1, _STANZA)]
    rhymed = sum(map(_is_rhymed, stanzas))
    return count if stanzas and rhymed * 2 > len(stanzas) else 0


def _is_rhymed(stanza: Sequence[Line]) -> bool:
    """Whether the ends of four lines rhyme in a usual order: x a x a, a a b b, a b b a."""
    first, second, third, fourth = (line[-1] for line in stanza)
    return rhymes(second, fourth) or (
        (rhymes(first, second) and rhymes(third, fourth))
        or (rhymes(first, fourth) and rhymes(second, third))
    )


def _free(run: Sequence[Line]) -> int:
    """Count lines of any length of which every second rhymes with one of the two before it."""
    ends = [line[-1] for line in run]
    rhymed = sum(
        any(rhymes(ends[place], earlier) for earlier in ends[max(0, place - 2) : place])
        for place in range(1, len(ends))
    )
    enough = rhymed >= max(_FEWEST_FREE, (len(ends) - 1) * _FREE_SHARE)
    return len(run) if len(run) >= _STANZA and enough else 0
