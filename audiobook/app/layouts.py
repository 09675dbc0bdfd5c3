"""Places books as library programs expect them: folders by author and series, files beside a book.

Audiobookshelf takes author and series from the two folders above a book, and volume, year, title
and narrator from the name of its folder; what stands in ``metadata.json`` wins. Plex takes the
author and the title from the tags and wants a folder for each of both. Both play all sound of a
folder as one book, so a folder holds one book in one format.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from audiobook.outputs import pictures
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audiobook.model import Book, Meta

SIDE_FILES = ("metadata.json", "desc.txt", "reader.txt", "cover.jpg", "cover.png")
"""The names of files that a layout puts beside a book."""
_LONGEST = 180
"""Most bytes of the name of a folder: disks accept 255, and some programs add to it."""
_VOLUME = re.compile(r"\d{1,3}(\.\d{1,2})?")
_NAMES = re.compile(r"\s*[,;&]\s*")


def candidates(layout: str, meta: Meta, names: Sequence[str], ending: str) -> Iterator[PurePath]:
    """Yield the places that a book may have below the folder of a library, best first.

    Args:
        layout: ``audiobookshelf`` or ``plex``.
        meta: the book; the title of a selection of chapters tells which they are.
        names: names of its source, which tell it from another book of its author and title.
        ending: the ending of its file.
    """
    file = files.safe_name(_shortened(meta.title), ending)
    for distinction in ("", *(f" ({name})" for name in names)):
        parents = _folders[layout](meta, f"{meta.title}{distinction}")
        yield PurePath(*parents, file)


def _audiobookshelf(meta: Meta, title: str) -> list[str]:
    # Without an author the folder of the series would be taken for one.
    series = meta.series if meta.author else ""
    volume = f"Vol. {meta.volume}" if series and _VOLUME.fullmatch(meta.volume) else ""
    name = " - ".join(filter(None, (volume, meta.date[:4], _shortened(title))))
    narrator = f" {{{_safe(meta.narrator)}}}" if meta.narrator else ""
    if len((name + narrator).encode()) > _LONGEST:
        narrator = ""  # it stands in metadata.json, too
    parents = [_safe(_shortened(part)) for part in (meta.author, series) if part]
    return [*parents, _safe(name) + narrator]


def _plex(meta: Meta, title: str) -> list[str]:
    year = f" ({meta.date[:4]})" if meta.date else ""
    parents = [_safe(_shortened(meta.author))] if meta.author else []
    return [*parents, _safe(_shortened(title)) + year]


_folders: dict[str, Callable[[Meta, str], list[str]]] = {
    "audiobookshelf": _audiobookshelf,
    "plex": _plex,
}


def _safe(text: str) -> str:
    return files.safe_name(text, "")


def _shortened(text: str) -> str:
    most = _LONGEST - 40  # room for volume, year and ending
    return text.encode(errors="replace")[:most].decode(errors="ignore").strip()


def side_files(layout: str, meta: Meta, book: Book) -> dict[str, bytes]:
    """Return the files that belong beside a book, by their names.

    Args:
        layout: the layout; a plain one has none.
        meta: the book, with the cover as it stands in its file.
        book: its chapters.
    """
    if layout not in _folders:
        return {}
    beside: dict[str, bytes] = {}
    if meta.cover:
        beside["cover.png" if pictures.is_png(meta.cover) else "cover.jpg"] = meta.cover
    if layout == "audiobookshelf":
        text = json.dumps(_metadata(meta, book), ensure_ascii=False, indent=2)
        beside["metadata.json"] = _utf8(f"{text}\n")
        if meta.description:
            beside["desc.txt"] = _utf8(f"{meta.description}\n")
        if meta.narrator:
            beside["reader.txt"] = _utf8(f"{meta.narrator}\n")
    return beside


def _metadata(meta: Meta, book: Book) -> dict[str, Any]:
    """Return a book as Audiobookshelf reads and writes ``metadata.json``."""
    series = f"{meta.series} #{meta.volume}" if meta.volume else meta.series
    return {
        "tags": [],
        "chapters": [
            {
                "id": number,
                "start": round(chapter.start / book.rate, 3),
                "end": round(chapter.end / book.rate, 3),
                "title": chapter.title,
            }
            for number, chapter in enumerate(book.chapters)
        ],
        "title": meta.title,
        "subtitle": None,
        "authors": _names(meta.author),
        "narrators": _names(meta.narrator),
        "series": [series] if series else [],
        "genres": [meta.genre] if meta.genre else [],
        "publishedYear": meta.date[:4] or None,
        "publishedDate": meta.date or None,
        "publisher": meta.publisher or None,
        "description": meta.description or None,
        "isbn": None,
        "asin": None,
        "language": meta.language or None,
        "explicit": False,
        "abridged": False,
    }


def _names(text: str) -> list[str]:
    return [name for name in _NAMES.split(text.strip()) if name]


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
