"""Takes off the marks of notes that a text has, and not what only looks like them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.stages.tidy.note_marks import (
    RAISED,
    counts_items,
    first_number,
    follows_word,
    is_glued,
    item_numbers,
    number_at_start,
    numbers_in,
    possible_marks,
    text_before,
)
from audiobook.stages.tidy.step import (
    Result,
    all_paragraphs,
    exchange_paragraphs,
    sections,
)
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Paragraph

# Numbers of marks that count up: this share of them must go on from the one before.
_COUNTING_SHARE = 0.8


def drop_marks(document: Document) -> Result:
    """Take off the marks of notes where they lead to a note or count up through the text.

    A number in square brackets or raised right after a word or a sentence is always one.
    """
    paragraphs = all_paragraphs(document)
    candidates = [possible_marks(source.text) for source in paragraphs]
    if not any(candidates):
        return document, []
    spoken = [
        [] if source.kind is Kind.NOTE else marks
        for source, marks in zip(paragraphs, candidates, strict=True)
    ]
    counting = _counting_forms(chain.from_iterable(spoken))
    document_notes = _note_numbers(paragraphs)
    changed = {}
    for first, end in sections(document):
        if not any(candidates[first:end]):
            continue
        notes = _note_numbers(paragraphs[first:end]) or document_notes
        items = item_numbers(chain.from_iterable(spoken[first:end]))
        for number in range(first, end):
            if not candidates[number]:
                continue
            paragraph = paragraphs[number]
            text = _without_marks(paragraph.text, candidates[number], notes, counting, items)
            if text != paragraph.text:
                changed[number] = [replace(paragraph, text=text)] if text else []
    stripped, touched = exchange_paragraphs(document, changed)
    if not touched:
        return document, []
    chapters = tuple(
        replace(
            chapter,
            title=_without_marks(chapter.title, possible_marks(chapter.title), set(), counting)
            or chapter.title,
        )
        for chapter in stripped.chapters
    )
    return replace(stripped, chapters=chapters), touched


def _note_numbers(texts: Sequence[Paragraph]) -> set[int]:
    """Return the numbers of the notes among some paragraphs, 0 for a star."""
    return {
        number
        for paragraph in texts
        if paragraph.kind is Kind.NOTE and (number := number_at_start(paragraph.text)) is not None
    }


def _without_marks(
    text: str,
    marks: Iterable[re.Match[str]],
    notes: set[int],
    counting: set[str],
    items: frozenset[int] = frozenset(),
) -> str:
    """Return a text without the marks that lead to notes or are marks by their form.

    Args:
        text: that of a paragraph or of a title.
        marks: what could be marks in it.
        notes: the numbers of the notes that its marks may lead to.
        counting: the forms of mark that count up through the document.
        items: the numbers of what is listed around it.
    """
    parts: list[str] = []
    end = 0
    for mark in marks:
        if not counts_items(mark, items) and _is_mark(mark, notes, counting):
            parts.append(text[end : mark.start()])
            end = mark.end()
    return "".join([*parts, text[end:]]).strip() if end else text


def _counting_forms(marks: Iterable[re.Match[str]]) -> set[str]:
    """Return the forms of mark whose numbers count up through a text."""
    numbers: dict[str, list[int]] = {"bracketed": [], "rounded": [], "braced": []}
    alone: set[str | None] = set()  # "[0, 1]" with no "[1]" anywhere is no list of notes
    for mark in marks:
        form = mark.lastgroup
        alone.add(form)
        form = "bracketed" if form == "several" else form
        if form in numbers and mark.start() > 0 and not counts_items(mark, frozenset()):
            numbers[form] += numbers_in(mark)
    return {form for form, values in numbers.items() if form in alone and _count_up(values)}


def _count_up(numbers: Sequence[int]) -> bool:
    counts: Counter[int] = Counter()
    going_on = fitting = 0
    last = None
    for number in numbers:
        goes_on = last is not None and number == last + 1
        going_on += goes_on
        fitting += last is None or goes_on or number == 1 or counts[number] > 0
        counts[number] += 1
        last = number
    return going_on > 0 and fitting >= len(numbers) * _COUNTING_SHARE


def _is_mark(mark: re.Match[str], notes: set[int], counting: set[str]) -> bool:
    form, number = mark.lastgroup, first_number(mark)
    preceding = text_before(mark)
    match form:
        case "bracketed":
            is_free = mark[0][:1].isspace() and bool(preceding)
            is_named = bool(mark["open"]) or any(map(str.isalpha, mark[0]))
            return is_glued(mark) or is_named or (is_free and (number in notes or form in counting))
        case "several":
            return bool(preceding) and (number in notes or "bracketed" in counting)
        case "roman" | "lettered":
            return bool(preceding) and number in notes
        case "braced":
            return bool(preceding) and (number in notes or form in counting)
        case "rounded":
            if not preceding:
                return False
            return number in notes or (
                is_glued(mark) and preceding[-1].isalpha() and form in counting
            )
        case "raised":
            return follows_word(preceding.rstrip()) or not mark.string.strip(f"{RAISED}()[] ")
        case _:
            return bool(preceding) and ("(" in mark[0] or "[" in mark[0] or 0 in notes)
