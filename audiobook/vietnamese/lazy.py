"""Patterns of tables, which hold thousands of them where a text needs a few."""

from __future__ import annotations

import re
import sys
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class LazyPattern:
    """A regular expression that is compiled when it is first searched for.

    Args:
        expression: as for `re.compile`.
        flags: as for `re.compile`.
    """

    def __init__(self, expression: str, flags: int = 0) -> None:
        self._expression = expression
        self._flags = flags

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self._expression, self._flags)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match between two positions, as `re.Pattern.search` does."""
        return self._pattern.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match at a position, as `re.Pattern.match` does."""
        return self._pattern.match(text, start, end)


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
