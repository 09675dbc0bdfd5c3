"""Notes at the foot of pages, recognised by place, mark, type and the rule over them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobook.stages.readers.pdf.lines import PrintedLine

_SMALL = 0.93
NOTE_MARK = re.compile(r"[(\[]?(\d{1,3}|[*†‡]{1,3})[)\]]?(?:[.:]?\s+|(?=\w))")
RAISED_MARK = re.compile(r"[(\[]?(?:\d{1,3}|[*†‡]{1,3})(?:,(?:\d{1,3}|[*†‡]{1,3}))*[)\]]?")
_BRACKETED = re.compile(r"[(\[](\d{1,3}|[*†‡]{1,3})[)\]]|(?<=\w)([*†‡]{1,3})")
# The largest distance between a rule and the first note under it, in heights of a line.
_CLOSE = 1.6


def mark_notes(
    lines: Sequence[PrintedLine],
    body: float,
    rules: Mapping[int, Sequence[tuple[float, float, float]]],
) -> dict[int, set[str]]:
    """Mark the lines of notes, and return the marks that stand in the text of each page for them.

    A note stands at the foot of a column and begins with a mark. It is set smaller or under a
    rule; and its mark is in the text over it, or raised, or the rule is there, or it is a star and
    stands apart. Small type alone may be an exercise, a table or a program.

    Args:
        lines: of all pages, in the order they are read.
        body: the height of the lines of the text.
        rules: the short horizontal lines of each page.
    """
    marks: dict[int, set[str]] = defaultdict(set)
    columns: dict[tuple[int, int, int], list[PrintedLine]] = defaultdict(list)
    for line in lines:
        columns[line.page, line.column, line.turn].append(line)
    open_page = -1  # where a note was found that may go on
    for (page, _, turn), column in columns.items():
        start = _first_at_foot(column, body, rules.get(page, ()) if turn == 0 else ())
        foot = column[start:]
        if not foot:
            continue
        ruled = _is_ruled(column, start, rules.get(page, ()))
        called = _marks_in(column[:start])
        is_open = ruled and open_page == page - 1
        apart = start > 0 and column[start - 1].bottom - foot[0].top > foot[0].size
        for line in foot:
            mark = NOTE_MARK.match(line.text)
            raised = line.is_raised(line.words[0])
            starred = apart and mark is not None and not mark[1].isdigit()
            if mark and (ruled or raised or starred or mark[1] in called):
                marks[page].add(mark[1])
                is_open = True
            if is_open:
                line.is_note, open_page = True, page
    return marks


def _first_at_foot(
    column: Sequence[PrintedLine], body: float, rules: Sequence[tuple[float, float, float]]
) -> int:
    """Return where the lines at the foot of a column begin that may be notes."""
    start = len(column)
    while start and column[start - 1].size < body * _SMALL:
        start -= 1
    for index in range(start - 1, max(start - 12, 0), -1):
        if _is_ruled(column, index, rules):
            return index
    return start


def _is_ruled(
    column: Sequence[PrintedLine], index: int, rules: Sequence[tuple[float, float, float]]
) -> bool:
    """Whether a short rule that begins where the column does parts a line from that before it."""
    if not 0 < index < len(column):
        return False
    line, previous = column[index], column[index - 1]
    edge = min(other.left for other in column)
    return any(
        line.bottom + 0.7 * line.size < height < line.top + _CLOSE * line.size
        and height < previous.bottom + 0.4 * previous.size
        and abs(left - edge) < 2 * line.size
        for left, _, height in rules
    )


def _marks_in(lines: Sequence[PrintedLine]) -> set[str]:
    """Return the marks of notes in lines of text: raised, in brackets, or stars behind a word."""
    marks: set[str] = set()
    for line in lines:
        for match in _BRACKETED.finditer(line.text):
            marks.add(match[1] or match[2])
        for word in line.words:
            if line.is_raised(word) and RAISED_MARK.fullmatch(word.text):
                marks.update(word.text.strip("()[]").split(","))
    return marks
