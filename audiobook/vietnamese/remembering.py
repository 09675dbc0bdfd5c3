"""Remembers what was found for words, while a book is read.

A text repeats its words, so that the rules look up most of them only once. A program that reads
texts for months must not keep what it found for the words of all, which may be as long as a file.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from functools import _lru_cache_wrapper

    Found = TypeVar("Found")

# A novel of 175,000 characters, Tắt đèn, has 6,006 of them with the signs beside them.
_MOST_WORDS = 1 << 14

_remembering: list[_lru_cache_wrapper[Any]] = []


def remember_words(find: Callable[[str], Found]) -> Callable[[str], Found]:
    """Return a function that finds the same for a word as another, and looks up each word once.

    What it returns must not be changed.
    """
    remembered = lru_cache(_MOST_WORDS)(find)
    _remembering.append(remembered)
    return remembered


@contextmanager
def words_remembered() -> Iterator[None]:
    """Read a book, and forget its words afterwards."""
    try:
        yield
    finally:
        for remembered in _remembering:
            remembered.cache_clear()
