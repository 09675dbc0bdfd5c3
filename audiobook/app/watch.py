"""A folder where texts are dropped: tells of each as soon as it lies there whole."""

from __future__ import annotations

import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.app.batch import is_passed_over, is_site, is_text, texts_in, walk
from audiobook.errors import SourceError, UsageError
from audiobook.system import files
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator

# What lies beside texts and changes how they are read.
_BESIDE = frozenset((".toml", ".tsv"))
# Looks a second while something is being copied.
_LOOKS = 4

# How often in a row the system may fail to tell of changes.
_FAILURES = 3

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
            "watching needs watchfiles, which is not installed", install_hint("watchfiles")
        ) from problem
    if not folder.is_dir():
        raise SourceError(f"there is no folder {folder}", "name the one where texts are dropped")
    root = folder.resolve()  # as changes are told
    growing = _Growing(seconds)
    failures = 0
    while stop is None or not stop.is_set():
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
        unseen = [root]
        try:
            for changes in looks:
                failures = 0
                if not files.is_folder(root):
                    break
                for path in unseen:
                    growing.notice(_texts_of(path, root))
                unseen = []
                for _, name in changes:
                    growing.notice(_texts_of(Path(name), root), changed=True)
                if ready := growing.ready():
                    yield [folder / path.relative_to(root) for path in ready]
        except (OSError, RuntimeError) as problem:
            # Of names that are no UTF-8 watchfiles cannot tell, nor go on: all is looked at anew.
            failures += 1
            if files.is_folder(root) and failures > _FAILURES:
                raise SourceError(
                    f"cannot watch {folder}: {problem}", "build it from time to time instead"
                ) from problem
        if not files.is_folder(root):
            report(f"{folder} is gone, and is waited for")
            while not files.is_folder(root) and not (stop and stop.is_set()):
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
        self._told: dict[Path, _Signature] = {}

    def notice(self, paths: Iterable[Path], *, changed: bool = False) -> None:
        """Take in texts that are there.

        Args:
            paths: the texts.
            changed: whether they, or what stands beside them, have changed; else those that were
                told of as they are do not count.
        """
        for path in paths:
            signature = _signature(path)
            if signature is None or (not changed and self._told.get(path) == signature):
                continue
            if path not in self._noticed or self._noticed[path][0] != signature:
                self._noticed[path] = (signature, time.monotonic())

    def ready(self) -> list[Path]:
        """Return, and forget, the texts that have stayed the same for long enough."""
        ready = []
        for path, (signature, since) in list(self._noticed.items()):
            if _signature(path) != signature:
                del self._noticed[path]
                self.notice([path], changed=True)
            elif time.monotonic() - since >= self._seconds:
                del self._noticed[path]
                if is_text(path):  # now that it is whole: a book of ours is none
                    self._told[path] = signature
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
    if path.suffix.lower() in _BESIDE:
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
