"""How the columns of a file are set: margins, indents, spacing and type, page by page."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, TypeVar

from audiobook.stages.readers.pdf.lines import LARGE, PrintedLine, commonest
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

# As shares of the height of a line, which is 1.2 times the size of the type.
_SMALL = 0.93
INDENT = 0.5
# Where fewer lines of a page than this begin with a small letter, it is no running text: verse, a
# title page, a list.
_FEW_LINES, _SMALL_STARTS = 4, 0.15
# Lines that end within this many points of a margin are at it; if this share is, text is
# justified.
EDGE, _JUSTIFIED = 2, 0.3
# A page has a text size of its own if it has at least so many lines, and such a share, of that
# size.
_OWN_LINES, _OWN_SHARE = 3, 0.5
# A line shorter than this many times its height may end beside another by chance.
_LONG = 8
_Key = TypeVar("_Key")
_SENTENCE_END = re.compile(r"[.!?…:;][”’»\")\]]*$")


def ends_sentence(text: str) -> bool:
    """Whether a text ends as sentences do."""
    return _SENTENCE_END.search(text) is not None


@dataclass(slots=True)
class _Column:
    """A column of a page."""

    left: float
    right: float
    leading: float
    """From line to line, in points."""


class Margins:
    """Where the lines of a file begin and end, each measured by those around it.

    A file changes its margins: an introduction, a passage set in, a table. So a line is compared
    with its own column of its own page, and with those beside it, before the rest of the file.
    """

    def __init__(self, lines: Sequence[PrintedLine], body: float) -> None:
        self.body = body
        self._own_sizes = _own_sizes(lines, body)
        text = [line for line in lines if not line.is_note and self.is_body(line)] or list(lines)
        self._columns = self._measure(text)
        self._set_in = _set_in_margins(lines)
        self._is_flush = _flush_lines(text)
        at_edge = sum(self.room(line) <= EDGE for line in text)
        self.is_justified = at_edge > _JUSTIFIED * len(text)
        self._unfilled = _unfilled_columns(text)
        indents = Counter(round(self.indent(line)) for line in text)
        usual = max(
            (indent for indent in indents if indent > INDENT * body),
            key=lambda indent: indents[indent],
            default=0,
        )
        self.usual_indent = usual if indents[usual] * 20 >= len(text) else 0

    def _measure(self, text: Sequence[PrintedLine]) -> dict[tuple[int, ...], _Column]:
        """Measure each column of each page, by the lines of the whole file where it has few."""
        everywhere = _group_by(text, lambda line: line.margins_key)
        lefts = {
            place: _left_edge([line.left for line in lines]) for place, lines in everywhere.items()
        }
        rights = {
            place: sorted(line.right for line in lines)[int(len(lines) * 0.98)]
            for place, lines in everywhere.items()
        }
        leading = _leading(text)
        columns = {}
        for column_key, lines in _group_by(text, _column_key).items():
            place = lines[0].margins_key
            left, right = lefts[place], rights[place]
            if len(lines) >= _FEW_LINES:
                left, right = _left_edge([line.left for line in lines]), _right_edge(lines)
            columns[column_key] = _Column(left, right, _leading(lines) or leading)
        self._usual = {place: _Column(lefts[place], rights[place], leading) for place in everywhere}
        return columns

    def _column(self, line: PrintedLine) -> _Column:
        return (
            self._columns.get(_column_key(line))
            or self._usual.get(line.margins_key)
            or _Column(line.left, line.right, 0.0)
        )

    def room(self, line: PrintedLine) -> float:
        """Return how many points of its measure a line leaves blank."""
        return 0.0 if id(line) in self._is_flush else self._column(line).right - line.right

    def share_of_room(self, line: PrintedLine) -> float:
        """Return the share of its measure that a line leaves blank."""
        column = self._column(line)
        return self.room(line) / max(column.right - column.left, 1)

    def indent(self, line: PrintedLine) -> float:
        """Return how many points a line begins to the right of its margin."""
        return line.left - self._set_in.get(id(line), self._column(line).left)

    def leading(self, line: PrintedLine) -> float:
        """Return the distance from line to line where this one stands."""
        return self._column(line).leading

    def is_unfilled(self, line: PrintedLine) -> bool:
        """Whether a line stands on a page of lines that are no running text."""
        return _column_key(line) in self._unfilled

    def is_body(self, line: PrintedLine) -> bool:
        """Whether a line is of the size of the text, of the file or of its page."""
        return self.body * _SMALL <= line.size <= self.body * LARGE or self._is_own(line)

    def is_large(self, line: PrintedLine) -> bool:
        """Whether a line is of larger type than the text is."""
        return line.size > self.body * LARGE and not line.is_note and not self._is_own(line)

    def _is_own(self, line: PrintedLine) -> bool:
        own_size = self._own_sizes.get(line.page)
        return own_size is not None and own_size * _SMALL <= line.size <= own_size * LARGE


def _column_key(line: PrintedLine) -> tuple[int, ...]:
    return line.page, line.column, line.turn


def _group_by(
    lines: Iterable[PrintedLine], key: Callable[[PrintedLine], _Key]
) -> dict[_Key, list[PrintedLine]]:
    groups: dict[_Key, list[PrintedLine]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return groups


def _own_sizes(lines: Sequence[PrintedLine], body: float) -> dict[int, float]:
    """Return the sizes of pages that are set larger than the file is: slides, above all."""
    sizes = {}
    for page, group in _group_by(lines, lambda line: line.page).items():
        size = commonest((line.size, len(line.text)) for line in group)
        same = [line for line in group if abs(line.size - size) < 0.05 * size]
        letters = sum(len(line.text) for line in same)
        share = letters / max(sum(len(line.text) for line in group), 1)
        if size > body * LARGE and len(same) >= _OWN_LINES and share >= _OWN_SHARE:
            sizes[page] = size
    return sizes


def _set_in_margins(lines: Sequence[PrintedLine]) -> dict[int, float]:
    """Return the margins of lines that are set in together: where their sentences go on.

    Lines that begin at the same place are a block of their own if one of them begins with a small
    letter behind a line that ends no sentence; else they may be paragraphs of one line each.
    """
    margins: dict[int, float] = {}
    for _, column in groupby(lines, key=_column_key):
        run: list[PrintedLine] = []
        for line in column:
            if run and abs(line.left - run[0].left) > EDGE:
                margins |= _margins_of(run)
                run = []
            run.append(line)
        margins |= _margins_of(run)
    return margins


def _margins_of(run: Sequence[PrintedLine]) -> dict[int, float]:
    goes_on = any(
        following.text[:1].islower() and not ends_sentence(line.text)
        for line, following in pairwise(run)
    )
    return {id(line): line.left for line in run} if goes_on else {}


def _flush_lines(text: Sequence[PrintedLine]) -> set[int]:
    """Return the lines that end exactly where one beside them ends: they fill their measure."""
    flush: set[int] = set()
    for line, following in pairwise(text):
        near = _column_key(line) == _column_key(following) and line.size == following.size
        shorter = min(line.right - line.left, following.right - following.left)
        if near and abs(line.right - following.right) < EDGE / 2 and shorter > _LONG * line.size:
            flush |= {id(line), id(following)}
    return flush


def _unfilled_columns(text: Sequence[PrintedLine]) -> set[tuple[int, ...]]:
    unfilled = set()
    for column_key, lines in _group_by(text, _column_key).items():
        small = sum(line.text[0].islower() for line in lines)
        if len(lines) >= _FEW_LINES and small < _SMALL_STARTS * len(lines):
            unfilled.add(column_key)
    return unfilled


def _leading(lines: Sequence[PrintedLine]) -> float:
    return commonest(
        (round(line.bottom - following.bottom), 1)
        for line, following in pairwise(lines)
        if _column_key(line) == _column_key(following) and line.bottom > following.bottom
    )


def _left_edge(lefts: Sequence[float]) -> float:
    """Return the left-most place where a good share of lines begin."""
    counts = Counter(map(round, lefts))
    return min(left for left, count in counts.items() if count * 10 >= max(counts.values()))


def _right_edge(lines: Sequence[PrintedLine]) -> float:
    """Return where the lines of a column end: at one place if they are justified."""
    counts = Counter(round(line.right / EDGE) for line in lines)
    edge, count = counts.most_common(1)[0]
    if count > max(_JUSTIFIED * len(lines), 2):
        return max(line.right for line in lines if abs(round(line.right / EDGE) - edge) <= 1)
    return max(line.right for line in lines)
