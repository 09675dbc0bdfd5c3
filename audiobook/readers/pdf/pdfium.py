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
_MOST_OBJECTS, _MOST_RULES = 5_000, 50
# Of the rule over notes: thickness and length in points, and as a share of the page's width.
_THICKEST, _SHORTEST, _LONGEST = 2.0, 25.0, 0.55
# More letters than this without a meaning, and the text is not what the page shows.
_UNKNOWN_SHARE = 0.1


class Page(NamedTuple):
    """What PDFium sees on a page."""

    number: int
    """From 0."""
    directions: list[list[Word]]
    """The words, apart by the direction in which their lines run; most run as the first."""
    slanted: list[str]
    """Words at a slant: watermarks."""
    outside: list[str]
    """Words that lie outside the page."""
    rules: list[tuple[float, float, float]]
    """Short horizontal lines: left, right and height over the lower edge of the page."""
    is_picture: bool
    """It shows pictures and no word."""
    reread: list[tuple[str, str]]
    """Words in old Vietnamese fonts, as they stood and as they are read."""
    is_damaged: bool = False
    """PDFium cannot read it."""

    @property
    def has_words(self) -> bool:
        """Whether there is something to read."""
        return any(self.directions)


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
    for reply in (head, *pages[-1:]):
        if "error" in reply:
            raise SourceError(f"{name} {reply['error']}", reply["remedy"])
    return head, [_page(number, **page) for number, page in enumerate(pages)]


def _page(number: int, directions: list[list[Any]], **rest: Any) -> Page:
    words = [[Word(*word) for word in direction] for direction in directions]
    return Page(number, words, **rest)


class _RefusedError(Exception):
    """What is wrong with a file, and the remedy, on the way to the other process."""


def serve() -> None:
    """Answer for the PDF file on standard input: JSON lines, its properties, then its pages."""
    data = sys.stdin.buffer.read()
    try:
        for answer in _answers(data):  # page by page: no more than one is held
            sys.stdout.write(json.dumps(answer) + "\n")
    except _RefusedError as problem:
        error, remedy = problem.args
        sys.stdout.write(json.dumps({"error": error, "remedy": remedy}) + "\n")


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
    if not len(file):
        raise _RefusedError("has no pages", "get it again")
    meta = file.get_metadata_dict() | {"Lang": _language(raw, file)}
    yield {"meta": meta, "outline": _outline(raw, file)}
    characters = unknown = damaged = 0
    for number in range(len(file)):
        try:
            page = file[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            damaged += 1
            yield {"directions": [], **_NOTHING, "is_damaged": True}
            continue
        content = gather(raw, text.raw, page.get_bbox())
        characters += content.characters
        unknown += content.unknown
        if characters > _MOST_CHARACTERS:
            raise _RefusedError("holds more text than any book", "split it")
        yield {
            "directions": content.words,
            "slanted": content.slanted,
            "outside": content.outside,
            "rules": _rules(raw, page) if content.words else [],
            "is_picture": not content.words and _has_picture(raw, page),
            "reread": content.reread,
        }
        text.close()
        page.close()
    if damaged == len(file):
        raise _RefusedError(
            "is damaged on all its pages", "get it again, or print it to a new PDF file"
        )
    if unknown > characters * _UNKNOWN_SHARE:
        raise _RefusedError(
            "does not say which letters its shapes are",
            "recognise the text (OCR), for example `ocrmypdf --force-ocr -l vie`",
        )


_NOTHING: dict[str, object] = {
    "slanted": [], "outside": [], "rules": [], "is_picture": False, "reread": []
}  # fmt: skip


def _outline(raw: Any, file: Any) -> list[tuple[str, int, int, float | None]]:
    """Return the bookmarks: title, level from 0, page from 0, and height on it, if known."""
    outline: list[tuple[str, int, int, float | None]] = []
    for mark in file.get_toc():
        place = mark.get_dest()
        page = place.get_index() if place else None
        if page is not None and place and len(outline) < _MOST_BOOKMARKS:
            mode, view = place.get_view()
            height = {raw.PDFDEST_VIEW_XYZ: 1, raw.PDFDEST_VIEW_FITH: 0}.get(mode)
            top = view[height] if height is not None and len(view) > height else None
            outline.append((mark.get_title() or "", mark.level, page, top))
    return outline


def _has_picture(raw: Any, page: Any) -> bool:
    return any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3))


def _rules(raw: Any, page: Any) -> list[tuple[float, float, float]]:
    """Find the short horizontal lines of a page, one of which stands over its notes."""
    rules = []
    edges = [ctypes.c_float() for _ in range(4)]
    left, bottom, right, top = edges
    width = page.get_width()
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        shape = raw.FPDFPage_GetObject(page.raw, index)
        if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_PATH:
            continue
        raw.FPDFPageObj_GetBounds(shape, left, bottom, right, top)
        length = right.value - left.value
        if top.value - bottom.value <= _THICKEST and _SHORTEST <= length <= width * _LONGEST:
            rules.append((round(left.value, 1), round(right.value, 1), round(bottom.value, 1)))
    return rules[:_MOST_RULES]


def _language(raw: Any, file: Any) -> str:
    size = raw.FPDFCatalog_GetLanguage(file.raw, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFCatalog_GetLanguage(file.raw, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")
