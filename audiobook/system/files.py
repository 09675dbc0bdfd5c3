"""Writing a file whole or not at all, under a name that every file system takes."""

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
    """Open a temporary file beside ``path`` that takes its name once all is written.

    Args:
        path: where the file goes.
        remedy: what to do if it cannot.

    Raises:
        OutputError: the folder or the disk does not take it; nothing is left behind.
    """
    with _unfinished(path, remedy) as temporary:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def put(path: Path, data: bytes, remedy: str = _REMEDY) -> None:
    """Write a small file whole or not at all, faster than `whole`: the disk is not waited for.

    For thousands of files that can be made again.

    Raises:
        OutputError: the folder or the disk does not take it; nothing is left behind.
    """
    with _unfinished(path, remedy) as temporary:
        with temporary.open("xb", buffering=0) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
        temporary.replace(path)


def link(path: Path, source: Path, remedy: str = _REMEDY) -> None:
    """Give a file a second name, or its copy that name where the disk cannot.

    Raises:
        OutputError: the folder or the disk does not take it; nothing is left behind.
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
    """Remove a file that is to be there no more; somebody else may have done so.

    Raises:
        OutputError: it cannot be.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise OutputError(
            f"cannot remove {path}, of an earlier build: {problem.strerror or problem}",
            "remove it by hand",
        ) from problem


def note_use(path: Path) -> None:
    """Give a file today's date, for whoever removes what has not been used for long."""
    with suppress(OSError):  # it is used all the same where nothing may be written
        os.utime(path)


def is_file(path: Path | str) -> bool:
    """Whether a file is there; not where the system refuses to tell, as of a name too long."""
    return os.path.isfile(path)  # noqa: PTH113 (`Path.is_file` raises what it is refused)


def is_folder(path: Path | str) -> bool:
    """Whether a folder is there; not where the system refuses to tell, as of a name too long."""
    return os.path.isdir(path)  # noqa: PTH112 (`Path.is_dir` raises what it is refused)


def is_there(path: Path | str) -> bool:
    """Whether a file or folder is there; not where the system refuses to tell."""
    return is_file(path) or is_folder(path)


def is_special(path: Path | str) -> bool:
    """Whether a pipe, a socket or a device is there: to read it may take for ever."""
    return os.path.exists(path) and not is_there(path)  # noqa: PTH110 (as above)


def check_place(path: Path) -> None:
    """Make sure that a file can be made here, making its folder if need be.

    Raises:
        OutputError: it cannot.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():  # asks for the name, too: it may be too long
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as problem:
        raise _unwritable(path, problem) from problem


# What Windows refuses in a name or keeps for devices (learn.microsoft.com, "Naming files, paths,
# and namespaces"), and the longest name of ext4, APFS and NTFS alike, in bytes.
_REFUSED = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.I)
_LONGEST_NAME = 255


def safe_name(text: str, suffix: str) -> str:
    """Return a file name that says this and that every file system and shell takes.

    Args:
        text: a title, whatever is in it.
        suffix: what the name ends with.
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
    room = _LONGEST_NAME - len(suffix.encode())
    return (plain.encode()[:room].decode(errors="ignore").rstrip(". ") or "untitled") + suffix


def fit_name(name: str, suffix: str) -> str:
    """Return a file name that is not longer than disks take, else as it is.

    One that is too long loses its end, between characters, and gets a digest of all of it, so
    that two which begin alike stay two.

    Args:
        name: without its ending.
        suffix: what the file name ends with.
    """
    if len(os.fsencode(name + suffix)) <= _LONGEST_NAME:
        return name + suffix
    digest = hashlib.blake2b(os.fsencode(name), digest_size=4).hexdigest()
    ending = f"-{digest}{suffix}"
    room = _LONGEST_NAME - len(os.fsencode(ending))
    lengths = itertools.accumulate(len(os.fsencode(sign)) for sign in name)
    end = sum(length <= room for length in lengths)
    while end > 1 and unicodedata.combining(name[end]):
        end -= 1  # a letter and its marks go together
    return name[:end].rstrip(". ") + ending


# --- files on their way ---------------------------------------------------------------------------

_UNFINISHED = re.compile(r"\.(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-\d+\.part")
_BLOCK = 1 << 20
# After so many seconds nobody goes on writing, on whatever machine.
_FORGOTTEN = 86_400.0

_numbers = itertools.count()
_open: set[str] = set()
_swept: set[Path] = set()


@contextmanager
def _unfinished(path: Path, remedy: str) -> Iterator[Path]:
    """Give a name for a file on its way to ``path``, and leave nothing under it."""
    # A name of its own for each writer, so that two builds of one book cannot mix; a short one,
    # as that of the file may be as long as names can be.
    name = f".{_machine()}-{os.getpid()}-{next(_numbers)}.part"
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
        with suppress(OSError):  # it has its final name, or was not made, or the disk is gone
            temporary.unlink()
        _open.discard(name)


def sweep(folder: Path) -> None:
    """Remove what processes that were killed left unfinished in a folder.

    The first file that a process writes into a folder does so.
    """
    with os.scandir(folder) as entries:
        names = [found for entry in entries if (found := _UNFINISHED.fullmatch(entry.name))]
    for name in names:
        with suppress(OSError):  # another process was faster, or it is not ours to remove
            if not _is_being_written(name, folder):
                (folder / name[0]).unlink()


def _is_being_written(name: re.Match[str], folder: Path) -> bool:
    if name["machine"] != _machine() or sys.platform == "win32":  # nobody to ask
        return time.time() - (folder / name[0]).stat().st_mtime < _FORGOTTEN
    if int(name["process"]) == os.getpid():
        return name[0] in _open
    try:
        os.kill(int(name["process"]), 0)  # only asks
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # of another user
    return True


@functools.cache
def _machine() -> str:
    """Tell apart those who share a folder and do not see each other's processes."""
    told = [
        platform.node(),
        _tell(lambda: Path("/etc/machine-id").read_text("ascii")),
        _tell(lambda: str(Path("/proc/self/ns/pid").readlink())),  # containers have their own
    ]
    return hashlib.blake2b(repr(told).encode(), digest_size=4).hexdigest()


def _tell(what: Callable[[], str]) -> str:
    try:
        return what()
    except (OSError, ValueError):  # not every system tells
        return ""


def _unwritable(path: Path, problem: OSError, remedy: str = _REMEDY) -> OutputError:
    return OutputError(f"cannot write {path}: {problem.strerror or problem}", remedy)
