"""Fits a given picture for players and feeds."""

from __future__ import annotations

import struct
import threading
import warnings
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.messages.foreign import explain
from audiobook.outputs.cover.encoding import MOST, encode

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST, LARGEST = 1400, 3000
"""Pixels of a side that Apple and others accept."""
SMALL = 600
"""Most pixels of a side of the picture of a chapter: the tag of a book holds all of them."""
_MOST_PIXELS = 100_000_000
_FORMATS = ("JPEG", "PNG")
# Exceptions of decoders for damaged or malicious files.
_DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
# Behind a picture that is not square lies an enlargement of it: its blur, and its brightness.
_BLUR, _SHADE = 60, 0.55


def fit(picture: bytes, name: str = message("the cover")) -> bytes:
    """Return a cover as a square RGB picture of 1400 to 3000 pixels, without metadata.

    A picture that is all that already is returned unchanged. A tall or wide one is shown whole on a
    blurred enlargement of itself.

    Args:
        picture: a JPEG or PNG file.
        name: what to call it in messages.

    Raises:
        SourceError: it is neither, damaged, or much too large.
    """
    image = _open_picture(picture, name)
    if _is_fit(image, picture):
        return picture
    from PIL import Image, ImageOps

    upright = _as_rgb(_upright(image))
    side = min(max(*upright.size, LEAST), LARGEST)
    inside = ImageOps.contain(upright, (side, side), Image.Resampling.LANCZOS)
    if inside.size != (side, side):
        ground = _background(upright, side)
        ground.paste(inside, ((side - inside.width) // 2, (side - inside.height) // 2))
        inside = ground
    return encode(inside)


def shrink(picture: bytes, name: str = message("the picture")) -> bytes:
    """Return the picture of a chapter as JPEG, in its own shape, no side longer than `SMALL`.

    Args:
        picture: a JPEG or PNG file.
        name: what to call it in messages.

    Raises:
        SourceError: it is neither, damaged, or much too large.
    """
    from PIL import Image

    upright = _as_rgb(_upright(_open_picture(picture, name)))
    upright.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return encode(upright)


def restore(picture: bytes) -> bytes:
    """Return a picture unchanged, or, if it is damaged, a JPEG of the part that can be decoded.

    Args:
        picture: what should be a JPEG or PNG file.

    Raises:
        SourceError: it is neither, much too large, or the greater part of it is missing.
    """
    try:
        _open_picture(picture, message("the picture"))
    except SourceError:
        with _leniency:
            image = _open_picture(picture, message("the picture"))
        if _is_mostly_missing(image):
            raise
        return encode(_as_rgb(_upright(image)))
    return picture


def check(picture: bytes, name: str = message("the cover")) -> None:
    """Check that `fit` accepts a picture.

    Raises:
        SourceError: it does not.
    """
    _open_picture(picture, name)


def _open_picture(picture: bytes, name: str) -> Image:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(picture), formats=_FORMATS)
            if image.width * image.height > _MOST_PIXELS:
                raise SourceError(
                    message(
                        "{name} has {width} × {height} pixels",
                        name=name,
                        width=image.width,
                        height=image.height,
                    ),
                    message("make it smaller"),
                )
            image.load()
    except (OSError, Image.DecompressionBombError, *_DAMAGED) as problem:
        is_other = isinstance(problem, UnidentifiedImageError)
        reason = message("it is another kind of file") if is_other else explain(problem)
        raise SourceError(
            message(
                "{name} is not an intact JPEG or PNG picture: {reason}", name=name, reason=reason
            ),
            message("save it again"),
        ) from problem
    return image


class _Leniency:
    """A context in which Pillow decodes files that end too early, as far as they go.

    Pillow has only one switch for the whole process, so one thread at a time turns it on.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        from PIL import ImageFile

        self._lock.acquire()
        ImageFile.LOAD_TRUNCATED_IMAGES = True

    def __exit__(self, *_: object) -> None:
        from PIL import ImageFile

        ImageFile.LOAD_TRUNCATED_IMAGES = False
        self._lock.release()


_leniency = _Leniency()


def _is_mostly_missing(image: Image) -> bool:
    """Whether the lower half of a picture is all black or medium grey, as decoders fill it in."""
    lower = image.crop((0, image.height // 2, image.width, image.height)).convert("RGB")
    return lower.getextrema() in (((0, 0),) * 3, ((128, 128),) * 3)


def _is_fit(image: Image, picture: bytes) -> bool:
    return (
        image.width == image.height
        and LEAST <= image.width <= LARGEST
        and image.mode == "RGB"
        and len(picture) <= MOST
        and not _has_exif(image)
        and not getattr(image, "is_animated", False)
    )


def _has_exif(image: Image) -> bool:
    try:
        return bool(image.getexif())
    except (OSError, *_DAMAGED):
        return True  # it has some, which is damaged


def _upright(image: Image) -> Image:
    """Return a picture turned as its EXIF says; unchanged where that is damaged."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except (OSError, *_DAMAGED):
        return image


def _as_rgb(image: Image) -> Image:
    """Return a picture in RGB, on white where it is transparent."""
    from PIL import Image as Images

    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Images.new("RGBA", image.size, "white")
        return Images.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _background(image: Image, side: int) -> Image:
    """Return a blurred, darker square of a picture, as a background for it."""
    from PIL import Image, ImageFilter, ImageOps

    small = ImageOps.fit(image, (side // 4, side // 4), Image.Resampling.BILINEAR)
    soft = small.filter(ImageFilter.GaussianBlur(_BLUR)).point(lambda value: value * _SHADE)
    return soft.resize((side, side), Image.Resampling.BICUBIC)
