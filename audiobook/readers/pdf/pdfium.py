"""PDFium, in a process of its own with bounds on its memory and time."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from audiobook.errors import SourceError
from audiobook.readers import apart
from audiobook.readers.pdf.words import Word, gather

if TYPE_CHECKING:
    from collections.abc import Iterator

# 20,000 pages are read in about a minute.
_MOST_PAGES = 20_000
_MOST_CHARACTERS = 50_000_000
_MOST_BOOKMARKS = 5_000
# More letters than this without a meaning, and the text is not what the page shows.
_UNKNOWN_SHARE = 0.1


class Page(NamedTuple):
    """What PDFium sees on a page."""

    words: list[Word]
    is_picture: bool
    """It shows pictures and no word."""
    reread: list[str]
    """Words that are not what they seemed, for their old Vietnamese font."""


def ask(data: bytes, name: str) -> tuple[dict[str, Any], list[Page]]:
    """Return the file's properties and its pages, from another process."""
    if importlib.util.find_spec("pypdfium2") is None:
        raise SourceError(
            f"{name} is a PDF file and pypdfium2 is not installed", "pip install 'audiobook[pdf]'"
        )
    answer = apart.ask(
        serve,
        data,
        name=name,
        program="PDFium",
        remedy="print it to a new PDF file from a viewer, or save its text",
    )
    head, *pages = map(json.loads, answer.splitlines())
    if "error" in head:
        raise SourceError(f"{name} {head['error']}", head["remedy"])
    return head, [
        Page([Word(*word) for word in words], picture, reread) for words, picture, reread in pages
    ]


class _RefusedError(Exception):
    """What is wrong with a file, and the remedy, on the way to the other process."""


def serve() -> None:
    """Answer for the PDF file on standard input: JSON lines, its properties, then its pages."""
    data = sys.stdin.buffer.read()
    try:
        answers = list(_answers(data))
    except _RefusedError as problem:
        error, remedy = problem.args
        answers = [{"error": error, "remedy": remedy}]
    for answer in answers:
        sys.stdout.write(json.dumps(answer) + "\n")


def _answers(data: bytes) -> Iterator[object]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        if getattr(problem, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise _RefusedError(
                "is protected by a password", "save it without one, from a viewer that opens it"
            ) from problem
        raise _RefusedError("is not a PDF file, or a damaged one", "get it again") from problem
    if len(file) > _MOST_PAGES:
        raise _RefusedError(f"claims {len(file)} pages", "split it")
    outline: list[tuple[str, int, int, float | None]] = []
    for mark in file.get_toc():
        place = mark.get_dest()
        page = place.get_index() if place else None
        if page is not None and place and len(outline) < _MOST_BOOKMARKS:
            mode, view = place.get_view()
            at = {raw.PDFDEST_VIEW_XYZ: 1, raw.PDFDEST_VIEW_FITH: 0}.get(mode)
            top = view[at] if at is not None and len(view) > at else None
            outline.append((mark.get_title() or "", mark.level, page, top))
    meta = file.get_metadata_dict() | {"Lang": _language(raw, file)}
    yield {"meta": meta, "outline": outline}
    characters = unknown = 0
    for number in range(len(file)):
        try:
            page = file[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError as problem:
            raise _RefusedError(
                f"is damaged at page {number + 1}", "get it again, or print it to a new PDF file"
            ) from problem
        words = gather(raw, text.raw, page.get_rotation())
        characters += words.characters
        unknown += words.unknown
        if characters > _MOST_CHARACTERS:
            raise _RefusedError("holds more text than any book", "split it")
        pictures = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
        yield words.words, not words.words and any(True for _ in pictures), words.reread
        text.close()
        page.close()
    if unknown > characters * _UNKNOWN_SHARE:
        raise _RefusedError(
            "does not say which letters its shapes are",
            "recognise the text (OCR), for example `ocrmypdf --force-ocr -l vie`",
        )


def _language(raw: Any, file: Any) -> str:
    size = raw.FPDFCatalog_GetLanguage(file.raw, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFCatalog_GetLanguage(file.raw, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")
