"""Manages download folders: one process at a time, and never visible half removed."""

from __future__ import annotations

import errno
import shutil
from contextlib import contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.messages import message
from audiobook.system import locks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROOM = message("make room there, or name another folder with AUDIOBOOK_DATA")


class Act(Enum):
    """What is done with a file or folder."""

    WRITE = auto()
    REMOVE = auto()


@contextmanager
def output_errors(path: Path, act: Act = Act.WRITE) -> Iterator[None]:
    """Turn an OSError in the block into an OutputError.

    Args:
        path: the file or folder.
        act: what is done with it.

    Raises:
        OutputError: instead of an OSError.
    """
    try:
        yield
    except OSError as problem:
        raise _failure(act, path, problem) from problem


def _failure(act: Act, path: Path, problem: OSError) -> OutputError:
    if act is Act.REMOVE:
        what = message("cannot remove {path}: {reason}", path=path, reason=problem)
        return OutputError(what, message("remove it yourself"))
    what = message("cannot write {path}: {reason}", path=path, reason=problem)
    return OutputError(what, _ROOM)


def folder_size(folder: Path) -> int:
    """Return the bytes of the files in a folder; 0 for a link, whose target is not ours."""
    if folder.is_symlink():
        return 0
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Lock a folder against other processes; the system unlocks it when this process dies.

    Raises:
        OutputError: another process holds the lock, or it cannot be made beside the folder.
    """
    path = folder.with_name(f"{folder.name}.lock")
    lock = locks.FileLock(path, timeout=0)
    with output_errors(folder):
        try:
            lock.acquire()
        except locks.Timeout as problem:
            raise OutputError(
                message("another process is fetching into {folder}", folder=folder),
                message("wait until it ends"),
            ) from problem
        except OSError as problem:
            # A disk without locks: of two processes that fetch at once the last one wins.
            if problem.errno not in (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP):
                raise
    try:
        yield
    finally:
        lock.release()
        # A process that takes the lock at this moment holds a file without a name; the checksums
        # of its files are checked nevertheless.
        path.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder, or the link to one, so that it is never visible half removed."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        renamed = folder.with_name(f".{folder.name}.gone")
        shutil.rmtree(renamed, ignore_errors=True)  # left over from an interrupted removal
        folder.rename(renamed)
        shutil.rmtree(renamed)


def check_free_space(folder: Path, needed: int) -> None:
    """Check that a disk has a number of free bytes.

    Raises:
        OSError: it does not.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OSError(
            errno.ENOSPC,
            message(
                "{needed:,.1f} MB are needed and {free:,.1f} MB are free",
                needed=needed / 1e6,
                free=free / 1e6,
            ),
        )
