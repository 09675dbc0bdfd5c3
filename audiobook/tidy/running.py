"""The author and the title of a book, repeated above every chapter."""

from __future__ import annotations

from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.tidy.step import SPOKEN, Result, chapter_bounds, is_closed, is_speech, remove

if TYPE_CHECKING:
    from collections.abc import Collection

    from audiobook.model import Chapter, Paragraph

_FEWEST_CHAPTERS = 3
_LONGEST = 80
# Lines at the head of a chapter among which they stand.
_HEAD = 6


def drop_running_titles(document: Document) -> Result:
    """Leave out what heads three chapters and more; the first time it is read.

    It is either the book's title or author, or a line above the heading of most chapters: lines
    below a heading may be the book's own, "Từ mới" or "Hà Nội".
    """
    names = {_fold(document.meta.title), _fold(document.meta.author)} - {""}
    found: defaultdict[str, list[list[int]]] = defaultdict(list)
    for (first, _), chapter in zip(chapter_bounds(document), document.chapters, strict=True):
        for text, places in _candidates(chapter, names).items():
            found[text].append([first + place for place in places])
    gone: list[int] = []
    for text, by_chapter in found.items():
        usual = _FEWEST_CHAPTERS if text in names else len(document.chapters) / 2
        if len(by_chapter) >= max(_FEWEST_CHAPTERS, usual):
            gone += [number for numbers in by_chapter for number in numbers][1:]
    return remove(document, gone)


def _candidates(chapter: Chapter, names: Collection[str]) -> dict[str, list[int]]:
    """Return the lines at the head of a chapter that may be repeated, and their places."""
    head = list(takewhile(_is_head, chapter.paragraphs[:_HEAD]))
    headings = [place for place, each in enumerate(head) if each.kind is Kind.HEADING]
    candidates: dict[str, list[int]] = {}
    for place, paragraph in enumerate(head):
        text = _fold(paragraph.text)
        above = paragraph.kind in SPOKEN and headings and place < headings[-1]
        if text and (text in names or above):
            candidates.setdefault(text, []).append(place)
    return candidates


def _is_head(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if paragraph.kind in (Kind.HEADING, Kind.BREAK):
        return True
    return len(text) <= _LONGEST and not is_closed(text) and not is_speech(text)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
