"""A folder that files are fetched into: one process at a time, and never seen half removed."""

from __future__ import annotations

import errno
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.system.locks import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROOM = "make room there, or name another folder with AUDIOBOOK_DATA"


@contextmanager
def writing(path: Path, act: str = "write", remedy: str = _ROOM) -> Iterator[None]:
    """Say what could not be done to a file, where the disk does not take it.

    Raises:
        OutputError: in the place of an OSError.
    """
    try:
        yield
    except OSError as problem:
        what = f"cannot {act} {path}: {problem.strerror or problem}"
        raise OutputError(what, remedy) from problem


def size_of(folder: Path) -> int:
    """Count the bytes of the files in a folder; none for a link to one, which is not ours."""
    if folder.is_symlink():
        return 0
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes out of a folder; the system lets go of it when this one dies.

    Raises:
        OutputError: another process is at it, or the lock beside it cannot be made.
    """
    path = folder.with_name(f"{folder.name}.lock")
    lock = FileLock(path, timeout=0)
    with writing(folder):
        try:
            lock.acquire()
        except Timeout as problem:
            raise OutputError(
                f"another process is fetching into {folder}", "wait until it ends"
            ) from problem
        except OSError as problem:
            # A disk without locks: of two who fetch there at once the last one's files count.
            if problem.errno not in (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP):
                raise
    try:
        yield
    finally:
        lock.release()
        # Whoever takes the lock in this moment holds a file without a name; the sums of what is
        # fetched are checked all the same.
        path.unlink(missing_ok=True)


def clear_away(folder: Path) -> None:
    """Remove a folder, or the link to one, so that it is never seen half removed."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        going = folder.with_name(f".{folder.name}.gone")
        shutil.rmtree(going, ignore_errors=True)  # left over from when this was interrupted
        folder.rename(going)
        shutil.rmtree(going)


def check_room(folder: Path, needed: int) -> None:
    """Make sure that so many bytes fit on a disk.

    Raises:
        OSError: they do not.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OSError(
            errno.ENOSPC,
            f"{needed / 1e6:,.1f} MB are needed and {free / 1e6:,.1f} MB are free",
        )
