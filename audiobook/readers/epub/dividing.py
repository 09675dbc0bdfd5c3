"""The pages of an EPUB become chapters, divided where its table of contents says."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from audiobook.model import Chapter, Kind, Paragraph
from audiobook.readers.archive import key
from audiobook.readers.epub.pages import parse_page
from audiobook.readers.markup import flow

if TYPE_CHECKING:
    from audiobook.readers.epub.book import Book
    from audiobook.readers.epub.contents import Entry
    from audiobook.readers.epub.package import Package

# A page is a table of contents when so much of its text is links within the book, and it either
# is named so or is longer than the title of a part, which may well link back to the contents.
_CONTENTS_SHARE = 0.9
_LONGEST_TITLE_PAGE = 3
# A title stands among the first lines of its chapter, after the author's name and the book's.
_TITLE_WITHIN = 5


def chapters_of(book: Book, package: Package) -> list[Chapter]:
    """Read the spine and divide it where the table of contents says."""
    entries: dict[str, list[Entry]] = {}
    for entry in package.contents:
        entries.setdefault(key(entry.path), []).append(entry)
    chapters: list[Chapter] = []
    title, level = "", 1
    paragraphs: list[Paragraph] = []
    cited: set[str] = set()
    for path in package.spine:
        page = parse_page(book, path)
        read = flow(page, path, cited)
        is_longer = len(read.paragraphs) > _LONGEST_TITLE_PAGE
        if read.links >= _CONTENTS_SHARE and (is_longer or path == package.guide.get("toc")):
            continue
        start = 0
        for cut, entry in _cuts(read.paragraphs, read.places, entries.get(key(path), [])):
            paragraphs += read.paragraphs[start:cut]
            start = cut
            if paragraphs:
                chapters.append(_chapter(title, level, paragraphs))
            title, level, paragraphs = entry.title, entry.level, []
        paragraphs += read.paragraphs[start:]
    if paragraphs:
        chapters.append(_chapter(title, level, paragraphs))
    return chapters


def _cuts(
    paragraphs: list[Paragraph], places: dict[str, int], entries: list[Entry]
) -> list[tuple[int, Entry]]:
    """Return the positions in a page at which chapters begin, in order.

    An entry whose place is unknown stands for the whole page, unless another one does. Headings
    right before a place belong to what follows. Where entries share a place, a heading that shows
    the title of the outer one is left to it.
    """
    known = [entry for entry in entries if not entry.fragment or entry.fragment in places]
    found = [(places.get(entry.fragment, 0), entry) for entry in known]
    if all(place for place, _ in found):
        lost = [entry for entry in entries if entry not in known]
        found += [(0, entry) for entry in lost[:1]]
    cuts: list[tuple[int, Entry]] = []
    previous = -1
    for place, entry in sorted(found, key=lambda cut: cut[0]):
        place = max(place, previous)
        if place == previous and place < len(paragraphs):
            place += _shows(paragraphs[place], cuts[-1][1].title)
        cut = place
        for before in range(place - 1, previous, -1):
            if paragraphs[before].kind is Kind.HEADING:
                cut = before
            elif paragraphs[before].kind is not Kind.BREAK:
                break
        cuts.append((cut, entry))
        previous = place
    return cuts


def _chapter(title: str, level: int, paragraphs: list[Paragraph]) -> Chapter:
    """Make a chapter; the first lines that show its title are its heading."""
    for place, paragraph in enumerate(paragraphs[:_TITLE_WITHIN]):
        if paragraph.kind is Kind.HEADING:
            break
        if _shows(paragraph, title):
            paragraphs[place] = Paragraph(paragraph.text, Kind.HEADING, level)
            break
    return Chapter(title, tuple(paragraphs), level)


def _shows(paragraph: Paragraph, title: str) -> bool:
    return bool(title) and _comparable(paragraph.text) == _comparable(title)


def _comparable(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
