"""A picture that was given, made fit for players and feeds."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from audiobook.cover.encoding import MOST, encode
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST, LARGEST = 1400, 3000
"""Pixels of a side, as Apple and others take them."""
SMALL = 600
"""Pixels of the longer side of a chapter's picture: a book of many has them all in its tag."""
_MOST_PIXELS = 100_000_000
_FORMATS = ("JPEG", "PNG")
# Beside a picture that is not square lies itself, enlarged, out of focus and darker.
_BLUR, _SHADE = 60, 0.55


def fit(picture: bytes, name: str = "the cover") -> bytes:
    """Return a cover as a square RGB picture of 1400 to 3000 pixels, without metadata.

    One that is all that already is returned as it is. A tall or wide one is laid, whole, on an
    enlargement of itself that is out of focus.

    Args:
        picture: a JPEG or PNG file.
        name: what to call it in messages.

    Raises:
        SourceError: it is neither, damaged, or much too large.
    """
    image = _open(picture, name)
    if _is_fit(image, picture):
        return picture
    from PIL import Image, ImageOps

    upright = _flat(ImageOps.exif_transpose(image))
    side = min(max(*upright.size, LEAST), LARGEST)
    inside = ImageOps.contain(upright, (side, side), Image.Resampling.LANCZOS)
    if inside.size != (side, side):
        ground = _ground(upright, side)
        ground.paste(inside, ((side - inside.width) // 2, (side - inside.height) // 2))
        inside = ground
    return encode(inside)


def shrink(picture: bytes, name: str = "the picture") -> bytes:
    """Return a picture of a chapter as JPEG, in its own shape, no side longer than `SMALL`.

    Args:
        picture: a JPEG or PNG file.
        name: what to call it in messages.

    Raises:
        SourceError: it is neither, damaged, or much too large.
    """
    from PIL import Image, ImageOps

    upright = _flat(ImageOps.exif_transpose(_open(picture, name)))
    upright.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return encode(upright)


def check(picture: bytes, name: str = "the cover") -> None:
    """Make sure that `fit` can do with a picture.

    Raises:
        SourceError: it cannot.
    """
    _open(picture, name)


def _open(picture: bytes, name: str) -> Image:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(picture), formats=_FORMATS)
            if image.width * image.height > _MOST_PIXELS:
                raise SourceError(
                    f"{name} has {image.width} × {image.height} pixels", "make it smaller"
                )
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise SourceError(
            f"{name} is no sound JPEG or PNG picture: {problem}", "save it anew"
        ) from (problem)
    return image


def _is_fit(image: Image, picture: bytes) -> bool:
    return (
        image.width == image.height
        and LEAST <= image.width <= LARGEST
        and image.mode == "RGB"
        and len(picture) <= MOST
        and not image.getexif()
        and not getattr(image, "is_animated", False)
    )


def _flat(image: Image) -> Image:
    """Return it in RGB, on white where one could see through."""
    from PIL import Image as Images

    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Images.new("RGBA", image.size, "white")
        return Images.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _ground(image: Image, side: int) -> Image:
    """Return a square of a picture's own colours, for it to stand out from."""
    from PIL import Image, ImageFilter, ImageOps

    small = ImageOps.fit(image, (side // 4, side // 4), Image.Resampling.BILINEAR)
    soft = small.filter(ImageFilter.GaussianBlur(_BLUR)).point(lambda value: value * _SHADE)
    return soft.resize((side, side), Image.Resampling.BICUBIC)
