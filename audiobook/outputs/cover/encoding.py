"""Encodes pictures as files that are small enough for feeds and tags."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 500_000
"""Most bytes of a cover on its own, or in an EPUB, which is unpacked: Apple wants under 512 kB."""
MOST_INSIDE = 300_000
"""Most bytes of a cover inside a file of sound: players load it before they play."""
LEAST, LARGEST = 1400, 3000
"""Pixels of a side that Apple and others accept."""
TRACK_SIDE, TRACK_MOST = 500, 60_000
"""Pixels of a side, and most bytes, of the cover inside each of many files of a book: stereos of
cars often show nothing that is larger than 500 pixels, or that is not a baseline JPEG."""

# Bytes, and the pixels of a side that go well with so many: whole parts of twice the largest.
_SIDES = ((MOST, LARGEST), (MOST_INSIDE, 2000), (0, 1500))
# JPEG quality and colour subsampling, from fine to coarse. A picture becomes smaller rather than
# coarser until its sides are as short as directories accept.
_FINE = ((88, 0), (80, 2))
_COARSE = ((70, 2), (60, 2), (50, 2))
_SHORTEST = 100


def side_for(most: int) -> int:
    """Return the pixels of a side that go well with so many bytes, `LARGEST` or a part of it.

    A larger picture would only have to be made smaller again, at four bytes of memory a pixel.

    Args:
        most: bytes that the cover may have.
    """
    return next(side for least, side in _SIDES if most >= least)


def encode(picture: Image, most: int = MOST) -> bytes:
    """Return an RGB picture as baseline JPEG without metadata, as large and fine as allowed.

    Args:
        picture: the picture.
        most: bytes that the file may have.
    """
    data, smaller = _encode_within(picture, most, _FINE, LEAST)
    if len(data) > most:
        data, _ = _encode_within(smaller, most, _COARSE, _SHORTEST)
    return data


def _encode_within(
    picture: Image, most: int, ways: tuple[tuple[int, int], ...], shortest: int
) -> tuple[bytes, Image]:
    """Return a picture as JPEG, and as it was made smaller for it.

    It has more bytes than allowed if that takes sides shorter than ``shortest``.
    """
    from PIL import Image

    while True:
        data = b""
        for quality, subsampling in ways:
            data = _as_jpeg(picture, quality, subsampling)
            if len(data) <= most:
                return data, picture
        side = max(picture.size)
        if side <= shortest:
            return data, picture
        # Bytes shrink more slowly than the area, so that this never shrinks too far.
        scale = max(shortest / side, min((most / len(data)) ** 0.5, 0.95))
        width, height = (max(round(length * scale), 1) for length in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)


def _as_jpeg(picture: Image, quality: int, subsampling: int) -> bytes:
    def encoded(*, optimize: bool) -> bytes:
        file = BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=optimize, subsampling=subsampling)
        return file.getvalue()

    try:
        return encoded(optimize=True)
    except OSError:  # noise: Pillow optimizes only what takes less than a byte a pixel
        return encoded(optimize=False)
