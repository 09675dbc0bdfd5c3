"""Reads the letters of a page of a PDF file by PDFium, and gathers them into words."""

from __future__ import annotations

import ctypes
import math
import re
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from audiobook.system.pdfium.calling import address_of, by_address
from audiobook.system.pdfium.undrawn import Undrawn, UndrawnText
from audiobook.system.pdfium.words import Words, Written

# The line box of a font, in shares of its size above and below the baseline. The boxes of PDFium
# are those of letters, not of the font: an accent on a capital makes them taller.
_ASCENT, _DESCENT = 0.95, 0.25
_LONGEST_FONT = 128
# The prefix in the name of a font that holds only the letters in use (ISO 32000-2, 9.9.2).
_SUBSET = re.compile(r"^[A-Z]{6}\+")
# Degrees: scanned pages are a little askew, watermarks much.
_SLANTED = 10
# In sizes of the type: greatest distance of the letters of a slanted word.
_STEP = 1.2
# Left, top, right and bottom, as in FS_RECTF.
_BOX = struct.Struct("4f")

# Boxes after the page is turned counter-clockwise by so many degrees.
_TURNS: dict[int, Callable[..., tuple[float, float, float, float]]] = {
    0: lambda left, right, bottom, top: (left, right, bottom, top),
    90: lambda left, right, bottom, top: (bottom, top, -right, -left),
    180: lambda left, right, bottom, top: (-right, -left, -top, -bottom),
    270: lambda left, right, bottom, top: (-top, -bottom, left, right),
}


class TextStyle(NamedTuple):
    """How the letters of a text object are set."""

    turn: int
    """Degrees that the line runs counter-clockwise, a multiple of 90; -1 for a slant."""
    size: float
    """In points."""
    font: str
    baseline: float
    """Height in points, on the page turned so that the line runs to the right."""


class PageText:
    """The words of a page, by the direction in which their lines run."""

    def __init__(self, rotation: int) -> None:
        self._rotation = rotation
        self.directions: dict[int, Words] = {}
        """The words by the turn of their lines."""
        self.slanted: list[str] = []
        self.outside: list[str] = []
        """Words that no viewer shows."""
        self.characters = self.unknown = 0
        self.fonts: list[str] = []
        """Names of fonts, to which words refer by number."""

    def direction(self, turn: int) -> Words:
        """Return the words of lines that are turned counter-clockwise by some degrees."""
        if turn not in self.directions:
            self.directions[turn] = Words(self.fonts, is_turned=turn != self._rotation)
        return self.directions[turn]

    @property
    def words(self) -> list[Written]:
        """The words of each direction, those with the most letters first."""
        parts = [(part.words, part.gaps) for part in self.directions.values() if part.words]
        return sorted(parts, key=lambda part: -sum(len(word[0]) for word in part[0]))


