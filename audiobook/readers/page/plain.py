"""Plain paragraphs of a page: which of its elements each stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.readers.page.boxes import Lengths, is_named_box

if TYPE_CHECKING:
    from lxml import etree

_NAME = "audiobook-paragraph-"
_PARTS_OF_SITES = ("a", "button", "form", "iframe", "input", "nav", "noscript")


def mark(root: etree._Element) -> None:
    """Give each paragraph a name, by which a flow of the page tells its place.

    Args:
        root: the page, which is changed.
    """
    for number, element in enumerate(root.iter("p")):
        if not element.get("name") and any(map(str.strip, map(str, element.itertext()))):
            element.set("name", f"{_NAME}{number}")


def is_bare(root: etree._Element) -> bool:
    """Whether a page has paragraphs under a heading, and nothing to follow, press or fill in."""
    is_text = root.find(".//h1") is not None and root.find(".//p") is not None
    return is_text and next(root.iter(*_PARTS_OF_SITES), None) is None


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
        # One that shows nothing has the place of the paragraph behind it.
        if lengths.is_link(element) or is_named_box(element):
            others.add(place)
        else:
            around[place] = parent
    return {place: parent for place, parent in around.items() if place not in others}
