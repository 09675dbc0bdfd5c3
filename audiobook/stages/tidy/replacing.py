"""What the user wants written otherwise, as book.toml says it, before anything else is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.model import Change
from audiobook.model.changes import compare
from audiobook.stages.tidy.step import rewrite_paragraphs
from audiobook.vietnamese.patterns import PatternTime, find_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Document, Replacement

_STEP = message("replaced as book.toml says")
_EXAMPLE = 60


def replace_in(document: Document, replacements: Sequence[Replacement]) -> Document:
    """Write what is to be replaced otherwise in every paragraph and title, in the order given.

    Raises:
        UsageError: a pattern takes too long, or all together do.
    """
    if not replacements:
        return document

    together = PatternTime()

    def write(text: str) -> str:
        together.allow(text)
        for replacement in replacements:
            text = _replace_in_text(replacement, text, together)
        return text

    chapters = tuple(replace(chapter, title=write(chapter.title)) for chapter in document.chapters)
    rewritten, touched = rewrite_paragraphs(replace(document, chapters=chapters), write)
    if not touched:
        return rewritten
    pieces = tuple(compare(document, rewritten))
    change = Change(step=_STEP, count=len(touched), example=touched[0][:_EXAMPLE], left_out=pieces)
    return replace(rewritten, changes=(*document.changes, change))


def _replace_in_text(replacement: Replacement, text: str, together: PatternTime) -> str:
    if not replacement.pattern:
        return text.replace(replacement.find, replacement.instead)
    matches = find_pattern(
        replacement.find, replacement.instead, text, case=True, together=together
    )
    parts: list[str] = []
    position = 0
    for start, end, instead in matches:
        parts += (text[position:start], instead)
        position = end
    return "".join((*parts, text[position:]))
