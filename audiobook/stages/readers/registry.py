"""The readers by the names of their formats, each imported when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Document
    from audiobook.stages.readers.ocr import Recogniser


class Reader(Protocol):
    """What each module of a format offers."""

    def read(self, data: bytes, name: str) -> Document:
        """Read what `formats.sniff` says is of this format.

        Text comes as UTF-8 with a byte-order mark, which outranks what it says of itself.

        Args:
            data: the whole file.
            name: what to call it in messages.

        Raises:
            SourceError: it cannot be read.
        """


class ScanReader(Protocol):
    """What the module of a format offers that may hold scanned pages."""

    def read(self, data: bytes, name: str, recogniser: Recogniser | None = None) -> Document:
        """Read what `formats.sniff` says is of this format.

        Args:
            data: the whole file.
            name: what to call it in messages.
            recogniser: recognises the text of scanned pages; None leaves them out.

        Raises:
            SourceError: it cannot be read.
        """


def _doc() -> Reader:
    from audiobook.stages.readers import doc

    return doc


def _docx() -> Reader:
    from audiobook.stages.readers import docx

    return docx


def _epub() -> Reader:
    from audiobook.stages.readers import epub

    return epub


def _fb2() -> Reader:
    from audiobook.stages.readers import fb2

    return fb2


def _html() -> Reader:
    from audiobook.stages.readers import html

    return html


def _htmlz() -> Reader:
    from audiobook.stages.readers import htmlz

    return htmlz


def _kindle() -> Reader:
    from audiobook.stages.readers import kindle

    return kindle


def _markdown() -> Reader:
    from audiobook.stages.readers import markdown

    return markdown


def _odt() -> Reader:
    from audiobook.stages.readers import odt

    return odt


def _pdf() -> ScanReader:
    from audiobook.stages.readers import pdf

    return pdf


def _picture() -> ScanReader:
    from audiobook.stages.readers import picture

    return picture


def _plain() -> Reader:
    from audiobook.stages.readers import plain

    return plain


def _rtf() -> Reader:
    from audiobook.stages.readers import rtf

    return rtf


def _subtitles() -> Reader:
    from audiobook.stages.readers import subtitles

    return subtitles


SCANS: dict[str, Callable[[], ScanReader]] = {"pdf": _pdf, "picture": _picture}
"""Those that recognise scanned pages where they are asked to."""
READERS: dict[str, Callable[[], Reader]] = {
    **SCANS,
    "doc": _doc,
    "docx": _docx,
    "epub": _epub,
    "fb2": _fb2,
    "html": _html,
    "htmlz": _htmlz,
    "kindle": _kindle,
    "markdown": _markdown,
    "odt": _odt,
    "plain": _plain,
    "rtf": _rtf,
    "subtitles": _subtitles,
}
"""The reader of each format, by what `formats.sniff` calls it."""
