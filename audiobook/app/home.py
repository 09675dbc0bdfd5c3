"""Makes the podcast of a folder of books for home: at whichever address this machine has there.

It lies in a folder of its own beside the books. What was made for the web, and what subscribers
there have, is left alone.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.app.converting import Conversion, convert
from audiobook.errors import EngineError, OutputError, SourceError
from audiobook.messages import message
from audiobook.outputs import SOUND_FORMATS, SUFFIXES
from audiobook.podcast import library as podcast_library
from audiobook.podcast import site, state
from audiobook.podcast.serving.listeners import Listeners
from audiobook.system import files, locks
from audiobook.system.folders import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.messages import Message

FOLDER = ".audiobook-home"
"""The folder beside the books that holds all of it."""
_REMEDY = message("make room, or copy the books to a folder that you may write to")
_RENDITIONS, _LOCK, _LISTENERS = "mp3", "lock", "listeners.json"
# Made to lead nowhere (RFC 6761, 6.4): the server puts the address there that it is asked for.
_ROOT = "http://{name}.invalid"


@dataclass(frozen=True, slots=True)
class HomeSite:
    """A site for home."""

    written: site.Site
    root: str
    """The address that stands in its files for the one of this machine."""
    broken: tuple[SourceError, ...]
    """What was wrong with the books that were left out."""


def has_books(folder: Path) -> bool:
    """Return whether a folder holds finished books, in any format of sound."""
    return folder.is_dir() and bool(podcast_library.find_books(folder) or _other_books(folder, ()))


def listeners_of(folder: Path) -> Listeners:
    """Return those who may hear the podcast of a folder, where not everybody may."""
    return Listeners(folder / FOLDER / _LISTENERS)


def write_site(folder: Path, report: Callable[[Message], None] = lambda _line: None) -> HomeSite:
    """Write the site for home of a folder of books, or update what has changed.

    Books in other formats than MP3 become MP3 first.

    Args:
        folder: the folder of books, which may hold ``library.toml``.
        report: called before each step that takes long.

    Raises:
        UsageError: library.toml or the state of the site is not valid.
        SourceError: the folder cannot be read, or holds no book that can be.
        OutputError: nothing can be written there.
    """
    home = folder / FOLDER
    for place in (home, home / _RENDITIONS, home / site.FOLDER):
        if place.is_symlink():  # a stranger's, to have files elsewhere removed
            raise OutputError(
                message("{path} is a link, or lies behind one", path=place),
                message("remove the link"),
            )
    try:
        home.mkdir(exist_ok=True)
        with locks.FileLock(home / _LOCK):  # a studio may be at it, too
            return _write_site(folder, home, report)
    except OSError as problem:
        what = message("cannot write {path}: {reason}", path=home, reason=problem)
        raise OutputError(what, _REMEDY) from problem
    except OutputError as problem:  # there is no other place for it
        raise OutputError(problem.what, _REMEDY) from problem


def _write_site(folder: Path, home: Path, report: Callable[[Message], None]) -> HomeSite:
    books = podcast_library.find_books(folder)
    renditions, broken = _write_renditions(home / _RENDITIONS, folder, books, report)
    if broken and not (books or renditions):
        raise broken[0]
    place = home / site.FOLDER
    root = state.read(place).url or _ROOT.format(name=secrets.token_hex(8))
    written = site.write(folder, place, root, books=[*books, *renditions], allow_guid_change=True)
    return HomeSite(written, root, (*broken, *written.broken))


def _write_renditions(
    place: Path, folder: Path, books: list[Path], report: Callable[[Message], None]
) -> tuple[list[Path], list[SourceError]]:
    """Make an MP3 of each book that is none, and remove those whose book is gone."""
    renditions: list[Path] = []
    broken: list[SourceError] = []
    for source in _other_books(folder, books):
        rendition = place / _rendition_name(folder, source)
        if not _is_current(rendition, source):
            report(message("{name}: making an MP3 for podcast programs", name=source.name))
            place.mkdir(exist_ok=True)
            try:
                _write_rendition(rendition, source)
            except SourceError as problem:
                broken.append(problem)
                continue
        renditions.append(rendition)
    for path in set(podcast_library.find_books(place) if place.is_dir() else ()) - set(renditions):
        files.remove(path)
    return renditions, broken


def _other_books(folder: Path, books: list[Path] | tuple[()]) -> list[Path]:
    """Return the books in other formats of sound that are not there as MP3, one a name."""
    taken = {_name_of(folder, path) for path in books}
    found = []
    for name in SOUND_FORMATS:
        for path in podcast_library.find_books(folder, SUFFIXES[name]):
            if _name_of(folder, path) not in taken and SUFFIXES[name] != SUFFIXES["mp3"]:
                taken.add(_name_of(folder, path))
                found.append(path)
    return sorted(found)


def _name_of(folder: Path, book: Path) -> str:
    """Return what books of the same place have in common, whatever their format."""
    return podcast_library.file_in(folder, book.with_suffix("")).casefold()


def _rendition_name(folder: Path, source: Path) -> str:
    """Return the name of the MP3 of a book; below the folder two books may have the same name."""
    if source.parent == folder:
        return f"{source.stem}.mp3"
    digest = hashlib.blake2b(_name_of(folder, source).encode(errors="replace"), digest_size=4)
    return files.fit_name(source.stem, f"-{digest.hexdigest()}.mp3")


def _is_current(rendition: Path, source: Path) -> bool:
    """Return whether an MP3 was made of a book as it is now."""
    try:
        return rendition.stat().st_mtime_ns == source.stat().st_mtime_ns
    except OSError:
        return False


def _write_rendition(rendition: Path, source: Path) -> None:
    """Write the MP3 of a book; its time of change is that of the book."""
    conversion = Conversion(
        source=source, path=rendition, format="mp3", cache=cache_folder(), overwrite=True
    )
    try:
        status = source.stat()
        convert(conversion)
    except OSError as problem:  # it was taken away meanwhile
        raise SourceError(
            message("cannot read {path}: {reason}", path=source, reason=problem)
        ) from problem
    except EngineError as problem:
        raise SourceError(
            message("no MP3 can be made of {path}: {reason}", path=source, reason=problem),
            message("build the book again, or take the file away"),
        ) from problem
    os.utime(rendition, ns=(status.st_atime_ns, status.st_mtime_ns))
