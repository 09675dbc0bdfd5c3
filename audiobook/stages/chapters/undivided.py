"""Divides a long book without headings where a scene or a paragraph ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.model import Chapter, Kind, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence


# A book without any headings is divided about every 25 minutes of speech, in characters.
_UNDIVIDED = 40_000
_USUAL_PART = 20_000
_PART = "Phần"


def in_parts(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Divide a long book of one chapter where a scene or a paragraph ends."""
    if len(chapters) != 1 or _length(chapters[0].paragraphs) < _UNDIVIDED:
        return list(chapters)
    (undivided,) = chapters
    parts: list[list[Paragraph]] = [[]]
    length = 0
    for paragraph in undivided.paragraphs:
        ends_scene = paragraph.kind is Kind.BREAK and length >= _USUAL_PART // 2
        if ends_scene or length >= _USUAL_PART:
            parts.append([])
            length = 0
        parts[-1].append(paragraph)
        length += len(paragraph.text)
    return [
        Chapter(f"{_PART} {number}", tuple(part), undivided.level)
        for number, part in enumerate(parts, 1)
    ]


def _length(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(paragraph.text) for paragraph in paragraphs)
