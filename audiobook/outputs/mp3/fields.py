"""The frames of an ID3 tag that hold the fields of a book."""

from __future__ import annotations

from typing import Any

from mutagen.id3 import (
    COMM,
    MVIN,
    MVNM,
    TALB,
    TCOM,
    TCON,
    TDRC,
    TIT2,
    TLAN,
    TPE1,
    TPE2,
    TPUB,
    TSOA,
    TSOP,
    TSOT,
    TXXX,
    Encoding,
    Frame,
)

from audiobook.outputs.sorting import sort_form

ALBUM = "album"
"""The title of the whole book, of which a file may be one chapter: no field of `Meta`."""
# Who reads stands where players look: some under the album's artist, some under the composer.
FRAMES: dict[str, tuple[Any, ...]] = {
    "title": (TIT2,),
    "author": (TPE1,),
    ALBUM: (TALB,),
    "narrator": (TPE2, TCOM),
    "series": (MVNM,),
    "volume": (MVIN,),
    "date": (TDRC,),
    "language": (TLAN,),
    "genre": (TCON,),
    "publisher": (TPUB,),
    "description": (COMM,),
}
"""The frames that hold the fields of a book."""
SORT_FRAMES: dict[str, Any] = {"title": TSOT, "author": TSOP, ALBUM: TSOA}
FREEFORM_FRAMES = {"series": ("series", "MVNM"), "volume": ("series-part", "MVIN")}
"""The names of TXXX frames for programs that read no frames of Apple (ffprobe, Audiobookshelf,
Voice)."""


def field_frames(field: str, value: str, language: str) -> list[Frame]:
    """Return the frames that hold a field of a book, without those that it is sorted by.

    Args:
        field: a name in `FRAMES`.
        value: its text; there are no frames for an empty one.
        language: of a description, as ISO 639-2.
    """
    if not value:
        return []
    text = Encoding.UTF16
    if field == "description":
        return [COMM(encoding=text, lang=language, desc="", text=[value])]
    kinds = [kind for kind in FRAMES[field] if kind is not MVIN or value.isdecimal()]
    frames: list[Frame] = [kind(encoding=text, text=[value]) for kind in kinds]
    names = FREEFORM_FRAMES.get(field, ())
    return frames + [TXXX(encoding=text, desc=name, text=[value]) for name in names]


def sort_frames(field: str, value: str) -> list[Frame]:
    """Return the frame by which a field is sorted, where it has accents.

    They are frames of v2.4, which programs read in v2.3 as well.
    """
    sort = sort_form(value) if field in SORT_FRAMES else ""
    return [SORT_FRAMES[field](encoding=Encoding.UTF16, text=[sort])] if sort else []
