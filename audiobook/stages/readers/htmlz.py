"""HTMLZ: a book that Calibre packed as one page, beside what an EPUB says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers import epub
from audiobook.stages.readers.epub.book import EpubArchive
from audiobook.stages.readers.epub.package import EpubPackage

if TYPE_CHECKING:
    from audiobook.model import Document

_PAGE = "index.html"


class _UnorderedPackage(EpubPackage):
    """A package document without a reading order."""

    def _read_spine(self, book: EpubArchive) -> None:  # noqa: ARG002
        self.spine = [_PAGE]


def read(data: bytes, name: str) -> Document:
    """Read a book of one page into a document of one chapter.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it is damaged, holds nothing to read, or is larger or deeper than books are.
    """
    book = EpubArchive(data, name)
    return epub.document_of(book, _UnorderedPackage(book))
