"""Notes without a label: each begins with a mark that the text has, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.tidy.note_entries import Entry, entry_of, may_follow
from audiobook.stages.tidy.note_marks import (
    is_glued,
    numbers_of,
)
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Paragraph


def notes_within_text(
    paragraphs: Sequence[Paragraph],
    numbers: Sequence[int],
    marks: Sequence[Sequence[re.Match[str]]],
) -> list[int]:
    """Return the notes without a label that stand within a section, as where a page ended.

    They are paragraphs that each begin with a mark, and those marks are glued to words of the
    text right before, all of them and in the same order.

    Args:
        paragraphs: the paragraphs of the document.
        numbers: those of a section.
        marks: what could be marks in each paragraph of the document.
    """
    notes: list[int] = []
    unexplained: list[re.Match[str]] = []
    run: list[int] = []
    last: Entry | None = None
    for number in (*numbers, None):
        entry = None if number is None else entry_of(paragraphs[number].text)
        if entry is not None and entry.form == "plain":
            entry = None
        if entry is not None and number is not None and (last is None or may_follow(last, entry)):
            run.append(number)
            last = entry
            continue
        if run:
            values = [
                run_entry.number for place in run if (run_entry := entry_of(paragraphs[place].text))
            ]
            if numbers_of(unexplained) == values and all(map(is_glued, unexplained)):
                notes += run
            unexplained, run, last = [], [], None
        if number is not None:
            unexplained += [mark for mark in marks[number] if mark.start() > 0]
    return notes


def unlabelled_notes(
    paragraphs: Sequence[Paragraph], numbers: Sequence[int], marks: Sequence[int]
) -> list[int]:
    """Return the paragraphs at the end of a section that each begin with a mark of its text.

    Numbers and letters in round brackets count items as well: only if each has its one mark, in
    the same order, they are those of notes. So it is with marks of several forms.
    """
    mark_numbers = set(marks)
    start = len(numbers)
    following: Entry | None = None
    for place in reversed(range(1, len(numbers))):
        entry = entry_of(paragraphs[numbers[place]].text)
        if entry is None or entry.form == "plain" or entry.number not in mark_numbers:
            break
        if following is not None and not may_follow(entry, following):
            break
        start, following = place, entry
    listed = list(numbers[start:])
    entries = [entry for number in listed if (entry := entry_of(paragraphs[number].text))]
    forms = {entry.form for entry in entries}
    if len(forms) > 1 or forms & {"rounded", "lettered"}:
        values = [entry.number for entry in entries]
        explained = set(values)
        if [mark for mark in marks if mark in explained] != values:
            return []
    return listed


def plainly_numbered(
    paragraphs: Sequence[Paragraph], numbers: Sequence[int], marks: Iterable[re.Match[str]]
) -> list[int]:
    """Return the paragraphs at the end of a section that begin "1." as its marks are numbered.

    These are raised or in square brackets, put to words, and each is explained, in order.

    Args:
        paragraphs: the paragraphs of the document.
        numbers: those of the section.
        marks: what could be marks in it.
    """
    listed: list[int] = []
    for number in reversed(numbers):
        entry = entry_of(paragraphs[number].text)
        if entry is None or entry.form != "plain":
            break
        listed.insert(0, number)
    values = [entry.number for place in listed if (entry := entry_of(paragraphs[place].text))]
    glued = [mark for mark in marks if mark.start() > 0 and is_glued(mark)]
    called = (
        numbers_of(mark for mark in glued if mark.lastgroup == form)
        for form in ("raised", "bracketed")
    )
    return listed if values and values in called else []
