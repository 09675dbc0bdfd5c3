"""Finds the cover of a book: in the finished file, or as it would be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobook.outputs import pictures
from audiobook.outputs.damage import DAMAGED

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model import Meta
    from audiobook.studio.entries import ShelfEntry
    from audiobook.studio.library import Library


def cover_of(library: Library, entry: ShelfEntry) -> bytes | None:
    """Return the cover that the finished book shows; None if it has none, or is not made yet.

    Args:
        library: the books.
        entry: the book.
    """
    if entry.book is None or not library.is_inside(entry.book):
        return None
    try:
        return _embedded(entry.book)
    except (OSError, *DAMAGED):
        return None


def planned_cover(meta: Meta) -> bytes:
    """Return the cover that a book would get: the one that is given, or a drawn one.

    Raises:
        SourceError: the given one is not a picture.
    """
    from audiobook.outputs import cover

    if meta.cover:
        return cover.fit(meta.cover)
    return cover.draw(meta.title, meta.author, meta.narrator)


def _embedded(path: Path) -> bytes | None:
    from mutagen.id3 import APIC

    from audiobook.outputs.tag_reading import open_sound, read_id3

    if path.suffix.lower() == ".mp3":
        return pictures.front_cover(read_id3(path, {"APIC": APIC}).getall("APIC")) or None
    file: Any = open_sound(path)
    if file is None or file.tags is None:
        return None
    if "covr" in file.tags:
        return bytes(file.tags["covr"][0])
    if "metadata_block_picture" in file.tags:
        import base64

        from mutagen.flac import Picture

        return bytes(Picture(base64.b64decode(file.tags["metadata_block_picture"][0])).data)
    return None
