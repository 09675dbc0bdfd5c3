"""Joins letters on a page of a PDF file into words, in any language."""

from __future__ import annotations

import re
import unicodedata

# Share of the height of the line: a gap of this width is a space.
_SPACE = 0.15
OVERLAP, TOUCH = -0.1, 0.03
"""Shares of the height of the line: letters with a gap between these touch."""
_MARK = re.compile(r"[\d*†‡,()\[\]]+")

RawWord = tuple[str, float, float, float, float, bool, int]
"""Letters; left, right, bottom and top; whether it follows without a space; number of its font."""
Gap = tuple[int, float, float]
"""A gap between letters of a word: how many letters precede, and its edges."""
Written = tuple[list[RawWord], list[tuple[int, list[Gap]]]]
"""Words, and the gaps of words that have any, with the number of the word."""


class Words:
    """Joins the letters of a page into words, in the order in which they are drawn."""

    def __init__(self, fonts: list[str] | None = None, *, is_turned: bool = False) -> None:
        """Begin without words.

        Args:
            fonts: names of fonts so far; those of the words are added.
            is_turned: whether the lines run in another direction than the page is shown.
        """
        self._is_turned = is_turned
        self._fonts = [] if fonts is None else fonts
        self.words: list[RawWord] = []
        self.gaps: list[tuple[int, list[Gap]]] = []
        """The gaps of words that have any, with the number of the word."""
        self._font = ""
        """Font of the current word."""
        self._letters = ""
        self._box = (0.0, 0.0, 0.0, 0.0)
        """Box of its first letter: left, right, bottom and top."""
        self._last = self._right = self._room = self._gap = 0.0
        """Right edge of the last letter, that of the word, the narrowest space, the last gap."""
        self._gaps: list[Gap] = []
        """Gaps in the current word."""
        self._mark = ""
        """An accent that may be drawn before its letter: the next letter tells."""
        self._mark_middle = self._mark_right = self._mark_bottom = 0.0
        self._mark_spaced = self._mark_supposed = False
        """Whether a space precedes the accent, and whether PDFium only supposes it."""
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
            spaced: whether a space precedes it.
            supposed: whether PDFium only supposes that space.
        """
        left, right, bottom, top = bounds
        if unicodedata.combining(letter):
            # It is drawn over the letter before, or the next one.
            middle = (left + right) / 2
            if self._letters and middle <= self._last + (top - bottom) * 0.1:
                self._letters += letter
            else:
                if not self._mark:
                    self._mark_spaced, self._mark_supposed = spaced, supposed
                self._mark += letter
                self._mark_middle, self._mark_right, self._mark_bottom = middle, right, bottom
            return
        if self._mark and not self._is_under_mark(bounds):
            self._end_letter()
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

    def _is_under_mark(self, bounds: tuple[float, float, float, float]) -> bool:
        """Whether a letter has the accent before it, not the letter before that.

        PDFium parts the box of a glyph that stands for a letter and its accents among these, side
        by side, and so the accent lies before the next letter, not over it.
        """
        left, _, bottom, top = bounds
        if not self._letters or self._mark_spaced:
            return True
        is_beside = abs(bottom - self._mark_bottom) < 0.5 * (top - bottom)
        return is_beside and left <= self._mark_middle

    def _end_letter(self) -> None:
        """Give the last letter the accent that follows it."""
        self._letters += self._mark
        self._last, self._right = self._mark_right, max(self._right, self._mark_right)
        self._mark = ""

    def _divide(
        self,
        letter: str,
        bounds: tuple[float, float, float, float],
        *,
        spaced: bool,
        supposed: bool,
    ) -> None:
        """End the current word if the next letter does not belong to it."""
        left, _, bottom, top = bounds
        was_left, _, was_bottom, was_top = self._box
        height, was_height = top - bottom, was_top - was_bottom
        larger = max(height, was_height)
        resized = abs(height - was_height) > 0.15 * was_height
        shift, gap = abs(bottom - was_bottom), left - self._last
        if supposed and self._is_turned:
            # PDFium supposes a line for each letter of a column.
            spaced = shift > 0.2 * larger or not -larger < gap < _SPACE * larger
        elif supposed and not resized and shift < 0.2 * larger:
            # There is no space where the letters touch, in any fonts. Where the boxes of letters
            # overlap, spaces are narrower by the overlap.
            overlap = self._gap if self._gap < OVERLAP * larger else 0.0
            spaced = not OVERLAP * larger < gap - overlap < TOUCH * larger
        elif not spaced and gap > _SPACE * larger:
            self._gaps.append((len(self._letters), self._last, left))
        if spaced:
            # PDFium supposes a space before raised type, such as marks of notes.
            is_raised = supposed and resized and _MARK.fullmatch(letter) is not None
            is_near = abs(left - self._right) < 0.05 * larger and shift < 0.7 * larger
            self._end_word()
            self._glued = is_raised and is_near
        elif shift > 0.7 * larger or gap > 2 * larger or left < was_left - larger:
            self._end_word()  # elsewhere
        elif resized or shift > 0.2 * was_height:
            self._end_word()
            self._glued = True

    def extend(self, letter: str, left: float, right: float) -> bool:
        """Add a letter of the style of the one before, if it clearly continues the current word.

        Args:
            letter: the letter.
            left: its left edge, upright.
            right: its right edge, upright.

        Returns:
            Whether it was added.
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
        """End the last word."""
        if self._mark and self._letters:
            self._end_letter()
        self._end_word()

    def _end_word(self) -> None:
        if self._letters:
            left, _, bottom, top = self._box
            if self._gaps:
                self.gaps.append((len(self.words), self._gaps))
            edges = round(left, 1), round(self._right, 1), round(bottom, 1), round(top, 1)
            self.words.append((self._letters, *edges, self._glued, self._font_number()))
        self._letters, self._glued, self._gaps = "", False, []

    def _font_number(self) -> int:
        if self._font not in self._fonts:
            self._fonts.append(self._font)
        return self._fonts.index(self._font)
