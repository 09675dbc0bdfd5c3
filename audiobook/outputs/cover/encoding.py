"""Pictures as files that feeds and tags can carry."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 500_000
"""Bytes that a cover should not pass: players load it before they play."""
# Colours at full size first, then ever coarser.
_WAYS = ((88, 0), (80, 0), (80, 2), (70, 2), (60, 2), (45, 2), (30, 2))


def encode(picture: Image) -> bytes:
    """Return an RGB picture as JPEG, as fine as `MOST` allows, and nothing else in the file."""
    data = b""
    for quality, subsampling in _WAYS:
        file = BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True, subsampling=subsampling)
        data = file.getvalue()
        if len(data) <= MOST:
            break
    return data
