"""Tells whether what was heard fits its own sentence better than the rest of the book does."""

from __future__ import annotations

import math
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from audiobook.audit.listening_back.comparing import compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_OTHERS = 12
"""Other places of the book that it is compared with."""
_LONGEST = 40
"""Syllables of a sentence that are compared; so many are enough."""
_LEAST = 0.3
"""Of the deviation of what the other places cost, in syllables."""


class BookText:
    """All that should be said in a book.

    Args:
        sentences: the syllables of its sentences, by their numbers.
    """

    def __init__(self, sentences: Mapping[int, Sequence[str]]) -> None:
        self._syllables: list[str] = []
        self._spans: dict[int, tuple[int, int]] = {}
        for number, syllables in sentences.items():
            start = len(self._syllables)
            self._syllables.extend(syllables)
            self._spans[number] = start, len(self._syllables)

    def fit(self, number: int, heard: Sequence[str]) -> float:
        """Return how much better than other places of the book a sentence fits what was heard.

        The result is in deviations of what these places cost: near 0 if the sentence fits as
        badly as any other text, and infinite where the book holds nothing else.

        Args:
            number: the number of the sentence.
            heard: the syllables that were heard of it.
        """
        start, end = self._spans[number]
        count = min(end - start, _LONGEST)
        heard = heard[: count + count // 2]
        own = compare(self._syllables[start : start + count], heard).cost
        costs = [compare(other, heard).cost for other in self._others(start, end, count)]
        return (fmean(costs) - own) / max(pstdev(costs), _LEAST) if costs else math.inf

    def _others(self, start: int, end: int, count: int) -> Iterator[list[str]]:
        """Yield as many syllables from other places, spread evenly over the rest of the book."""
        total = len(self._syllables)
        room = total - (end - start) - count
        for number in range(_OTHERS if room >= count else 0):
            place = end + room * number // _OTHERS
            yield [self._syllables[index % total] for index in range(place, place + count)]
