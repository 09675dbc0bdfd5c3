"""The levels of chapters as one line of text, for formats whose lists of chapters are flat.

Where a format lists only so many chapters, the innermost are left out first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import BoundChapter, Chapter

_AnyChapter = TypeVar("_AnyChapter", "BoundChapter", "Chapter")

KEY = "audiobook-levels"
"""The name of the tag, in every format."""

_DEEPEST = 9


def write_levels(chapters: Sequence[BoundChapter]) -> str:
    """Return the levels of all chapters; empty where all are of the first level."""
    levels = [chapter.level for chapter in chapters]
    return " ".join(map(str, levels)) if any(level > 1 for level in levels) else ""


def outermost(chapters: Sequence[_AnyChapter], most: int) -> Sequence[_AnyChapter]:
    """Return at most so many chapters, leaving out the innermost first; all for a most of 0."""
    while most and len(chapters) > most:
        deepest = max(chapter.level for chapter in chapters)
        outer = [chapter for chapter in chapters if chapter.level < deepest]
        chapters = outer or chapters[:most]
    return chapters


def parse_levels(text: str, count: int) -> list[int]:
    """Return the level of each of a number of chapters: 1 where the text does not say.

    >>> parse_levels("1 2 2", 3)
    [1, 2, 2]
    >>> parse_levels("1 2", 3)
    [1, 1, 1]
    """
    words = text.split()
    if len(words) != count or not all(word.isdecimal() and len(word) == 1 for word in words):
        return [1] * count
    return [min(max(int(word), 1), _DEEPEST) for word in words]
