"""Notes: those that the source marks, those below a label, and those that explain marks."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.stages.tidy.labelled_notes import begins_with_notes, is_label, labelled_notes
from audiobook.stages.tidy.note_entries import entry_of
from audiobook.stages.tidy.note_marks import (
    marks_of,
    numbers_of,
)
from audiobook.stages.tidy.step import (
    Result,
    all_paragraphs,
    chapter_bounds,
    exchange_paragraphs,
    remove_paragraphs,
    sections,
)
from audiobook.stages.tidy.unlabelled_notes import (
    notes_within_text,
    plainly_numbered,
    unlabelled_notes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Paragraph


def find_notes(document: Document) -> Document:
    """Mark as notes what stands at the end of a chapter and explains marks in its text.

    Either a label stands above (Chú thích:, Tài liệu tham khảo), or each paragraph begins with a
    mark that the chapter has too. Nothing is left out here: `drop_notes` does that.
    """
    paragraphs = all_paragraphs(document)
    notes: set[int] = set()
    bounds = sections(document)
    marks = [marks_of(paragraph) for paragraph in paragraphs]
    all_numbers = numbers_of(chain.from_iterable(marks))
    for first, end in bounds:
        numbers = [n for n in range(first, end) if paragraphs[n].kind is not Kind.BREAK]
        own_numbers = numbers_of(chain.from_iterable(marks[first:end]))
        reachable_numbers = all_numbers if (first, end) == bounds[-1] else own_numbers
        notes.update(labelled_notes(paragraphs, numbers, set(reachable_numbers)))
        explaining = set(notes_within_text(paragraphs, numbers, marks))
        if (notes | explaining).isdisjoint(numbers[-1:]):
            explaining.update(
                unlabelled_notes(paragraphs, numbers, own_numbers)
                or unlabelled_notes(paragraphs, numbers, reachable_numbers)
                or plainly_numbered(paragraphs, numbers, chain.from_iterable(marks[first:end]))
            )
        if explaining:
            notes |= explaining - _bullets(paragraphs, numbers, reachable_numbers)
    for (first, end), chapter in zip(chapter_bounds(document), document.chapters, strict=True):
        if is_label(chapter.title) and begins_with_notes(chapter):
            notes.update(range(first, end))
    changed = {
        number: [replace(paragraphs[number], kind=Kind.NOTE, level=0)]
        for number in notes
        if paragraphs[number].kind is not Kind.NOTE
    }
    return exchange_paragraphs(document, changed)[0]


def _bullets(
    paragraphs: Sequence[Paragraph], numbers: Sequence[int], marks: Sequence[int]
) -> set[int]:
    """Return the paragraphs of a section that a star makes items of a list, not notes.

    There are more of them than stars in the text which they could explain.
    """
    entries = ((number, entry_of(paragraphs[number].text)) for number in numbers)
    starred = {number for number, entry in entries if entry is not None and entry.number == 0}
    return starred if len(starred) > marks.count(0) else set()


def drop_notes(document: Document) -> Result:
    """Leave out notes, and the line above that says they follow."""
    note_numbers: list[int] = []
    heads_notes = False
    numbered = list(enumerate(all_paragraphs(document)))
    for number, paragraph in reversed(numbered):
        if paragraph.kind is Kind.NOTE:
            heads_notes = True
        elif not (heads_notes and is_label(paragraph.text)):
            heads_notes = False
            continue
        else:
            heads_notes = False
        note_numbers.append(number)
    return remove_paragraphs(document, note_numbers)
