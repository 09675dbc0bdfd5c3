"""Notes below a label: Chú thích:, Tài liệu tham khảo, a line of stars."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.tidy.note_entries import ENTRY, Entry, entry_of, may_follow
from audiobook.stages.tidy.note_marks import (
    marks_in,
)
from audiobook.stages.tidy.step import (
    is_speech,
)
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from audiobook.model import Chapter, Paragraph


_LABEL = re.compile(
    r"(?:(?:chú thích|ghi chú|chú giải|cước chú|(?:tài liệu |thư mục )?tham khảo"
    r"|(?:end|foot)?notes?|references|bibliography)(?: của .{1,40})?|\[?\*{1,3}\]?)\W{0,3}"
    r"|[_—-]{5,60}",
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
_HEADWORD = re.compile(r"[^:–—-]{2,40}(?=\s?:|\s[–—-]\s)")
# Notes that go on in paragraphs without numbers: at most so many between two that have them.
_LONGEST_NOTE = 4
# The last note of a section may go on in at most this many paragraphs.
_LONGEST_END = 2


def begins_with_notes(chapter: Chapter) -> bool:
    """Whether the first paragraph below the title of a chapter is a note or a source."""
    for paragraph in chapter.paragraphs:
        if paragraph.kind not in (Kind.HEADING, Kind.BREAK) and paragraph.text != chapter.title:
            is_source = _REFERENCES.match(chapter.title) and _SOURCE.search(paragraph.text)
            return bool(is_source or entry_of(paragraph.text))
    return False


def labelled_notes(
    paragraphs: Sequence[Paragraph], numbers: Sequence[int], marks: Collection[int]
) -> list[int]:
    """Return the notes below each label of a section, and the labels."""
    labels = [n for n, number in enumerate(numbers) if is_label(paragraphs[number].text)]
    notes: list[int] = []
    for label, following in pairwise([*labels, len(numbers)]):
        below = numbers[label + 1 : following]
        listed = _listed_notes(paragraphs, paragraphs[numbers[label]], below, marks)
        if listed and following == len(numbers) and _ends_with_notes(paragraphs, below, listed):
            listed = list(below)
        notes += [numbers[label], *listed] if listed else []
    return notes


def _listed_notes(
    paragraphs: Sequence[Paragraph], head: Paragraph, below: Sequence[int], marks: Collection[int]
) -> list[int]:
    """Return the notes that are listed below a label.

    Args:
        paragraphs: the paragraphs of the document.
        head: the label.
        below: the numbers of the paragraphs from it to the next label or the section's end.
        marks: the numbers of the marks in the text.
    """
    if _REFERENCES.match(head.text) and head.text[-1:].isalnum() | (head.kind is Kind.HEADING):
        return _sources(paragraphs, below, is_marked=head.kind is Kind.HEADING)
    listed = _numbered_notes(paragraphs, below)
    entries = [entry for number in listed if (entry := entry_of(paragraphs[number].text))]
    if not entries:
        return _unnumbered_notes(paragraphs, head, below)
    marked_count = sum(entry.number in marks for entry in entries)
    if 2 * marked_count >= len(entries) > 0:
        return list(below) if head.kind is Kind.HEADING else listed
    is_doubtful = not head.text[:1].isalpha() or (
        _DOUBTFUL.match(head.text) and any(entry.form == "plain" for entry in entries)
    )
    if is_doubtful:
        return []
    return list(below) if head.kind is Kind.HEADING or len(listed) == len(below) else []


def _ends_with_notes(
    paragraphs: Sequence[Paragraph], below: Sequence[int], listed: Sequence[int]
) -> bool:
    """Whether the few paragraphs after the last numbered note of a section go on with it.

    That must show, for a story may go on there: a note before has as many paragraphs without a
    number, or a single one speaks of the word that is explained. Nobody speaks in a note, and
    nothing has a mark of its own.
    """
    remaining = [paragraphs[number] for number in below[len(listed) :]]
    if (
        len(remaining) > _LONGEST_END
        or marks_in(remaining)
        or any(is_speech(paragraph.text) for paragraph in remaining)
    ):
        return False
    entries = [place for place, number in enumerate(listed) if entry_of(paragraphs[number].text)]
    if not entries:
        return False
    habit = max((later - earlier - 1 for earlier, later in pairwise(entries)), default=0)
    return len(remaining) <= max(
        habit, _explained_count(paragraphs[listed[entries[-1]]], remaining)
    )


def _unnumbered_notes(
    paragraphs: Sequence[Paragraph], head: Paragraph, below: Sequence[int]
) -> list[int]:
    """Return the notes below a label that have no numbers: "Phủ: nhà quan".

    Below a marked heading most are of this form, and they end with the last of them; below any
    other label all are. Nobody speaks among them.
    """
    texts = [paragraphs[number].text for number in below]
    if not head.text[:1].isalpha() or _DOUBTFUL.match(head.text) or any(map(is_speech, texts)):
        return []
    places = [place for place, text in enumerate(texts) if _HEADWORD.match(text)]
    is_marked = head.kind is Kind.HEADING
    if not places or len(places) < (len(texts) / 2 if is_marked else len(texts)):
        return []
    return list(below[: places[-1] + 1])


def _explained_count(note: Paragraph, following: Sequence[Paragraph]) -> int:
    """Return 1 where a single paragraph after a note speaks of the word that it explains."""
    begins = ENTRY.match(note.text)
    word = begins and _HEADWORD.match(note.text, begins.end() - 1)
    is_mentioned = word is not None and any(
        word[0].casefold() in paragraph.text.casefold() for paragraph in following
    )
    return int(is_mentioned)


def _sources(
    paragraphs: Sequence[Paragraph], below: Sequence[int], *, is_marked: bool
) -> list[int]:
    """Return the sources that begin right here; below a marked heading, up to the last of them."""
    sources = [
        place for place, number in enumerate(below) if _SOURCE.search(paragraphs[number].text)
    ]
    if is_marked:
        return list(below[: sources[-1] + 1] if sources else [])
    count = sum(place == source for place, source in enumerate(sources))
    return list(below[:count])


def _numbered_notes(paragraphs: Sequence[Paragraph], below: Sequence[int]) -> list[int]:
    """Return the numbered notes that begin right here, with the paragraphs between them."""
    listed: list[int] = []
    between: list[int] = []
    last = Entry("", 0)
    for number in below:
        entry = entry_of(paragraphs[number].text)
        goes_on = entry is not None and (not listed or may_follow(last, entry))
        if entry is not None and goes_on:
            listed += [*between, number]
            between, last = [], entry
        elif not listed or len(between) == _LONGEST_NOTE:
            break
        else:
            between.append(number)
    return listed


def is_label(text: str) -> bool:
    """Whether a line says that notes follow."""
    return len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text) is not None
