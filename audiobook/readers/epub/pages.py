"""Pages of an EPUB: XHTML, or what its maker took for it."""

from __future__ import annotations

import html.entities
import re
from typing import TYPE_CHECKING

from audiobook.readers.archive import xml_parser
from audiobook.readers.markup import parse_html, refuse_excess, refuse_flood

if TYPE_CHECKING:
    from lxml import etree

    from audiobook.readers.epub.book import Book

PAGE_NAMES = (".xhtml", ".html", ".htm", ".xht", ".xml")
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9.-]*);")
# In HTML only a few elements can close themselves; XHTML that is read as HTML forgets that.
_SELF_CLOSED = re.compile(
    rb"<((?!area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)[a-z][a-z0-9]*)"
    rb"(\s[^<>]*)?/>",
    re.I,
)


def parse_page(book: Book, path: str) -> etree._Element:
    """Return the tree of a page: as XHTML when it is well formed, else as a browser reads HTML.

    Raises:
        SourceError: it cannot be read, or is larger or deeper than pages are.
    """
    from lxml import etree

    data = _ENTITY.sub(_as_number, book.as_utf_8(book.read(path), path).strip())
    if not data:
        return etree.Element("html")
    name = f"{book.name} ({path})"
    refuse_flood(data, name)
    parser = xml_parser()
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        refuse_excess(parser, name)
    data = book.as_utf_8(data, path, declared=True)
    return parse_html(_SELF_CLOSED.sub(rb"<\1\2></\1>", data), name)


def _as_number(entity: re.Match[bytes]) -> bytes:
    """Write `&nbsp;` as XML can read it; an entity that HTML does not know is mere text."""
    text = html.entities.html5.get(f"{entity[1].decode('ascii')};")
    if text is None:
        return b"&amp;" + entity[0][1:]
    return "".join(f"&#{ord(character)};" for character in text).encode("ascii")
