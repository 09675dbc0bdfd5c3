"""Where a speaker pauses inside a sentence or a line of verse, besides commas: by sense and metre.

Engines breathe at commas by themselves. Of dashes, brackets and the caesura of a line some make
nothing (sano reads `Ông Ba – bạn cũ của tôi – đến` in one breath), so the text is parted there.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Literal, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import RAISED
from audiobook.vietnamese.rhyme import is_level
from audiobook.vietnamese.verse import Metre

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PauseName = Literal["colon", "dash", "bracket", "caesura"]


class InnerPause(NamedTuple):
    """A place inside a text where a speaker pauses."""

    position: int
    """Where the text goes on, in characters."""
    name: PauseName


_PLACES = re.compile(
    r"(?P<colon>:\s+(?=[“\"«‘]|[–—-]\s))"
    r"|(?P<dash>(?<=\S)\s[-–—]\s+(?=\S))"
    r"|(?P<bracket>\s(?=\([^()\s]+\s[^()]*\))|(?<=\S\))\s+(?=\S))"
)
_WORD_BEFORE = re.compile(r"(\w+)\W*\Z")
_SYLLABLE = re.compile(r"[^\W\d_]+")
# As `is_speakable` has it.
_WORD = re.compile(rf"(?:(?!{RAISED})[^\W_])+")
_INNER_MARK = re.compile(r"[,;:!?…–—]+[\"”’»)]*\s+(?=\S)")
_NEAR = 40
# Syllables of each half at a mark inside a line: a single one is not parted from the rest.
_FEWEST_IN_HALF = 2


def inner_pauses(sentence: str) -> list[InnerPause]:
    """Return where a speaker pauses inside a sentence of prose: at insertions and before speech.

    >>> [pause.name for pause in inner_pauses("Ông Ba – bạn cũ của tôi – nói: “Mưa.”")]
    ['dash', 'dash', 'colon']
    """
    return list(_kept(sentence, _prose_places(sentence)))


def _prose_places(sentence: str) -> Iterator[InnerPause]:
    for place in _PLACES.finditer(sentence):
        if place["dash"] and _joins_names(sentence, place):
            continue
        name: PauseName = "colon" if place["colon"] else "dash" if place["dash"] else "bracket"
        if name == "bracket" and sentence[place.start() - 1] == ")":
            opening = sentence.rfind("(", 0, place.start())
            if " " not in sentence[opening : place.start()]:
                continue  # a word in brackets is read on: "(Huế)"
        yield InnerPause(place.end(), name)


def _joins_names(sentence: str, dash: re.Match[str]) -> bool:
    """Whether a dash joins two names or numbers: Hà Nội – Huế, 1945 – 1954."""
    before = _WORD_BEFORE.search(sentence, max(0, dash.start() - _NEAR), dash.start())
    after = sentence[dash.end()]
    is_open = sentence[dash.start() - 1].isalnum()
    first = before[1][0] if before else ""
    joins = (first.isupper() or first.isdigit()) and (after.isupper() or after.isdigit())
    return is_open and joins


def line_pauses(line: str, metre: Metre) -> list[InnerPause]:
    """Return where a speaker pauses inside a line of verse: at marks, or else at its caesura.

    A line of six is read in one breath, but where it has the form of three and three.

    >>> line_pauses("Chữ tài chữ mệnh khéo là ghét nhau", Metre.SIX_EIGHT)
    [InnerPause(position=17, name='caesura')]
    """
    marks = [InnerPause(mark.end(), "caesura") for mark in _INNER_MARK.finditer(line)]
    if not marks:
        syllables = list(_SYLLABLE.finditer(line))
        count = _caesura([syllable[0] for syllable in syllables], metre)
        if count and line[syllables[count].start() - 1].isspace():
            marks = [InnerPause(syllables[count].start(), "caesura")]
    return list(_kept(line, marks, _FEWEST_IN_HALF))


def _caesura(syllables: Sequence[str], metre: Metre) -> int:
    """Return after how many syllables a line has its caesura, 0 if it has none.

    In Truyện Kiều four and four part a word of two syllables in 3.8 % of the lines of eight; a
    line of six whose second syllable is oblique is three and three (25 of 27).
    """
    if metre in (Metre.SIX_EIGHT, Metre.DOUBLE_SEVEN):
        match len(syllables):
            case 8:
                return 4
            case 7:
                return 3
            case 6:
                return 0 if is_level(syllables[1]) else 3
    return 4 if metre is Metre.SEVEN and len(syllables) == 7 else 0


def _kept(text: str, places: Iterable[InnerPause], fewest: int = 1) -> Iterator[InnerPause]:
    """Yield the pauses that have enough words to say on both sides."""
    words: list[int] | None = None  # where each ends
    spoken = 0  # of them, up to the last pause
    for place in places:
        if words is None:
            words = [word.end() for word in (_WORD if fewest == 1 else _SYLLABLE).finditer(text)]
        before = bisect_right(words, place.position)
        if min(before - spoken, len(words) - before) >= fewest:
            yield place
            spoken = before
