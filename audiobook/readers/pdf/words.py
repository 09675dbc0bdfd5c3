"""Letters on a page of a PDF file become words."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from audiobook.vietnamese.encodings import is_converted, is_old_font, read_font
from audiobook.vietnamese.syllables import is_vietnamese

_LONGEST_FONT = 128
# What stands before the name of a font that holds only the letters in use (ISO 32000-2, 9.9.2).
_SUBSET = re.compile(r"^[A-Z]{6}\+")
# Degrees: scanned pages lie a little askew, watermarks much.
_SLANTED = 10
# The line box of a font, in shares of its size above and below the baseline. PDFium's own boxes
# are of the letter, not of the font: an accent on a capital makes them taller.
_ASCENT, _DESCENT = 0.95, 0.25
# As shares of the height of the line: a gap of this width is a space, one between these is none.
_SPACE = 0.15
OVERLAP, TOUCH = -0.1, 0.03
_PUNCTUATION = ".,;:!?…“”‘’\"'()[]«»"
_MARK = re.compile(r"[\d*†‡,()\[\]]+")

# As the page is turned counter-clockwise by so many degrees; from its corner or beyond it.
_TURNS: dict[int, Callable[..., tuple[float, float, float, float]]] = {
    0: lambda left, right, bottom, top: (left, right, bottom, top),
    90: lambda left, right, bottom, top: (bottom, top, -right, -left),
    180: lambda left, right, bottom, top: (-right, -left, -top, -bottom),
    270: lambda left, right, bottom, top: (-top, -bottom, left, right),
}


class Word(NamedTuple):
    """Letters without a space between them; positions in points from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    """Of the font's line box: its height is 1.2 times the size of the type."""
    glued: bool
    """It follows the word before without a space."""


class Style(NamedTuple):
    """How the letters of one text object are set."""

    turn: int
    """Degrees that the line runs counter-clockwise, a multiple of 90; -1 for a slant."""
    size: float
    """In points."""
    font: str


class PageText:
    """The words of a page, by the direction in which their lines run."""

    def __init__(self) -> None:
        self.directions: dict[int, Words] = {}
        """By the turn of their lines."""
        self.slanted: list[str] = []
        self.outside: list[str] = []
        """Words that no viewer shows."""
        self.characters = self.unknown = 0
        self.reread: list[tuple[str, str]] = []
        """Words that are not what they seemed, for their old font: as they stood and are read."""

    @property
    def words(self) -> list[list[tuple[str, float, float, float, float, bool]]]:
        """The words in each direction; the first has the most letters."""
        parts = [part.words for part in self.directions.values() if part.words]
        return sorted(parts, key=lambda words: -sum(len(word[0]) for word in words))


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
    spaced, supposed = True, False
    place = ""
    stray: list[str] = []  # the word at hand, if it is at a slant or outside
    for index in range(text.characters):
        code = raw.FPDFText_GetUnicode(page, index)
        letter = chr(code)
        if letter.isspace():
            spaced, supposed = True, bool(raw.FPDFText_IsGenerated(page, index))
            continue
        if code in {0x02, 0xFFFE}:  # PDFium's own sign of a word divided at a line's end
            letter = "-"
        elif code < 0x20 or code in {0x7F, 0xFFFD} or 0xE000 <= code < 0xF900:
            text.unknown += 1
            continue
        style = letters.style(index)
        box = letters.box(index, style)
        if spaced or style.turn < 0 or place == "slanted":
            _put_stray(text, place, stray)
            place = _place(style, letters.middle, bounds)
        if place:
            stray.append(letter)
        else:
            direction = text.directions.setdefault(
                style.turn, Words(is_turned=style.turn != rotation)
            )
            direction.add(letter, box, style.font, spaced=spaced, supposed=supposed)
        spaced = supposed = False
    _put_stray(text, place, stray)
    for direction in text.directions.values():
        direction.finish()
        text.reread += direction.read_old_fonts()
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
    """Asks PDFium for the letters of a page; what a text object has in common only once."""

    def __init__(self, raw: Any, page: Any) -> None:
        self._raw, self._page = raw, page
        self._font = ctypes.create_string_buffer(_LONGEST_FONT)
        self._matrix, self._rectangle = raw.FS_MATRIX(), raw.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._object: int | None = -1
        self._style = Style(0, 0.0, "")
        self.middle = (0.0, 0.0)
        """Of the last letter, on the page as it lies."""

    def style(self, index: int) -> Style:
        """Return how a letter is set."""
        handle = self._raw.FPDFText_GetTextObject(self._page, index)
        pointer = ctypes.cast(handle, ctypes.c_void_p).value
        if pointer is None or pointer == self._object:  # PDFium's own signs have none
            return self._style
        self._object = pointer
        matrix = self._matrix
        self._raw.FPDFText_GetMatrix(self._page, index, matrix)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        turn = round(angle / 90) * 90
        size = self._raw.FPDFText_GetFontSize(self._page, index) * math.hypot(matrix.c, matrix.d)
        length = self._raw.FPDFText_GetFontInfo(self._page, index, self._font, _LONGEST_FONT, None)
        name = self._font.value if 0 < length <= _LONGEST_FONT else b""
        font = _SUBSET.sub("", name.decode("utf-8", "replace"))
        slanted = abs(angle - turn) > _SLANTED
        self._style = Style(-1 if slanted else turn % 360, size, font)
        return self._style

    def box(self, index: int, style: Style) -> tuple[float, float, float, float]:
        """Return the edges of a letter, turned upright: left, right, and those of its line."""
        box = self._rectangle
        self._raw.FPDFText_GetLooseCharBox(self._page, index, box)
        self.middle = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        if style.turn < 0:
            return box.left, box.right, box.bottom, box.top
        turn = _TURNS[style.turn]
        left, right, bottom, top = turn(box.left, box.right, box.bottom, box.top)
        self._raw.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        baseline = turn(self._x.value, self._x.value, self._y.value, self._y.value)[2]
        size = style.size
        if not 0.4 * size <= top - bottom <= 3 * size and top > bottom:
            # A font that does not say how large it is: its letters do.
            return left, right, bottom, top
        return left, right, baseline - _DESCENT * size, baseline + _ASCENT * size


