"""Watches a folder, and yields each text in it once it has been copied completely.

A text that failed for a reason outside of it, such as a full disk, is yielded again later.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.app.folder_changes import POLLS_PER_SECOND, folder_changes
from audiobook.app.texts import (
    is_ignored,
    is_link_out,
    is_one_book,
    is_site,
    is_text,
    links_out,
    texts_in,
    walk_texts,
)
from audiobook.errors import (
    AudiobookError,
    EngineError,
    OutputError,
    ShortageError,
    SourceError,
    VoiceError,
)
from audiobook.messages import message
from audiobook.outputs import ALL_FORMATS
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# Endings of files beside texts that change how the texts are read.
_COMPANION_ENDINGS = frozenset((".toml", ".tsv"))

# Seconds until a text is tried again: at first, and at most, as it doubles each time.
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 3600.0
_OUTSIDE = (OutputError, EngineError, VoiceError, ShortageError)
"""Errors whose reason is on this machine or on the network, and may go away by itself."""

_Signature = tuple[int, int, int]


class Retries:
    """The texts that are to be tried again, although they do not change.

    Args:
        clock: tells the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[Path, float] = {}
        self._last: dict[Path, tuple[float, str]] = {}

    def note(self, path: Path, failure: AudiobookError | None) -> bool:
        """Note how a text came out, and return whether that is news: not the failure of before."""
        self._due.pop(path, None)
        pause, before = self._last.pop(path, (0.0, ""))
        if failure is None or not is_outside(failure):
            return True
        pause = min(pause * 2, _LONGEST_PAUSE) or _FIRST_PAUSE
        self._due[path] = self._clock() + pause
        self._last[path] = (pause, str(failure))
        return str(failure) != before

    def forget(self, path: Path) -> None:
        """Let a text count as one that was never tried, because it changed."""
        self._due.pop(path, None)
        self._last.pop(path, None)

    def take_due(self) -> list[Path]:
        """Return, and take out, the texts whose time has come; those that are gone are dropped."""
        due = [path for path, moment in self._due.items() if moment <= self._clock()]
        for path in due:
            del self._due[path]
        return sorted(path for path in due if files.is_file(path) and is_text(path))


def is_outside(failure: AudiobookError) -> bool:
    """Return whether a text failed for a reason outside of it, so that it may succeed later."""
    if isinstance(failure, SourceError):  # a disk or a network that does not answer
        return isinstance(failure.__cause__, OSError)
    return isinstance(failure, _OUTSIDE)


def check_folder(folder: Path) -> None:
    """Make sure that there is a folder to watch.

    Raises:
        SourceError: there is none.
    """
    if not folder.is_dir():
        raise SourceError(
            message("there is no folder {folder}", folder=folder),
            message("name the folder where texts are dropped"),
        )


def settled_texts(
    folder: Path,
    seconds: float,
    stop: threading.Event | None = None,
    report: Callable[[str], None] = lambda _line: None,
    retries: Retries | None = None,
) -> Iterator[list[Path]]:
    """Yield the texts of a folder: those that it holds, then each that is added or changed.

    A text is yielded when nothing has been written to it for some time, so that it is complete. A
    change of a file beside texts, such as book.toml, yields the texts of its folder again. If the
    folder goes away, such as with a disk that is removed, its return is awaited.

    Args:
        folder: the folder; folders below it are included, except hidden ones.
        seconds: how long a file must have stayed the same.
        stop: ends the iteration when it is set.
        report: called with a line when the folder goes away, and when it is back; and for each
            link that leads out of it, which is passed over.
        retries: the texts that are to be tried again, which are yielded when it is time.

    Raises:
        SourceError: there is no such folder, or the system does not report its changes.
        UsageError: the library for watching is not installed.
    """
    check_folder(folder)
    root = folder.resolve()  # changes come with resolved paths
    settling = _SettlingFiles(seconds)
    links: set[Path] = set()

    def pass_over(paths: Iterable[Path]) -> None:
        for path in paths:
            if path not in links:
                links.add(path)
                report(message("{path} leads out of {folder}: passed over", path=path, folder=root))

    stop = stop or threading.Event()
    while not stop.is_set():
        for changes in folder_changes(root, stop):
            if root in changes.unread:
                pass_over(links_out([str(root)]))
            for path in changes.unread:
                settling.notice(_affected_texts(path, root))
            pass_over(path for path in changes.paths if is_link_out(path, root))
            for path in changes.paths:
                settling.notice(_affected_texts(path, root), changed=True)
            ready = [folder / path.relative_to(root) for path in settling.take_settled()]
            if retries:
                for path in ready:
                    retries.forget(path)
                ready += retries.take_due()
            if ready:
                yield ready
        if not files.is_folder(root):
            report(message("{folder} is gone; waiting until it is back", folder=folder))
            while not files.is_folder(root) and not stop.wait(1 / POLLS_PER_SECOND):
                pass
            report(message("{folder} is back", folder=folder))


