"""Notes: those that the source marks, those below a label, and those that explain marks."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Document, Kind
from audiobook.stages.tidy.note_marks import (
    FIRST_LETTER,
    is_glued,
    marks_in,
    marks_of,
    numbers_of,
    value_of,
)
from audiobook.stages.tidy.step import (
    Result,
    all_paragraphs,
    chapter_bounds,
    exchange_paragraphs,
    is_speech,
    remove_paragraphs,
    sections,
)
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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
_ENTRY = re.compile(
    r"(?:\[(?:(?i:chú thích|chú giải|ghi chú|note) ?)?(?P<bracketed>\d{1,3})\]"
    r"|\{(?P<braced>\d{1,3})\}|\((?P<rounded>\d{1,3})\)|(?P<raised>[⁰¹²³⁴-⁹]+)"
    r"|\[(?P<roman>[ivx]{1,5})\]|[(\[](?P<lettered>[a-h])[)\]]"
    r"|(?P<plain>\d{1,3})[.):]?(?=\s)|(?P<star>\(\*{1,3}\)|\*{1,3}(?![\s*]*\Z)))\s*\S"
)
_HEADWORD = re.compile(r"[^:–—-]{2,40}(?=\s?:|\s[–—-]\s)")
# Notes that go on in paragraphs without numbers: at most so many between two that have them.
_LONGEST_NOTE = 4
# The last note of a section may go on in at most this many paragraphs.
_LONGEST_END = 2


class _Entry(NamedTuple):
    form: str
    number: int
    """What it is called by in the text; 0 for a star."""


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
        notes.update(_labelled_notes(paragraphs, numbers, set(reachable_numbers)))
        notes.update(_notes_within_text(paragraphs, numbers, marks))
        if notes.isdisjoint(numbers[-1:]):
            notes.update(
                _unlabelled_notes(paragraphs, numbers, own_numbers)
                or _unlabelled_notes(paragraphs, numbers, reachable_numbers)
                or _plainly_numbered(paragraphs, numbers, chain.from_iterable(marks[first:end]))
            )
    for (first, end), chapter in zip(chapter_bounds(document), document.chapters, strict=True):
        if _is_label(chapter.title) and _begins_with_notes(chapter):
            notes.update(range(first, end))
    changed = {
        number: [replace(paragraphs[number], kind=Kind.NOTE, level=0)]
        for number in notes
        if paragraphs[number].kind is not Kind.NOTE
    }
    return exchange_paragraphs(document, changed)[0]


def _begins_with_notes(chapter: Chapter) -> bool:
    """Whether the first paragraph below the title of a chapter is a note or a source."""
    for paragraph in chapter.paragraphs:
        if paragraph.kind not in (Kind.HEADING, Kind.BREAK) and paragraph.text != chapter.title:
            is_source = _REFERENCES.match(chapter.title) and _SOURCE.search(paragraph.text)
            return bool(is_source or _entry(paragraph.text))
    return False


def _labelled_notes(
    paragraphs: Sequence[Paragraph], numbers: Sequence[int], marks: Collection[int]
) -> list[int]:
    """Return the notes below each label of a section, and the labels."""
    labels = [n for n, number in enumerate(numbers) if _is_label(paragraphs[number].text)]
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
    entries = [entry for number in listed if (entry := _entry(paragraphs[number].text))]
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
    entries = [place for place, number in enumerate(listed) if _entry(paragraphs[number].text)]
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
    begins = _ENTRY.match(note.text)
    word = begins and _HEADWORD.match(note.text, begins.end() - 1)
    is_mentioned = word is not None and any(
        word[0].casefold() in paragraph.text.casefold() for paragraph in following
    )
    return int(is_mentioned)


def _notes_within_text(
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
    last: _Entry | None = None
    for number in (*numbers, None):
        entry = None if number is None else _entry(paragraphs[number].text)
        if entry is not None and entry.form == "plain":
            entry = None
        if entry is not None and number is not None and (last is None or _may_follow(last, entry)):
            run.append(number)
            last = entry
            continue
        if run:
            values = [
                run_entry.number for place in run if (run_entry := _entry(paragraphs[place].text))
            ]
            if numbers_of(unexplained) == values and all(map(is_glued, unexplained)):
                notes += run
            unexplained, run, last = [], [], None
        if number is not None:
            unexplained += [mark for mark in marks[number] if mark.start() > 0]
    return notes


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
    last = _Entry("", 0)
    for number in below:
        entry = _entry(paragraphs[number].text)
        goes_on = entry is not None and (not listed or _may_follow(last, entry))
        if entry is not None and goes_on:
            listed += [*between, number]
            between, last = [], entry
        elif not listed or len(between) == _LONGEST_NOTE:
            break
        else:
            between.append(number)
    return listed


def _unlabelled_notes(
    paragraphs: Sequence[Paragraph], numbers: Sequence[int], marks: Sequence[int]
) -> list[int]:
    """Return the paragraphs at the end of a section that each begin with a mark of its text.

    Numbers and letters in round brackets count items as well: only if each has its one mark, in
    the same order, they are those of notes. So it is with marks of several forms.
    """
    mark_numbers = set(marks)
    start = len(numbers)
    following: _Entry | None = None
    for place in reversed(range(1, len(numbers))):
        entry = _entry(paragraphs[numbers[place]].text)
        if entry is None or entry.form == "plain" or entry.number not in mark_numbers:
            break
        if following is not None and not _may_follow(entry, following):
            break
        start, following = place, entry
    listed = list(numbers[start:])
    entries = [entry for number in listed if (entry := _entry(paragraphs[number].text))]
    forms = {entry.form for entry in entries}
    if len(forms) > 1 or forms & {"rounded", "lettered"}:
        values = [entry.number for entry in entries]
        explained = set(values)
        if [mark for mark in marks if mark in explained] != values:
            return []
    return listed


def _plainly_numbered(
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
        entry = _entry(paragraphs[number].text)
        if entry is None or entry.form != "plain":
            break
        listed.insert(0, number)
    values = [entry.number for place in listed if (entry := _entry(paragraphs[place].text))]
    glued = [mark for mark in marks if mark.start() > 0 and is_glued(mark)]
    called = (
        numbers_of(mark for mark in glued if mark.lastgroup == form)
        for form in ("raised", "bracketed")
    )
    return listed if values and values in called else []


def _may_follow(entry: _Entry, following: _Entry) -> bool:
    """Whether one note may follow another: counting up, or a star, or the first of a form."""
    if entry.form == following.form:
        return following.number == 0 or entry.number < following.number <= entry.number + 2
    if "plain" in (entry.form, following.form):
        return False
    return following.number in (0, 1, entry.number + 1, FIRST_LETTER)


def _entry(text: str) -> _Entry | None:
    match = _ENTRY.match(text)
    if match is None or match.lastgroup is None:
        return None
    form = match.lastgroup
    return _Entry(form, 0 if form == "star" else value_of(match[form]))


def drop_notes(document: Document) -> Result:
    """Leave out notes, and the line above that says they follow."""
    note_numbers: list[int] = []
    heads_notes = False
    numbered = list(enumerate(all_paragraphs(document)))
    for number, paragraph in reversed(numbered):
        if paragraph.kind is Kind.NOTE:
            heads_notes = True
        elif not (heads_notes and _is_label(paragraph.text)):
            heads_notes = False
            continue
        else:
            heads_notes = False
        note_numbers.append(number)
    return remove_paragraphs(document, note_numbers)


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text) is not None
