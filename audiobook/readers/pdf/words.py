"""Letters on a page of a PDF file become words."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

from audiobook.vietnamese.encodings import read_font

_LONGEST_FONT = 128
# What stands before the name of a font that holds only the letters in use (ISO 32000-2, 9.9.2).
_SUBSET = re.compile(r"^[A-Z]{6}\+")

# As the page is turned clockwise for display, by so many degrees; from its corner or beyond it.
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
    """Of the font's box: its height is the size of the type."""
    glued: bool
    """It follows the word before without a space."""


def gather(raw: Any, page: Any, rotation: int) -> Words:
    """Gather the words of a text page of PDFium, turned upright."""
    words = Words()
    spaced = True
    font = ctypes.create_string_buffer(_LONGEST_FONT)
    box = raw.FS_RECTF()
    words.characters = raw.FPDFText_CountChars(page)
    for index in range(words.characters):
        code = raw.FPDFText_GetUnicode(page, index)
        letter = chr(code)
        if letter.isspace():
            spaced = True
            continue
        if code in {0, 0xFFFD} or 0xE000 <= code < 0xF900:
            words.unknown += 1
            continue
        if code in {0x02, 0xFFFE}:  # PDFium's own sign of a word divided at a line's end
            letter = "-"
        raw.FPDFText_GetLooseCharBox(page, index, box)
        bounds = _TURNS[rotation](box.left, box.right, box.bottom, box.top)
        if bounds[3] - bounds[2] < 0.1:  # a font that does not say how high it is
            bounds = (*bounds[:3], bounds[2] + raw.FPDFText_GetFontSize(page, index))
        if spaced:
            size = raw.FPDFText_GetFontInfo(page, index, font, _LONGEST_FONT, None)
            named = font.value if 0 < size <= _LONGEST_FONT else b""
            words.font = _SUBSET.sub("", named.decode("utf-8", "replace"))
        words.add(letter, bounds, spaced)
        spaced = False
    words.finish()
    return words


class Words:
    """The words of a page in the order it draws them, from its letters."""

    def __init__(self) -> None:
        self.words: list[tuple[str, float, float, float, float, bool]] = []
        self.characters = self.unknown = 0
        self.reread: list[str] = []
        """What was not what it seemed, for its font."""
        self.font = self._font = ""
        """Of the letters to come, and of the word at hand."""
        self._letters = ""
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._last = 0.0
        """Right edge of the last letter."""
        self._mark = ""
        """An accent drawn before its letter."""
        self._glued = False

    def add(self, letter: str, bounds: tuple[float, float, float, float], spaced: bool) -> None:
        """Add a letter; bounds are left, right, bottom and top, upright."""
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
        height = top - bottom
        if self._letters:
            _, was_right, was_bottom, was_top = self._box
            was_height = was_top - was_bottom
            moved = (
                abs(height - was_height) > 0.15 * was_height
                or abs(bottom - was_bottom) > 0.2 * was_height
                or not -0.7 * height < left - was_right < 0.7 * height
            )
            if spaced or moved:
                # PDFium supposes a space where the type is raised, as marks of notes are.
                near = abs(left - was_right) < 0.05 * max(height, was_height)
                self.finish()
                self._glued = near and abs(bottom - was_bottom) < 0.7 * max(height, was_height)
        if not self._letters:
            self._box, self._font = bounds, self.font
        self._letters += letter + self._mark
        self._mark = ""
        self._last = right
        was_left, was_right, was_bottom, was_top = self._box
        self._box = (was_left, max(was_right, right), was_bottom, was_top)

    def finish(self) -> None:
        """End the word at hand."""
        if self._letters:
            left, right, bottom, top = (round(edge, 1) for edge in self._box)
            letters = read_font(self._letters, self._font)
            if letters != self._letters:
                self.reread.append(letters)
            self.words.append((letters, left, right, bottom, top, self._glued))
        self._letters, self._glued = "", False
