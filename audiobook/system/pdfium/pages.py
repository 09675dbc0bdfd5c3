"""Reads a PDF file: its properties and the words on its pages, or pictures of them."""

from __future__ import annotations

import ctypes
import json
import struct
import sys
from typing import TYPE_CHECKING, Any

from audiobook.messages import message
from audiobook.messages.plain import to_plain
from audiobook.system.pdfium.letters import PageText, gather
from audiobook.system.pdfium.undrawn import UndrawnText

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = struct.Struct("<II")
"""The width and height before each picture."""
# 20,000 pages are read in about a minute.
_MOST_PAGES = 20_000
_MOST_CHARACTERS = 50_000_000
_MOST_BOOKMARKS = 5_000
_LONGEST_SIDE = 6_000  # pixels
_MOST_OBJECTS, _MOST_RULES = 5_000, 50
# The rule over notes: greatest thickness and least length in points, and greatest length as a share
# of the width of the page.
_THICKEST, _SHORTEST, _LONGEST = 2.0, 25.0, 0.55
# A stamp on a scanned page has at most so many letters; the scan covers at least this share.
_MOST_STAMPED, _COVERED = 60, 0.8


class _UnreadableError(Exception):
    """A file cannot be read; holds the problem and the remedy, for the other process."""


def serve() -> None:
    """Print the PDF file on standard input as lines of JSON: its properties, then its pages."""
    data = sys.stdin.buffer.read()
    try:
        for answer in _answers(data):  # one page in memory at a time
            sys.stdout.write(json.dumps(answer) + "\n")
    except _UnreadableError as problem:
        error, remedy = problem.args
        sys.stdout.write(json.dumps({"error": to_plain(error), "remedy": to_plain(remedy)}) + "\n")


def serve_pictures(resolution: int, *pages: int) -> None:
    """Print pages of the PDF file on standard input as pictures: width, height and grey values.

    Args:
        resolution: in dots per inch.
        pages: their numbers, from 0.
    """
    import pypdfium2

    file = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    for number in pages:
        page = file[number]
        inches = max(page.get_width(), page.get_height(), 1) / 72
        scale = min(resolution, _LONGEST_SIDE / inches) / 72
        picture = page.render(scale=scale, grayscale=True).to_pil().convert("L")
        sys.stdout.buffer.write(SIZE.pack(*picture.size) + picture.tobytes())
        page.close()


def _answers(data: bytes) -> Iterator[object]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        if getattr(problem, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise _UnreadableError(
                message("{name} is protected by a password", name=""),
                message("save it without one, from a viewer that opens it"),
            ) from problem
        raise _UnreadableError(
            message("{name} is not a PDF file, or a damaged one", name=""), message("get it again")
        ) from problem
    if len(file) > _MOST_PAGES:
        raise _UnreadableError(
            message("{name} claims {count} pages", name="", count=len(file)), message("split it")
        )
    if not len(file):
        raise _UnreadableError(message("{name} has no pages", name=""), message("get it again"))
    meta = file.get_metadata_dict() | {"Lang": _document_language(raw, file)}
    yield {"meta": meta, "outline": _outline(raw, file)}
    characters = damaged = 0
    for number in range(len(file)):
        try:
            page = file[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            damaged += 1
            yield {"directions": [], "is_damaged": True}
            continue
        undrawn = UndrawnText(raw, page.raw)
        content = gather(raw, text.raw, page.get_rotation(), page.get_bbox(), undrawn)
        characters += content.characters
        if characters > _MOST_CHARACTERS:
            raise _UnreadableError(
                message("{name} holds more text than any book", name=""), message("split it")
            )
        yield {
            "directions": content.words,
            "fonts": content.fonts,
            "slanted": content.slanted,
            "outside": content.outside,
            "rules": _horizontal_rules(raw, page) if content.words else [],
            "is_picture": _is_picture(raw, page, content),
            "unknown": (content.unknown, content.characters),
        }
        text.close()
        page.close()
    if damaged == len(file):
        raise _UnreadableError(
            message("{name} is damaged on all its pages", name=""),
            message("get it again, or print it to a new PDF file"),
        )


def _outline(raw: Any, file: Any) -> list[tuple[str, int, int, float | None]]:
    """Return the bookmarks: title, level from 0, page from 0, and height on the page, if known."""
    outline: list[tuple[str, int, int, float | None]] = []
    for mark in file.get_toc():
        destination = mark.get_dest()
        page = destination.get_index() if destination else None
        if page is not None and destination and len(outline) < _MOST_BOOKMARKS:
            mode, view = destination.get_view()
            height = {raw.PDFDEST_VIEW_XYZ: 1, raw.PDFDEST_VIEW_FITH: 0}.get(mode)
            top = view[height] if height is not None and len(view) > height else None
            outline.append((mark.get_title() or "", mark.level, page, top))
    return outline


def _is_picture(raw: Any, page: Any, content: PageText) -> bool:
    """Whether a page is scanned: it has pictures and no word, or a scan with a stamp on it."""
    letters = sum(len(word[0]) for words, _ in content.words for word in words)
    if letters > _MOST_STAMPED:
        return False
    pictures = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
    if not letters:
        return any(True for _ in pictures)
    area = page.get_width() * page.get_height()
    return any(_area(picture) > _COVERED * area for picture in pictures)


def _area(picture: Any) -> float:
    left, bottom, right, top = picture.get_bounds()
    return float((right - left) * (top - bottom))


def _horizontal_rules(raw: Any, page: Any) -> list[tuple[float, float, float]]:
    """Return the short horizontal lines of a page, one of which may stand over its notes."""
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


def _document_language(raw: Any, file: Any) -> str:
    size = raw.FPDFCatalog_GetLanguage(file.raw, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFCatalog_GetLanguage(file.raw, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")
