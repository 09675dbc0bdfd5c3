"""Rebuilds a page so that trafilatura finds its article: without boxes, and with what is hidden.

That is only for finding the article: nothing is read from what is simplified here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.markup import attributes_of, data_tables, is_hidden, mathml, take_out
from audiobook.stages.readers.markup.signs import class_signs
from audiobook.stages.readers.page.boxes import boxes_in
from audiobook.stages.readers.page.lengths import Lengths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

# A box holds at most this share of a page; an element that holds more is the page itself.
_LARGEST = 0.3
_BETTER_PART = 0.4
_SWALLOWING = ("button", "nav", "noscript", "select", "object")
# Characters of a long paragraph, and how many of them a part of a parted text holds.
_LONG, _PARTS = 120, 2


def simplify(root: etree._Element) -> str:
    """Return a page without its boxes, for trafilatura, which goes by how elements are built.

    Tables that only lay out a page, as old pages have them, become plain blocks. Links in links,
    which libxml2 makes of those that nobody closed, become one: texts are measured once for each
    link around them, and 240 of them took readability 14 seconds.

    Args:
        root: the page, which is changed.
    """
    from lxml import etree

    lengths = Lengths(root)
    _flatten_layout_tables(root)
    _write_out_formulas(root)
    _join_parts(root, lengths)
    if root.find(".//a//a") is not None:
        for link in root.iter("a"):
            etree.strip_tags(link, "a")
    most = _LARGEST * lengths.characters_in(root)
    boxes = [
        box
        for box in [*_hidden(root), *boxes_in(root, lengths)]
        if lengths.characters_in(box) <= most and box.find(".//h1") is None
    ]
    take_out(boxes)
    return etree.tostring(root, encoding="unicode", method="html")


def reveal(root: etree._Element) -> None:
    """Show what is hidden but holds the better part of a page.

    Its scripts would show it; or a menu or a button has no end, as a browser would give it one.

    Args:
        root: the page, which is changed.
    """
    lengths = Lengths(root)
    most = _BETTER_PART * lengths.characters_in(root)
    for element in root.iter("body", "div", "main", "section", "article", *_SWALLOWING):
        attributes = attributes_of(element)
        is_unread = element.tag in _SWALLOWING or is_hidden(
            attributes, class_signs(attributes.get("class", ""))
        )
        if is_unread and lengths.characters_in(element) > most and _runs_on(element, lengths):
            for name in ("hidden", "aria-hidden", "style", "class"):
                element.attrib.pop(name, "")
            element.tag = "div"


def _runs_on(element: etree._Element, lengths: Lengths) -> bool:
    """Whether an element holds running text, and is more than a long menu."""
    return any(
        lengths.characters_in(paragraph) >= _LONG and not lengths.is_link(paragraph)
        for paragraph in element.iter("p")
    )


def _join_parts(root: etree._Element, lengths: Lengths) -> None:
    """Join the blocks into which a text was parted, as by advertisements.

    They are siblings of one name, and each holds paragraphs: trafilatura would take the first.
    """
    parents = {block.getparent() for block in root.iter("div", "section")}
    for parent in parents:
        named: dict[tuple[str, str], list[etree._Element]] = {}
        for block in parent if parent is not None else ():
            if block.tag in ("div", "section") and block.get("class"):
                named.setdefault((str(block.tag), block.get("class") or ""), []).append(block)
        for first, *others in named.values():
            if others and all(_is_running(block, lengths) for block in (first, *others)):
                for block in others:
                    first.extend(list(block))


def _is_running(block: etree._Element, lengths: Lengths) -> bool:
    """Whether a block holds paragraphs of running text, and no heading of an article of its own."""
    if block.find(".//h1") is not None or block.find(".//h2/a") is not None:
        return False
    paragraphs = [
        paragraph
        for paragraph in block.iter("p")
        if lengths.characters_in(paragraph) >= _LONG and not lengths.is_link(paragraph)
    ]
    return len(paragraphs) >= _PARTS


def _flatten_layout_tables(root: etree._Element) -> None:
    data_cells = data_tables(root)
    inside = {part for table in data_cells for part in table.iter()}
    for part in list(root.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th")):
        if part not in inside:
            part.tag = "div"


def _write_out_formulas(root: etree._Element) -> None:
    """Put in place of each formula what is read of it: trafilatura would drop it."""
    for formula in list(root.iter("math")):
        spoken, tail = mathml.speak(formula), formula.tail
        formula.clear()
        formula.tag, formula.text, formula.tail = "span", spoken, tail


def _hidden(root: etree._Element) -> Iterator[etree._Element]:
    """Yield what is not read, such as the links by which a heading of Wikipedia is edited."""
    for element in list(root.iter("div", "span", "p", "section", "a", "ul")):
        attributes = attributes_of(element)
        if attributes and is_hidden(attributes, class_signs(attributes.get("class", ""))):
            yield element
