"""Saved pages that hold a book, or much of one: chapters under headings, read whole."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from audiobook.stages.readers.markup import flow
from audiobook.stages.readers.page.article import words
from audiobook.stages.readers.page.declared import text_up_to
from audiobook.stages.readers.page.lengths import Lengths
from audiobook.vietnamese.divisions import parse_division

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from audiobook.model import Paragraph

_NAME = "audiobook-book"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINES = (*_HEADINGS, "p")
_TEXT = ("p", "div", "blockquote")
_LONGEST = 150  # characters of a heading
_CHAPTERS = 2
# A book is the better part of its page, and little of it is links.
_SHARE, _LINKED = 0.5, 0.1
_PROSE = 5  # words


class BookElement(NamedTuple):
    """The element of a page that holds a book."""

    element: etree._Element
    headings: list[str]
    """Of its chapters."""


def find(root: etree._Element) -> BookElement | None:
    """Return the innermost element with the chapters of a book, None if a page holds no book.

    Chapters are headings or lines that number them, or several headings of the first level side by
    side, each over prose. The element gets a name, by which a flow of the page tells its place.

    Args:
        root: the page, which is changed.
    """
    for headings in (list(_numbered_headings(root)), list(_headings_side_by_side(root))):
        if len(headings) < _CHAPTERS:
            continue
        element = _innermost_around(headings)
        lengths = Lengths(root)
        length = lengths.characters_in(element)
        is_better_part = length >= _SHARE * lengths.characters_in(root)
        if is_better_part and lengths.linked_characters_in(element) <= _LINKED * length:
            element.set("name", _NAME)
            return BookElement(element, [_heading_line(heading) for heading in headings])
    return None


def places(shown: Sequence[Paragraph], names: dict[str, int], element: etree._Element) -> list[int]:
    """Return the places of a book's paragraphs on its page: its element without the boxes.

    Args:
        shown: all that the page shows, in order.
        names: the place of each name on the page.
        element: what holds the book, its boxes taken out.
    """
    text = Counter(_without_spaces(paragraph.text) for paragraph in flow(element).paragraphs)
    book_places = []
    for place in range(names.get(_NAME, 0), len(shown)):
        signs = _without_spaces(shown[place].text)
        if text[signs]:
            text[signs] -= 1
            book_places.append(place)
    return book_places


def _without_spaces(text: str) -> str:
    """Return a text without its spaces, of which a formula that was written out may lack some."""
    return "".join(text.split())


def _numbered_headings(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the headings and lines that number a chapter, of which prose follows."""
    for element in _elements_over_prose(root, _LINES, 1):
        division = parse_division(_heading_line(element))
        if division is not None and division.unit and division.number:
            yield element


def _headings_side_by_side(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the headings of the first level that stand in the same element."""
    headings = list(_elements_over_prose(root, ("h1",), _PROSE))
    parents = Counter(heading.getparent() for heading in headings)
    for heading in headings:
        if parents[heading.getparent()] >= _CHAPTERS:
            yield heading


def _elements_over_prose(
    root: etree._Element, tags: Sequence[str], least: int
) -> Iterator[etree._Element]:
    """Yield the elements of some kinds that hold no link and stand over text.

    Args:
        root: the page.
        tags: the kinds.
        least: the words that a paragraph has to have which follows.
    """
    for element in root.iter(*tags):
        following = _next(element)
        if following is None or element.find(".//a[@href]") is not None:
            continue
        is_text = following.tag in _TEXT and len(words(text_up_to(following, _LONGEST))) >= least
        if is_text or following.tag in _HEADINGS:
            yield element


def _next(element: etree._Element) -> etree._Element | None:
    """Return what follows an element, or the block that holds it alone."""
    parent = element.getparent()
    while element.getnext() is None and parent is not None and len(parent) == 1:
        element, parent = parent, parent.getparent()
    return element.getnext()


def _heading_line(element: etree._Element) -> str:
    """Return the text of an element on one line, cut where it is longer than headings are."""
    return " ".join("".join(islice(map(str, element.itertext()), _LONGEST)).split())[:_LONGEST]


def _innermost_around(elements: Sequence[etree._Element]) -> etree._Element:
    """Return the innermost element around some others."""
    first, *others = elements
    around = list(first.iterancestors())
    for other in others:
        shared = set(other.iterancestors())
        around = [ancestor for ancestor in around if ancestor in shared]
    return around[0]
