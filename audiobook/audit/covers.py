"""Covers: what kind of picture they are, and how large."""

from __future__ import annotations

from audiobook.audit.types import Picture

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
# Of JPEG's markers those that begin a frame, which says how large it is (ITU-T T.81).
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def look_at(data: bytes) -> Picture:
    """Tell the kind and the size of a picture, from its head."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        sides = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
        return Picture("PNG", *sides, len(data))
    if data.startswith(_JPEG):
        return Picture("JPEG", *_jpeg_sides(data), len(data))
    return Picture("PNG" if data.startswith(_PNG) else "", 0, 0, len(data))


def _jpeg_sides(data: bytes) -> tuple[int, int]:
    """Return width and height; zeros if no frame says them."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        else:
            at += 2 + max(int.from_bytes(data[at + 2 : at + 4]), 2)
    return 0, 0
