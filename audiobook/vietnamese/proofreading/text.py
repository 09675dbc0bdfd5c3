"""A text under proof: its words, its pairs of words, and the words to suspect."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.proofreading.tokens import Token, follows_hyphen, tokenize
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.words import dictionary, index_neighbours

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# The usual share of strangers, words never seen beside their neighbours. In a text with more of
# them a stranger means less. The share counts as if so many words of a usual text preceded it.
_USUAL_STRANGERS, _USUAL_WORDS = 0.3, 100


class Place(NamedTuple):
    """The place of a word: its line and its index there."""

    line: list[Token]
    position: int
    """The index of the word in its line."""

    @property
    def token(self) -> Token:
        """The word itself."""
        return self.line[self.position]


class Text:
    """The words of a text, how often it has each, and which stand side by side.

    A repeated line counts once.
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
        repeated_pairs = [pair for pair, count in self.pairs.items() if count > 1]
        self.successors, self.predecessors = index_neighbours(repeated_pairs)
        self.stranger_share = 0.0
        """Logarithm of the share of strangers over the usual share; `suspects` sets it."""

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
        """Yield the places of the first syllables of some pairs."""
        wanted = frozenset(wanted)
        for line, pairs in zip(self.lines, self._line_pairs, strict=True):
            if not wanted.isdisjoint(pairs):
                for index in range(1, len(line)):
                    if pairs[index] in wanted:
                        yield Place(line, index - 1)

    def suspects(self) -> Iterator[Place]:
        """Yield the words to suspect: non-syllables, and strangers to both neighbours."""
        pair_counts, syllables = self.pairs, dictionary().syllables
        suspects = []
        stranger_count = 0
        for line, pairs in zip(self.lines, self._line_pairs, strict=True):
            has_company = _have_company(pairs)
            for index, token in enumerate(line):
                is_syllable = is_vietnamese(token.written)
                if (is_syllable and has_company[index]) or self.is_name(token):
                    continue
                stranger_count += is_syllable
                if token.hyphened or follows_hyphen(line, index):
                    continue
                if is_syllable and (
                    pair_counts[pairs[index]] > 1 or pair_counts[pairs[index + 1]] > 1
                ):
                    continue
                if (
                    is_syllable
                    and token.syllable not in syllables
                    and self.syllables[token.syllable] > 1
                ):
                    continue  # a word of the author
                suspects.append(Place(line, index))
        share = (stranger_count + _USUAL_STRANGERS * _USUAL_WORDS) / (self.words + _USUAL_WORDS)
        self.stranger_share = log(share / _USUAL_STRANGERS)
        yield from suspects

    def is_name(self, token: Token) -> bool:
        """Whether a word is a name or an acronym."""
        if token.written.islower():
            return False
        return not token.written.istitle() or token.joins or token.syllable in self._names

    def is_seen(self, pair: str) -> bool:
        """Whether two syllables were ever seen side by side."""
        return pair in dictionary().pairs or self.pairs[pair] > 1

    def tells(self, neighbour: Token) -> bool:
        """Whether a word shows what may stand beside it, as names do not."""
        return neighbour.syllable in dictionary().syllables and not self.is_name(neighbour)


def _pairs_around(line: list[Token]) -> list[str]:
    """Return the pair before each word and one after the last; empty where a mark intervenes."""
    pairs = [""] * (len(line) + 1)
    for index in range(1, len(line)):
        if line[index].joins:
            pairs[index] = f"{line[index - 1].syllable} {line[index].syllable}"
    return pairs


def _have_company(pairs: list[str]) -> list[bool]:
    """Return for each word whether it was ever seen beside a neighbour.

    A word that was seen beside a longer word must stand beside all of it: from "các chuyên gia"
    nothing follows for "chuyên" after "các", and for "các" only if "chuyên" has its neighbour, too.

    Args:
        pairs: the pairs around the words, from `_pairs_around`.
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
