""".memory.json: what was read from books and written for them, so that it is not done again.

The file lies in the folder of the site but is not published: it can always be made again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, astuple, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from audiobook.model import BoundChapter, Meta
from audiobook.podcast.manifest import SiteFile
from audiobook.podcast.model import Addresses, Volume

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".memory.json"
FORMAT = 1
"""Goes up when a new version of the program would write another site for the same library."""


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """The files that were written for a book, or for the library as a whole."""

    key: str
    """Fingerprint of all that the files were made from."""
    files: tuple[SiteFile, ...]
    addresses: Addresses | None = None
    """The addresses of the files of a book; None for those of the library."""

    def is_complete(self, site: Path) -> bool:
        """Return whether all files exist in their full size."""
        try:
            # For thousands of files, making Path objects would take longer than the calls.
            return all(os.stat(f"{site}/{file.path}").st_size == file.size for file in self.files)  # noqa: PTH116
        except OSError:
            return False


@dataclass(slots=True)
class SiteMemory:
    """What is remembered of a site; it is filled while the site is written."""

    books: dict[str, Volume] = field(default_factory=dict)
    """The books by the names of their files."""
    written: dict[str, WrittenFiles] = field(default_factory=dict)
    """The files by the name of the book, and those of the library under names with a slash."""

    def volume(self, path: Path) -> Volume | None:
        """Return a book as it was read if its file has not changed since; None otherwise."""
        volume = self.books.get(path.name)
        if volume is None:
            return None
        try:
            status = path.stat()
        except OSError:
            return None  # reading the file will report the error
        is_unchanged = (volume.changed, volume.size) == (status.st_mtime_ns, status.st_size)
        return replace(volume, path=path) if is_unchanged else None


def read(site: Path, library: Path) -> SiteMemory:
    """Read what is remembered of a site; nothing if another version of the program wrote it."""
    try:
        document = json.loads((site / NAME).read_bytes())
        if document["format"] != FORMAT:
            return SiteMemory()
        books = {
            name: _parse_volume(library / name, entry) for name, entry in document["books"].items()
        }
        written = {name: _parse_written(entry) for name, entry in document["written"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return SiteMemory()  # all of it can be made again
    return SiteMemory(books, written)


def render(memory: SiteMemory) -> bytes:
    """Render the content of `.memory.json`."""
    books = {name: _volume_json(volume) for name, volume in memory.books.items()}
    written = {
        name: (
            entry.key,
            [(file.path, file.size, file.sha256, file.immutable) for file in entry.files],
            astuple(entry.addresses) if entry.addresses else None,
        )
        for name, entry in memory.written.items()
    }
    document = {"format": FORMAT, "books": books, "written": written}
    return json.dumps(document).encode()


def _volume_json(volume: Volume) -> list[object]:
    chapters = [
        (chapter.title, chapter.start, chapter.end, chapter.level) for chapter in volume.chapters
    ]
    meta = {name: value for name, value in asdict(volume.meta).items() if value}
    numbers = [volume.rate, volume.samples, volume.size]
    return [meta, *numbers, volume.digest, chapters, volume.synthetic, volume.changed]


def _parse_volume(path: Path, row: list[Any]) -> Volume:
    meta, rate, samples, size, digest, chapters, synthetic, changed = row
    bound_chapters = tuple(BoundChapter(*chapter) for chapter in chapters)
    return Volume(
        path, "", Meta(**meta), rate, samples, size, digest, bound_chapters, (), synthetic, changed
    )


def _parse_written(row: list[Any]) -> WrittenFiles:
    key, files, addresses = row
    return WrittenFiles(
        key, tuple(SiteFile(*file) for file in files), Addresses(*addresses) if addresses else None
    )
