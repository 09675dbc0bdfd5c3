"""Draws a cover from title, author and narrator alone."""

from __future__ import annotations

import math
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobook.outputs.cover import lettering
from audiobook.outputs.cover.encoding import LARGEST, MOST, encode, side_for
from audiobook.outputs.cover.motifs import MOTIFS, Canvas
from audiobook.outputs.cover.palettes import PALETTES

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from audiobook.outputs.cover.motifs import Motif
    from audiobook.outputs.cover.palettes import Palette

SIDE = LARGEST
"""Pixels of each side of the page that is laid out: the most that podcast directories accept."""
MARGIN = 220
"""Pixels of it without words on each side."""
# Possible heights of the pattern in pixels of the page, the tallest first; its squares divide them
# evenly.
_HEIGHTS = (1500, 1200, 1000, 750)
# Rows of the large pattern at a time: a multiple of each number that it is made smaller by.
_BAND = 120
_GAP = 150
_LONGEST_TITLE, _LONGEST_NAME = 240, 80
# The tallest pattern is chosen that leaves the letters of the title this share of their best size.
_WORTH = 0.88


def draw(title: str, author: str, narrator: str = "", most: int = MOST) -> bytes:
    """Return a cover; the same words give the same picture.

    Args:
        title: in any script; letters that the typeface lacks are left out.
        author: shown below the title; may be empty.
        narrator: shown below the author; may be empty.
        most: bytes that the cover may have.

    Returns:
        A square JPEG, RGB, of 3000 x 3000 pixels or as many as go well with the bytes.
    """
    from PIL import Image

    dice = sha256((title or author).encode("utf-8", "replace")).digest()
    palette = PALETTES[dice[0] % len(PALETTES)]
    motif = MOTIFS[dice[1] % len(MOTIFS)]
    words = _CoverText(title, author, narrator)
    side = side_for(most)
    page = Image.new("RGB", (side, side), palette.ground)
    _draw_words(page, words, palette)
    _draw_pattern(page, words.pattern, motif, palette, dice[2:])
    return encode(page, most)


def _draw_words(page: Image, words: _CoverText, palette: Palette) -> None:
    """Draw the words of a cover at full size, and lay them on the page."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", (SIDE, SIDE))
    words.draw(ImageDraw.Draw(mask), 255)
    if mask.size != page.size:
        mask = mask.resize(page.size, Image.Resampling.LANCZOS)
    page.paste(palette.ink, (0, 0), mask)


def _draw_pattern(page: Image, height: int, motif: Motif, palette: Palette, dice: bytes) -> None:
    """Draw the pattern that fills the foot of a cover, ``height`` as the page is laid out.

    It is drawn at twice the size and made smaller, for smooth edges. With a byte for each pixel,
    made smaller in bands, it takes a fifth of the memory.
    """
    from PIL import Image, ImageColor, ImageDraw

    field = ImageColor.getcolor(palette.field, "RGB")
    large = Image.new("P", (2 * SIDE, 2 * height), field)
    motif(
        Canvas(
            art=ImageDraw.Draw(large),
            width=large.width,
            height=large.height,
            palette=palette,
            dice=dice,
        )
    )
    scale = large.width // page.width
    top = page.height - math.ceil(large.height / scale)
    for above in range(0, large.height, _BAND):
        band = large.crop((0, above, large.width, min(above + _BAND, large.height)))
        page.paste(band.convert("RGB").reduce(scale), (0, top + above // scale))


class _CoverText:
    """The words of a cover and their places: the title on top, the names above the pattern."""

    def __init__(self, title: str, author: str, narrator: str) -> None:
        width = SIDE - 2 * MARGIN
        title = lettering.drawable_text(title, _LONGEST_TITLE)
        author = lettering.drawable_text(author, _LONGEST_NAME)
        narrator = lettering.drawable_text(narrator, _LONGEST_NAME)
        spoken = f"Giọng đọc: {narrator}" if narrator else ""
        self.author = lettering.typeset(author, 600, width, 330, 140)
        self.narrator = lettering.typeset(spoken, 400, width, 190, 92)
        names = self._names_height()
        if not title:
            self.title = lettering.typeset("", 700, width, 0, 0)
            self.pattern = 2000 if names else SIDE
            return
        fits = []
        for height in _HEIGHTS:
            room = SIDE - height - 2 * MARGIN + 40 - (names + _GAP if names else 0)
            fits.append((lettering.typeset(title, 700, width, room, 620), height))
        largest = max(block.size for block, _ in fits)
        self.title, self.pattern = next(
            (block, height) for block, height in fits if block.size >= _WORTH * largest
        )

    def _names_height(self) -> int:
        between = 56 if self.author.lines and self.narrator.lines else 0
        return self.author.height + between + self.narrator.height

    def draw(self, art: ImageDraw, ink: str | int) -> None:
        self.title.draw(art, MARGIN, MARGIN, ink)
        foot = SIDE - self.pattern - MARGIN + 40
        self.narrator.draw(art, MARGIN, foot - self.narrator.height, ink)
        self.author.draw(art, MARGIN, foot - self._names_height(), ink)
