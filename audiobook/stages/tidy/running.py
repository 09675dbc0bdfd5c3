"""The author and the title of a book, repeated above every chapter."""

from __future__ import annotations

from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.stages.tidy.step import (
    SPOKEN,
    Result,
    all_paragraphs,
    chapter_bounds,
    is_closed,
    is_heading,
    is_speech,
    remove_paragraphs,
    sections,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from audiobook.model import Chapter, Paragraph

_FEWEST_CHAPTERS = 3
_LONGEST = 80
# Lines at the head of a chapter among which they stand.
_HEAD = 6


def drop_running_titles(document: Document) -> Result:
    """Leave out a line above three chapters or more, but not the first time.

    It is either the book's title or author, or a line above the heading of most chapters: lines
    below a heading may be the book's own, "Từ mới" or "Hà Nội".
    """
    names = {_folded(document.meta.title), _folded(document.meta.author)} - {""}
    places_by_text: defaultdict[str, list[list[int]]] = defaultdict(list)
    if len(document.chapters) < _FEWEST_CHAPTERS:
        chapters = _above_headings(document)
    else:
        bounds = zip(chapter_bounds(document), document.chapters, strict=True)
        chapters = [
            {
                text: [first + place for place in places]
                for text, places in _possible_titles(chapter, names).items()
            }
            for (first, _), chapter in bounds
        ]
    for candidates in chapters:
        for text, places in candidates.items():
            places_by_text[text].append(places)
    repeats: list[int] = []
    for text, by_chapter in places_by_text.items():
        usual = _FEWEST_CHAPTERS if text in names else len(chapters) / 2
        if len(by_chapter) >= max(_FEWEST_CHAPTERS, usual):
            repeats += [number for numbers in by_chapter for number in numbers][1:]
    return remove_paragraphs(document, repeats)


def _above_headings(document: Document) -> list[dict[str, list[int]]]:
    """Return the lines right above each heading of a text that is not divided, and their places."""
    paragraphs = all_paragraphs(document)
    above = []
    for first, _ in sections(document):
        if not is_heading(paragraphs[first]):
            continue
        candidates: dict[str, list[int]] = {}
        for place in range(first - 1, max(first - _HEAD, 0) - 1, -1):
            paragraph = paragraphs[place]
            if not _is_head(paragraph) or is_heading(paragraph):
                break
            if paragraph.kind in SPOKEN:
                candidates.setdefault(_folded(paragraph.text), []).append(place)
        above.append(candidates)
    return above


def _possible_titles(chapter: Chapter, names: Collection[str]) -> dict[str, list[int]]:
    """Return the lines at the head of a chapter that may be repeated, and their places."""
    head = list(takewhile(_is_head, chapter.paragraphs[:_HEAD]))
    headings = [place for place, paragraph in enumerate(head) if paragraph.kind is Kind.HEADING]
    candidates: dict[str, list[int]] = {}
    for place, paragraph in enumerate(head):
        text = _folded(paragraph.text)
        above = paragraph.kind in SPOKEN and headings and place < headings[-1]
        if text and (text in names or above):
            candidates.setdefault(text, []).append(place)
    return candidates


def _is_head(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if paragraph.kind in (Kind.HEADING, Kind.BREAK):
        return True
    return len(text) <= _LONGEST and not is_closed(text) and not is_speech(text)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
