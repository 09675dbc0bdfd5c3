"""Lines of Han characters that the next lines read, and scripts that Vietnamese cannot say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.tidy.step import (
    Result,
    all_paragraphs,
    chapter_bounds,
    remove_paragraphs,
    rewrite_paragraphs,
)
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.han import SIGN, is_read_in, leave_out_unsayable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobook.model import Document, Paragraph

_WORD = re.compile(r"[^\W\d_]+")
# A label may stand before the reading: "Phiên âm Hán Việt:".
_LABEL_WORDS = 4
_MOST_COMPARED = 24


def drop_read_lines(document: Document) -> Result:
    """Leave out lines of Han characters whose reading is written in the lines below or above."""
    paragraphs = all_paragraphs(document)
    numbers: list[int] = []
    for first, end in chapter_bounds(document):
        for start, stop in _han_lines(paragraphs, first, end):
            run = " ".join(paragraph.text for paragraph in paragraphs[start:stop])
            reach = min(len(SIGN.findall(run)), _MOST_COMPARED) + _LABEL_WORDS
            below = _words_beside(paragraphs[stop : min(stop + reach, end)], reach)
            above = _words_beside(
                paragraphs[max(start - reach, first) : start][::-1], reach, from_end=True
            )
            if is_read_in(run, below) or is_read_in(run, above, from_end=True):
                numbers += range(start, stop)
    return remove_paragraphs(document, numbers)


def _han_lines(paragraphs: Sequence[Paragraph], first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each run of paragraphs that hold Han characters and no other words."""
    start = first
    for number in range(first, end + 1):
        if number == end or not _is_han(paragraphs[number]):
            if number > start:
                yield start, number
            start = number + 1


def _is_han(paragraph: Paragraph) -> bool:
    if paragraph.kind is Kind.HEADING or not SIGN.search(paragraph.text):
        return False
    return _WORD.search(SIGN.sub("", paragraph.text)) is None


def _words_beside(texts: Iterable[Paragraph], most: int, *, from_end: bool = False) -> list[str]:
    """Return the first words of some paragraphs, or the last, in the order of the text."""
    words: list[str] = []
    for paragraph in texts:
        own_words = _WORD.findall(paragraph.text)
        words = own_words + words if from_end else words + own_words
        if len(words) >= most:
            break
    return words[-most:] if from_end else words[:most]


def drop_other_scripts(document: Document) -> Result:
    """Leave out kana, hangul and chữ Nôm, which have no reading in Vietnamese."""
    cleaned, touched = rewrite_paragraphs(document, leave_out_unsayable)
    if not touched:
        return document, []
    chapters = tuple(
        replace(chapter, title=leave_out_unsayable(chapter.title) or chapter.title)
        for chapter in cleaned.chapters
    )
    return replace(cleaned, chapters=chapters), touched
