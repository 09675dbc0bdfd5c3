"""Covers in tags: their media types, and which of several pictures is the cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FRONT_COVER = 3
"""The kind of picture that is the cover, in ID3 and in FLAC."""
PNG, JPEG = b"\x89PNG", b"\xff\xd8"
"""The first bytes of pictures."""


def is_png(picture: bytes) -> bool:
    """Whether a picture is PNG; else it is JPEG."""
    return picture.startswith(PNG)


def mime(picture: bytes) -> str:
    """Return the media type of a picture."""
    return "image/png" if is_png(picture) else "image/jpeg"


def front_cover(frames: Sequence[Any]) -> bytes | None:
    """Return the front cover of a tag, or its first picture; None without any.

    Args:
        frames: the pictures of a tag, as mutagen reads them from ID3 or FLAC.
    """
    fronts = [frame for frame in frames if int(frame.type) == FRONT_COVER]
    chosen = next(iter([*fronts, *frames]), None)
    return None if chosen is None else bytes(chosen.data)
