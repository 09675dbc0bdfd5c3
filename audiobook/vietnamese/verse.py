"""Verse: which lines are verse, and in which metre, by counts of syllables, rhymes and tones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.metres import STANZA, Line, double_seven, equal, free, six_eight
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SYLLABLE = re.compile(r"[^\W\d_]+")
_NOTE_MARK = re.compile(r"\[\d{1,3}\]|\(\d{1,3}\)|[\u00b9\u00b2\u00b3\u2070-\u2079*]+|\d{1,3}\Z")
_MAY_OPEN = re.compile(r"[\s\"'“‘«(…]*(?=[^\W\d_])")
_LABEL = re.compile(r"\A[^:]{1,20}:\s+\S{1,12}\Z|\A\s*(?:[-–—•*+#]|\w{1,3}[.)]\s)")
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'”’»)]*\Z")
_FEWEST_SYLLABLES, _MOST_SYLLABLES = 3, 12
_LONGEST_LINE = 70
_FEWEST_LINES = 2
_LONGEST_PART = 64
_SIX, _SEVEN = 6, 7
_MOST_ENDED = 0.75


class Metre(Enum):
    """How the lines of a poem are built."""

    SIX_EIGHT = "lục bát"
    DOUBLE_SEVEN = "song thất lục bát"
    SEVEN = "thất ngôn"
    EQUAL = "lines of one length"
    FREE = "free verse"


_Counter = Callable[[Sequence[Line]], int]
"""Returns how many of the lines at the beginning are of a metre."""
_SURE: dict[Metre, _Counter] = {Metre.DOUBLE_SEVEN: double_seven, Metre.SIX_EIGHT: six_eight}
_OTHER: dict[Metre, _Counter] = {Metre.SEVEN: equal, Metre.FREE: free}


class Poem(NamedTuple):
    """Lines that are verse: the first, the one after the last, and their metre."""

    start: int
    end: int
    metre: Metre


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
    return len(syllables) >= STANZA or _is_vietnamese(syllables)


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
    poems = list(_joined(_poems(lines, measured, _SURE), measured))
    for poem in poems:  # other metres are looked for between them only
        measured[poem.start : poem.end] = [()] * (poem.end - poem.start)
    return sorted([*poems, *_poems(lines, measured, _OTHER)])


def _poems(
    lines: Sequence[str], measured: Sequence[Line], metres: Mapping[Metre, _Counter]
) -> Iterator[Poem]:
    """Yield the poems among some lines that are of some metres."""
    ends = _ends_of_runs(measured)
    position = 0
    while position < len(lines):
        poem = _poem_at(lines, measured[position : ends[position]], position, metres)
        if poem is not None:
            yield poem
        position = poem.end if poem else position + 1


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


def _joined(poems: Iterable[Poem], measured: Sequence[Line]) -> Iterator[Poem]:
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


def _ends_of_runs(measured: Sequence[Line]) -> list[int]:
    """Return for each line where the run of lines that may be verse ends, or a part of it.

    A long run is judged in parts, so that the time this takes grows with the text alone; parts of
    one metre are joined afterwards.
    """
    ends = [0] * len(measured)
    end = len(measured)
    for start in range(len(measured) - 1, -1, -1):
        if not measured[start]:
            end = start
        length = end - start
        ends[start] = end if length <= _LONGEST_PART + STANZA * 2 else start + _LONGEST_PART
    return ends


def _poem_at(
    lines: Sequence[str], run: Sequence[Line], start: int, metres: Mapping[Metre, _Counter]
) -> Poem | None:
    """Return the longest poem in one of some metres that begins with a line, if any does."""
    if len(run) < _FEWEST_LINES or not _begins_line(lines[start]):
        return None
    poems: list[Poem] = []
    for metre, count_lines in metres.items():
        count = count_lines(run)
        while count and lines[start + count - 1].rstrip().endswith(":"):
            count -= 1  # prose again: it announces what somebody says
        texts = lines[start : start + count]
        if count < _FEWEST_LINES or not _begin_with_capitals(texts):
            continue
        if count < STANZA and _parts_couplet(texts, run):
            continue
        if metre in (Metre.SEVEN, Metre.FREE) and _reads_as_sentences(texts):
            continue
        is_equal = metre is Metre.SEVEN and len(run[0]) != _SEVEN
        poems.append(Poem(start, start + count, Metre.EQUAL if is_equal else metre))
    return max(poems, key=lambda poem: poem.end, default=None)


def _parts_couplet(lines: Sequence[str], run: Sequence[Line]) -> bool:
    """Whether a sentence ends with the six of a couplet, unlike in verse of few lines."""
    return any(
        len(syllables) == _SIX and line.rstrip().endswith((".", ":"))
        for line, syllables in zip(lines[:-1], run, strict=False)
    )


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
