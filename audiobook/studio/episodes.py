"""Puts books among those of the podcast, and takes them out: only the files that are theirs."""

from __future__ import annotations

import hashlib
import os
import threading
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.studio.library import PODCAST
from audiobook.studio.removing import move_aside
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.studio.entries import ShelfEntry
    from audiobook.studio.memory import StudioMemory

_SUFFIX = ".mp3"
_turn = threading.Lock()


class Episodes:
    """The files of the podcast that are books of the shelf.

    Another file there may have the same name: it is never replaced and never taken out.

    Args:
        folder: the folder of the studio.
        memory: remembers what was put there, because a book that is built again is another file.
    """

    def __init__(self, folder: Path, memory: StudioMemory) -> None:
        self._studio, self._folder, self._memory = folder, folder / PODCAST, memory

    def place_of(self, book: Path) -> Path | None:
        """Return the file of the podcast that is this very book; None if there is none."""
        return next((path for path in self._files() if _is_same(path, book)), None)

    def add(self, entry: ShelfEntry, book: Path) -> Path:
        """Put a book into the podcast, in place of an earlier build of it.

        Args:
            entry: the book.
            book: its MP3 file.

        Raises:
            OutputError: the podcast cannot be written to.
        """
        with _turn:
            place = self.place_of(book)
            if place is None:
                place = self._earlier(entry) or self._free_name(book)
                place.parent.mkdir(exist_ok=True)
                files.link(place, book)
            self._memory.published[entry.id] = [place.name, _stamp(place)]
            self._memory.write()
        return place

    def take_out(self, entry: ShelfEntry, book: Path | None) -> None:
        """Take a book out of the podcast.

        An earlier build of it, which is nowhere else, is kept aside.

        Args:
            entry: the book.
            book: its MP3 file; None if there is none any more.

        Raises:
            UsageError: it is not in the podcast, or is nowhere else.
            OutputError: the file cannot be removed.
        """
        with _turn:
            place = self.place_of(book) if book else None
            if place is not None and book is not None:
                if not place.is_symlink() and place.resolve() == book.resolve():
                    raise UsageError(
                        message("{path} is this book itself", path=place),
                        message("move it by hand"),
                    )
                files.remove(place)
            elif (earlier := self._earlier(entry)) is not None:
                move_aside(self._studio, earlier.stem, [earlier])
            else:
                raise UsageError(message("this book is not in the podcast"))
            self._memory.published.pop(entry.id, None)
            self._memory.write()

    def _earlier(self, entry: ShelfEntry) -> Path | None:
        """Return the file that was put there for a book, if it is still the same."""
        name, stamp = self._memory.published.get(entry.id, ("", ""))
        place = self._folder / name
        return place if name and place.is_file() and _stamp(place) == stamp else None

    def _free_name(self, book: Path) -> Path:
        names = (book.stem if number == 1 else f"{book.stem} {number}" for number in count(1))
        places = (self._folder / files.fit_name(name, _SUFFIX) for name in names)
        return next(place for place in places if not os.path.lexists(place))

    def _files(self) -> Iterator[Path]:
        if self._folder.is_dir():
            for path in sorted(self._folder.iterdir()):
                if path.suffix.lower() == _SUFFIX and path.is_file():
                    yield path


def _is_same(path: Path, book: Path) -> bool:
    """Return whether two files are one, or copies of each other on disks without links."""
    mine, other = path.stat(), book.stat()
    if os.path.samestat(mine, other):
        return True
    return mine.st_size == other.st_size and _digest(path, _stamp(path)) == _digest(
        book, _stamp(book)
    )


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"


@lru_cache(64)
def _digest(path: Path, _stamp: str) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, hashlib.blake2b).digest()
