"""Quotations that are none: of a page that only indents with them."""

from __future__ import annotations

from dataclasses import replace

from audiobook.model import Kind, Paragraph
from audiobook.stages.readers.markup.written import RUNNING

# A document whose text is quotations for the most part uses their element to indent.
_MOST_QUOTED = 0.5


def with_real_quotes(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs, those in quotations as prose where hardly anything else is there."""
    lengths = dict.fromkeys(RUNNING, 0)
    for paragraph in paragraphs:
        if paragraph.kind in lengths:
            lengths[paragraph.kind] += len(paragraph.text)
    if lengths[Kind.QUOTE] <= sum(lengths.values()) * _MOST_QUOTED:
        return paragraphs
    return [
        replace(paragraph, kind=Kind.PROSE) if paragraph.kind is Kind.QUOTE else paragraph
        for paragraph in paragraphs
    ]
