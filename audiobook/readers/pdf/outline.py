"""The outline of a PDF file (its bookmarks) gives the chapters."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.model import Chapter, Kind, Paragraph

if TYPE_CHECKING:
    from audiobook.readers.pdf.paragraphs import Block


def chapters_of(
    blocks: list[Block], outline: list[tuple[str, int, int, float | None]]
) -> tuple[Chapter, ...]:
    """Divide the paragraphs at the places the outline names."""
    starts: dict[int, tuple[str, int]] = {}
    at = 0
    for title, level, page, top in sorted(outline, key=lambda mark: (mark[2], -(mark[3] or 1e6))):
        found = _place(blocks, at, title, page, top)
        if found is not None and title.strip():
            starts[found] = " ".join(title.split()), level + 1
            at = found + 1
    paragraphs = [Paragraph(block.text, block.kind, block.level) for block in blocks]
    bounds = [*sorted({0, *starts}), len(paragraphs)]
    return tuple(
        Chapter(
            starts.get(start, ("", 1))[0], (*paragraphs[start:end],), starts.get(start, ("", 1))[1]
        )
        for start, end in pairwise(bounds)
    )


def _place(blocks: list[Block], first: int, title: str, page: int, top: float | None) -> int | None:
    """Return the paragraph a bookmark points to: the one that says its title, or stands there."""
    wanted = letters(title)
    there = None
    for index in range(first, len(blocks)):
        block = blocks[index]
        if block.page > page and there is not None:
            break
        if block.page < page:
            continue
        said = letters(block.text)
        if block.page == page and wanted and (said == wanted or said.startswith(wanted)):
            return index
        below = block.page > page or top is None or block.top <= top + block.last.size
        if there is None and below and block.kind is not Kind.NOTE:
            there = index
    return there


def letters(text: str) -> str:
    """Return the letters and digits of a text, for comparison."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text).casefold()))
