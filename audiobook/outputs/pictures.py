"""The media types of covers."""

from __future__ import annotations


def is_png(picture: bytes) -> bool:
    """Whether a picture is PNG; else it is JPEG."""
    return picture.startswith(b"\x89PNG")


def mime(picture: bytes) -> str:
    """Return the media type of a picture."""
    return "image/png" if is_png(picture) else "image/jpeg"
