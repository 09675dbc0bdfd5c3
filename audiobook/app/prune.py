"""Surveys the cache, and removes from it what has not been used for a long time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audiobook.app.ownership import OutputLedger
from audiobook.errors import OutputError, UsageError
from audiobook.messages import message
from audiobook.store.belongings import Belongings

KINDS = {
    ".recording": "recordings",
    ".clip": message("clips of online voices"),
    ".order": message("known books"),
    ".written": message("written files"),
    ".seal": message("what finished files are like"),
    ".book": message("lists of what belongs to a book"),
    ".ocr": message("recognised pages"),
}
"""The kinds of cached files, by the ending of their names."""
_DAY = 86_400.0


@dataclass(slots=True)
class CacheUsage:
    """The number and the size of cached files of one kind."""

    kind: str
    files: int = 0
    """The number of files."""
    size: int = 0
    """Their bytes."""
    oldest: float | None = None
    """When the least recently used file was last used, in seconds since 1970."""

    def count(self, size: int, used: float) -> None:
        """Add one more file."""
        self.files += 1
        self.size += size
        self.oldest = used if self.oldest is None else min(used, self.oldest)


def survey(folder: Path) -> list[CacheUsage]:
    """Return what a cache folder holds, by kind.

    Raises:
        OutputError: the folder cannot be read.
    """
    usage = {suffix: CacheUsage(kind) for suffix, kind in KINDS.items()}
    for path, status in _cached_files(folder):
        usage[path.suffix].count(status.st_size, status.st_mtime)
    return list(usage.values())


def prune(folder: Path, days: float, *, pretend: bool = False) -> list[CacheUsage]:
    """Remove cached files that have not been used for some days; builds may run meanwhile.

    Args:
        folder: the cache folder.
        days: the number of days.
        pretend: whether to return only what would be removed.

    Returns:
        What was removed, by kind.

    Raises:
        OutputError: the folder cannot be read, or a file in it cannot be removed.
    """
    cutoff = time.time() - days * _DAY
    unused = (path for path, status in _cached_files(folder) if status.st_mtime < cutoff)
    return remove_all(unused, pretend=pretend)


def remove_all(paths: Iterable[Path], *, pretend: bool = False) -> list[CacheUsage]:
    """Remove files of the cache, as far as they are there.

    Args:
        paths: the files, of `KINDS`.
        pretend: whether to return only what would be removed.

    Returns:
        What was removed, by kind.

    Raises:
        OutputError: a file cannot be removed.
    """
    removed = {suffix: CacheUsage(kind) for suffix, kind in KINDS.items()}
    for path in paths:
        try:
            status = path.stat()
            if not pretend:
                path.unlink()
        except FileNotFoundError:
            continue
        except OSError as problem:
            raise OutputError(
                message("cannot remove {path}: {reason}", path=path, reason=problem)
            ) from problem
        removed[path.suffix].count(status.st_size, status.st_mtime)
    return list(removed.values())


def forget(folder: Path, book: str, *, pretend: bool = False) -> list[CacheUsage]:
    """Remove all that a cache holds of a book, also what it shares with another one.

    Args:
        folder: the cache folder.
        book: its source, or the file that was made of it.
        pretend: whether to return only what would be removed.

    Returns:
        What was removed, by kind.

    Raises:
        UsageError: nothing is known of it here.
        OutputError: a file cannot be removed.
    """
    origin = OutputLedger(folder).origin_of(Path(book))
    belongings = Belongings(folder, [book, str(origin)] if origin else [book])
    paths = belongings.paths()
    if not paths:
        raise UsageError(
            message("the cache knows nothing of {book}", book=book),
            message(
                "give the source or the finished book; one that an earlier version made is known "
                "once it is built again"
            ),
        )
    return remove_all((path for path in paths if path.suffix in KINDS), pretend=pretend)


def _cached_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the cached files; other processes may add and remove some meanwhile."""

    def raise_error(problem: OSError) -> None:
        if not isinstance(problem, FileNotFoundError):
            raise OutputError(
                message("cannot read {path}: {reason}", path=problem.filename, reason=problem),
                message("fix the folder, or name another with AUDIOBOOK_CACHE"),
            ) from problem

    for parent, _, names in os.walk(folder, onerror=raise_error):
        for name in names:
            path = Path(parent, name)
            if path.suffix in KINDS and not name.startswith("."):
                with suppress(FileNotFoundError):
                    yield path, path.stat()
