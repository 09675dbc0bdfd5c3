"""Lines: those that were wrapped are joined, words divided at their ends mended."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.tidy.step import Result, exchange, paragraphs, rewrite
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable

# Nobody wraps lines wider than this, nor narrower.
_WIDEST_WRAP, _NARROWEST_WRAP = 120, 40
# Share of line ends that must be where a line was full.
_WRAPPED_SHARE = 0.8
_STRUCTURE = re.compile(r"#{1,6} |[-*•—–] |\d{1,3}[.)] ")
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]++)-\n([^\W\d_]+)")


def join_wrapped_lines(document: Document) -> Result:
    """Join the lines of a text that was wrapped at a column.

    A word that a hyphen divides at the end of a line stays in two lines.
    """
    blocks = paragraphs(document)
    width = _wrap_width(block.text for block in blocks if block.kind is not Kind.VERSE)
    if width is None:
        return document, []
    joined = {}
    touched: list[str] = []
    for number, block in enumerate(blocks):
        if "\n" in block.text and block.kind is not Kind.VERSE:
            text = _join(block.text, width, touched)
            if text != block.text:
                joined[number] = [replace(block, text=text)]
    return exchange(document, joined)[0], touched


def _wrap_width(blocks: Iterable[str]) -> int | None:
    """Return the column at which the lines of a text were wrapped, or None if they were not.

    A wrapped line is full: the first word of the next one did not fit any more.
    """
    runs = [lines for block in blocks if len(lines := block.split("\n")) > 1]
    width = max((len(line) for lines in runs for line in lines), default=0)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    ends = full = 0
    for lines in runs:
        for line, following in pairwise(lines):
            ends += 1
            full += _is_full(line, following, width)
    return width if full >= ends * _WRAPPED_SHARE else None


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width


def _join(block: str, width: int, touched: list[str]) -> str:
    lines = [line for line in block.split("\n") if line]
    parts = lines[:1]
    for line, following in pairwise(lines):
        if not _is_full(line, following, width) or _STRUCTURE.match(following):
            parts.append("\n")
        else:
            touched.append(following)
            parts.append("\n" if _BROKEN.search(f"{line[-40:]}\n{following[:40]}") else " ")
        parts.append(following)
    return "".join(parts)


def join_broken_words(document: Document) -> Result:
    """Join words that a hyphen divides at the end of a line.

    The hyphen goes where it only divides a foreign word: `inter-national`. It stays in names
    and words that have it anyway: `Gia-tĩnh`, `Xô-viết`, `Saint-Exupéry`.
    """
    touched: list[str] = []

    def mend(broken: re.Match[str]) -> str:
        before, after = broken.groups()
        if after[0].isupper() and not before.isupper():
            hyphen = "-"
        else:
            hyphen = "-" if is_vietnamese(before) and is_vietnamese(after) else ""
        touched.append(f"{before}{hyphen}{after}")
        return touched[-1]

    def join(text: str) -> str:
        return _BROKEN.sub(mend, text) if "-\n" in text else text

    return rewrite(document, join)[0], touched


def part_lines(document: Document) -> Document:
    """Make each line a paragraph of its own."""
    parted = {}
    for number, block in enumerate(paragraphs(document)):
        if "\n" in block.text or not block.text.strip():
            lines = (line.strip() for line in block.text.split("\n"))
            parted[number] = [replace(block, text=line) for line in lines if line]
    return exchange(document, parted)[0]
