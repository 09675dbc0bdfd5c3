"""HTMLZ: a book that Calibre packed as one page, beside what an EPUB says of itself."""

from __future__ import annotations

from audiobook.errors import SourceError
from audiobook.model import Document
from audiobook.readers.epub.book import Book
from audiobook.readers.epub.dividing import chapters_of
from audiobook.readers.epub.metadata import meta_of
from audiobook.readers.epub.package import Package

_PAGE = "index.html"


class _Package(Package):
    """A package document without a reading order."""

    def _spine(self, name: str) -> list[str]:  # noqa: ARG002
        return [_PAGE]


def read(data: bytes, name: str) -> Document:
    """Read a book of one page into a document of one chapter.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it is damaged, holds nothing to read, or is larger or deeper than books are.
    """
    book = Book(data, name)
    package = _Package(book)
    chapters, left_out = chapters_of(book, package)
    if not chapters:
        raise SourceError(f"{name} holds no text to read", "give a file with words in it")
    return Document(meta_of(book, package), tuple(chapters), left_out.changes())
