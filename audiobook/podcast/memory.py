""".memory.json: what was read from books and written for them, so that it need not be again.

It lies in the site but is not published: it can always be made again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, astuple, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from audiobook.model import BoundChapter, Meta
from audiobook.podcast.manifest import SiteFile
from audiobook.podcast.shelf import Addresses, Volume

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".memory.json"
FORMAT = 1
"""Goes up when the same library would get another site."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for a book, or for the library as a whole."""

    key: str
    """Fingerprint of all it was made from."""
    files: tuple[SiteFile, ...]
    at: Addresses | None = None
    """Of a book."""

    def is_there(self, site: Path) -> bool:
        """Whether all files are there in their full size."""
        try:
            # Thousands of files: a Path for each would take longer than the question.
            return all(os.stat(f"{site}/{one.path}").st_size == one.size for one in self.files)  # noqa: PTH116
        except OSError:
            return False


@dataclass(slots=True)
class Memory:
    """What is remembered; it fills up as the site is written."""

    books: dict[str, Volume] = field(default_factory=dict)
    """What is known of each, by the name of its file."""
    written: dict[str, Written] = field(default_factory=dict)
    """By name of the book; the library's own under an empty name."""

    def volume(self, path: Path) -> Volume | None:
        """Return what is known of a book if its file was not changed since."""
        volume = self.books.get(path.name)
        if volume is None:
            return None
        try:
            now = path.stat()
        except OSError:
            return None  # reading it will tell
        same = (volume.changed, volume.size) == (now.st_mtime_ns, now.st_size)
        return replace(volume, path=path) if same else None


def read(site: Path, library: Path) -> Memory:
    """Read what is remembered of a site; nothing where another version wrote it."""
    try:
        said = json.loads((site / NAME).read_bytes())
        if said["format"] != FORMAT:
            return Memory()
        books = {name: _volume(library / name, one) for name, one in said["books"].items()}
        written = {name: _written(one) for name, one in said["written"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Memory()  # all of it can be made again
    return Memory(books, written)


def render(memory: Memory) -> bytes:
    """Render what is remembered."""
    books = {name: _plain(volume) for name, volume in memory.books.items()}
    written = {
        name: (
            one.key,
            [(file.path, file.size, file.sha256, file.immutable) for file in one.files],
            astuple(one.at) if one.at else None,
        )
        for name, one in memory.written.items()
    }
    said = {"format": FORMAT, "books": books, "written": written}
    return json.dumps(said).encode()


def _plain(volume: Volume) -> list[object]:
    chapters = [(one.title, one.start, one.end, one.level) for one in volume.chapters]
    meta = {name: value for name, value in asdict(volume.meta).items() if value}
    numbers = [volume.rate, volume.samples, volume.size]
    return [meta, *numbers, volume.digest, chapters, volume.synthetic, volume.changed]


def _volume(path: Path, said: list[Any]) -> Volume:
    meta, rate, samples, size, digest, chapters, synthetic, changed = said
    bound = tuple(BoundChapter(*one) for one in chapters)
    return Volume(
        path, "", Meta(**meta), rate, samples, size, digest, bound, (), synthetic, changed
    )


def _written(said: list[Any]) -> Written:
    key, files, at = said
    return Written(key, tuple(SiteFile(*file) for file in files), Addresses(*at) if at else None)
