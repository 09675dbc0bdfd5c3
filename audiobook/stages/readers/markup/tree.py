"""Pages become trees, and what an element of a tree is called and says of itself."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml import etree

# A novel of 1,000,000 characters on one page has 50,000 tags, opening and closing; a tree takes
# about 200 bytes for each.
_MOST_TAGS = 400_000
# libxml2 compares each attribute of HTML with each before it.
_MOST_ATTRIBUTES = 256
_ATTRIBUTE = re.compile(rb"""[^\s=>]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+[\s/]*+""")
_TAG = re.compile(rb"<[a-zA-Z][^\s>]*+\s*+(?:" + _ATTRIBUTE.pattern + rb")*+")
# What a browser reads as mere text to its end: "a<d" in a script opens no element.
_RAW = re.compile(rb"<(?:!--|(script|style)\b)", re.I)
_RAW_END = {
    b"": re.compile(rb"-->"),
    b"script": re.compile(rb"</script", re.I),
    b"style": re.compile(rb"</style", re.I),
}
_LONGEST_TEXT = 10_000_000
# What stands in the head of a page.
_METADATA = frozenset("base link meta noscript script style template title".split())


def parse_html(page: bytes, name: str) -> etree._Element:
    """Return the tree of a page in UTF-8, read as a browser reads HTML, whatever its faults.

    Raises:
        SourceError: see `refuse_flood` and `refuse_excess`.
    """
    from lxml import etree

    refuse_flood(page, name)
    # A huge tree may be 2,048 elements deep: where hundreds are never closed, as in old pages,
    # each lies in the one before.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    if len(page) > _LONGEST_TEXT and max(map(len, page.split(b"<"))) > _LONGEST_TEXT:
        raise _excess_error(name)
    try:
        root = etree.fromstring(page, parser)
    except etree.XMLSyntaxError:  # nothing in it
        root = None
    refuse_excess(parser, name)
    if root is None:
        return etree.Element("html")
    _part_body_from_head(root)
    return root


def _part_body_from_head(root: etree._Element) -> None:
    """Let the body begin with the first element that a browser shows, although no tag says so.

    libxml2 ends a head that is left open only at elements which HTML 4 had, not at a section.
    """
    from lxml import etree

    head = root.find("head")
    shown = [] if head is None else [part for part in head if part.tag not in _METADATA]
    if not shown:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    text, body.text = body.text or "", None
    body[:0] = shown
    shown[-1].tail = (shown[-1].tail or "") + text


def refuse_flood(page: bytes, name: str, most: int = _MOST_TAGS) -> None:
    """Refuse a page whose tree would take many times its memory, or longer the more it holds.

    Args:
        page: its source.
        name: what to call it in messages.
        most: tags, opening and closing.

    Raises:
        SourceError: it has more elements or attributes than texts have.
    """
    if _is_flooded(page, most) and _is_flooded(_without_raw_text(page), most):
        raise _flood_error(name)


def _flood_error(name: str) -> SourceError:
    return SourceError(
        message("{name} has too much markup for a text", name=name),
        message("copy its text to a file, or divide it"),
    )


def refuse_depth(root: etree._Element, name: str, most: int) -> None:
    """Refuse a page in which so much lies so deep that who looks around each element never ends.

    Args:
        root: its tree.
        name: what to call it in messages.
        most: the sum of the depths of its elements.

    Raises:
        SourceError: it is more than texts have.
    """
    from lxml import etree

    depth = depths = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        depths += depth
        if depths > 2 * most:  # each element counts when it begins and when it ends
            raise _flood_error(name)


def _is_flooded(page: bytes, most: int) -> bool:
    return page.count(b"<") > most or any(
        len(tag[0]) > _MOST_ATTRIBUTES and len(_ATTRIBUTE.findall(tag[0])) > _MOST_ATTRIBUTES
        for tag in _TAG.finditer(page)
    )


def _without_raw_text(page: bytes) -> bytes:
    """Return a page without its scripts, styles and comments."""
    pieces = []
    start = 0
    while opening := _RAW.search(page, start):
        pieces.append(page[start : opening.start()])
        closing = _RAW_END[(opening[1] or b"").lower()].search(page, opening.end())
        if closing is None:
            return b"".join(pieces)
        start = closing.end()
    return b"".join([*pieces, page[start:]])


def refuse_excess(parser: etree._FeedParser, name: str) -> None:
    """Refuse a page that the parser would not read to its end.

    Raises:
        SourceError: elements lie deeper than the parser goes, or one text is longer than 10 MB.
    """
    if is_excessive(parser):
        raise _excess_error(name)


def is_excessive(parser: etree._FeedParser) -> bool:
    """Whether the parser stopped at what is deeper or longer than it reads."""
    from lxml import etree

    return any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)


def _excess_error(name: str) -> SourceError:
    return SourceError(
        message("{name} is nested deeper than texts are, or is one endless line", name=name),
        message("give a text, not a file made to overload programs"),
    )


def take_out(elements: Iterable[etree._Element]) -> None:
    """Take elements out of their tree, but not the texts behind them.

    Those of neighbours are joined at once: one by one takes time by the square of their number.
    """
    going = set(elements)
    for parent in {element.getparent() for element in going}:
        if parent is None:
            continue
        staying: etree._Element | None = None
        texts: list[str] = []
        for child in list(parent):
            if child in going:
                texts.append(child.tail or "")
                child.tail = None
                parent.remove(child)
                continue
            _add_text_behind(staying, parent, texts)
            staying, texts = child, []
        _add_text_behind(staying, parent, texts)


def _add_text_behind(
    element: etree._Element | None, parent: etree._Element, texts: Sequence[str]
) -> None:
    """Add texts behind a child of an element, or at its beginning where there is no child."""
    text = "".join(texts)
    if not text:
        return
    if element is None:
        parent.text = (parent.text or "") + text
    else:
        element.tail = (element.tail or "") + text


def tag_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace, in small letters."""
    return _local_name(str(element.tag))


@lru_cache(maxsize=1024)
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an element."""
    return {str(name): str(value) for name, value in element.items()}


def types(attributes: Mapping[str, str]) -> frozenset[str]:
    """Return what the attributes `epub:type` and `role` say an element is."""
    values = [
        value.lower()
        for name, value in attributes.items()
        if name in ("role", "epub:type") or name.endswith("/ops}type")
    ]
    return frozenset(" ".join(values).split()) if values else frozenset()
