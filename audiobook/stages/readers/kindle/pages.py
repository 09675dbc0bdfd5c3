"""The text of an old Kindle book, divided into pages: one between two page breaks."""

from __future__ import annotations

import html
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from audiobook.stages.readers.kindle.unpacking import KindleEntry
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable

_PAGE_BREAK = re.compile(r"<mbp:pagebreak[^<>]*>(?:\s*</mbp:pagebreak\s*>)?", re.I)
_OTHER_MBP = re.compile(r"</?mbp:[^<>]*>", re.I)
_ANCHOR = re.compile(r'\bid="(filepos\d+)"')
_LINK = re.compile(r'href="#(filepos\d+)"')
_TABLE = re.compile(r"<reference\b(?=[^<>]*\btype=[\"']?toc\b)[^<>]*\bfilepos=[\"']?0*(\d+)", re.I)
_TABLE_LINE = re.compile(r'<a\b[^<>]*href="#(filepos\d+)"[^<>]*>((?:(?!</?a\b).)*)', re.I | re.S)
_TAG = re.compile(r"<[^<>]*>")


class KindlePages(NamedTuple):
    """A book in pages, as an EPUB has them."""

    texts: dict[str, str]
    """HTML by name, in reading order."""
    entries: list[KindleEntry]
    contents: str
    """The name of the page that is a table of contents; empty where there is none."""


def divide_pages(text: str, entries: Iterable[KindleEntry]) -> KindlePages:
    """Divide the text of a book at its page breaks, and lead its links to the pages.

    A book without a table of contents takes its entries from the links on the page that its guide
    calls one.

    Args:
        text: HTML of Mobipocket, in which the targets of links are anchors.
        entries: its table of contents.
    """
    pieces = [_OTHER_MBP.sub("", piece) for piece in _PAGE_BREAK.split(text)]
    names = [f"{number:05}.html" for number, _ in zip(count(), pieces, strict=False)]
    pages = {
        anchor: name
        for name, piece in zip(names, pieces, strict=True)
        for anchor in _ANCHOR.findall(piece)
    }
    table = _TABLE.search(text)
    contents = pages.get(f"filepos{table[1]}", "") if table else ""
    entries = [
        KindleEntry(e.title, e.level, pages[e.anchor], e.anchor)
        for e in entries
        if e.anchor in pages
    ]
    if contents and not entries:
        lines = _TABLE_LINE.findall(pieces[names.index(contents)])
        titles = [(anchor, _without_tags(title)) for anchor, title in lines if anchor in pages]
        entries = [
            KindleEntry(title, 1, pages[anchor], anchor) for anchor, title in titles if title
        ]

    def link(target: re.Match[str]) -> str:
        return f'href="{pages.get(target[1], "")}#{target[1]}"'

    texts = {name: _LINK.sub(link, piece) for name, piece in zip(names, pieces, strict=True)}
    return KindlePages(texts, entries, contents)


def _without_tags(line: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", line)).split())
