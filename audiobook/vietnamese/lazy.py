"""Patterns of tables, which hold thousands of words where a text needs a few."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


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
