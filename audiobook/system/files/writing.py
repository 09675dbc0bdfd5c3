"""Writes files completely or not at all."""

from __future__ import annotations

import errno
import itertools
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.messages import Message, message
from audiobook.system.machine import is_running, machine_id

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator


_REMEDY = message("choose another folder with -o, or make room")
# One call for all files of the machine takes as long as six for one file each (ext4: 18 ms, 3 ms).
_FEW = 6


@contextmanager
def whole(path: Path, remedy: Message = _REMEDY, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a temporary file beside ``path`` that gets its name once all is written.

    Args:
        path: the final path of the file.
        remedy: what the user can do if the file cannot be written.
        private: whether only its owner may read it and the folders that are made for it.

    Raises:
        OutputError: the file cannot be written; nothing is left behind.
    """
    with _unfinished(path, remedy, private=private) as temporary:
        with open(temporary, "x+b", opener=_opener(private=private)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def rewrite(path: Path, data: bytes) -> None:
    """Write a file of the user anew, whole or not at all, where its link leads, in its mode.

    Raises:
        OutputError: the file cannot be written; nothing is left behind.
    """
    target = path.resolve() if path.is_symlink() else path
    mode = target.stat().st_mode if target.exists() else None
    with whole(target) as file:
        file.write(data)
        if mode is not None:
            Path(file.name).chmod(stat.S_IMODE(mode))


def put(
    path: Path,
    data: bytes | Iterable[bytes],
    remedy: Message = _REMEDY,
    *,
    private: bool = False,
) -> None:
    """Write a file completely or not at all, without waiting for the disk.

    It is faster than `whole`, for thousands of files that can be made again.

    Args:
        path: the path of the file.
        data: its content, as a whole or in blocks.
        remedy: what the user can do if the file cannot be written.
        private: whether only its owner may read it and the folders that are made for it.

    Raises:
        OutputError: the file cannot be written; nothing is left behind.
    """
    with _unfinished(path, remedy, private=private) as temporary:
        opener = _opener(private=private)
        with open(temporary, "xb", buffering=0, opener=opener) as file:
            for block in (data,) if isinstance(data, bytes) else data:
                unwritten = memoryview(block)
                while unwritten:
                    unwritten = unwritten[file.write(unwritten) :]
        temporary.replace(path)


def note(path: Path, data: bytes) -> bool:
    """Keep a small private note, as far as its folder can be written: no work fails for one.

    Returns:
        Whether it was kept.
    """
    try:
        put(path, data, private=True)
    except OutputError:
        return False
    return True


def link(path: Path, source: Path, remedy: Message = _REMEDY) -> None:
    """Make a hard link to a file, or a copy of it where that is impossible.

    Args:
        path: the new name.
        source: the file.
        remedy: what the user can do if the link cannot be made.

    Raises:
        OutputError: neither can be made; nothing is left behind.
    """
    with _unfinished(path, remedy) as temporary:
        try:
            os.link(source.resolve(), temporary)
        except OSError:  # another disk, or one without links
            with source.open("rb") as original, temporary.open("xb") as file:
                shutil.copyfileobj(original, file, _BLOCK)
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)


def sync(paths: Collection[Path], remedy: Message = _REMEDY) -> None:
    """Wait until files that were written without waiting are safely on the disk.

    Args:
        paths: the files.
        remedy: what the user can do if they cannot be kept.

    Raises:
        OutputError: one of them cannot be kept.
    """
    if len(paths) > _FEW and sys.platform == "linux":  # elsewhere it need not wait
        os.sync()
        return
    flags = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
    for path in paths:
        try:
            descriptor = os.open(path, flags)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as problem:
            if sys.platform == "win32" and isinstance(problem, PermissionError):
                continue  # it is only read, so nothing was written
            raise _unwritable(path, problem, remedy) from problem


def rename(path: Path, name: Path, remedy: Message = _REMEDY) -> None:
    """Give a file another name, in place of a file that has it.

    Args:
        path: the file.
        name: its new path.
        remedy: what the user can do if it cannot be renamed.

    Raises:
        OutputError: it cannot be renamed.
    """
    try:
        path.replace(name)
    except OSError as problem:
        raise _unwritable(name, problem, remedy) from problem


def remove(path: Path) -> None:
    """Remove a file, if it exists.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise OutputError(
            message(
                "cannot remove {path}, of an earlier build: {reason}", path=path, reason=problem
            ),
            message("remove it by hand"),
        ) from problem


def note_use(path: Path) -> None:
    """Set the date of a file to now, so that pruning does not take it for unused."""
    with suppress(OSError):  # the file can be used although it cannot be touched
        os.utime(path)


def check_place(path: Path) -> None:
    """Check that a file can be created at a path, creating its folder if needed.

    Raises:
        OutputError: it cannot.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():  # raises if the name is too long
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as problem:
        raise _unwritable(path, problem) from problem


_UNFINISHED = re.compile(r"\.(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-\d+\.part")
_BLOCK = 1 << 20
# Seconds after which an unfinished file of another machine counts as abandoned.
_FORGOTTEN = 86_400.0

_numbers = itertools.count()
_open: set[str] = set()
_swept: set[Path] = set()


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, for their owner alone.

    Raises:
        OSError: one of them cannot be made.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)


def _opener(*, private: bool) -> Callable[[str, int], int]:
    """Return how a new file is opened: with the rights that the system gives, or the owner's."""
    mode = 0o600 if private else 0o666
    return lambda path, flags: os.open(path, flags, mode)


@contextmanager
def _unfinished(path: Path, remedy: Message, *, private: bool = False) -> Iterator[Path]:
    """Yield the path of a temporary file beside ``path``, and remove it if it is left over."""
    # Each writer has its own name, so that two builds of one book cannot mix. It is short, because
    # the name of the file may have any length.
    name = f".{machine_id()}-{os.getpid()}-{next(_numbers)}.part"
    temporary = path.with_name(name)
    _open.add(name)
    try:
        if private:
            make_private_folder(path.parent)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent not in _swept:
            sweep(path.parent)
            _swept.add(path.parent)
        yield temporary
    except OSError as problem:
        raise _unwritable(path, problem, remedy) from problem
    finally:
        with suppress(OSError):  # it was renamed, or never created, or the disk is gone
            temporary.unlink()
        _open.discard(name)


def sweep(folder: Path) -> None:
    """Remove the unfinished files of killed processes from a folder.

    It is called before a process writes its first file into a folder.
    """
    with os.scandir(folder) as entries:
        names = [match for entry in entries if (match := _UNFINISHED.fullmatch(entry.name))]
    for name in names:
        with suppress(OSError):  # another process removed it, or we may not
            if not _is_being_written(name, folder):
                (folder / name[0]).unlink()


def _is_being_written(name: re.Match[str], folder: Path) -> bool:
    if name["machine"] != machine_id() or sys.platform == "win32":  # no process to ask
        return time.time() - (folder / name[0]).stat().st_mtime < _FORGOTTEN
    if int(name["process"]) == os.getpid():
        return name[0] in _open
    return is_running(int(name["process"]))


def _unwritable(path: Path, problem: OSError, remedy: Message = _REMEDY) -> OutputError:
    return OutputError(message("cannot write {path}: {reason}", path=path, reason=problem), remedy)
