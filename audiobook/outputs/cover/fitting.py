"""Fits a given picture for players and feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.outputs.cover.encoding import (
    LARGEST,
    LEAST,
    MOST,
    TRACK_MOST,
    TRACK_SIDE,
    encode,
    side_for,
)
from audiobook.outputs.cover.opening import (
    has_exif,
    is_mostly_missing,
    leniency,
    open_picture,
    upright_rgb,
)

if TYPE_CHECKING:
    from PIL.Image import Image

SMALL = 600
"""Most pixels of a side of the picture of a chapter: the tag of a book holds all of them."""
_MOST_SMALL = 100_000
_TINY = 100
"""Pixels: a picture with a shorter side is an icon or a placeholder, and no cover."""
# Behind a picture that is not square lies an enlargement of it: its blur, and its brightness.
_BLUR, _SHADE = 60, 0.55


def fit(picture: bytes, name: str = message("the cover"), most: int = MOST) -> bytes:
    """Return a cover as a square RGB picture without metadata, of 1400 to 3000 pixels.

    A picture that is all that already is returned unchanged. A tall or wide one is shown whole on a
    blurred enlargement of itself. It has fewer pixels only where it would be too coarse.

    Args:
        picture: a file of one of `pictures.SUFFIXES`.
        name: what to call it in messages.
        most: bytes that the cover may have.

    Raises:
        SourceError: it is something else, damaged, or much too large.
    """
    image = open_picture(picture, name)
    if _is_fit(image, len(picture) <= most):
        return picture
    from PIL import Image, ImageOps

    upright = upright_rgb(image)
    side = min(max(*upright.size, LEAST), side_for(most))
    inside = ImageOps.contain(upright, (side, side), Image.Resampling.LANCZOS)
    if inside.size != (side, side):
        ground = _background(upright, side)
        ground.paste(inside, ((side - inside.width) // 2, (side - inside.height) // 2))
        inside = ground
    return encode(inside, most)


def shrink(picture: bytes, name: str = message("the picture")) -> bytes:
    """Return the picture of a chapter as JPEG, in its own shape, no side longer than `SMALL`.

    Args:
        picture: a file of one of `pictures.SUFFIXES`.
        name: what to call it in messages.

    Raises:
        SourceError: it is something else, damaged, or much too large.
    """
    from PIL import Image

    upright = upright_rgb(open_picture(picture, name))
    upright.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return encode(upright, _MOST_SMALL)


def reduce(cover: bytes) -> bytes:
    """Return a fitted cover as it goes into each of many files: see `TRACK_SIDE`."""
    from PIL import Image

    image = open_picture(cover, message("the cover")).convert("RGB")
    image.thumbnail((TRACK_SIDE, TRACK_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    return encode(image, TRACK_MOST)


def restore(picture: bytes) -> bytes:
    """Return a picture unchanged, or, if it is damaged, a JPEG of the part that can be decoded.

    Args:
        picture: what should be a file of one of `pictures.SUFFIXES`.

    Raises:
        SourceError: it is something else, much too large, or the greater part of it is missing.
    """
    try:
        open_picture(picture, message("the picture"))
    except SourceError:
        with leniency:
            image = open_picture(picture, message("the picture"))
        if is_mostly_missing(image):
            raise
        return encode(upright_rgb(image))
    return picture


def check(picture: bytes, name: str = message("the cover")) -> None:
    """Check that `fit` accepts a picture.

    Raises:
        SourceError: it does not.
    """
    open_picture(picture, name)


def check_cover(picture: bytes, name: str = message("the cover")) -> None:
    """Check that a picture can be a cover.

    Raises:
        SourceError: `fit` does not accept it, or it is too small to be one.
    """
    image = open_picture(picture, name)
    if min(image.size) < _TINY:
        raise SourceError(
            message(
                "{name} has only {width} × {height} pixels",
                name=name,
                width=image.width,
                height=image.height,
            ),
            message(
                "give one of at least {least} × {least}, better {best} × {best}",
                least=_TINY,
                best=LEAST,
            ),
        )


def _is_fit(image: Image, is_small_enough: bool) -> bool:
    return (
        is_small_enough
        and image.width == image.height
        and LEAST <= image.width <= LARGEST
        and image.mode == "RGB"
        and image.format in ("JPEG", "PNG")
        and not has_exif(image)
        and not getattr(image, "is_animated", False)
    )


def _background(image: Image, side: int) -> Image:
    """Return a blurred, darker square of a picture, as a background for it."""
    from PIL import Image, ImageFilter, ImageOps

    small = ImageOps.fit(image, (side // 4, side // 4), Image.Resampling.BILINEAR)
    soft = small.filter(ImageFilter.GaussianBlur(_BLUR)).point(lambda value: value * _SHADE)
    return soft.resize((side, side), Image.Resampling.BICUBIC)
