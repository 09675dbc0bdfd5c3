"""Letters on a page of a PDF file become words, in any language."""

from __future__ import annotations

import ctypes
import math
import re
import struct
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

# The line box of a font, in shares of its size above and below the baseline. PDFium's own boxes
# are of the letter, not of the font: an accent on a capital makes them taller.
_ASCENT, _DESCENT = 0.95, 0.25
# As shares of the height of the line: a gap of this width is a space, one between these is none.
_SPACE = 0.15
OVERLAP, TOUCH = -0.1, 0.03
"""As shares of the height of the line: with a gap between these, letters touch."""
_LONGEST_FONT = 128
# What stands before the name of a font that holds only the letters in use (ISO 32000-2, 9.9.2).
_SUBSET = re.compile(r"^[A-Z]{6}\+")
# Degrees: scanned pages lie a little askew, watermarks much.
_SLANTED = 10
# In sizes of the type: letters of a word at a slant are no farther apart.
_STEP = 1.2
_MARK = re.compile(r"[\d*†‡,()\[\]]+")
# Left, top, right and bottom, as in FS_RECTF.
_BOX = struct.Struct("4f")

RawWord = tuple[str, float, float, float, float, bool, int]
"""Its letters; left, right, bottom and top; whether it follows without a space; its font."""
Gap = tuple[int, float, float]
"""Where letters of a word stand apart: how many precede, and the edges."""
Written = tuple[list[RawWord], list[tuple[int, list[Gap]]]]
"""Words, and the gaps in those that have any, with the number of the word."""

# As the page is turned counter-clockwise by so many degrees; from its corner or beyond it.
_TURNS: dict[int, Callable[..., tuple[float, float, float, float]]] = {
    0: lambda left, right, bottom, top: (left, right, bottom, top),
    90: lambda left, right, bottom, top: (bottom, top, -right, -left),
    180: lambda left, right, bottom, top: (-right, -left, -top, -bottom),
    270: lambda left, right, bottom, top: (-top, -bottom, left, right),
}


class Style(NamedTuple):
    """How the letters of one text object are set."""

    turn: int
    """Degrees that the line runs counter-clockwise, a multiple of 90; -1 for a slant."""
    size: float
    """In points."""
    font: str
    baseline: float
    """In points, of the page turned so that the line runs to the right."""


class PageText:
    """The words of a page, by the direction in which their lines run."""

    def __init__(self) -> None:
        self.directions: dict[int, Words] = {}
        """By the turn of their lines."""
        self.slanted: list[str] = []
        self.outside: list[str] = []
        """Words that no viewer shows."""
        self.characters = self.unknown = 0
        self.fonts: list[str] = []
        """Their names; words have their numbers."""

    @property
    def words(self) -> list[Written]:
        """The words in each direction; the first has the most letters."""
        parts = [(part.words, part.gaps) for part in self.directions.values() if part.words]
        return sorted(parts, key=lambda part: -sum(len(word[0]) for word in part[0]))


def gather(
    raw: Any, page: Any, rotation: int, bounds: tuple[float, float, float, float]
) -> PageText:
    """Gather the words of a text page of PDFium, each direction of lines turned upright.

    Where a word ends is for PDFium to say: it sees spaces, and supposes some.

    Args:
        raw: the functions of PDFium.
        page: the text page.
        rotation: degrees that a viewer turns it clockwise.
        bounds: of what a viewer shows: left, bottom, right and top, in points.
    """
    text = PageText()
    text.characters = raw.FPDFText_CountChars(page)
    letters = _Letters(raw, page)
    spaced, supposed, slanted = True, False, False
    place = ""
    stray: list[str] = []  # the word at hand, if it is at a slant or outside
    direction = Words()
    for index in range(text.characters):
        code = letters.code(letters.address, index)
        letter = chr(code)
        if letter.isspace():
            spaced, supposed = True, bool(raw.FPDFText_IsGenerated(page, index))
            continue
        if code in {0x02, 0xFFFE}:  # PDFium's own sign of a word divided at a line's end
            letter = "-"
        elif code < 0x20 or code in {0x7F, 0xFFFD} or 0xE000 <= code < 0xF900:
            text.unknown += 1
            continue
        goes_on = letters.look_at(index)
        if goes_on and not (spaced or place) and direction.extend(letter, *letters.sides()):
            continue
        style = letters.style
        if style.turn < 0 and supposed:  # PDFium supposes a line for each letter of a slant
            spaced = letters.step > _STEP * style.size
        if spaced or (style.turn < 0) != slanted:
            spaced, slanted = True, style.turn < 0
            _put_stray(text, place, stray)
            place = _place(style, letters.middle, bounds)
        if place:
            stray.append(letter)
        else:
            direction = text.directions.get(style.turn) or text.directions.setdefault(
                style.turn, Words(text.fonts, is_turned=style.turn != rotation)
            )
            direction.add(letter, letters.box(), style.font, spaced=spaced, supposed=supposed)
        spaced = supposed = False
    _put_stray(text, place, stray)
    for direction in text.directions.values():
        direction.finish()
    return text


