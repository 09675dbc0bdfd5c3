"""Encodes pictures as files that are small enough for feeds and tags."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 500_000
"""Most bytes of a cover: players load it before they play."""
# JPEG quality and colour subsampling, from fine to coarse.
_WAYS = ((88, 0), (80, 0), (80, 2), (70, 2), (60, 2), (45, 2), (30, 2))


def encode(picture: Image) -> bytes:
    """Return an RGB picture as JPEG, as fine as `MOST` allows, without metadata."""
    data = b""
    for quality, subsampling in _WAYS:
        file = BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True, subsampling=subsampling)
        data = file.getvalue()
        if len(data) <= MOST:
            break
    return data
