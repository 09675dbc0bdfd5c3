"""Numbers of pages that a page left between its lines."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from audiobook.model import Document, Paragraph
from audiobook.tidy.lines import join_lines, wrap_width
from audiobook.tidy.step import SPOKEN, Result, exchange, is_closed, is_heading, paragraphs

_BARE = re.compile(r"[-–—~\[(]? ?(?:(?i:trang|page) )?(?P<number>\d{1,4}) ?[-–—~\])]?")
_OF_ALL = re.compile(
    r"[-–—\[(]? ?(?i:trang|page|tr\.)[ :]{1,2}\d{1,4} ?(?:/|trên|of|trong) ?\d{1,4} ?[-–—\])]?"
)
_TITLED = re.compile(
    r"(?P<number>\d{1,4}) ?\| ?[^|\d][^|]{0,59}|[^|\d][^|]{0,59}\| ?(?P<last>\d{1,4})"
)
_LONGEST = 24
_LONGEST_TITLED = 70
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
    titled = [place for place, line in enumerate(lines) if _is_titled(line.text)]
    if titled and ((bare and gone.issuperset(bare)) or _rise(lines, titled)):
        gone.update(titled)
    if not gone:
        return document, []
    cuts = {place + 1 for place in gone if _cuts(lines, place)}
    home = _joined(lines, sorted(cuts))
    changed = {lines[place].block for place in gone} | home.keys() | set(home.values())
    runs: dict[int, list[list[str]]] = {number: [[]] for number in changed}
    for place, line in enumerate(lines):
        if line.block in changed and place not in gone:
            target = runs[home.get(line.block, line.block)]
            if place in cuts:
                target.append([])
            target[-1].append(line.text)
    width = wrap_width(document)
    written = {
        number: [replace(blocks[number], text=text) for text in _mended(parts, width)]
        for number, parts in runs.items()
    }
    return exchange(document, written)[0], [lines[place].text for place in sorted(gone)]


def _joined(lines: list[_Line], cuts: list[int]) -> dict[int, int]:
    """Return the blocks that go on with the sentence of an earlier one, and which that is."""
    home: dict[int, int] = {}
    for place in cuts:
        before, after = lines[place - 2].block, lines[place].block
        if before != after:
            home[after] = home.get(before, before)
    return home


def _mended(runs: list[list[str]], width: int | None) -> list[str]:
    """Return the blocks that a block becomes when the sentences that pages cut are joined.

    Args:
        runs: its lines, parted where a page cut a sentence.
        width: the column at which lines were wrapped; None if they were not.
    """
    if len(runs) == 1 or not runs[0]:
        lines = [line for run in runs for line in run]
        return ["\n".join(lines)] if lines else []
    if width is None:
        return [" ".join("\n".join(run) for run in runs)]
    # What is left in several lines would be longer than the column.
    return " ".join(join_lines("\n".join(run), width) for run in runs).split("\n")


def _is_bare(line: str) -> bool:
    return len(line) <= _LONGEST and _BARE.fullmatch(line) is not None


def _is_titled(line: str) -> bool:
    return len(line) <= _LONGEST_TITLED and _TITLED.fullmatch(line) is not None


def _rise(lines: list[_Line], titled: list[int]) -> bool:
    """Whether numbers with a title beside them are so many, rise and cut sentences."""
    found = [match for place in titled if (match := _TITLED.fullmatch(lines[place].text))]
    numbers = [int(match["number"] or match["last"]) for match in found]
    cuts = sum(_cuts(lines, place) for place in titled)
    return (
        len(numbers) >= _FEWEST
        and all(before < after for before, after in pairwise(numbers))
        and cuts >= len(titled) * _CUTTING_SHARE
    )


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
    return alone and bool(headings) and wrap_width(document) is not None


def _cuts(lines: list[_Line], place: int) -> bool:
    """Whether a line stands in the middle of a sentence."""
    if not 0 < place < len(lines) - 1:
        return False
    before = lines[place - 1].text
    is_open = not is_closed(before) or before.endswith((",", ";"))
    return is_open and lines[place + 1].text[0].islower()
