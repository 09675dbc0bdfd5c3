"""Verse: lines that metre and rhyme show to be verse become paragraphs of that kind."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Document, Kind, Paragraph, StanzaEnd
from audiobook.stages.tidy.step import (
    SPOKEN,
    all_paragraphs,
    chapter_bounds,
    exchange_paragraphs,
)
from audiobook.vietnamese.joined_verse import part_joined
from audiobook.vietnamese.verse import find_poems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Line(NamedTuple):
    block: int
    """The number of the paragraph that holds it."""
    text: str
    ends_block: bool


def find_verse(document: Document) -> Document:
    """Make a paragraph of each line of verse, wherever the lines of a text show that it is verse.

    The other lines of a block stay together, so that wrapped lines can still be joined.
    """
    blocks = all_paragraphs(document)
    parted: dict[int, list[Paragraph]] = {}
    for lines in _runs(document, blocks):
        poems = find_poems([line.text for line in lines])
        if not poems:
            continue
        in_verse = {place for poem in poems for place in range(poem.start, poem.end)}
        numbered = enumerate(lines)
        for number, group in groupby(numbered, key=lambda item: item[1].block):
            parts = list(_parts(blocks[number], list(group), in_verse))
            if any(part.kind is Kind.VERSE for part in parts):
                parted[number] = parts
    return exchange_paragraphs(document, parted)[0]


def part_joined_verse(document: Document) -> Document:
    """Make a paragraph of each line of verse that runs on in a paragraph, as in a quotation."""
    parted: dict[int, list[Paragraph]] = {}
    for number, paragraph in enumerate(all_paragraphs(document)):
        if paragraph.kind not in SPOKEN or "⟦" in paragraph.text:
            continue
        joined = part_joined(paragraph.text)
        if joined is not None:
            verse = [Paragraph(line, Kind.VERSE) for line in joined.lines]
            lead = [replace(paragraph, text=joined.lead)] if joined.lead else []
            rest = [replace(paragraph, text=joined.rest)] if joined.rest else []
            parted[number] = [*lead, *verse, *rest]
    return exchange_paragraphs(document, parted)[0]


def _runs(document: Document, blocks: Sequence[Paragraph]) -> Iterator[list[_Line]]:
    """Yield the lines of neighbouring blocks of running text."""
    for first, end in chapter_bounds(document):
        run: list[_Line] = []
        for number in range(first, end):
            if blocks[number].kind not in SPOKEN:
                if run:
                    yield run
                run = []
                continue
            lines = blocks[number].text.split("\n")
            last = len(lines) - 1
            run += [_Line(number, line, place == last) for place, line in enumerate(lines)]
        if run:
            yield run


def _parts(
    block: Paragraph, lines: Sequence[tuple[int, _Line]], in_verse: set[int]
) -> Iterator[Paragraph]:
    """Yield the lines of verse in a block, and what is between them."""
    for is_verse, group in groupby(lines, key=lambda item: item[0] in in_verse):
        part = [line for _, line in group]
        if not is_verse:
            text = "\n".join(line.text for line in part)
            if text.strip():
                yield replace(block, text=text)
            continue
        for line in part:
            verse = replace(block, text=line.text.strip(), kind=Kind.VERSE)
            yield StanzaEnd.of(verse) if line.ends_block and len(lines) > 1 else verse
