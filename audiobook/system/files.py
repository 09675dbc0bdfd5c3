"""Writes files completely or not at all, and makes names that every file system accepts."""

from __future__ import annotations

import errno
import functools
import hashlib
import itertools
import os
import platform
import re
import shutil
import sys
import tempfile
import time
import unicodedata
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from audiobook.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_REMEDY = "choose another folder with -o, or make room"


@contextmanager
def whole(path: Path, remedy: str = _REMEDY) -> Iterator[IO[bytes]]:
    """Open a temporary file beside ``path`` that gets its name once all is written.

    Args:
        path: the final path of the file.
        remedy: what the user can do if the file cannot be written.

    Raises:
        OutputError: the file cannot be written; nothing is left behind.
    """
    with _unfinished(path, remedy) as temporary:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def put(path: Path, data: bytes, remedy: str = _REMEDY) -> None:
    """Write a small file completely or not at all, without waiting for the disk.

    It is faster than `whole`, for thousands of files that can be made again.

    Args:
        path: the path of the file.
        data: its content.
        remedy: what the user can do if the file cannot be written.

    Raises:
        OutputError: the file cannot be written; nothing is left behind.
    """
    with _unfinished(path, remedy) as temporary:
        with temporary.open("xb", buffering=0) as file:
            unwritten = memoryview(data)
            while unwritten:
                unwritten = unwritten[file.write(unwritten) :]
        temporary.replace(path)


def link(path: Path, source: Path, remedy: str = _REMEDY) -> None:
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


def remove(path: Path) -> None:
    """Remove a file, if it exists.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise OutputError(
            f"cannot remove {path}, of an earlier build: {problem.strerror or problem}",
            "remove it by hand",
        ) from problem


def note_use(path: Path) -> None:
    """Set the date of a file to now, so that pruning does not take it for unused."""
    with suppress(OSError):  # the file can be used although it cannot be touched
        os.utime(path)


def is_file(path: Path | str) -> bool:
    """Whether a file exists; False where the system refuses the name, such as one too long."""
    return os.path.isfile(path)  # noqa: PTH113 (`Path.is_file` raises where the system refuses)


def is_folder(path: Path | str) -> bool:
    """Whether a folder exists; False where the system refuses the name, such as one too long."""
    return os.path.isdir(path)  # noqa: PTH112 (`Path.is_dir` raises where the system refuses)


def is_there(path: Path | str) -> bool:
    """Whether a file or folder exists; False where the system refuses the name."""
    return is_file(path) or is_folder(path)


def is_special(path: Path | str) -> bool:
    """Whether a path is a pipe, a socket or a device, which may never end."""
    return os.path.exists(path) and not is_there(path)  # noqa: PTH110 (as above)


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


# What Windows refuses in a name or reserves for devices (learn.microsoft.com, "Naming files, paths,
# and namespaces"), and the longest name of ext4, APFS and NTFS, in bytes.
_REFUSED = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.I)
_LONGEST_NAME = 255


def safe_name(text: str, suffix: str) -> str:
    """Return a file name like a text that every file system and shell accepts.

    Args:
        text: any text, such as a title.
        suffix: the ending of the name.
    """
    composed = unicodedata.normalize("NFC", text)
    # Control characters, lone surrogates and marks that change the direction of what follows.
    plain = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") else sign
        for sign in composed
    )
    plain = " ".join(_REFUSED.sub("-", plain).split()).lstrip(".- ")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    limit = _LONGEST_NAME - len(suffix.encode())
    return (plain.encode()[:limit].decode(errors="ignore").rstrip(". ") or "untitled") + suffix


def fit_name(name: str, suffix: str) -> str:
    """Return a file name, shortened if it is longer than file systems accept.

    A name that is too long loses its end and gets a hash of the whole name instead, so that two
    names with the same beginning stay different.

    Args:
        name: without its ending.
        suffix: the ending of the name.
    """
    if len(os.fsencode(name + suffix)) <= _LONGEST_NAME:
        return name + suffix
    digest = hashlib.blake2b(os.fsencode(name), digest_size=4).hexdigest()
    ending = f"-{digest}{suffix}"
    limit = _LONGEST_NAME - len(os.fsencode(ending))
    lengths = itertools.accumulate(len(os.fsencode(sign)) for sign in name)
    end = sum(length <= limit for length in lengths)
    while end > 1 and unicodedata.combining(name[end]):
        end -= 1  # a letter and its marks go together
    return name[:end].rstrip(". ") + ending


# --- unfinished files ---------------------------------------------------------------------------

_UNFINISHED = re.compile(r"\.(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-\d+\.part")
_BLOCK = 1 << 20
# Seconds after which an unfinished file of another machine counts as abandoned.
_FORGOTTEN = 86_400.0

_numbers = itertools.count()
_open: set[str] = set()
_swept: set[Path] = set()


@contextmanager
def _unfinished(path: Path, remedy: str) -> Iterator[Path]:
    """Yield the path of a temporary file beside ``path``, and remove it if it is left over."""
    # Each writer has its own name, so that two builds of one book cannot mix. It is short, because
    # the name of the file may have any length.
    name = f".{_machine_id()}-{os.getpid()}-{next(_numbers)}.part"
    temporary = path.with_name(name)
    _open.add(name)
    try:
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
    if name["machine"] != _machine_id() or sys.platform == "win32":  # no process to ask
        return time.time() - (folder / name[0]).stat().st_mtime < _FORGOTTEN
    if int(name["process"]) == os.getpid():
        return name[0] in _open
    try:
        os.kill(int(name["process"]), 0)  # sends nothing, only checks
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # of another user
    return True


@functools.cache
def _machine_id() -> str:
    """Return an identifier of the machine or container whose processes can see each other."""
    identifiers = [
        platform.node(),
        _read_or_empty(lambda: Path("/etc/machine-id").read_text("ascii")),
        _read_or_empty(
            lambda: str(Path("/proc/self/ns/pid").readlink())
        ),  # containers have their own
    ]
    return hashlib.blake2b(repr(identifiers).encode(), digest_size=4).hexdigest()


def _read_or_empty(query: Callable[[], str]) -> str:
    try:
        return query()
    except (OSError, ValueError):  # not every system has it
        return ""


def _unwritable(path: Path, problem: OSError, remedy: str = _REMEDY) -> OutputError:
    return OutputError(f"cannot write {path}: {problem.strerror or problem}", remedy)
