"""Lines of text: which are verse, which run on as prose, which are ornaments."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.verse import may_be_free_verse

if TYPE_CHECKING:
    from collections.abc import Iterator

# A row of signs, or the Vietnamese "---o0o---".
_ORNAMENT = re.compile(r"[\W_]*(?:[oO0]{3,7}[\W_]*)?")
_PUNCTUATION = frozenset(".…?!,;:\"'“”‘’()[] ")
# Lines of verse parted by <br>: at least so many in a row, none longer, and not all ending as
# sentences do (in lục bát every second one does, in short paragraphs of prose nearly every one).
_FEWEST_VERSES, _LONGEST_VERSE = 4, 60
_SENTENCE_ENDS = tuple(".?!…:")
_CLOSING = "\"'”’»)] "
_SPEECH = tuple("-–—•*")


class MarkupLine(NamedTuple):
    """A line of a block."""

    text: str
    ids: list[str]
    """Names by which links lead here."""
    note: bool
    """A link leads here from the mark of a note."""
    before_gap: bool = False
    """An empty line follows: a stanza of verse ends."""


def is_ornament(text: str) -> bool:
    """Whether a text holds no words, only a row of signs, which parts scenes."""
    return bool(_ORNAMENT.fullmatch(text)) and not _PUNCTUATION.issuperset(text)


def runs_on(text: str, following: str) -> bool:
    """Whether a sentence goes on in the next line: small letters follow an unfinished one."""
    return following[0].islower() and not text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def verse_runs(lines: list[MarkupLine]) -> Iterator[tuple[list[MarkupLine], bool]]:
    """Part lines into runs of verse and runs of prose."""
    prose: list[MarkupLine] = []
    for _, group in groupby(lines, key=lambda line: _is_short(line.text)):
        run = list(group)
        if is_verse(run):
            if prose:
                yield prose, False
            prose = []
            yield run, True
        else:
            prose += run
    if prose:
        yield prose, False


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST_VERSE and not line.startswith(_SPEECH)


def is_verse(lines: list[MarkupLine]) -> bool:
    """Whether lines that a block parts with <br> are verse."""
    if len(lines) < _FEWEST_VERSES or not all(_is_short(line.text) for line in lines):
        return False
    ended = sum(line.text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS) for line in lines)
    return ended * 4 <= len(lines) * 3


def reads_as_verse(lines: list[MarkupLine]) -> bool:
    """Whether most of some short lines may be verse, unlike those of a menu or an address."""
    return sum(may_be_free_verse(line.text) for line in lines) * 4 >= len(lines) * 3
