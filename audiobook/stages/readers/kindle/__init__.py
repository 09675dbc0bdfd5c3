"""Kindle books: MOBI, PRC, AZW and AZW3, which are web pages in a database of the Palm.

`unpacking` asks KindleUnpack what is in a file, `pages` divides the one text of an old book;
what comes of it is read as an EPUB of the same pages and table of contents.
"""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import TYPE_CHECKING

from audiobook.stages.readers import epub, formats, plain
from audiobook.stages.readers.kindle.pages import KindlePages, divide_pages
from audiobook.stages.readers.kindle.unpacking import unpack_book
from audiobook.vietnamese import encodings
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiobook.model import Document
    from audiobook.stages.readers.kindle.unpacking import KindleEntry, Unpacked

_PACKAGE, _NCX, _COVER = "content.opf", "toc.ncx", "cover.jpg"
_CHARSET = re.compile(r"""\b(?:charset|encoding)\s*=\s*["']?[\w:.-]+["']?""", re.I)
_HEAD = 2048
_DUBLIN_CORE = {
    "title": ("Updated_Title", "Title", "Full_Title"),
    "creator": ("Creator",),
    "language": ("Language",),
    "publisher": ("Publisher",),
    "date": ("Published",),
    "description": ("Description",),
}


def read(data: bytes, name: str) -> Document:
    """Read a Kindle book into a document whose chapters are those of its table of contents.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it is locked, damaged or not a text, holds nothing to read, or the package
            that unpacks it is missing.
    """
    book = unpack_book(data, name)
    if book.is_kf8:
        texts = {
            page: content.decode(book.codec, "replace") for page, content in book.pages.items()
        }
        return epub.read(_as_epub(book, KindlePages(texts, book.entries, "")), name)
    text = encodings.decode(book.pages["text"], name, book.codec).text
    if formats.sniff_text(text, "") == "plain":
        # PalmDOC, which has neither markup nor metadata.
        return plain.read(text.encode("utf-8-sig"), name)
    return epub.read(_as_epub(book, divide_pages(text, book.entries)), name)


def _as_epub(book: Unpacked, pages: KindlePages) -> bytes:
    """Return an EPUB of the pages, table of contents, cover and metadata of a book."""
    files: dict[str, str | bytes] = {
        _PACKAGE: _package(book, pages),
        _NCX: _ncx(pages.entries),
        _COVER: book.cover,
        **{page: _without_charset(text) for page, text in pages.texts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def _without_charset(page: str) -> str:
    """Return a page that does not say in which encoding it was in the Kindle book."""
    return _CHARSET.sub("", page[:_HEAD]) + page[_HEAD:]


def _package(book: Unpacked, pages: KindlePages) -> str:
    metadata = "".join(
        f"<dc:{element}>{escape(text)}</dc:{element}>" for element, text in _dublin_core(book.meta)
    )
    items = "".join(
        f'<item id="p{number}" href="{name}" media-type="text/html"/>'
        for number, name in enumerate(pages.texts)
    )
    spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(pages.texts)))
    guide = f'<reference type="toc" href="{pages.contents}"/>' if pages.contents else ""
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" version="2.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'{metadata}<meta name="cover" content="cover"/></metadata>'
        f'<manifest>{items}<item id="cover" href="{_COVER}" media-type="image/jpeg"/>'
        f'<item id="ncx" href="{_NCX}" media-type="application/x-dtbncx+xml"/></manifest>'
        f'<spine toc="ncx">{spine}</spine><guide>{guide}</guide></package>'
    )


def _dublin_core(meta: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for element, names in _DUBLIN_CORE.items():
        values = next((meta[name] for name in names if any(meta.get(name, ()))), [])
        for value in values:
            yield element, value


def _ncx(entries: list[KindleEntry]) -> str:
    """Return a table of contents; entries that skip levels are moved up below their parent."""
    parts: list[str] = []
    level = 0
    for entry in entries:
        deeper = min(entry.level, level + 1)
        parts.append("</navPoint>" * (level - deeper + 1))
        level = deeper
        link = f"{entry.page}#{entry.anchor}" if entry.anchor else entry.page
        parts.append(
            f"<navPoint><navLabel><text>{escape(entry.title)}</text></navLabel>"
            f'<content src="{escape(link)}"/>'
        )
    return (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>'
        f"{''.join(parts)}{'</navPoint>' * level}</navMap></ncx>"
    )
