"""Pictures of podcasts: within the sizes that directories take."""

from __future__ import annotations

import io

from audiobook.errors import SourceError

LEAST, MOST = 1400, 3000
"""Pixels a side (Apple)."""


def ending(picture: bytes) -> str:
    """Return how the name of a picture ends."""
    return ".png" if picture.startswith(b"\x89PNG") else ".jpg"


def fit(picture: bytes) -> bytes:
    """Make a picture square, RGB, and of a size that directories take; as it is where it fits.

    Raises:
        SourceError: it is no picture that can be read.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture)) as given:
            width, height = given.size
            if (
                width == height
                and LEAST <= width <= MOST
                and given.mode == "RGB"
                and given.format in ("JPEG", "PNG")
            ):
                return picture
            side = min(max(width, height, LEAST), MOST)
            square = ImageOps.pad(given.convert("RGB"), (side, side), color=(24, 24, 27))
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as problem:
        raise SourceError(f"a cover cannot be read: {problem}", "give another picture") from problem
    return _jpeg(square)


def draw(title: str, author: str) -> bytes:
    """Draw a plain picture with a title."""
    from PIL import Image, ImageDraw, ImageFont

    side = LEAST
    page = Image.new("RGB", (side, side), (30, 41, 59))
    pen = ImageDraw.Draw(page)
    for text, height, size in ((title, 500, 110), (author, 950, 60)):
        font = ImageFont.load_default(size)
        pen.text((side / 2, height), text[:24], fill="white", anchor="mm", font=font)
    return _jpeg(page)


def _jpeg(picture: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88, optimize=True)  # type: ignore[attr-defined]
    return file.getvalue()
