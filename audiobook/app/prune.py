"""What is kept to be used again, and removing what nobody has used for long."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audiobook.errors import OutputError

KINDS = {
    ".recording": "recordings",
    ".clip": "clips of online voices",
    ".order": "known books",
    ".written": "written files",
    ".ocr": "recognised pages",
}
"""What is kept, by the end of the names of its files."""
_DAY = 86_400.0


@dataclass(slots=True)
class Kept:
    """Files of one kind."""

    kind: str
    files: int = 0
    size: int = 0
    """Bytes."""
    oldest: float | None = None
    """When the one was used that has not been for longest, in seconds since 1970."""

    def count(self, size: int, used: float) -> None:
        """Take in one more file."""
        self.files += 1
        self.size += size
        self.oldest = used if self.oldest is None else min(used, self.oldest)


def survey(folder: Path) -> list[Kept]:
    """Tell what is kept in a cache folder, by kind.

    Raises:
        OutputError: the folder cannot be read.
    """
    kept = {suffix: Kept(kind) for suffix, kind in KINDS.items()}
    for path, status in _files(folder):
        kept[path.suffix].count(status.st_size, status.st_mtime)
    return list(kept.values())


def prune(folder: Path, days: float, *, pretend: bool = False) -> list[Kept]:
    """Remove what has not been used for some days; builds may go on meanwhile.

    Args:
        folder: that of the cache.
        days: how many.
        pretend: whether only to tell what would go.

    Returns:
        What went, by kind.

    Raises:
        OutputError: the folder cannot be read, or something in it not be removed.
    """
    gone = {suffix: Kept(kind) for suffix, kind in KINDS.items()}
    until = time.time() - days * _DAY
    for path, status in _files(folder):
        if status.st_mtime >= until:
            continue
        if not pretend:
            try:
                path.unlink(missing_ok=True)
            except OSError as problem:
                raise OutputError(f"cannot remove {path}: {problem.strerror}") from problem
        gone[path.suffix].count(status.st_size, status.st_mtime)
    return list(gone.values())


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the files that are kept; whoever else is at work may add and remove some."""

    def refuse(problem: OSError) -> None:
        if not isinstance(problem, FileNotFoundError):
            raise OutputError(
                f"cannot read {problem.filename}: {problem.strerror}",
                "fix the folder, or name another with AUDIOBOOK_CACHE",
            ) from problem

    for place, _, names in os.walk(folder, onerror=refuse):
        for name in names:
            path = Path(place, name)
            if path.suffix in KINDS and not name.startswith("."):
                with suppress(FileNotFoundError):
                    yield path, path.stat()
