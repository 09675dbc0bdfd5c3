"""Plain paragraphs of a page: which of its elements each stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.page.boxes import is_named_box
from audiobook.stages.readers.page.lengths import Lengths

if TYPE_CHECKING:
    from lxml import etree

_NAME = "audiobook-paragraph-"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINES = frozenset((*_HEADINGS, "li", "p"))
_PARTS_OF_SITES = ("button", "form", "iframe", "input", "nav", "noscript")
_BLOCKS_OF_SITES = ("aside", "footer", "header", "main", "section", "table")
# The largest share of links on a page that is all text.
_LINKED = 0.2


def mark(root: etree._Element) -> None:
    """Give each paragraph and heading a name, by which a flow of the page tells its place.

    Args:
        root: the page, which is changed.
    """
    for number, element in enumerate(root.iter("p", *_HEADINGS)):
        if not element.get("name") and any(map(str.strip, map(str, element.itertext()))):
            element.set("name", f"{_NAME}{number}")


def is_bare(root: etree._Element) -> bool:
    """Whether a page has paragraphs under a heading, and nothing to press or fill in."""
    is_text = root.find(".//h1") is not None and root.find(".//p") is not None
    return is_text and next(root.iter(*_PARTS_OF_SITES), None) is None


def is_all_text(root: etree._Element) -> bool:
    """Whether a page has no part of a site, no box, no line of links, and few links at all.

    What declares itself to other sites (Open Graph) belongs to one. What is shown without scripts
    is no sign of a site: a page of one that has them is not asked.
    """
    parts = root.iter(*_PARTS_OF_SITES, *_BLOCKS_OF_SITES)
    parts = (part for part in parts if part.tag != "noscript")
    if root.find(".//p") is None or next(parts, None) is not None:
        return False
    if root.find(".//meta[@property]") is not None:
        return False
    lengths = Lengths(root)
    if lengths.linked_characters_in(root) > _LINKED * lengths.characters_in(root):
        return False
    return not any(
        is_named_box(element) or (element.tag in _LINES and lengths.is_link(element))
        for element in root.iter("*")
    )


def linked_headings(root: etree._Element, places: dict[str, int]) -> set[int]:
    """Return the places of the headings that are links, as those of other articles are."""
    lengths = Lengths(root)
    linked = (heading for heading in root.iter(*_HEADINGS) if lengths.is_link(heading))
    named = (places.get(heading.get("name") or "") for heading in linked)
    return {place for place in named if place is not None}


def elements_around(root: etree._Element, places: dict[str, int]) -> dict[int, etree._Element]:
    """Return in which element each plain paragraph stands, by its place on the page.

    Paragraphs of links, and those whose class names a box, are none.

    Args:
        root: the page, its boxes taken out.
        places: the place of each name.
    """
    lengths = Lengths(root)
    around: dict[int, etree._Element] = {}
    others: set[int] = set()
    for element in root.iter("p"):
        place = places.get(element.get("name") or "")
        parent = element.getparent()
        if place is None or parent is None:
            continue
        # A paragraph that shows nothing has the place of the one after it.
        if lengths.is_link(element) or is_named_box(element):
            others.add(place)
        else:
            around[place] = parent
    return {place: parent for place, parent in around.items() if place not in others}
