"""Numbers of pages that a page left between its lines."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from audiobook.model import Document, Paragraph
from audiobook.tidy.lines import is_wrapped
from audiobook.tidy.step import SPOKEN, Result, exchange, is_closed, is_heading, paragraphs

_BARE = re.compile(r"[-–—~\[(]? ?(?:(?i:trang|page) )?(?P<number>\d{1,4}) ?[-–—~\])]?")
_OF_ALL = re.compile(
    r"[-–—\[(]? ?(?i:trang|page|tr\.)[ :]{1,2}\d{1,4} ?(?:/|trên|of|trong) ?\d{1,4} ?[-–—\])]?"
)
_LONGEST = 24
# Bare numbers are chapters, verses or years, unless so many rise through the text, a page apart
# in the mean (in characters), and this share of them stands in the middle of a sentence.
_FEWEST, _SHORTEST_PAGE, _CUTTING_SHARE = 3, 500, 0.5
# Beyond this a number that stands alone is a year.
_LAST_PAGE = 999


class _Line(NamedTuple):
    block: int
    text: str


def drop_page_numbers(document: Document) -> Result:
    """Leave out ``Trang 12/300``, and bare numbers that cut sentences in two as pages do.

    A sentence that such a number cut is joined again.
    """
    blocks = paragraphs(document)
    lines = [
        _Line(number, line)
        for number, block in enumerate(blocks)
        if block.kind in SPOKEN
        for line in block.text.split("\n")
        if line
    ]
    bare = [place for place, line in enumerate(lines) if _is_bare(line.text)]
    gone = {place for place, line in enumerate(lines) if _is_of_all(line.text)}
    if _are_pages(lines, bare) or _are_apart(document, blocks, lines, bare):
        gone.update(bare)
    if not gone:
        return document, []
    home = _joined(lines, sorted(gone))
    changed = {lines[place].block for place in gone} | home.keys() | set(home.values())
    texts: dict[int, list[str]] = {number: [] for number in changed}
    for place, line in enumerate(lines):
        if line.block in changed and place not in gone:
            texts[home.get(line.block, line.block)].append(line.text)
    written = {
        number: [replace(blocks[number], text=_glue(kept, blocks[number]))] if kept else []
        for number, kept in texts.items()
    }
    return exchange(document, written)[0], [lines[place].text for place in sorted(gone)]


def _joined(lines: list[_Line], gone: list[int]) -> dict[int, int]:
    """Return the blocks that go on with the sentence of an earlier one, and which that is."""
    home: dict[int, int] = {}
    for place in gone:
        if _cuts(lines, place):
            before, after = lines[place - 1].block, lines[place + 1].block
            if before != after:
                home[after] = home.get(before, before)
    return home


def _glue(lines: list[str], block: Paragraph) -> str:
    """Join lines as the block had them: wrapped, or each paragraph on one line."""
    return ("\n" if "\n" in block.text else " ").join(lines)


def _is_bare(line: str) -> bool:
    return len(line) <= _LONGEST and _BARE.fullmatch(line) is not None


def _is_of_all(line: str) -> bool:
    return len(line) <= _LONGEST and _OF_ALL.fullmatch(line) is not None


def _are_pages(lines: list[_Line], bare: list[int]) -> bool:
    numbers = [
        int(found["number"]) for place in bare if (found := _BARE.fullmatch(lines[place].text))
    ]
    if len(numbers) < _FEWEST or any(after <= before for before, after in pairwise(numbers)):
        return False
    cuts = sum(_cuts(lines, place) for place in bare)
    between = sum(len(line.text) for line in lines[bare[0] : bare[-1]])
    return cuts >= len(bare) * _CUTTING_SHARE and between >= (len(bare) - 1) * _SHORTEST_PAGE


def _are_apart(
    document: Document, blocks: list[Paragraph], lines: list[_Line], bare: list[int]
) -> bool:
    """Whether bare numbers stand apart in a text that was wrapped for pages and has chapters.

    They rise from one to the next, and none stands right below a heading as that of a piece does.
    """
    numbers = [
        int(found["number"]) for place in bare if (found := _BARE.fullmatch(lines[place].text))
    ]
    if not numbers or numbers[-1] > _LAST_PAGE or any(b <= a for a, b in pairwise(numbers)):
        return False
    headings = {number for number, block in enumerate(blocks) if is_heading(block)}
    alone = all(
        blocks[lines[place].block].text == lines[place].text
        and place > 0
        and lines[place - 1].block not in headings
        for place in bare
    )
    return alone and bool(headings) and is_wrapped(document)


def _cuts(lines: list[_Line], place: int) -> bool:
    """Whether a line stands in the middle of a sentence."""
    if not 0 < place < len(lines) - 1:
        return False
    return not is_closed(lines[place - 1].text) and lines[place + 1].text[0].islower()