def gather(
    raw: Any,
    page: Any,
    rotation: int,
    bounds: tuple[float, float, float, float],
    undrawn: UndrawnText,
) -> PageText:
    """Return the words of a text page of PDFium, with each direction of lines turned upright.

    PDFium decides where a word ends: it reads spaces, and supposes others.

    Args:
        raw: the functions of PDFium.
        page: the text page.
        rotation: degrees by which viewers turn the page clockwise.
        bounds: the part that viewers show: left, bottom, right and top, in points.
        undrawn: the text of the page that is not drawn.
    """
    text = PageText(rotation)
    text.characters = raw.FPDFText_CountChars(page)
    letters = _Letters(raw, page)
    spaced, supposed, slanted = True, False, False
    stray_reason = ""
    stray: list[str] = []  # the current word, if it is slanted or outside
    direction = Words()
    for index in range(text.characters):
        code = letters.code(letters.address, index)
        letter = chr(code)
        if letter.isspace():
            spaced, supposed = True, bool(raw.FPDFText_IsGenerated(page, index))
            continue
        if code in {0x02, 0xFFFE}:  # PDFium's sign of a word divided at the end of a line
            letter = "-"
        elif code < 0x20 or code in {0x7F, 0xFFFD} or 0xE000 <= code < 0xF900:
            text.unknown += 1
            continue
        same_object = letters.read_letter(index)
        if (
            same_object
            and not (spaced or stray_reason)
            and direction.extend(letter, *letters.sides())
        ):
            continue
        if not same_object and undrawn and (pieces := undrawn.between(*letters.objects)):
            is_nearer = letters.nearer(pieces[0].x, pieces[0].y)
            _add_undrawn(text, pieces, bounds, spaced=spaced and not is_nearer)
            spaced = spaced and is_nearer
        style = letters.style
        if style.turn < 0 and supposed:  # PDFium supposes a line for each slanted letter
            spaced = letters.step > _STEP * style.size
        if spaced or (style.turn < 0) != slanted:
            spaced, slanted = True, style.turn < 0
            _flush_stray(text, stray_reason, stray)
            stray_reason = _stray_reason(style, letters.middle, bounds)
        if stray_reason:
            stray.append(letter)
        else:
            direction = text.direction(style.turn)
            direction.add(letter, letters.box(), style.font, spaced=spaced, supposed=supposed)
        spaced = supposed = False
    _flush_stray(text, stray_reason, stray)
    _add_undrawn(text, undrawn.between(letters.objects[1], None), bounds, spaced=False)
    for direction in text.directions.values():
        direction.finish()
    return text


def _stray_reason(style: TextStyle, middle: tuple[float, float], bounds: tuple[float, ...]) -> str:
    """Return why a letter is not part of the text, "slanted" or "outside"; else an empty string."""
    left, bottom, right, top = bounds
    if not (left <= middle[0] <= right and bottom <= middle[1] <= top):  # nor where it is NaN
        return "outside"
    return "slanted" if style.turn < 0 else ""


def _flush_stray(text: PageText, reason: str, stray: list[str]) -> None:
    if stray:
        (text.slanted if reason == "slanted" else text.outside).append("".join(stray))
        stray.clear()


def _add_undrawn(
    text: PageText, pieces: list[Undrawn], bounds: tuple[float, ...], *, spaced: bool
) -> None:
    """Add text that is not drawn at its place.

    Args:
        text: the text of the page.
        pieces: the text that is not drawn.
        bounds: the part of the page that viewers show.
        spaced: whether a space precedes it.
    """
    for piece in pieces:
        style = _make_style(piece.turn, piece.size, piece.font, piece.x, piece.y)
        if not _stray_reason(style, (piece.x, piece.y), bounds):
            edge = _TURNS[style.turn](piece.x, piece.x, piece.y, piece.y)[0]
            for index, letter in enumerate(piece.text):
                text.direction(style.turn).add(
                    letter,
                    (edge, edge, *_line_box(style)),
                    style.font,
                    spaced=spaced and index == 0,
                )


