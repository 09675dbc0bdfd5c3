"""PDF files for tests: lines of Vietnamese set where a test wants them, as printers set them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import NamedTuple

import pytest

fpdf = pytest.importorskip("fpdf", reason="fpdf2 makes the PDF files of these tests")
fonts = pytest.importorskip("font_source_serif_pro", reason="it is the font of these tests")

WIDTH, HEIGHT = 420, 595  # points: A5
LEFT, RIGHT = 54, 366
TOP, BOTTOM = 70, 520
SIZE, LEADING = 11, 15


class Set(NamedTuple):
    """How paragraphs are set."""

    size: float = SIZE
    leading: float = LEADING
    left: float = LEFT
    right: float = RIGHT
    indent: float = 18
    gap: float = 0
    """Blank space after a paragraph."""
    justified: bool = True
    bold: bool = False
    centred: bool = False


class Printer:
    """Sets paragraphs from page to page, with what stands at the head and foot of each."""

    def __init__(self, *, head: str = "", foot: str = "", bottom: float = BOTTOM) -> None:
        self.pdf = fpdf.FPDF(unit="pt", format=(WIDTH, HEIGHT))
        self.pdf.set_auto_page_break(False)
        folder = Path(fonts.__file__).parent / "files"
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        for style, face in (("", "Regular"), ("B", "Bold")):
            self.pdf.add_font("serif", style, folder / f"SourceSerifPro-{face}.ttf")
        self.head, self.foot, self.bottom = head, foot, bottom
        self.y = 0.0
        self.page()

    def page(self) -> None:
        """Begin a page; ``{}`` in its head and foot is its number."""
        self.pdf.add_page()
        number = self.pdf.page_no()
        self.put(LEFT, 40, self.head.format(number), 9)
        self.put(WIDTH / 2 - 10, HEIGHT - 30, self.foot.format(number), 9)
        self.y = TOP

    def put(self, x: float, y: float, text: str, size: float = SIZE, bold: bool = False) -> float:
        """Set one line at a place; returns where it ends."""
        self.pdf.set_font("serif", "B" if bold else "", size)
        if text:
            self.pdf.text(x, y, text)
        return x + float(self.pdf.get_string_width(text))

    def width(self, text: str, setting: Set) -> float:
        self.pdf.set_font("serif", "B" if setting.bold else "", setting.size)
        return float(self.pdf.get_string_width(text))

    def paragraph(self, text: str, setting: Set = Set()) -> None:  # noqa: B008
        """Break a paragraph into lines, and go on to the next page where one is full."""
        lines: list[tuple[float, list[str]]] = []
        left, words = setting.left + setting.indent, list[str]()
        for word in text.split():
            if words and left + self.width(" ".join([*words, word]), setting) > setting.right:
                lines.append((left, words))
                left, words = setting.left, []
            words.append(word)
        lines.append((left, words))
        for number, (start, line) in enumerate(lines):
            if self.y > self.bottom:
                self.page()
            last = number == len(lines) - 1
            self._line(start, line, setting, spread=setting.justified and not last)
            self.y += setting.leading
        self.y += setting.gap

    def _line(self, left: float, words: list[str], setting: Set, spread: bool) -> None:
        width = self.width(" ".join(words), setting)
        if setting.centred:
            left = (setting.left + setting.right - width) / 2
        if not spread or len(words) < 2:
            self.put(left, self.y, " ".join(words), setting.size, setting.bold)
            return
        # Word by word, with the space between them stretched and no space character.
        space = (setting.right - left - sum(self.width(word, setting) for word in words)) / (
            len(words) - 1
        )
        for word in words:
            left = self.put(left, self.y, word, setting.size, setting.bold) + space

    def bookmark(self, title: str, level: int = 0) -> None:
        """Name this place in the outline."""
        self.pdf.start_section(title, level)

    def picture(self) -> None:
        """Fill the page with a picture, as a scanner does."""
        from PIL import Image

        self.pdf.image(Image.new("L", (60, 80), 200), 0, 0, WIDTH, HEIGHT)

    def bytes(self) -> bytes:
        """Return the file."""
        file = bytes(self.pdf.output())
        for font in self.pdf.fonts.values():
            font.close()  # fpdf2 leaves that to us
        return file