class Words:
    """The words of a page in the order it draws them, from its letters."""

    def __init__(self, *, is_turned: bool = False) -> None:
        """Begin.

        Args:
            is_turned: whether the lines run otherwise than the page is shown.
        """
        self._is_turned = is_turned
        self.words: list[tuple[str, float, float, float, float, bool]] = []
        self._fonts: list[str] = []
        """Of each word."""
        self._font = ""
        """Of the word at hand."""
        self._letters = ""
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._last = 0.0
        """Right edge of the last letter."""
        self._gaps: list[tuple[int, float, float]] = []
        """Where letters of the word at hand stand apart: how many precede, and the edges."""
        self._mark = ""
        """An accent drawn before its letter."""
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
            return
        if "\ufb00" <= letter <= "\ufb06":
            letter = unicodedata.normalize("NFKC", letter)  # a ligature: ﬁ
        if self._letters:
            self._divide(letter, bounds, spaced=spaced, supposed=supposed)
        if not self._letters:
            self._box, self._font = bounds, font
        self._letters += letter + self._mark
        self._mark = ""
        self._last = right
        was_left, was_right, was_bottom, was_top = self._box
        self._box = (was_left, max(was_right, right), was_bottom, was_top)

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
        was_left, was_right, was_bottom, was_top = self._box
        height, was_height = top - bottom, was_top - was_bottom
        larger = max(height, was_height)
        resized = abs(height - was_height) > 0.15 * was_height
        moved, gap = abs(bottom - was_bottom), left - self._last
        if supposed and self._is_turned:
            # PDFium supposes a line for each letter of a column.
            spaced = moved > 0.2 * larger or not -larger < gap < _SPACE * larger
        elif supposed and not resized and moved < 0.2 * larger:
            # Nor is there one where the letters touch, whatever their fonts.
            spaced = not OVERLAP * larger < gap < TOUCH * larger
        elif not spaced and gap > _SPACE * larger:
            self._gaps.append((len(self._letters), self._last, left))
        if spaced:
            # PDFium supposes a space where the type is raised, as marks of notes are.
            raised = supposed and resized and _MARK.fullmatch(letter) is not None
            near = abs(left - was_right) < 0.05 * larger and moved < 0.7 * larger
            self.finish()
            self._glued = raised and near
        elif moved > 0.7 * larger or gap > 2 * larger or left < was_left - larger:
            self.finish()  # elsewhere
        elif resized or moved > 0.2 * was_height:
            self.finish()
            self._glued = True

    def finish(self) -> None:
        """End the word at hand."""
        if self._letters:
            left, right, bottom, top = self._box
            start, glued = 0, self._glued
            gaps = self._gaps if _are_words(self._letters, [gap[0] for gap in self._gaps]) else []
            for end, edge, following in [*gaps, (len(self._letters), right, right)]:
                edges = (round(value, 1) for value in (left, edge, bottom, top))
                self.words.append((self._letters[start:end], *edges, glued))  # type: ignore[arg-type]
                self._fonts.append(self._font)
                start, left, glued = end, following, False
        self._letters, self._glued, self._gaps = "", False, []

    def read_old_fonts(self) -> list[tuple[str, str]]:
        """Read the words in old Vietnamese fonts; return those that changed, before and after.

        The words that stand side by side in a font are read together: alone, many are words in
        either reading.
        """
        reread = []
        old = [
            word[0] for word, font in zip(self.words, self._fonts, strict=True) if is_old_font(font)
        ]
        mixed = any(map(is_converted, old))
        start = 0
        while start < len(self.words):
            font, end = self._fonts[start], start + 1
            while end < len(self.words) and self._fonts[end] == font:
                end += 1
            if is_old_font(font):
                reread += self._read_run(start, end, mixed=mixed)
            start = end
        return reread

    def _read_run(self, start: int, end: int, *, mixed: bool) -> list[tuple[str, str]]:
        font = self._fonts[start]
        texts = [word[0] for word in self.words[start:end]]
        together = read_font(" ".join(texts), font, mixed=mixed).split(" ")
        if len(together) != len(texts):
            together = [read_font(text, font, mixed=mixed) for text in texts]
        for place, text in enumerate(together, start):
            self.words[place] = (text, *self.words[place][1:])
        return [pair for pair in zip(texts, together, strict=True) if pair[0] != pair[1]]


def _are_words(letters: str, places: list[int]) -> bool:
    """Whether letters that stand apart are words: PDFium overlooks spaces where the font changes.

    Args:
        letters: what PDFium takes for one word.
        places: how many letters stand before each gap.
    """
    letters = letters.replace("₫", "đ")  # as some fonts name it
    if not places or is_vietnamese(letters.strip(_PUNCTUATION)):
        return False
    bounds = [0, *places, len(letters)]
    parts = [letters[start:end].strip(_PUNCTUATION) for start, end in pairwise(bounds)]
    marked = (is_vietnamese(part) and not part.isascii() for part in parts)
    return all(len(part) > 1 and part.isalpha() for part in parts) and any(marked)
