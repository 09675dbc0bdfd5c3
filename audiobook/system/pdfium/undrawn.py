"""Reads text of a page that is not drawn, but is the replacement text of a glyph without width.

PDFium leaves such text objects out of its text. Office programs write soft hyphens so, as the
replacement text of a space (ISO 32000-2, 14.9.4). In text for an old Vietnamese font with the
encoding TCVN3, a soft hyphen is the letter ư.
"""

from __future__ import annotations

import codecs
import ctypes
import math
from typing import Any, NamedTuple

from audiobook.system.pdfium.calling import address_of, by_address

_KEY = b"ActualText"
# Points: PDFium leaves out narrower objects.
_NARROWEST = 0.01
_MOST_OBJECTS = 50_000
# Bytes of a replacement text and of a font's name.
_LONGEST_TEXT, _LONGEST_FONT = 64, 128
_MARKED = ((codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8"))


class Undrawn(NamedTuple):
    """Text that is not drawn, and its place."""

    text: str
    x: float
    y: float
    size: float
    """In points."""
    turn: float
    """Degrees by which it is turned counter-clockwise."""
    font: str
    """Its name in the file."""


class UndrawnText:
    """The text of a page that is not drawn, by the text objects around it."""

    def __init__(self, raw: Any, page: Any) -> None:
        """Find the text.

        Args:
            raw: the functions of PDFium.
            page: the page.
        """
        self._after: dict[int, list[Undrawn]] = {}
        self._before: dict[int, list[Undrawn]] = {}
        edges = (ctypes.c_float * 4)()
        addresses = [ctypes.addressof(edges) + ctypes.sizeof(ctypes.c_float) * n for n in range(4)]
        pointer, number = ctypes.c_void_p, ctypes.c_int
        get_object = by_address(raw.FPDFPage_GetObject, pointer, pointer, number)
        get_type = by_address(raw.FPDFPageObj_GetType, number, pointer)
        get_bounds = by_address(raw.FPDFPageObj_GetBounds, number, pointer, *[pointer] * 4)
        count_marks = by_address(raw.FPDFPageObj_CountMarks, number, pointer)
        address = address_of(page)

        def is_drawn(shape: int) -> bool:
            get_bounds(shape, *addresses)
            return edges[2] - edges[0] >= _NARROWEST

        shapes: list[int] = []
        between: list[Undrawn] = []
        for index in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
            shape = get_object(address, index)
            if get_type(shape) != raw.FPDF_PAGEOBJ_TEXT:
                continue
            if between or count_marks(shape) > 0:
                if is_drawn(shape):
                    if between:
                        self._before[shape] = between
                        between = []
                elif pieces := _undrawn_text(raw, raw.FPDFPage_GetObject(page, index)):
                    if not between and (last := next(filter(is_drawn, reversed(shapes)), None)):
                        self._after[last] = between
                    between += pieces
            shapes.append(shape)

    def __bool__(self) -> bool:
        """Whether there is any such text."""
        return bool(self._after or self._before)

    def between(self, last: int | None, following: int | None) -> list[Undrawn]:
        """Remove and return the text after one text object or before another.

        Args:
            last: the address of the first; None for none.
            following: the address of the second; None for none.
        """
        pieces: list[Undrawn] = []
        for texts in (self._after.get(last or 0), self._before.get(following or 0)):
            if texts:
                pieces += texts
                texts.clear()
        return pieces


def _undrawn_text(raw: Any, shape: Any) -> list[Undrawn]:
    text = _replacement_text(raw, shape).strip()
    if not text:
        return []
    matrix, size = raw.FS_MATRIX(), ctypes.c_float()
    raw.FPDFPageObj_GetMatrix(shape, matrix)
    raw.FPDFTextObj_GetFontSize(shape, size)
    font = ctypes.create_string_buffer(_LONGEST_FONT)
    raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(shape), font, _LONGEST_FONT)
    return [
        Undrawn(
            text,
            matrix.e,
            matrix.f,
            size.value * math.hypot(matrix.c, matrix.d),
            math.degrees(math.atan2(matrix.b, matrix.a)),
            font.value.decode("utf-8", "replace"),
        )
    ]


def _replacement_text(raw: Any, shape: Any) -> str:
    """Return the replacement text of an object, from its innermost mark with one."""
    buffer, length = (ctypes.c_ubyte * _LONGEST_TEXT)(), ctypes.c_ulong()
    text = ""
    for index in range(raw.FPDFPageObj_CountMarks(shape)):
        mark = raw.FPDFPageObj_GetMark(shape, index)
        # PDFium decodes such strings wrongly if asked for text.
        if raw.FPDFPageObjMark_GetParamBlobValue(mark, _KEY, buffer, len(buffer), length):
            text = _decode(bytes(buffer)[: length.value])
    return text


def _decode(text: bytes) -> str:
    """Return a decoded text string of PDF (ISO 32000-2, 7.9.2.2)."""
    for mark, encoding in _MARKED:
        if text.startswith(mark):
            return text[len(mark) :].decode(encoding, "replace")
    return text.decode("latin-1")
