"""The outline of a PDF file (its bookmarks) gives the chapters."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.model import Chapter, Kind, Paragraph
from audiobook.stages.readers.titles import is_damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.stages.readers.pdf.blocks import Block
    from audiobook.stages.readers.pdf.lines import PrintedLine

_LONGEST_TITLE = 200
# Letters that must be left of a damaged title to compare it by them.
_FEWEST_LETTERS = 3


class Bookmarks:
    """The outline of a file, whose titles may be damaged."""

    def __init__(self, outline: Sequence[tuple[str, int, int, float | None]]) -> None:
        self._marks = sorted(outline, key=lambda mark: (mark[2], -(mark[3] or 1e6)))
        self._names: dict[Callable[[str], str], set[tuple[int, str]]] = defaultdict(set)
        for title, _, page, _ in outline:
            for key in _comparison_keys(title):
                self._names[key].add((page, key(letters_of(title))))

    def is_named(self, line: PrintedLine) -> bool:
        """Whether the outline has a title that is this line."""
        text = letters_of(line.text)
        return bool(text) and any(
            (line.page, key(text)) in names for key, names in self._names.items()
        )

    def divide(self, blocks: list[Block]) -> tuple[Chapter, ...]:
        """Divide the paragraphs at the places that the outline names."""
        starts: dict[int, tuple[str, int]] = {}
        first = 0
        for title, level, page, top in self._marks:
            place = _paragraph_of_bookmark(blocks, first, title, page, top)
            if place is not None and title.strip():
                starts[place] = _readable_title(title, blocks[place].text), level + 1
                first = place + 1
        paragraphs = [Paragraph(block.text, block.kind, block.level) for block in blocks]
        bounds = [*sorted({0, *starts}), len(paragraphs)]
        return tuple(
            Chapter(
                starts.get(start, ("", 1))[0],
                (*paragraphs[start:end],),
                starts.get(start, ("", 1))[1],
            )
            for start, end in pairwise(bounds)
        )


def _readable_title(title: str, line: str) -> str:
    """Return the title of a bookmark, or the line on the page where the bookmark is damaged."""
    title = " ".join(title.split())
    if not is_damaged(title) and not _differ_in_marks(title, line):
        return title
    return line if len(line) <= _LONGEST_TITLE else ""


def _differ_in_marks(title: str, line: str) -> bool:
    """Whether a title differs from a line only in lost accents and letters: "C? s?" for "Cơ sở"."""
    return (
        "?" in title
        and "?" not in line
        and _skeleton(letters_of(title)) == _skeleton(letters_of(line))
    )


def _paragraph_of_bookmark(
    blocks: list[Block], first: int, title: str, page: int, top: float | None
) -> int | None:
    """Return the paragraph a bookmark points to: the one that says its title, or stands there."""
    keys = [(key, wanted) for key in _comparison_keys(title) if (wanted := key(letters_of(title)))]
    nearest = None
    for index in range(first, len(blocks)):
        block = blocks[index]
        if block.page > page and nearest is not None:
            break
        if block.page < page:
            continue
        text = letters_of(block.text)
        if block.page == page and any(key(text).startswith(wanted) for key, wanted in keys):
            return index
        below = block.page > page or top is None or block.top <= top + block.last.size
        if nearest is None and below and block.kind is not Kind.NOTE:
            nearest = index
    return nearest


def _comparison_keys(title: str) -> list[Callable[[str], str]]:
    """Return the functions to compare a title with lines by: all letters, or those of ASCII."""
    keys: list[Callable[[str], str]] = [str]
    if "?" in title or is_damaged(title):
        wanted = _skeleton(letters_of(title))
        keys = [_skeleton] if len(wanted) >= _FEWEST_LETTERS else []
    return keys


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, for comparison."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text).casefold()))


def _skeleton(text: str) -> str:
    """Return the letters of ASCII, which survive when others are lost."""
    return "".join(filter(str.isascii, text))