def _place(style: Style, middle: tuple[float, float], bounds: tuple[float, ...]) -> str:
    """Tell why a letter is no part of the text: "slanted", "outside" or nothing."""
    left, bottom, right, top = bounds
    if not (left <= middle[0] <= right and bottom <= middle[1] <= top):  # nor where it is NaN
        return "outside"
    return "slanted" if style.turn < 0 else ""


def _put_stray(text: PageText, place: str, stray: list[str]) -> None:
    if stray:
        (text.slanted if place == "slanted" else text.outside).append("".join(stray))
        stray.clear()


class _Letters:
    """Asks PDFium for the letters of a page; what a text object has in common only once.

    What is asked for each letter is called by addresses, without the checks and conversions of
    ctypes: they would take most of the time.
    """

    def __init__(self, raw: Any, page: Any) -> None:
        self._raw, self._page = raw, page
        self.address = ctypes.cast(page, ctypes.c_void_p).value
        """Of the text page."""
        self.code = _by_address(raw.FPDFText_GetUnicode, ctypes.c_uint)
        """Return the code point of a letter of a text page."""
        self._object_of = _by_address(raw.FPDFText_GetTextObject, ctypes.c_void_p)
        self._get_box = _by_address(raw.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p)
        self._buffer = ctypes.create_string_buffer(_BOX.size)
        self._buffer_address = ctypes.addressof(self._buffer)
        self._font = ctypes.create_string_buffer(_LONGEST_FONT)
        self._matrix = raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._object: int | None = -1
        self._before = self._box = (0.0, 0.0, 0.0, 0.0)
        self.style = Style(0, 0.0, "", 0.0)
        """Of the last letter."""

    def look_at(self, index: int) -> bool:
        """Look at a letter, and tell whether it is of the text object of the one before."""
        self._before = self._box
        self._get_box(self.address, index, self._buffer_address)
        self._box = _BOX.unpack(self._buffer)
        handle = self._object_of(self.address, index)
        if handle is None or handle == self._object:  # PDFium's own signs have none
            return True
        self._object = handle
        self.style = self._style(index)
        return False

    def sides(self) -> tuple[float, float]:
        """Return the left and right edge of the last letter, turned upright."""
        if self.style.turn == 0:
            return self._box[0], self._box[2]
        return self._upright()[:2]

    def box(self) -> tuple[float, float, float, float]:
        """Return the edges of the last letter, turned upright: left, right, those of its line."""
        left, right, bottom, top = self._upright()
        _, size, _, baseline = self.style
        if self.style.turn < 0 or (not 0.4 * size <= top - bottom <= 3 * size and top > bottom):
            # A font that does not say how large it is: its letters do.
            return left, right, bottom, top
        return left, right, baseline - _DESCENT * size, baseline + _ASCENT * size

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the last letter, on the page as it lies."""
        return _middle(self._box)

    @property
    def step(self) -> float:
        """From the middle of the letter before to that of the last."""
        return math.dist(_middle(self._before), _middle(self._box))

    def _upright(self) -> tuple[float, float, float, float]:
        left, top, right, bottom = self._box
        return _TURNS[max(self.style.turn, 0)](left, right, bottom, top)

    def _style(self, index: int) -> Style:
        raw, page, matrix = self._raw, self._page, self._matrix
        raw.FPDFText_GetMatrix(page, index, matrix)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        turn = round(angle / 90) * 90
        size = raw.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
        length = raw.FPDFText_GetFontInfo(page, index, self._font, _LONGEST_FONT, None)
        name = self._font.value if 0 < length <= _LONGEST_FONT else b""
        font = _SUBSET.sub("", name.decode("utf-8", "replace"))
        if abs(angle - turn) > _SLANTED:
            return Style(-1, size, font, 0.0)
        raw.FPDFText_GetCharOrigin(page, index, self._x, self._y)
        x, y = self._x.value, self._y.value
        return Style(turn % 360, size, font, _TURNS[turn % 360](x, x, y, y)[2])


def _by_address(function: Any, answer: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of PDFium that takes the address of a text page and a letter's number."""
    prototype = ctypes.PYFUNCTYPE(answer, ctypes.c_void_p, ctypes.c_int, *arguments)
    return prototype(ctypes.cast(function, ctypes.c_void_p).value or 0)


def _middle(box: tuple[float, ...]) -> tuple[float, float]:
    left, top, right, bottom = box
    return (left + right) / 2, (bottom + top) / 2


