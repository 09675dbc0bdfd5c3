"""EPUB 2 and 3: a ZIP of web pages with a reading order and a table of contents.

The way of a file: `book` opens it, or says who locked it; `package` says what its files are for,
`contents` what its table of contents says; `dividing` reads the `pages` and divides them into
chapters; `metadata` says who wrote it.
"""

from __future__ import annotations

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Document
from audiobook.stages.readers.epub.book import EpubArchive
from audiobook.stages.readers.epub.dividing import chapters_of
from audiobook.stages.readers.epub.metadata import meta_of
from audiobook.stages.readers.epub.package import EpubPackage


def read(data: bytes, name: str) -> Document:
    """Read an EPUB into a document whose chapters are those of its table of contents.

    What stands before the first entry is a chapter without a title; a document that is itself
    only a table of contents is not read, nor is what the spine calls not linear, except for its
    notes. The changes list what was damaged or left out.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it is not an EPUB, is cut short, protected, has no reading order or no text,
            lacks a file it names, or is larger or deeper than books are.
    """
    book = EpubArchive(data, name)
    return document_of(book, EpubPackage(book))


def document_of(book: EpubArchive, package: EpubPackage) -> Document:
    """Return what a book holds that is described by a package document.

    Raises:
        SourceError: it holds no text, or cannot be read.
    """
    division = chapters_of(book, package)
    if not division.chapters:
        raise SourceError(
            message("{name} holds no text", name=book.name),
            message("if its pages are pictures, read them with OCR first"),
        )
    meta = meta_of(book, package)
    changes = (*book.faults.changes(), *division.losses.changes())
    return Document(meta=meta, chapters=tuple(division.chapters), changes=changes)
