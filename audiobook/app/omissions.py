"""Counts what a book leaves out of its source, and finds what may be too much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobook.model import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Change, LeftOut

_LARGE_SHARE = 0.03
"""A step that leaves out a larger share of the words may leave out too much."""
_LARGE_CHAPTER = 150
"""So may one that leaves out a chapter of more words."""


@dataclass(frozen=True, slots=True)
class LargeOmission:
    """A step that leaves out much of a text."""

    position: int
    """The position of its change among those of the document."""
    change: Change
    """What it did; without what stood beside the text, as a menu does."""
    chapters: tuple[LeftOut, ...]
    """The long chapters that it leaves out."""
    share: float
    """The share of the words of the text that it leaves out, from 0 to 1."""


def count_all_words(changes: Iterable[Change], words: int) -> int:
    """Return the words of a source: those that are read, and those that are left out.

    Args:
        changes: the changes that were made to the text.
        words: the number of words that will be read.
    """
    return words + sum(change.words for change in changes)


def find_large_omissions(changes: Sequence[Change], words: int) -> list[LargeOmission]:
    """Return the steps that leave out much of a text, or a long chapter of it.

    Words that stood beside the text, and not in it, do not count.

    Args:
        changes: the changes that were made to the text.
        words: the number of words that will be read.
    """
    text_changes = [_without_beside(change) for change in changes]
    total = count_all_words(text_changes, words)
    omissions = []
    for position, change in enumerate(text_changes):
        chapters = tuple(piece for piece in change.left_out if _is_large_chapter(piece))
        if change.words > _LARGE_SHARE * total or chapters:
            share = change.words / total if total else 0.0
            omissions.append(LargeOmission(position, change, chapters, share))
    return omissions


def _without_beside(change: Change) -> Change:
    text_pieces = (piece for piece in change.left_out if not piece.is_beside)
    return replace(change, left_out=tuple(text_pieces))


def _is_large_chapter(piece: LeftOut) -> bool:
    return piece.is_chapter and not piece.instead and count_words(piece.text) > _LARGE_CHAPTER
