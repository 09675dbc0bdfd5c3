"""Tells the kind and the size of a cover from its first bytes."""

from __future__ import annotations

from audiobook.audit.types import Picture
from audiobook.outputs import pictures

# JPEG markers that begin a frame header, which holds width and height (ITU-T T.81).
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
# Markers without a length field.
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def measure_cover(data: bytes) -> Picture:
    """Return the kind and the size of a picture, read from its header."""
    if pictures.is_png(data) and data[12:16] == b"IHDR":
        sides = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
        return Picture("PNG", *sides, len(data))
    if data.startswith(pictures.JPEG):
        return Picture("JPEG", *_jpeg_sides(data), len(data))
    return Picture("PNG" if pictures.is_png(data) else "", 0, 0, len(data))


def _jpeg_sides(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels; zeros if no frame header holds them."""
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker in _FRAMES:
            return int.from_bytes(data[position + 7 : position + 9]), int.from_bytes(
                data[position + 5 : position + 7]
            )
        if marker == 0xFF:
            position += 1
        elif marker in _ALONE:
            position += 2
        else:
            position += 2 + max(int.from_bytes(data[position + 2 : position + 4]), 2)
    return 0, 0
