"""A text under proof, and what it tells of itself."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.proofreading.tokens import Token, follows_hyphen, tokenize
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.words import dictionary, index_neighbours

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# How many of its words are strangers to their neighbours tells how little that means there.
_USUAL_STRANGERS, _MET_BEFORE = 0.3, 100


class Place(NamedTuple):
    """A word where it stands."""

    line: list[Token]
    position: int
    """The index of the word in its line."""

    @property
    def token(self) -> Token:
        """The word itself."""
        return self.line[self.position]


class Text:
    """The words of a text, how often it has each, and which stand side by side.

    A line that comes back counts once.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = list(tokenize(text))
        self.words = sum(map(len, self.lines))
        self._line_pairs = list(map(_pairs_around, self.lines))
        self.syllables: Counter[str] = Counter()
        self.pairs: Counter[str] = Counter()
        self.spelled: Counter[str] = Counter()
        self.fixed: Counter[str] = Counter()
        self._names: set[str] = set()
        counted = set()
        for line, pairs in zip(self.lines, self._line_pairs, strict=True):
            key = tuple(token.written for token in line)
            if key not in counted:
                counted.add(key)
                self._count(line, pairs)
        del self.pairs[""]
        own = [pair for pair, count in self.pairs.items() if count > 1]
        self.successors, self.predecessors = index_neighbours(own)
        self.stranger_share = 0.0
        """Logarithm of the share of strangers over the usual one, once they were looked for."""

    def _count(self, line: list[Token], pairs: list[str]) -> None:
        fixed = dictionary().fixed
        self.syllables.update([token.syllable for token in line])
        self.spelled.update([token.written.lower() for token in line])
        self.pairs.update(pairs)
        for index, token in enumerate(line):
            if token.joins:
                if line[index - 1].joins:
                    three_syllables = f"{pairs[index - 1]} {token.syllable}"
                    if three_syllables in fixed:
                        self.fixed[three_syllables] += 1
                if token.written[0].isupper():
                    self._names.add(token.syllable)

    def places(self, wanted: Collection[str]) -> Iterator[Place]:
        """Yield where the first syllables of some pairs stand."""
        wanted = frozenset(wanted)
        for line, pairs in zip(self.lines, self._line_pairs, strict=True):
            if not wanted.isdisjoint(pairs):
                for index in range(1, len(line)):
                    if pairs[index] in wanted:
                        yield Place(line, index - 1)

    def suspects(self) -> Iterator[Place]:
        """Yield the words to look at: no syllables, and those that neither neighbour is used to."""
        own, syllables = self.pairs, dictionary().syllables
        suspects = []
        strangers = 0
        for line, pairs in zip(self.lines, self._line_pairs, strict=True):
            has_company = _have_company(pairs)
            for index, token in enumerate(line):
                right = is_vietnamese(token.written)
                if (right and has_company[index]) or self.is_name(token):
                    continue
                strangers += right
                if token.hyphened or follows_hyphen(line, index):
                    continue
                if right and (own[pairs[index]] > 1 or own[pairs[index + 1]] > 1):
                    continue
                if right and token.syllable not in syllables and self.syllables[token.syllable] > 1:
                    continue  # the author's own
                suspects.append(Place(line, index))
        share = (strangers + _USUAL_STRANGERS * _MET_BEFORE) / (self.words + _MET_BEFORE)
        self.stranger_share = log(share / _USUAL_STRANGERS)
        yield from suspects

    def is_name(self, token: Token) -> bool:
        """Whether a word is a name, or an acronym."""
        if token.written.islower():
            return False
        return not token.written.istitle() or token.joins or token.syllable in self._names

    def is_seen(self, pair: str) -> bool:
        """Whether two syllables were ever seen side by side."""
        return pair in dictionary().pairs or self.pairs[pair] > 1

    def tells(self, neighbour: Token) -> bool:
        """Whether a word tells what should stand beside it, as names do not."""
        return neighbour.syllable in dictionary().syllables and not self.is_name(neighbour)


def _pairs_around(line: list[Token]) -> list[str]:
    """Return the pairs before each word, and one after the last; empty where a mark parts them."""
    pairs = [""] * (len(line) + 1)
    for index in range(1, len(line)):
        if line[index].joins:
            pairs[index] = f"{line[index - 1].syllable} {line[index].syllable}"
    return pairs


def _have_company(pairs: list[str]) -> list[bool]:
    """Tell of each word whether it was ever seen beside a neighbour; `pairs` are those around each.

    Where it was only seen beside a longer word the whole of that must be there: "các chuyên gia"
    tells nothing of "chuyên" after "các", and of "các" only if "chuyên" has a neighbour, too.
    """
    words = dictionary()
    is_seen = [pair in words.pairs for pair in pairs]
    word_count = len(pairs) - 1
    return [
        is_seen[index]
        or is_seen[index + 1]
        or (index + 1 < word_count and is_seen[index + 2] and pairs[index + 1] in words.leading)
        or (index > 0 and is_seen[index - 1] and pairs[index] in words.trailing)
        for index in range(word_count)
    ]
