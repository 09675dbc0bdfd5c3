"""Notes, which are out of the way of the text: those that the source marks, and those it lists."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Document, Kind
from audiobook.tidy.note_marks import marks_in, value_of
from audiobook.tidy.step import Result, chapter_bounds, exchange, paragraphs, remove, sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Chapter, Paragraph

_LABEL = re.compile(
    r"(?:(?:chú thích|ghi chú|chú giải|cước chú|(?:tài liệu |thư mục )?tham khảo"
    r"|(?:end|foot)?notes?|references|bibliography)(?: của .{1,40})?|\[?\*{1,3}\]?)\W{0,3}",
    re.IGNORECASE,
)
# Below these there may be a list that is text: "Ghi chú: 1. Mang ô."
_DOUBTFUL = re.compile(r"(?:ghi chú|notes?)\b", re.IGNORECASE)
_REFERENCES = re.compile(r"(?:tài liệu |thư mục )?tham khảo|references|bibliography", re.IGNORECASE)
# What is listed there: a year, an address, a publisher, or a number before it.
_SOURCE = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|https?://|www\.|\bNxb\b|\bNXB\b|Nhà xuất bản|[Tt]ạp chí|\bISBN\b"
    r"|\A\s*(?:\[?\d{1,3}[\].)]|[-•–])\s"
)
_LONGEST_LABEL = 60
_ENTRY = re.compile(
    r"(?:\[(?P<bracketed>\d{1,3})\]|\((?P<rounded>\d{1,3})\)|(?P<raised>[⁰¹²³⁴-⁹]+)"
    r"|(?P<plain>\d{1,3})[.):]?(?=\s)|(?P<star>\(\*{1,3}\)|\*{1,3}(?![\s*]*\Z)))\s*\S"
)
# Notes that go on in paragraphs without numbers: at most so many between two that have them.
_LONGEST_NOTE = 4


class _Entry(NamedTuple):
    form: str
    number: int
    """What it is called by in the text; 0 for a star."""


def find_notes(document: Document) -> Document:
    """Mark as notes what stands at the end of a chapter and explains marks in its text.

    Either a label stands above (Chú thích:, Tài liệu tham khảo), or each paragraph begins with a
    mark that the chapter has too. Nothing is left out here: what notes are is `drop_notes`' to
    know.
    """
    everything = paragraphs(document)
    notes: set[int] = set()
    bounds = list(sections(document))
    everywhere = marks_in(everything)
    for first, end in bounds:
        numbers = [n for n in range(first, end) if everything[n].kind is not Kind.BREAK]
        here = marks_in(everything[first:end])
        known = everywhere if (first, end) == bounds[-1] else here
        notes.update(_labelled(everything, numbers, known))
        if notes.isdisjoint(numbers):
            notes.update(_unlabelled(everything, numbers, known))
    for (first, end), chapter in zip(chapter_bounds(document), document.chapters, strict=True):
        if _is_label(chapter.title) and _begins_with_notes(chapter):
            notes.update(range(first, end))
    changed = {
        number: [replace(everything[number], kind=Kind.NOTE, level=0)]
        for number in notes
        if everything[number].kind is not Kind.NOTE
    }
    return exchange(document, changed)[0]


def _begins_with_notes(chapter: Chapter) -> bool:
    """Whether the first paragraph below the title of a chapter is a note or a source."""
    for paragraph in chapter.paragraphs:
        if paragraph.kind not in (Kind.HEADING, Kind.BREAK) and paragraph.text != chapter.title:
            is_source = _REFERENCES.match(chapter.title) and _SOURCE.search(paragraph.text)
            return bool(is_source or _entry(paragraph.text))
    return False


def _labelled(
    everything: Sequence[Paragraph], numbers: Sequence[int], marks: set[int]
) -> list[int]:
    """Return the notes below the last label of a section, and the label."""
    label = max(
        (place for place, number in enumerate(numbers) if _is_label(everything[number].text)),
        default=-1,
    )
    if label < 0:
        return []
    head, below = everything[numbers[label]], numbers[label + 1 :]
    if _REFERENCES.match(head.text) and head.text[-1:].isalnum() | (head.kind is Kind.HEADING):
        listed = _references(everything, below, is_marked=head.kind is Kind.HEADING)
    else:
        listed = _entries(everything, below)
        entries = [_entry(everything[number].text) for number in listed]
        known = sum(entry.number in marks for entry in entries if entry)
        is_explained = 2 * known >= sum(entry is not None for entry in entries) > 0
        is_doubtful = _DOUBTFUL.match(head.text) and any(
            entry and entry.form == "plain" for entry in entries
        )
        if head.kind is Kind.HEADING and listed and not is_doubtful:
            listed = list(below)
        if not is_explained and (is_doubtful or len(listed) < len(below)):
            return []
    return [numbers[label], *listed] if listed else []


def _references(
    everything: Sequence[Paragraph], below: Sequence[int], *, is_marked: bool
) -> list[int]:
    """Return the sources that begin right here; below a marked heading, up to the last of them."""
    sources = [
        place for place, number in enumerate(below) if _SOURCE.search(everything[number].text)
    ]
    if is_marked:
        return list(below[: sources[-1] + 1] if sources else below)
    count = sum(place == source for place, source in enumerate(sources))
    return list(below[:count])


def _entries(everything: Sequence[Paragraph], below: Sequence[int]) -> list[int]:
    """Return the numbered notes that begin right here, with the paragraphs between them."""
    listed: list[int] = []
    between: list[int] = []
    last = _Entry("", 0)
    for number in below:
        entry = _entry(everything[number].text)
        goes_on = entry is not None and (not listed or _goes_on(last, entry))
        if entry is not None and goes_on:
            listed += [*between, number]
            between, last = [], entry
        elif not listed or len(between) == _LONGEST_NOTE:
            break
        else:
            between.append(number)
    return listed


def _unlabelled(
    everything: Sequence[Paragraph], numbers: Sequence[int], marks: set[int]
) -> list[int]:
    """Return the paragraphs at the end of a section that each begin with a mark of its text."""
    start = len(numbers)
    following: _Entry | None = None
    for place in reversed(range(1, len(numbers))):
        entry = _entry(everything[numbers[place]].text)
        if entry is None or entry.form == "plain" or entry.number not in marks:
            break
        if following is not None and not _goes_on(entry, following):
            break
        start, following = place, entry
    return list(numbers[start:])


def _goes_on(entry: _Entry, following: _Entry) -> bool:
    """Whether one note may follow another: of one form, and counting up."""
    return entry.form == following.form and (
        following.number == 0 or entry.number < following.number <= entry.number + 2
    )


def _entry(text: str) -> _Entry | None:
    found = _ENTRY.match(text)
    if found is None or found.lastgroup is None:
        return None
    form = found.lastgroup
    return _Entry(form, 0 if form == "star" else value_of(found[form]))


def drop_notes(document: Document) -> Result:
    """Leave out notes, and the line above that says they follow."""
    gone: list[int] = []
    heads_notes = False
    numbered = list(enumerate(paragraphs(document)))
    for number, paragraph in reversed(numbered):
        if paragraph.kind is Kind.NOTE:
            heads_notes = True
        elif not (heads_notes and _is_label(paragraph.text)):
            heads_notes = False
            continue
        else:
            heads_notes = False
        gone.append(number)
    return remove(document, gone)


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text) is not None
