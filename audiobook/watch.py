"""A folder where texts are dropped: tells of each as soon as it lies there whole."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import files
from audiobook.batch import is_passed_over, is_site, is_text, texts_in, walk
from audiobook.errors import SourceError, UsageError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator

# What lies beside texts and changes how they are read.
_BESIDE = frozenset((".toml", ".tsv"))
# Looks a second while something is being copied.
_LOOKS = 4

# What stands in a name for bytes that are no UTF-8, when the system tells of a change.
_UNREADABLE = "\ufffd"

_Signature = tuple[int, int, int]


def settled(
    folder: Path,
    seconds: float,
    stop: threading.Event | None = None,
    report: Callable[[str], None] = lambda _line: None,
) -> Iterator[list[Path]]:
    """Yield the texts of a folder: those that are there, then each that comes or changes.

    A file counts once nobody has written to it for some time, so that none is taken half-copied;
    what stands beside texts, as book.toml, makes those of its folder count anew. A folder that
    goes away, as on a disk that is taken out, is waited for.

    Args:
        folder: and all that is below it, but for hidden ones.
        seconds: how long a file must have stayed the same.
        stop: ends it.
        report: is told when the folder goes away, and when it is back.

    Raises:
        SourceError: there is no such folder, or the system does not tell of its changes.
        UsageError: what it needs is not installed.
    """
    try:
        import watchfiles
    except ImportError as problem:
        raise UsageError(
            "watching needs watchfiles, which is not installed", "pip install 'audiobook[watch]'"
        ) from problem
    if not folder.is_dir():
        raise SourceError(f"there is no folder {folder}", "name the one where texts are dropped")
    root = folder.resolve()  # as changes are told
    growing = _Growing(seconds)
    while True:
        looks = watchfiles.watch(
            root,
            watch_filter=None,
            step=50,
            rust_timeout=round(1000 / _LOOKS),
            yield_on_timeout=True,
            stop_event=stop,
            ignore_permission_denied=True,
        )
        # Once it is watched: nothing that comes meanwhile is missed.
        changed: Iterable[Path] = [root]
        try:
            for changes in looks:
                if not files.is_folder(root):
                    break
                for path in (*changed, *(Path(name) for _, name in changes)):
                    for text in _texts_of(path, root):
                        growing.notice(text)
                changed = ()
                if ready := growing.ready():
                    yield [folder / path.relative_to(root) for path in ready]
            else:
                return
        except (OSError, RuntimeError) as problem:  # the latter is what watchfiles raises
            if files.is_folder(root):
                raise SourceError(
                    f"cannot watch {folder}: {problem}", "build it from time to time instead"
                ) from problem
        report(f"{folder} is gone, and is waited for")
        while not files.is_folder(root):
            if stop is not None and stop.is_set():
                return
            time.sleep(1 / _LOOKS)
        report(f"{folder} is back")


class _Growing:
    """Texts that were noticed, until they have stayed the same for some time.

    Args:
        seconds: how long.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._noticed: dict[Path, tuple[_Signature, float]] = {}

    def notice(self, path: Path) -> None:
        """Take in a text that is there, or has changed."""
        signature = _signature(path)
        known = self._noticed.get(path)
        if signature is not None and (known is None or known[0] != signature):
            self._noticed[path] = (signature, time.monotonic())

    def ready(self) -> list[Path]:
        """Return, and forget, the texts that have stayed the same for long enough."""
        ready = []
        for path, (signature, since) in list(self._noticed.items()):
            if _signature(path) != signature:
                del self._noticed[path]
                self.notice(path)
            elif time.monotonic() - since >= self._seconds:
                del self._noticed[path]
                if is_text(path):  # now that it is whole: a book of ours is none
                    ready.append(path)
        return sorted(ready)


def _texts_of(path: Path, root: Path) -> Iterable[Path]:
    """Return the texts that a change concerns: a folder may come with all that is in it."""
    parents = [parent for parent in path.parents if parent.is_relative_to(root)]
    names = path.relative_to(root).parts
    if any(map(is_passed_over, names)) or any(map(is_site, (path, *parents))):
        return ()
    if files.is_folder(path):
        return walk(path)
    if path.suffix.lower() in _BESIDE or (_UNREADABLE in path.name and not os.path.lexists(path)):
        return texts_in(path.parent)
    return (path,) if is_text(path) else ()


def _signature(path: Path) -> _Signature | None:
    """Return what changes as a file is written; None for what is no file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None  # it came and went
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
