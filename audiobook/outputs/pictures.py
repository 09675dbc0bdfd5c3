"""Pictures as files: which kind one is, and which of several in a tag is the cover."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FRONT_COVER = 3
"""The kind of picture that is the cover, in ID3 and in FLAC."""
PNG, JPEG = b"\x89PNG", b"\xff\xd8"
"""The first bytes of pictures."""
SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "AVIF": ".avif",
    "SVG": ".svg",
}
"""The kinds of pictures that can be a cover, with the endings of their files."""
COVER_SIZES = (20, 10_000)
"""Fewest and most kilobytes that a cover may be allowed: with fewer nobody recognises it, and tags
of some formats hold no more than 16 MB."""

_FIRST_BYTES = (
    (re.compile(JPEG), "JPEG"),
    (re.compile(PNG), "PNG"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WEBP"),
    # The brands of ISO/IEC 23008-12 and of the AV1 image format.
    (re.compile(rb".{4}ftyp(?:avif|avis|mif1.{4}.{0,24}?avif)", re.DOTALL), "AVIF"),
    (re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL), "HEIC"),
    # What may stand before the root element: a mark, a declaration, remarks, a document type.
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:svg|[?!].{0,4000}?<svg)[\s>]", re.DOTALL), "SVG"),
)


def kind_of(picture: bytes) -> str:
    """Return the kind of a picture by its first bytes: one of `SUFFIXES`, HEIC, or empty.

    >>> kind_of(b"GIF89a"), kind_of(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), kind_of(b"BM")
    ('GIF', 'SVG', '')
    """
    return next((kind for first, kind in _FIRST_BYTES if first.match(picture)), "")


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
