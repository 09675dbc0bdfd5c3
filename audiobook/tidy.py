"""Document to Document: letters, lines and repeats put in order, each step named and counted."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.model import Change, Chapter, Document, Paragraph
from audiobook.vietnamese import clean_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Shorter paragraphs may well come back: a refrain, a greeting, "Vâng ạ."
_LONG_PARAGRAPH = 80
# Nobody wraps lines wider than this, nor narrower.
_WIDEST_WRAP, _NARROWEST_WRAP = 120, 40
# Share of line ends that must be where a line was full.
_WRAPPED_SHARE = 0.8
_STRUCTURE = re.compile(r"#{1,6} |[-*•—–] |\d{1,3}[.)] ")


class _Tally:
    """Counts what one document's tidying did."""

    def __init__(self) -> None:
        self._changes: dict[str, Change] = {}

    def note(self, step: str, example: str) -> None:
        known = self._changes.get(step, Change(step, 0, example[:60]))
        self._changes[step] = replace(known, count=known.count + 1)

    def changes(self) -> tuple[Change, ...]:
        return tuple(self._changes.values())


def tidy(document: Document) -> Document:
    """Put a document in order.

    Letters are spelled one way (NFC, plain spaces, no control characters), hard-wrapped lines
    are joined and other lines become paragraphs, and a long paragraph that comes back word for
    word is kept once.
    """
    tally = _Tally()
    cleaned = [_clean(chapter, tally) for chapter in document.chapters]
    width = _wrap_width(paragraph.text for chapter in cleaned for paragraph in chapter)
    seen: set[str] = set()
    chapters = []
    for chapter, paragraphs in zip(document.chapters, cleaned, strict=True):
        lines = _unwrap(paragraphs, width, tally)
        chapters.append(replace(chapter, paragraphs=tuple(_once(lines, seen, tally))))
    changes = (*document.changes, *tally.changes())
    return replace(document, chapters=tuple(chapters), changes=changes)


def _clean(chapter: Chapter, tally: _Tally) -> list[Paragraph]:
    cleaned = []
    for paragraph in chapter.paragraphs:
        text = clean_letters(paragraph.text).strip()
        if text.split() != paragraph.text.split():
            tally.note("letters respelled", text)
        if text:
            cleaned.append(paragraph if text == paragraph.text else replace(paragraph, text=text))
    return cleaned


def _wrap_width(blocks: Iterable[str]) -> int | None:
    """Return the column at which the lines of a text were wrapped, or None if they were not.

    A wrapped line is full: the first word of the next one did not fit any more.
    """
    runs = [lines for block in blocks if len(lines := block.split("\n")) > 1]
    width = max((len(line) for lines in runs for line in lines), default=0)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    ends = full = 0
    for lines in runs:
        for line, following in pairwise(lines):
            ends += 1
            full += _is_full(line, following, width)
    return width if full >= ends * _WRAPPED_SHARE else None


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width


def _unwrap(paragraphs: list[Paragraph], width: int | None, tally: _Tally) -> Iterator[Paragraph]:
    for paragraph in paragraphs:
        lines = [line for line in paragraph.text.split("\n") if line]
        if len(lines) == 1:
            yield paragraph
            continue
        joined = [lines[0]]
        previous = lines[0]
        for line in lines[1:]:
            wrapped = width is not None and _is_full(previous, line, width)
            if wrapped and not _STRUCTURE.match(line):
                joined[-1] += f" {line}"
                tally.note("wrapped lines joined", line)
            else:
                joined.append(line)
            previous = line
        for text in joined:
            yield replace(paragraph, text=text)


def _once(paragraphs: Iterable[Paragraph], seen: set[str], tally: _Tally) -> Iterator[Paragraph]:
    for paragraph in paragraphs:
        if len(paragraph.text) >= _LONG_PARAGRAPH:
            if paragraph.text in seen:
                tally.note("repeated paragraphs read once", paragraph.text)
                continue
            seen.add(paragraph.text)
        yield paragraph
