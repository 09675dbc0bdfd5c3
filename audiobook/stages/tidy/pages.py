"""Page numbers that were left between the lines of a text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Document, Paragraph
from audiobook.stages.tidy.lines import column_of, join_lines, wrap_width
from audiobook.stages.tidy.step import (
    SPOKEN,
    Result,
    all_paragraphs,
    exchange_paragraphs,
    is_closed,
    is_heading,
)
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Sequence

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
# A larger number that stands alone is a year.
_LAST_PAGE = 999
# Lines of a page are at least as long as this, in characters.
_SHORTEST_LINE = 40


class _BlockLine(NamedTuple):
    block: int
    text: str


class _Break(NamedTuple):
    """Where a page ended: its number, and the running heads beside it."""

    start: int
    end: int
    """The place after its last line."""
    number: int


def drop_page_numbers(document: Document) -> Result:
    """Leave out ``Trang 12/300``, and bare numbers that cut sentences in two as pages do.

    A line beside such numbers that comes again is a running head and goes with them. A sentence
    that a page cut is joined again.
    """
    blocks = all_paragraphs(document)
    lines = [
        _BlockLine(number, line)
        for number, block in enumerate(blocks)
        if block.kind in SPOKEN
        for line in block.text.split("\n")
        if line
    ]
    bare = _page_breaks(lines)
    removed_places = {place for place, line in enumerate(lines) if _is_of_all(line.text)}
    breaks = [_Break(place, place + 1, 0) for place in removed_places]
    if (
        _are_pages(lines, bare)
        or _cut_lines(lines, bare)
        or _are_apart(document, blocks, lines, bare)
    ):
        breaks += bare
    removed_places.update(
        place for page_break in breaks for place in range(page_break.start, page_break.end)
    )
    titled = [place for place, line in enumerate(lines) if _is_titled(line.text)]
    if titled and ((bare and set(bare) <= set(breaks)) or _are_titled_pages(lines, titled)):
        breaks += [_Break(place, place + 1, 0) for place in titled if place not in removed_places]
        removed_places.update(titled)
    if not removed_places:
        return document, []
    cuts = {
        page_break.end: page_break.start - 1
        for page_break in breaks
        if _cuts_sentence(lines, page_break)
    }
    continued_blocks = _continued_blocks(lines, cuts)
    changed = (
        {lines[place].block for place in removed_places}
        | continued_blocks.keys()
        | set(continued_blocks.values())
    )
    runs: dict[int, list[list[str]]] = {number: [[]] for number in changed}
    for place, line in enumerate(lines):
        if line.block in changed and place not in removed_places:
            target = runs[continued_blocks.get(line.block, line.block)]
            if place in cuts:
                target.append([])
            target[-1].append(line.text)
    remaining: dict[int, list[str]] = {}
    for place, line in enumerate(lines):
        if place not in removed_places:
            remaining.setdefault(line.block, []).append(line.text)
    width = column_of([run for run in remaining.values() if len(run) > 1])
    written = {
        number: [replace(blocks[number], text=text) for text in _mended_blocks(parts, width)]
        for number, parts in runs.items()
    }
    return exchange_paragraphs(document, written)[0], [
        lines[place].text for place in sorted(removed_places)
    ]


def _page_breaks(lines: list[_BlockLine]) -> list[_Break]:
    """Return the page breaks at bare numbers, each with the running heads beside its number.

    A line beside a number is a running head if it stands beside another number too, and if the
    sentence goes on where it is left out.
    """
    numbers = {
        place: int(match["number"])
        for place, line in enumerate(lines)
        if len(line.text) <= _LONGEST and (match := _BARE.fullmatch(line.text))
    }
    beside = Counter(
        lines[place].text.casefold()
        for place in dict.fromkeys(near for number in numbers for near in (number - 1, number + 1))
        if 0 <= place < len(lines) and place not in numbers and _may_be_head(lines[place].text)
    )

    def is_head(place: int) -> bool:
        return 0 <= place < len(lines) and beside[lines[place].text.casefold()] > 1

    breaks = []
    for place, number in numbers.items():
        alone = _Break(place, place + 1, number)
        wide = _Break(place - is_head(place - 1), place + 1 + is_head(place + 1), number)
        breaks.append(wide if _cuts_sentence(lines, wide) else alone)
    return breaks


def _may_be_head(line: str) -> bool:
    is_short = len(line) < _SHORTEST_LINE or (line.isupper() and len(line) <= _LONGEST_TITLED)
    return is_short and not is_closed(line) and not line[0].islower()


def _continued_blocks(lines: list[_BlockLine], cuts: dict[int, int]) -> dict[int, int]:
    """Return, for each block that goes on with a sentence of an earlier block, that earlier block.

    Args:
        lines: all of them.
        cuts: by the place of a line that goes on, that of the line it goes on with.
    """
    first_blocks: dict[int, int] = {}
    for following, place in sorted(cuts.items()):
        earlier, later = lines[place].block, lines[following].block
        if earlier != later:
            first_blocks[later] = first_blocks.get(earlier, earlier)
    return first_blocks


def _mended_blocks(runs: list[list[str]], width: int | None) -> list[str]:
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


def _is_titled(line: str) -> bool:
    return len(line) <= _LONGEST_TITLED and _TITLED.fullmatch(line) is not None


def _are_titled_pages(lines: list[_BlockLine], titled: list[int]) -> bool:
    """Whether numbers with a title beside them rise, cut sentences, and are enough to be pages."""
    matches = [match for place in titled if (match := _TITLED.fullmatch(lines[place].text))]
    numbers = [int(match["number"] or match["last"]) for match in matches]
    cuts = sum(_cuts_sentence(lines, _Break(place, place + 1, 0)) for place in titled)
    return (
        len(numbers) >= _FEWEST
        and all(earlier < later for earlier, later in pairwise(numbers))
        and cuts >= len(titled) * _CUTTING_SHARE
    )


def _is_of_all(line: str) -> bool:
    return len(line) <= _LONGEST and _OF_ALL.fullmatch(line) is not None


def _are_rising(breaks: Sequence[_Break]) -> bool:
    return all(earlier.number < later.number for earlier, later in pairwise(breaks))


def _are_pages(lines: list[_BlockLine], bare: list[_Break]) -> bool:
    if len(bare) < _FEWEST or not _are_rising(bare):
        return False
    cuts = sum(_cuts_sentence(lines, page_break) for page_break in bare)
    between = sum(len(line.text) for line in lines[bare[0].start : bare[-1].start])
    return cuts >= len(bare) * _CUTTING_SHARE and between >= (len(bare) - 1) * _SHORTEST_PAGE


def _cut_lines(lines: list[_BlockLine], bare: list[_Break]) -> bool:
    """Whether each bare number stands between two lines of a sentence, as in a few short pages.

    Where lines are as long as those of a page, no number of the text has a line to itself.
    """
    return (
        bool(bare)
        and bare[-1].number <= _LAST_PAGE
        and _are_rising(bare)
        and all(
            _cuts_sentence(lines, page_break)
            and len(lines[page_break.start - 1].text) >= _SHORTEST_LINE
            for page_break in bare
        )
    )


def _are_apart(
    document: Document, blocks: list[Paragraph], lines: list[_BlockLine], bare: list[_Break]
) -> bool:
    """Whether bare numbers stand apart in a text that was wrapped for pages and has chapters.

    They rise from one to the next, and none stands right below a heading as that of a piece does.
    """
    if not bare or bare[-1].number > _LAST_PAGE or not _are_rising(bare):
        return False
    headings = {number for number, block in enumerate(blocks) if is_heading(block)}
    alone = all(
        page_break.start > 0
        and blocks[lines[page_break.start].block].text
        == "\n".join(line.text for line in lines[page_break.start : page_break.end])
        and lines[page_break.start - 1].block not in headings
        for page_break in bare
    )
    return alone and bool(headings) and wrap_width(document) is not None


def _cuts_sentence(lines: list[_BlockLine], page_break: _Break) -> bool:
    """Whether the end of a page stands in the middle of a sentence."""
    if not (page_break.start > 0 and page_break.end < len(lines)):
        return False
    preceding = lines[page_break.start - 1].text
    is_open = not is_closed(preceding) or preceding.endswith((",", ";"))
    return is_open and lines[page_break.end].text[0].islower()