class Words:
    """The words of a page in the order it draws them, from its letters."""

    def __init__(self, fonts: list[str] | None = None, *, is_turned: bool = False) -> None:
        """Begin.

        Args:
            fonts: the names of fonts so far; those of the words are added.
            is_turned: whether the lines run otherwise than the page is shown.
        """
        self._is_turned = is_turned
        self._fonts = [] if fonts is None else fonts
        self.words: list[RawWord] = []
        self.gaps: list[tuple[int, list[Gap]]] = []
        """In words whose letters stand apart, with the number of the word."""
        self._font = ""
        """Of the word at hand."""
        self._letters = ""
        self._box = (0.0, 0.0, 0.0, 0.0)
        """Of its first letter: left, right, bottom and top."""
        self._last = self._right = self._room = self._gap = 0.0
        """Right edge of the last letter, that of the word, the narrowest space, the last gap."""
        self._gaps: list[Gap] = []
        """In the word at hand."""
        self._mark = ""
        """An accent drawn before its letter."""
        self._mark_spaced = self._mark_supposed = False
        """Whether a space stands before the accent, and PDFium only supposes it."""
        self._glued = False

    def add(
        self,
        letter: str,
        bounds: tuple[float, float, float, float],
        font: str = "",
        *,
        spaced: bool,
        supposed: bool = False,
    ) -> None:
        """Add a letter.

        Args:
            letter: the letter.
            bounds: left, right, bottom and top, upright.
            font: its name.
            spaced: whether a space stands before it.
            supposed: whether PDFium only supposes that space.
        """
        left, right, bottom, top = bounds
        if unicodedata.combining(letter):
            # Drawn over the letter before, or the one to come.
            middle = (left + right) / 2
            if self._letters and middle <= self._last + (top - bottom) * 0.1:
                self._letters += letter
            else:
                self._mark += letter
                self._mark_spaced, self._mark_supposed = spaced, supposed
            return
        if self._mark:
            spaced, supposed = spaced or self._mark_spaced, supposed or self._mark_supposed
        if "\ufb00" <= letter <= "\ufb06":
            letter = unicodedata.normalize("NFKC", letter)  # a ligature: ﬁ
        if self._letters:
            self._divide(letter, bounds, spaced=spaced, supposed=supposed)
        if not self._letters:
            self._box, self._right, self._font = bounds, right, font
            self._room = _SPACE * (top - bottom)
            self._gap = 0.0
        else:
            self._gap = left - self._last
        self._letters += letter + self._mark
        self._mark = ""
        self._last, self._right = right, max(self._right, right)

    def _divide(
        self,
        letter: str,
        bounds: tuple[float, float, float, float],
        *,
        spaced: bool,
        supposed: bool,
    ) -> None:
        """End the word at hand where the letter to come is none of it."""
        left, _, bottom, top = bounds
        was_left, _, was_bottom, was_top = self._box
        height, was_height = top - bottom, was_top - was_bottom
        larger = max(height, was_height)
        resized = abs(height - was_height) > 0.15 * was_height
        moved, gap = abs(bottom - was_bottom), left - self._last
        if supposed and self._is_turned:
            # PDFium supposes a line for each letter of a column.
            spaced = moved > 0.2 * larger or not -larger < gap < _SPACE * larger
        elif supposed and not resized and moved < 0.2 * larger:
            # Nor is there one where the letters touch, whatever their fonts. Where the boxes of
            # letters overlap one another, spaces are narrower by as much.
            usual = self._gap if self._gap < OVERLAP * larger else 0.0
            spaced = not OVERLAP * larger < gap - usual < TOUCH * larger
        elif not spaced and gap > _SPACE * larger:
            self._gaps.append((len(self._letters), self._last, left))
        if spaced:
            # PDFium supposes a space where the type is raised, as marks of notes are.
            raised = supposed and resized and _MARK.fullmatch(letter) is not None
            near = abs(left - self._right) < 0.05 * larger and moved < 0.7 * larger
            self.finish()
            self._glued = raised and near
        elif moved > 0.7 * larger or gap > 2 * larger or left < was_left - larger:
            self.finish()  # elsewhere
        elif resized or moved > 0.2 * was_height:
            self.finish()
            self._glued = True

    def extend(self, letter: str, left: float, right: float) -> bool:
        """Add a letter that is set like the one before, if it plainly goes on in the word at hand.

        Returns:
            Whether it does.
        """
        room, gap = self._room, left - self._last
        if letter > "\u02ff" and not "\u1e00" <= letter < "\u2000":
            return False  # an accent, a ligature
        if not (self._letters and -room <= gap <= room) or self._mark:
            return False
        self._letters += letter
        self._gap, self._last = gap, right
        if right > self._right:
            self._right = right
        return True

    def finish(self) -> None:
        """End the word at hand."""
        if self._letters:
            left, _, bottom, top = self._box
            if self._gaps:
                self.gaps.append((len(self.words), self._gaps))
            edges = round(left, 1), round(self._right, 1), round(bottom, 1), round(top, 1)
            self.words.append((self._letters, *edges, self._glued, self._number_of_font()))
        self._letters, self._glued, self._gaps = "", False, []

    def _number_of_font(self) -> int:
        if self._font not in self._fonts:
            self._fonts.append(self._font)
        return self._fonts.index(self._font)
