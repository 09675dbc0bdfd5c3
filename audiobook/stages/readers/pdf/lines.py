"""Words on a page become lines, in the order they are read, column by column."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.system.pdfium.words import OVERLAP, TOUCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobook.stages.readers.pdf.words import Word

LARGE = 1.12
"""Lines are headings if their type is more than this many times as large as that of the body."""

# As a share of the height of a line, which is 1.2 times the size of the type.
_COLUMN_GAP = 1.0
# A gutter has at least so many lines on both sides, and few lines across.
_COLUMN_LINES, _ACROSS = 5, 0.2
# Two words are one over the other if they share at least this much of the narrower one's width,
# and their type is of nearly one size.
_OVER, _AS_LARGE = 0.3, 0.8
# A page of more pieces than this is a map or a drawing.
_MOST_SEGMENTS = 2000


@dataclass(eq=False, kw_only=True)
class PrintedLine:
    """Words side by side: a line of a column, or a piece of one."""

    words: list[Word]
    page: int
    """From 0."""
    column: int = 0
    columns: int = 1
    """How many stand side by side here."""
    turn: int = 0
    """Which of the directions of its page it runs in, 0 for that of most lines."""
    is_note: bool = False

    @cached_property
    def left(self) -> float:
        """Where it begins, in points from the left."""
        return min(word.left for word in self.words)

    @cached_property
    def right(self) -> float:
        """Where it ends."""
        return max(word.right for word in self.words)

    @cached_property
    def size(self) -> float:
        """Height in points: 1.2 times the size of the type."""
        return round(statistics.median_high(word.top - word.bottom for word in self.words), 1)

    @cached_property
    def bottom(self) -> float:
        """In points from the lower edge of the page."""
        return statistics.median_low(word.bottom for word in self.words)

    @property
    def top(self) -> float:
        """In points from the lower edge of the page."""
        return self.bottom + self.size

    @cached_property
    def text(self) -> str:
        """Its words."""
        return text_of(self.words)

    @property
    def margins_key(self) -> tuple[int, int, int, int]:
        """What lines with the same margins share: left and right pages have their own."""
        return self.page % 2, self.column, self.columns, self.turn

    def is_raised(self, word: Word) -> bool:
        """Whether a word is a superscript."""
        small = word.top - word.bottom < 0.8 * self.size
        return small and word.bottom > self.bottom + 0.1 * self.size


def is_beside(bottom: float, top: float, word: Word) -> bool:
    """Whether a word is at the height of another, or of a line.

    Args:
        bottom: lower edge of the other, in points.
        top: its upper edge.
        word: the word.
    """
    overlap = min(top, word.top) - max(bottom, word.bottom)
    return overlap > 0.5 * min(top - bottom, word.top - word.bottom)


def text_of(words: Iterable[Word]) -> str:
    """Return words as text."""
    return "".join(("" if word.glued else " ") + word.text for word in words).strip()


def commonest(weighed: Iterable[tuple[float, int]]) -> float:
    """Return the value of the greatest weight, 0 for none."""
    weights: Counter[float] = Counter()
    for value, weight in weighed:
        weights[value] += weight
    return max(weights, key=lambda value: weights[value], default=0.0)


def segments_of(words: Sequence[Word], page: int, turn: int = 0) -> list[PrintedLine]:
    """Divide words where they leave the line, or leave a gap as between columns.

    Args:
        words: in the order in which the page draws them.
        page: from 0.
        turn: the direction in which their lines run, 0 for that of most lines of the page.
    """
    segments: list[PrintedLine] = []
    for word in words:
        if segments:
            last = segments[-1].words[-1]
            gap = (word.left - last.right) / max(last.top - last.bottom, 1)
            if word.glued or (-0.5 < gap < _COLUMN_GAP and is_beside(last.bottom, last.top, word)):
                segments[-1].words.append(word)
                continue
        segments.append(PrintedLine(words=[word], page=page, turn=turn))
    return segments


def lines_of(segments: list[PrintedLine]) -> list[PrintedLine]:
    """Return the lines of a page in the order they are read, column by column."""
    lines: list[PrintedLine] = []
    for column, columns, members in _lines_by_column(segments):
        rows: list[list[PrintedLine]] = []
        for segment in sorted(members, key=lambda segment: -segment.bottom):
            row = next((row for row in reversed(rows[-3:]) if _is_in_row(segment, row)), None)
            if row is None:
                rows.append([segment])
            else:
                row.append(segment)
        for row in rows:
            words = [word for segment in row for word in segment.words]
            words = _side_by_side(words) if len(row) > 1 else words
            lines.append(
                PrintedLine(
                    words=words, page=row[0].page, column=column, columns=columns, turn=row[0].turn
                )
            )
    return lines


def _is_in_row(segment: PrintedLine, row: Sequence[PrintedLine]) -> bool:
    """Whether a piece of a line belongs to others: at their height, and over or under none.

    Lines of two columns may overlap in height, each with the next of the other.
    """
    bottom = statistics.median_low(other.bottom for other in row)
    top = bottom + statistics.median_high(other.size for other in row)
    return is_beside(bottom, top, segment.words[0]) and not any(
        _is_over(segment, other) for other in row
    )


def _is_over(segment: PrintedLine, other: PrintedLine) -> bool:
    """Whether words of two pieces of lines, of type of one size, stand one over the other.

    Pieces alone may: the letters that a font lacks are drawn later, into the blanks.
    """
    small, large = sorted((segment.size, other.size))
    if segment.right <= other.left or other.right <= segment.left or small < _AS_LARGE * large:
        return False
    return any(
        min(word.right, other_word.right) - max(word.left, other_word.left)
        > _OVER * min(word.right - word.left, other_word.right - other_word.left)
        for word in segment.words
        for other_word in other.words
    )


def _side_by_side(words: list[Word]) -> list[Word]:
    """Sort words from the left; those that are glued to the one before stay with it.

    Words that touch are one: letters that a font lacks are drawn later, from another.
    """
    chains: list[list[Word]] = []
    for word in words:
        if word.glued and chains:
            chains[-1].append(word)
        else:
            chains.append([word])
    in_order = [word for chain in sorted(chains, key=lambda chain: chain[0].left) for word in chain]
    touching = [
        word._replace(glued=word.glued or _touch(last, word)) for last, word in pairwise(in_order)
    ]
    return [*in_order[:1], *touching]


def _touch(word: Word, following: Word) -> bool:
    height = word.top - word.bottom
    gap = (following.left - word.right) / max(height, 1)
    is_level = abs(following.bottom - word.bottom) < 0.1 * height
    is_as_large = abs(following.top - following.bottom - height) < 0.1 * height
    return is_level and is_as_large and OVERLAP < gap < TOUCH


def _lines_by_column(segments: list[PrintedLine]) -> Iterator[tuple[int, int, list[PrintedLine]]]:
    """Yield the columns of a page, each with its place from the left and how many there are.

    Lines across a gutter part the columns above them from those below.
    """
    gutter = _gutter(segments)
    if gutter is None:
        yield 0, 1, segments
        return
    across = sorted(
        (segment for segment in segments if segment.left < gutter < segment.right),
        key=lambda segment: -segment.bottom,
    )
    ceiling = float("inf")
    for crossing in [*across, None]:
        floor = crossing.bottom if crossing else float("-inf")
        band = [
            segment
            for segment in segments
            if segment not in across and floor < segment.bottom <= ceiling
        ]
        left = [segment for segment in band if segment.right <= gutter]
        right = [segment for segment in band if segment.right > gutter]
        for column, members in enumerate((left, right)):
            if members:
                yield column, 2, members
        if crossing:
            yield 0, 1, [crossing]
        ceiling = floor


def _gutter(segments: list[PrintedLine]) -> float | None:
    """Find the middle of the blank between two columns."""
    if len(segments) > _MOST_SEGMENTS:
        return None
    starts = Counter(round(segment.left) for segment in segments)
    best: tuple[int, float] | None = None
    for start, count in starts.items():
        if count < _COLUMN_LINES // 2:
            continue
        left = [segment for segment in segments if segment.right <= start + 1]
        edge = max((segment.right for segment in left), default=0.0)
        right = [segment for segment in segments if segment.left > edge]  # indented or not
        across = len(segments) - len(left) - len(right)
        if min(len(left), len(right)) < _COLUMN_LINES or across > _ACROSS * len(segments):
            continue
        beside = min(max(e.top for e in left), max(e.top for e in right)) - max(
            min(e.bottom for e in left), min(e.bottom for e in right)
        )
        width = max(segment.right for segment in segments) - min(
            segment.left for segment in segments
        )
        narrow = min(
            statistics.median(segment.right - segment.left for segment in side)
            for side in (left, right)
        )
        if beside > 0 and narrow > width / 5 and (best is None or across < best[0]):
            best = across, (edge + min(segment.left for segment in right)) / 2
    return best[1] if best else None
