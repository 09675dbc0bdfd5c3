"""Patterns of tables, which hold thousands of words where a text needs a few."""

from __future__ import annotations

import re
import sys
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from audiobook.vietnamese.table import any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator


class WordPattern:
    """Finds words of a table, as a regular expression of them all would.

    A word is looked up, so that a large table costs nothing before it is needed.

    Args:
        shape: an expression that matches every word of the table and its surroundings.
        words: the table; case matters.
    """

    def __init__(self, shape: str, words: Collection[str]) -> None:
        self._shape = re.compile(shape)
        self._words = frozenset(words)

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize
    ) -> Iterator[re.Match[str]]:
        """Yield the words between two positions, as `re.Pattern.finditer` does."""
        return (
            match for match in self._shape.finditer(text, start, end) if match[0] in self._words
        )

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first word between two positions."""
        return next(self.finditer(text, start, end), None)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the word at a position."""
        match = self._shape.match(text, start, end)
        return match if match and match[0] in self._words else None


class ListPattern:
    """Matches the longest word of a table that stands at a position, if its end fits there.

    The words with one first letter are compiled when a text has that letter at the position.

    Args:
        before: an expression of no width that must match before a word.
        words: the table; case matters.
        end: returns the expression that must follow a word.
    """

    def __init__(self, before: str, words: Collection[str], end: Callable[[str], str]) -> None:
        self._before, self._end = before, end
        self._words = {
            first: list(group) for first, group in groupby(sorted(words), key=itemgetter(0))
        }
        self._patterns: dict[str, re.Pattern[str]] = {}

    @cached_property
    def pattern(self) -> str:
        """The expression for all words."""
        return self._expression([word for words in self._words.values() for word in words])

    def match(self, text: str, start: int) -> re.Match[str] | None:
        """Return the word at a position."""
        first = text[start : start + 1]
        if first not in self._words:
            return None
        if first not in self._patterns:
            self._patterns[first] = re.compile(self._expression(self._words[first]))
        return self._patterns[first].match(text, start)

    def _expression(self, words: list[str]) -> str:
        return f"{self._before}(?:{any_of(words, self._end)})"
