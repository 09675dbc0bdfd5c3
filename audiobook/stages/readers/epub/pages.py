"""Pages of an EPUB: XHTML, or HTML that was meant to be XHTML."""

from __future__ import annotations

import html
from contextlib import suppress
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.stages.readers.markup import parse_html, refuse_flood
from audiobook.stages.readers.xml_files import DECLARED, xml_parser
from audiobook.vietnamese import encodings
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from lxml import etree

    from audiobook.stages.readers.epub.book import EpubArchive

PAGE_NAMES = (".xhtml", ".html", ".htm", ".xht", ".xml")
# Text may go on after these.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.I)
# Control characters that no text holds, as they are and as references.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]")
_CONTROL_REFERENCES = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f])|x0*d[89a-f]..|0*5(?:5[3-9]|6|7[0-3])\d\d);",
    re.I,
)
# At most one in this many characters of a page may be a byte that is no letter.
_BROKEN_SHARE = 50
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


def parse_page(book: EpubArchive, path: str) -> etree._Element:
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
    refuse_flood(source, name)
    with suppress(etree.XMLSyntaxError):
        return etree.fromstring(source, xml_parser())
    page = _html_of_xhtml(_decode(book, source, path, name))
    book.faults.pages[path] = None
    return parse_html(page.encode(), name)


def _decode(book: EpubArchive, source: bytes, path: str, name: str) -> str:
    """Return the text of a page, in what it really is encoded, and note what is broken of it."""
    declared = DECLARED.search(source[:1024])
    try:
        decoded = encodings.decode(source, name, declared[1].decode("ascii") if declared else "")
    except SourceError:
        text = source.decode("utf-8", "replace")
        if text.count("\ufffd") * _BROKEN_SHARE > len(text):
            raise
        decoded = encodings.Decoded(text, encodings.UTF_8)
    page, controls = _CONTROLS.subn("", decoded.text)
    if path not in book.faults.pages:
        book.faults.broken += [path] * (decoded.broken + controls)
        if decoded.encoding != encodings.UTF_8:
            book.faults.encodings.setdefault(decoded.encoding, []).append(path)
    return page


def _html_of_xhtml(page: str) -> str:
    """Return a page written so that HTML loses nothing of what XHTML means."""
    first, *sections = page.split("<![CDATA[")
    pieces = [first]
    for section in sections:
        text, _, markup = section.partition("]]>")
        pieces += html.escape(text, quote=False), markup
    page = "".join(pieces)
    page = _ENDS.sub("", page)
    page = _SIGN.sub("&lt;", _CONTROL_REFERENCES.sub("", page))
    return _SELF_CLOSED.sub(r"<\1\2></\1>", page)
