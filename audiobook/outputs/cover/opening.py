"""Opens pictures of others, with bounds, as far as they can be decoded."""

from __future__ import annotations

import struct
import threading
import warnings
import zlib
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.messages.foreign import explain
from audiobook.outputs import pictures
from audiobook.outputs.cover.svg import draw_svg

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

LARGEST_FILE = 50 << 20
"""Bytes of a picture that are read."""
USABLE = "JPEG, PNG, WebP, GIF, AVIF, SVG"
_MOST_PIXELS = 100_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
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


def read_file(path: Path) -> bytes:
    """Return what stands in the file of a picture.

    Raises:
        OSError: it cannot be read.
        ValueError: its name or size cannot be that of a picture, or it holds something else.
    """
    if path.exists() and not path.is_file():
        raise ValueError(message("it is not a file"))
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(message("it is larger than {size} MB", size=LARGEST_FILE >> 20))
    data = path.read_bytes()
    if not pictures.kind_of(data):
        raise ValueError(message("it is not a picture that can be used"))
    return data


def open_picture(picture: bytes, name: str) -> Image:
    """Return a picture decoded; of an animated one the first frame.

    Args:
        picture: a file of one of `pictures.SUFFIXES`.
        name: what to call it in messages.

    Raises:
        SourceError: it is something else, damaged, or much too large.
    """
    kind = pictures.kind_of(picture)
    if kind == "HEIC":
        raise SourceError(
            message("{name} is a HEIC picture, which cannot be read", name=name),
            message("save it as JPEG"),
        )
    if kind == "SVG":
        picture = draw_svg(picture, name)
    return _decode(picture, name)


def size_of(picture: bytes) -> tuple[int, int]:
    """Return width and height of a picture in pixels, which is decoded only if it is SVG.

    Raises:
        SourceError: it is not a picture.
    """
    if pictures.kind_of(picture) == "SVG":
        return open_picture(picture, message("the picture")).size
    return _decode(picture, message("the picture"), load=False).size


def _decode(picture: bytes, name: str, *, load: bool = True) -> Image:
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
            if load:
                image.load()
    except Image.DecompressionBombError as problem:
        raise SourceError(
            message("{name} has more pixels than any picture needs", name=name),
            message("make it smaller"),
        ) from problem
    except (OSError, *_DAMAGED) as problem:
        is_other = isinstance(problem, UnidentifiedImageError)
        reason = message("it is another kind of file") if is_other else explain(problem)
        raise SourceError(
            message("{name} is not an intact picture: {reason}", name=name, reason=reason),
            message("give one of {kinds}", kinds=USABLE) if is_other else message("save it again"),
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


leniency = _Leniency()


def is_mostly_missing(image: Image) -> bool:
    """Whether the lower half of a picture is all black or medium grey, as decoders fill it in."""
    lower = image.crop((0, image.height // 2, image.width, image.height)).convert("RGB")
    return lower.getextrema() in (((0, 0),) * 3, ((128, 128),) * 3)


def has_exif(image: Image) -> bool:
    """Whether a picture holds EXIF, be it damaged."""
    try:
        return bool(image.getexif())
    except (OSError, *_DAMAGED):
        return True


def upright_rgb(image: Image) -> Image:
    """Return a picture turned as its EXIF says, in RGB, on white where it is transparent."""
    from PIL import Image as Images

    image = _upright(image)
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Images.new("RGBA", image.size, "white")
        return Images.alpha_composite(paper, image).convert("RGB")
    return _in_srgb(image).convert("RGB")


def _upright(image: Image) -> Image:
    """Return a picture turned as its EXIF says; unchanged where that is damaged."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except (OSError, *_DAMAGED):
        return image


def _in_srgb(image: Image) -> Image:
    """Return a picture with the colours that its own profile means, above all those for print."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(OSError, ImageCms.PyCMSError, *_DAMAGED):  # a damaged one means nothing
            standard = ImageCms.createProfile("sRGB")
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, own, standard, outputMode="RGB") or image
    return image
