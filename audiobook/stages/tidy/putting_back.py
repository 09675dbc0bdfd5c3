"""Puts back what a step left out although the user wants it read: paragraphs and lines."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from audiobook.model import beginning_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from audiobook.model import Chapter, Document, Paragraph


def put_back(original: Document, revised: Document, kept_texts: Collection[str]) -> Document:
    """Return a document after a step, with the lines put back that the user wants to keep.

    Nothing else that the step did is undone. The original itself is returned where nothing is
    left of what the step did.

    Args:
        original: the document before the step.
        revised: the document after it, with as many chapters.
        kept_texts: how the wanted lines begin, as `beginning_of` returns it.
    """
    chapters = tuple(
        new if old.paragraphs is new.paragraphs else _with_lines(old, new, kept_texts)
        for old, new in zip(original.chapters, revised.chapters, strict=True)
    )
    if all(
        [paragraph.text for paragraph in old.paragraphs]
        == [paragraph.text for paragraph in new.paragraphs]
        for old, new in zip(original.chapters, chapters, strict=True)
    ):
        return original
    return replace(revised, chapters=chapters)


def _with_lines(old: Chapter, new: Chapter, kept_texts: Collection[str]) -> Chapter:
    """Return a chapter with the wanted lines in the places from which they were taken."""
    if not any(beginning_of(line) in kept_texts for _, line in _lines(old)):
        return new
    before, after = _lines(old), _lines(new)
    matcher = SequenceMatcher(
        None, [line for _, line in before], [line for _, line in after], autojunk=False
    )
    lines: list[tuple[Paragraph, str]] = []
    for action, first, last, new_first, new_last in matcher.get_opcodes():
        if action in ("delete", "replace"):
            lines += (line for line in before[first:last] if beginning_of(line[1]) in kept_texts)
        lines += after[new_first:new_last]
    paragraphs: list[Paragraph] = []
    owner: Paragraph | None = None
    for paragraph, line in lines:
        if paragraph is owner:
            paragraphs[-1] = replace(paragraphs[-1], text=f"{paragraphs[-1].text}\n{line}")
        else:
            is_same = paragraph.text == line
            paragraphs.append(paragraph if is_same else replace(paragraph, text=line))
        owner = paragraph
    # What the step left alone stays the same object, by which changes are found.
    untouched = {paragraph.text: paragraph for paragraph in new.paragraphs}
    return replace(
        new,
        paragraphs=tuple(untouched.get(paragraph.text, paragraph) for paragraph in paragraphs),
    )


def _lines(chapter: Chapter) -> list[tuple[Paragraph, str]]:
    """Return each line of a chapter with the paragraph that it is part of."""
    return [
        (paragraph, line) for paragraph in chapter.paragraphs for line in paragraph.text.split("\n")
    ]
