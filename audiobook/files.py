"""Writing a file whole or not at all, under a name that every file system takes."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import threading
import unicodedata
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from audiobook.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    temporary: Path | None = None
    try:
        # A name of its own for each writer, so that two builds of one book cannot mix.
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # mkstemp lets nobody else read it; a file made with open() would have been read.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as problem:
        raise _unwritable(path, problem, remedy) from problem
    finally:
        if temporary is not None:
            with suppress(OSError):  # it has its final name, or the disk is gone
                temporary.unlink()


def put(path: Path, data: bytes, remedy: str = _REMEDY) -> None:
    """Write a small file whole or not at all, faster than `whole`: the disk is not waited for.

    For thousands of files that can be made again, by one writer a name and process.

    Raises:
        OutputError: the folder or the disk does not take it; nothing is left behind.
    """
    temporary = path.with_name(f".{os.getpid()}-{path.name}.part")
    try:
        try:
            file = temporary.open("wb", buffering=0)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = temporary.open("wb", buffering=0)
        with file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
        temporary.replace(path)
    except OSError as problem:
        with suppress(OSError):  # it was not made, or the disk is gone
            temporary.unlink()
        raise _unwritable(path, problem, remedy) from problem


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


def _unwritable(path: Path, problem: OSError, remedy: str = _REMEDY) -> OutputError:
    return OutputError(f"cannot write {path}: {problem.strerror or problem}", remedy)


_asking = threading.Lock()


def _umask() -> int:
    # The only way to read it is to set it, for all threads.
    with _asking:
        mask = os.umask(0)
        os.umask(mask)
    return mask