class _Letters:
    """Reads the letters of a page from PDFium, and the style of each text object once.

    The functions for single letters are called by addresses, without the checks and conversions
    of ctypes, which would take most of the time.
    """

    def __init__(self, raw: Any, page: Any) -> None:
        self._raw, self._page = raw, page
        self.address = address_of(page)
        """The address of the text page."""
        pointer, number = ctypes.c_void_p, ctypes.c_int
        self.code = by_address(raw.FPDFText_GetUnicode, ctypes.c_uint, pointer, number)
        """Return the code point of a letter of a text page."""
        self._object_of = by_address(raw.FPDFText_GetTextObject, pointer, pointer, number)
        self._get_box = by_address(raw.FPDFText_GetLooseCharBox, number, pointer, number, pointer)
        self._buffer = ctypes.create_string_buffer(_BOX.size)
        self._buffer_address = ctypes.addressof(self._buffer)
        self._font = ctypes.create_string_buffer(_LONGEST_FONT)
        self._matrix = raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._object: int | None = None
        self.objects: tuple[int | None, int | None] = None, None
        """The addresses of the text object before the last, and of that of the last letter."""
        self._previous_box = self._box = (0.0, 0.0, 0.0, 0.0)
        self.style = TextStyle(0, 0.0, "", 0.0)
        """The style of the last letter."""

    def read_letter(self, index: int) -> bool:
        """Read a letter; return whether it belongs to the same text object as the one before."""
        self._previous_box = self._box
        self._get_box(self.address, index, self._buffer_address)
        self._box = _BOX.unpack(self._buffer)
        handle = self._object_of(self.address, index)
        if handle is None or handle == self._object:  # signs that PDFium adds have none
            return True
        self.objects = self._object, handle
        self._object = handle
        self.style = self._style_of(index)
        return False

    def sides(self) -> tuple[float, float]:
        """Return the left and right edge of the last letter, turned upright."""
        if self.style.turn == 0:
            return self._box[0], self._box[2]
        return self._upright()[:2]

    def box(self) -> tuple[float, float, float, float]:
        """Return the edges of the last letter, turned upright: left, right, lower and upper."""
        left, right, bottom, top = self._upright()
        size = self.style.size
        if self.style.turn < 0 or (not 0.4 * size <= top - bottom <= 3 * size and top > bottom):
            # A font of unknown size; the letter shows its size.
            return left, right, bottom, top
        return left, right, *_line_box(self.style)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the last letter, on the unturned page."""
        return _middle(self._box)

    @property
    def step(self) -> float:
        """Distance between the middles of the letter before and the last."""
        return math.dist(_middle(self._previous_box), _middle(self._box))

    def nearer(self, x: float, y: float) -> bool:
        """Whether a point is nearer to the letter before than to the last."""
        return _distance(x, y, self._previous_box) <= _distance(x, y, self._box)

    def _upright(self) -> tuple[float, float, float, float]:
        left, top, right, bottom = self._box
        return _TURNS[max(self.style.turn, 0)](left, right, bottom, top)

    def _style_of(self, index: int) -> TextStyle:
        raw, page, matrix = self._raw, self._page, self._matrix
        raw.FPDFText_GetMatrix(page, index, matrix)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        size = raw.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
        length = raw.FPDFText_GetFontInfo(page, index, self._font, _LONGEST_FONT, None)
        name = self._font.value if 0 < length <= _LONGEST_FONT else b""
        raw.FPDFText_GetCharOrigin(page, index, self._x, self._y)
        return _make_style(
            angle, size, name.decode("utf-8", "replace"), self._x.value, self._y.value
        )


def _make_style(angle: float, size: float, font: str, x: float, y: float) -> TextStyle:
    """Return the style of text.

    Args:
        angle: degrees by which it is turned counter-clockwise.
        size: in points.
        font: its name in the file.
        x: start of the text from the left edge of the page, in points.
        y: start of the text from the lower edge of the page, in points.
    """
    turn = round(angle / 90) * 90
    name = _SUBSET.sub("", font)
    if abs(angle - turn) > _SLANTED:
        return TextStyle(-1, size, name, 0.0)
    return TextStyle(turn % 360, size, name, _TURNS[turn % 360](x, x, y, y)[2])


def _line_box(style: TextStyle) -> tuple[float, float]:
    """Return the lower and upper edge of the line box of a font."""
    return style.baseline - _DESCENT * style.size, style.baseline + _ASCENT * style.size


def _middle(box: tuple[float, ...]) -> tuple[float, float]:
    left, top, right, bottom = box
    return (left + right) / 2, (bottom + top) / 2


def _distance(x: float, y: float, box: tuple[float, ...]) -> float:
    left, top, right, bottom = box
    return math.hypot(max(left - x, 0, x - right), max(bottom - y, 0, y - top))