class _SettlingFiles:
    """Holds changed texts until they have stayed the same for some time.

    Args:
        seconds: how long they must stay the same.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._noticed: dict[Path, tuple[_Signature, float]] = {}
        self._reported: dict[Path, _Signature] = {}

    def notice(self, paths: Iterable[Path], *, changed: bool = False) -> None:
        """Add texts.

        Args:
            paths: the texts.
            changed: whether they, or files beside them, have changed; if not, texts that were
                yielded in their present state are not added.
        """
        for path in paths:
            signature = _signature(path)
            if signature is None or (not changed and self._reported.get(path) == signature):
                continue
            if path not in self._noticed or self._noticed[path][0] != signature:
                self._noticed[path] = (signature, time.monotonic())

    def take_settled(self) -> list[Path]:
        """Return, and forget, the texts that have stayed the same for long enough."""
        settled = []
        for path, (signature, since) in list(self._noticed.items()):
            if _signature(path) != signature:
                del self._noticed[path]
                self.notice([path], changed=True)
            elif time.monotonic() - since >= self._seconds:
                del self._noticed[path]
                if is_text(path):  # checked when complete: it may be a book of ours
                    self._reported[path] = signature
                    settled.append(path)
        return sorted(settled)


def _affected_texts(path: Path, root: Path) -> Iterable[Path]:
    """Return the texts that a change of a file or a folder concerns."""
    parents = [parent for parent in path.parents if parent.is_relative_to(root)]
    names = path.relative_to(root).parts
    if any(map(is_ignored, names)) or any(map(is_site, (path, *parents))):
        return ()
    if any(place.is_symlink() for place in parents if place != root):
        return ()  # it is somewhere else, too
    if path.is_symlink() and files.is_folder(path):
        return ()
    if files.is_folder(path):
        texts = walk_texts(path, top=root)
    elif path.suffix.lower() in _COMPANION_ENDINGS:
        texts = chain(
            texts_in(path.parent),
            *(_texts_as_one(folder, root) for folder in (path.parent, path.with_suffix(""))),
        )
    elif os.path.lexists(path):
        texts = iter((path,) if is_text(path) else ())
    elif is_text(path) or path.suffix.lower()[1:] not in ALL_FORMATS:
        # A part of a book may be gone, or a folder of parts; but not the book itself.
        texts = chain.from_iterable(_texts_as_one(folder, root) for folder in parents)
    else:
        return ()
    return (text for text in texts if not files.leads_out(text, root))


def _texts_as_one(folder: Path, root: Path) -> Iterator[Path]:
    """Yield the texts in a folder, at any depth, if they are one book."""
    if files.is_folder(folder) and not folder.is_symlink() and is_one_book(folder):
        yield from walk_texts(folder, top=root)


def _signature(path: Path) -> _Signature | None:
    """Return values that change when a file is written; None if the path is not a file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None  # it is gone again
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
