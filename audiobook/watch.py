"""A folder where texts are dropped: tells of each as soon as it lies there whole."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.batch import is_text
from audiobook.errors import SourceError, UsageError

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Iterator

# What lies beside texts and changes how they are read.
_BESIDE = frozenset((".toml", ".tsv"))
# Looks a second while something is being copied.
_LOOKS = 4

_Signature = tuple[int, int, int]


def settled(
    folder: Path, seconds: float, stop: threading.Event | None = None
) -> Iterator[list[Path]]:
    """Yield the texts of a folder: those that are there, then each that comes or changes.

    A file counts once nobody has written to it for some time, so that none is taken half-copied;
    what stands beside texts, as book.toml, makes those of its folder count anew.

    Args:
        folder: and all that is below it, but for hidden ones.
        seconds: how long a file must have stayed the same.
        stop: ends it.

    Raises:
        SourceError: there is no such folder.
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
    growing: dict[Path, tuple[_Signature, float]] = {}

    def notice(path: Path) -> None:
        signature = _signature(path)
        if signature is not None and (path not in growing or growing[path][0] != signature):
            growing[path] = (signature, time.monotonic())

    looks = watchfiles.watch(
        root,
        watch_filter=None,
        step=50,
        rust_timeout=round(1000 / _LOOKS),
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    )
    changed: Iterable[Path] = [root]  # once it is watched: nothing that comes meanwhile is missed
    for changes in looks:
        for path in (*changed, *(Path(name) for _, name in changes)):
            if _is_hidden(path, root):
                continue
            for text in _texts_of(path):
                if not _is_hidden(text, root):
                    notice(text)
        changed = ()
        ready = []
        for path, (signature, since) in list(growing.items()):
            now = _signature(path)
            if now != signature:
                del growing[path]
                notice(path)
            elif time.monotonic() - since >= seconds:
                del growing[path]
                ready.append(folder / path.relative_to(root))
        if ready:
            yield sorted(ready)


def _texts_of(path: Path) -> Iterator[Path]:
    """Return the texts that a change concerns: a folder may come with all that is in it."""
    if path.is_dir():
        return filter(is_text, path.rglob("*"))
    if path.suffix.lower() in _BESIDE and path.parent.is_dir():
        return filter(is_text, path.parent.iterdir())
    return filter(is_text, (path,))


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _signature(path: Path) -> _Signature | None:
    """Return what changes as a file is written; None for what is no file."""
    try:
        found = path.stat()
    except OSError:
        return None  # it came and went
    return (found.st_size, found.st_mtime_ns, found.st_ino) if path.is_file() else None
