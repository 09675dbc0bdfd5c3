"""Pages of an EPUB: XHTML, or what its maker took for it."""

from __future__ import annotations

import html
import html.entities
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from audiobook.readers.archive import DECLARED, xml_parser
from audiobook.readers.markup import parse_html, refuse_flood
from audiobook.vietnamese import encodings

if TYPE_CHECKING:
    from lxml import etree

    from audiobook.readers.epub.book import Book

PAGE_NAMES = (".xhtml", ".html", ".htm", ".xht", ".xml")
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9.-]*);")
# In HTML only a few elements can close themselves; XHTML that is read as HTML forgets that.
_SELF_CLOSED = re.compile(
    r"<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)[a-z]\w*)"
    r"(\s[^<>]*)?/>",
    re.I,
)
# "a < b", "a<b, c" and "x<y and so on</p>" hold a sign; a browser makes a tag of the last two, and
# all to the next ">" is lost.
_SIGN = re.compile(
    r"<(?![/!?]|[a-z][\w:-]{0,40}(?:\s*/?>|\s[^<>]*>"
    r"|\s(?:[^<>\"']{1,200}+|\"[^\"]{0,200}\"|'[^']{0,200}'){0,20}+>))",
    re.I,
)


def parse_page(book: Book, path: str) -> etree._Element:
    """Return the tree of a page: as XHTML when it is well formed, else as a browser reads HTML.

    What was damaged is noted in the faults of the book.

    Raises:
        SourceError: it cannot be read, or is larger or deeper than pages are.
    """
    from lxml import etree

    source = book.as_utf_8(book.read(path), path).strip()
    if not source:
        return etree.Element("html")
    name = f"{book.name} ({path})"
    data = _ENTITY.sub(_as_number, source)
    refuse_flood(data, name)
    with suppress(etree.XMLSyntaxError):
        return etree.fromstring(data, xml_parser())
    page = _mend(_decode(book, source, path, name))
    if path not in book.faults.pages:
        book.faults.pages.append(path)
    return parse_html(page.encode(), name)


def _decode(book: Book, source: bytes, path: str, name: str) -> str:
    """Return the text of a page, in what it really is encoded, and note what is broken of it."""
    declared = DECLARED.search(source[:1024])
    decoded = encodings.decode(source, name, declared[1].decode("ascii") if declared else "")
    if path not in book.faults.pages:
        book.faults.broken += [path] * decoded.broken
        if decoded.encoding != encodings.UTF_8:
            book.faults.encodings.setdefault(decoded.encoding, []).append(path)
    return decoded.text


def _mend(page: str) -> str:
    """Return a page written so that HTML loses nothing of what XHTML means."""
    first, *sections = page.split("<![CDATA[")
    pieces = [first]
    for section in sections:
        text, _, rest = section.partition("]]>")
        pieces += html.escape(text, quote=False), rest
    page = "".join(pieces)
    return _SELF_CLOSED.sub(r"<\1\2></\1>", _SIGN.sub("&lt;", page))


def _as_number(entity: re.Match[bytes]) -> bytes:
    """Write `&nbsp;` as XML can read it; an entity that HTML does not know is mere text."""
    text = html.entities.html5.get(f"{entity[1].decode('ascii')};")
    if text is None:
        return b"&amp;" + entity[0][1:]
    return "".join(f"&#{ord(character)};" for character in text).encode("ascii")
