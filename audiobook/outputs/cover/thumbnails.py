"""Makes the small pictures of a cover that pages show."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

SIDES = (200, 400)
"""Pixels of a side: a book on a shelf, and the same where pixels are small."""

# Where pixels are small, nobody sees a coarser picture, and a phone waits half as long for it.
_WEBP_QUALITY = {200: 72, 400: 58}
_JPEG_QUALITY = 70


class Thumbnail(NamedTuple):
    """A small picture of a cover."""

    side: int
    """Its width and height in pixels."""
    ending: str
    """The ending of its file: ``.webp`` or ``.jpg``."""
    picture: bytes


def thumbnails(cover: bytes) -> tuple[Thumbnail, ...]:
    """Return a cover as WebP of each of `SIDES`, and as JPEG of the largest.

    JPEG is for browsers that do not know WebP, which all have since 2020.

    Args:
        cover: a square picture, as `audiobook.outputs.cover.fit` returns it.
    """
    from PIL import Image as Images

    with Images.open(BytesIO(cover)) as image:
        # A JPEG is decoded at half its size or less where that is enough.
        image.draft("RGB", (2 * SIDES[-1], 2 * SIDES[-1]))
        large = image.convert("RGB")
    small = [large.resize((side, side), Images.Resampling.LANCZOS) for side in SIDES]
    made = [
        Thumbnail(picture.width, ".webp", _encode(picture, "WEBP", _WEBP_QUALITY[picture.width]))
        for picture in small
    ]
    return (*made, Thumbnail(SIDES[-1], ".jpg", _encode(small[-1], "JPEG", _JPEG_QUALITY)))


def _encode(picture: Image, kind: str, quality: int) -> bytes:
    file = BytesIO()
    ways: dict[str, Any] = (
        {"method": 4} if kind == "WEBP" else {"optimize": True, "progressive": True}
    )
    picture.save(file, kind, quality=quality, **ways)
    return file.getvalue()
