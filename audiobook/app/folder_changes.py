"""Tells what changes in a folder and all below it, as the system reports it."""

from __future__ import annotations

import math
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiobook.app.texts import is_ignored, is_site, walk_folders
from audiobook.errors import SourceError, UsageError
from audiobook.messages import message
from audiobook.system import files
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    import threading
    from collections.abc import Generator, Iterable, Iterator

    from watchfiles import Change
    from watchfiles.main import FileChange

    Polls = Generator[set[FileChange], None, None]

POLLS_PER_SECOND = 4
"""How often changes are told, even if there are none."""

# Whether the system itself watches all below a folder, and follows no links then. Each folder alone
# would hold many open on Windows. Neither system was tried.
_WATCHES_BELOW = sys.platform in ("win32", "darwin")
# How often in a row watching may fail if it never worked.
_MOST_FAILURES = 3
# Seconds until it is tried again: at first, and at most, as it doubles each time.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0
# Seconds after which new folders are watched, even if the changes do not pause.
_LONGEST_DELAY = 5.0
# Seconds between two readings of folders that cannot be watched.
_READING_PAUSE = 4.0


class FolderChanges(NamedTuple):
    """What changed since the last changes were told."""

    unread: frozenset[Path]
    """Folders in which, or below which, something may have changed unnoticed."""
    paths: frozenset[Path] = frozenset()
    """Files that changed or are gone, and folders that are new or gone."""


def folder_changes(root: Path, stop: threading.Event) -> Iterator[FolderChanges]:
    """Yield the changes in a folder, some times a second, until it is gone.

    Args:
        root: the folder, with no link in its path; folders below it are included, if they may hold
            texts.
        stop: ends the iteration when it is set.

    Raises:
        SourceError: the system does not report changes.
        UsageError: the library for watching is not installed.
    """
    failures, pause, has_worked = 0, 0.0, False
    earlier: Polls | None = None
    while _identity(root) and not stop.is_set():
        watch = _Watch(root, stop)
        try:
            # The watch before lasts until the next has begun: no change falls between them.
            for changes in watch.follow(earlier):
                failures, pause, has_worked = 0, 0.0, True
                yield changes
            earlier = watch.polls
        except (OSError, RuntimeError) as problem:
            # Also at names that are not UTF-8, of which watchfiles cannot tell.
            earlier = None
            failures += 1
            pause = min(pause * 2, _LONGEST_PAUSE) or _FIRST_PAUSE
            if _identity(root) and failures > _MOST_FAILURES and not has_worked:
                raise SourceError(
                    message("cannot watch {folder}: {reason}", folder=root, reason=problem),
                    message("run audiobook build on it from time to time instead"),
                ) from problem
            yield FolderChanges(frozenset((root,)))
            stop.wait(pause)


class _Watch:
    """A watch of a folder, and of those that lie in it when it begins.

    Args:
        root: the folder.
        stop: ends the watch when it is set.
    """

    def __init__(self, root: Path, stop: threading.Event) -> None:
        self._root = root
        self._place = _identity(root)
        listing = () if _WATCHES_BELOW else [*walk_folders(root)]
        self._folders = frozenset((root, *(folder for folder, _ in listing)))
        # watchfiles stops at names that are not UTF-8, be they only looked at. The few folders that
        # have or hold such a name are read from time to time instead.
        paths = (folder / name for folder, names in listing for name in ("", *names))
        unnamed = {path for path in paths if not _is_utf8(path)}
        unwatched = self._folders & (unnamed | {path.parent for path in unnamed})
        self._unwatched = frozenset(
            path for path in unwatched if unwatched.isdisjoint(path.parents)
        )
        self.polls = _poll(self._folders - unwatched, stop)

    def follow(self, earlier: Polls | None) -> Iterator[FolderChanges]:
        """Yield changes until the watch must begin anew.

        Args:
            earlier: the watch before this one; its last changes are told, too.
        """
        unread = frozenset((self._root,))
        next_reading = end = math.inf
        for changes in _join(self.polls, earlier):
            if _identity(self._root) != self._place:
                return  # it is gone, or another lies in its place
            yield FolderChanges(unread, frozenset(_paths_to_read(changes)))
            now = time.monotonic()
            if not self._is_complete(changes, unread):
                end = min(end, now + _LONGEST_DELAY)
            if end < math.inf and (not changes or now >= end):
                return
            if unread:
                next_reading = now + _READING_PAUSE if self._unwatched else math.inf
            unread = self._unwatched if now >= next_reading else frozenset()

    def _is_complete(self, changes: set[FileChange], unread: Iterable[Path]) -> bool:
        """Whether all folders are known, as far as the changes tell and what is unread."""
        if _WATCHES_BELOW:
            return True
        # What came after the folders were listed and before they were watched is not told.
        if any(path not in self._folders for folder in unread for path, _ in walk_folders(folder)):
            return False
        return not any(self._is_new(change, Path(name)) for change, name in changes)

    def _is_new(self, change: Change, path: Path) -> bool:
        """Whether a folder has come that is not watched, perhaps in place of one that was."""
        is_known = path in self._folders and change.name == "modified"
        return (
            not is_known
            and files.is_folder(path)
            and not path.is_symlink()
            and not any(map(is_ignored, path.relative_to(self._root).parts))
            and not is_site(path)
        )


def _poll(folders: Iterable[Path], stop: threading.Event) -> Polls:
    try:
        import watchfiles
    except ImportError as problem:
        raise UsageError(
            message("watching needs watchfiles, which is not installed"), install_hint("watchfiles")
        ) from problem
    # Each is watched alone: with all that lies in a folder, links in it would be followed, and what
    # happens in a folder would be told once only, by the name that a link gives it.
    return watchfiles.watch(
        *sorted(folders),
        recursive=_WATCHES_BELOW,
        watch_filter=None,
        step=50,
        rust_timeout=round(1000 / POLLS_PER_SECOND),
        yield_on_timeout=True,
        stop_event=stop,
        # Otherwise a folder beyond the limit of the system would not be watched, and nobody told.
        ignore_permission_denied=False,
    )


def _join(polls: Polls, earlier: Polls | None) -> Iterator[set[FileChange]]:
    """Yield the changes of a watch; with the first of them, the last of the one before."""
    for changes in polls:
        if earlier:
            changes |= next(earlier, set())
            earlier.close()
            earlier = None
        yield changes


def _paths_to_read(changes: set[FileChange]) -> Iterator[Path]:
    """Yield what changed itself: what changes in a folder is told of by its own name."""
    for change, name in changes:
        path = Path(name)
        if change.name != "modified" or not files.is_folder(path):
            yield path


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another at its place; None if there is none."""
    try:
        status = folder.stat()
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
