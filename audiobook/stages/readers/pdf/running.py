"""Running heads, running feet and page numbers, which are printed and not read."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, product
from typing import TYPE_CHECKING

from audiobook.stages.readers.pdf.lines import LARGE, commonest
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.stages.readers.pdf.lines import PrintedLine

# The least distance of a running head from the text, in lines, unless it is a page number.
_APART = 1.2
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:trang|page|tr\.|p\.)?\s*(\d{1,5})(?:\s*/\s*\d{1,5})?\W*", re.IGNORECASE
)


def take_running(pages: list[list[PrintedLine]], body: float) -> list[PrintedLine]:
    """Remove running heads, running feet and page numbers from pages, and return them."""
    heights = ({round(segment.bottom) for segment in page} for page in pages)
    leading = commonest((b - a, 1) for page in heights for a, b in pairwise(sorted(page)))
    running: list[PrintedLine] = []
    while batch := _outermost_running(pages, body, leading):
        running += batch
        batch_ids = set(map(id, batch))
        pages[:] = [[segment for segment in page if id(segment) not in batch_ids] for page in pages]
    return running


def _outermost_running(
    pages: list[list[PrintedLine]], body: float, leading: float
) -> list[PrintedLine]:
    """Return the running heads, feet and page numbers in the outermost lines of pages."""
    running: dict[int, PrintedLine] = {}
    places: dict[object, list[PrintedLine]] = defaultdict(list)
    for segments in pages:
        heights = sorted({round(segment.bottom) for segment in segments})
        for edge, following in ((heights[-1:], heights[-2:-1]), (heights[:1], heights[1:2])):
            apart = not following or abs(edge[0] - following[0]) > _APART * leading
            for segment in segments:
                if segment.size <= body * LARGE and [round(segment.bottom)] == edge:
                    number = _PAGE_NUMBER.fullmatch(segment.text)
                    if number and int(number[1]) == segment.page + 1:
                        running[id(segment)] = segment
                    for key in _running_keys(segment) if apart or number else ():
                        places[key].append(segment)
    needed = 2 if len(pages) <= 4 else 3
    for segments in places.values():
        if len({segment.page for segment in segments}) >= needed:
            running |= {id(segment): segment for segment in segments}
    return list(running.values())


def _running_keys(segment: PrintedLine) -> Iterator[object]:
    """Yield what a line has in common with those of other pages.

    A number in it is either the same there, or grows with the pages as page numbers do.
    """
    text = segment.text.casefold()
    numbers = [match[0] for match in _NUMBER.finditer(text)]
    if len(numbers) > 3 or any(len(number) > 9 for number in numbers):
        return
    parts = _NUMBER.split(text)
    # Two grids of 6 points, so that no place falls between.
    grids = ((0, segment.bottom // 6), (1, (segment.bottom + 3) // 6))
    for grid in grids:
        for choice in product((False, True), repeat=len(numbers)):
            filled = [
                f"page{int(number) - segment.page:+}" if grows else number
                for number, grows in zip(numbers, choice, strict=True)
            ]
            yield grid, (*parts, *filled)
