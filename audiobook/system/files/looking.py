"""Looks at paths, and reads small texts: nothing here is surprised by a name that cannot be."""

from __future__ import annotations

import errno
import os
import select
import sys
from pathlib import Path

from audiobook.errors import OutputError
from audiobook.messages import message

_LARGEST_TEXT = 16 << 20
"""Bytes of a file of settings: a lexicon of 100,000 words has 3 MB."""
_BLOCK = 1 << 20
_TO_COME = 500  # milliseconds
_USUAL_TEXT = 1 << 16
"""Bytes that hold most texts: asking the system for room for the largest takes longer than them."""


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


def is_no_file(path: Path | str) -> bool:
    """Whether a path is there, but a folder, a pipe, a socket or a device."""
    return is_folder(path) or is_special(path)


def read_text(path: Path, most: int = _LARGEST_TEXT) -> str:
    """Return the text of a file in UTF-8, with or without a byte-order mark.

    Args:
        path: the file, which may be of a stranger; or a pipe that a process writes into.
        most: how many bytes are read at most.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger, not UTF-8, or a pipe that nothing writes to.
    """
    if path.is_fifo():
        written = read_pipe(path, most + 1)
        if written is None:
            raise ValueError(message("it is a pipe that nothing writes to"))
        data = written
    else:
        with path.open("rb") as file:
            data = file.read(min(_USUAL_TEXT, most + 1))
            if len(data) == _USUAL_TEXT:
                data += file.read(most + 1 - _USUAL_TEXT)
    if len(data) > most:
        raise ValueError(message("it is larger than {size} MB", size=most >> 20))
    # A text of Windows has two signs at the end of a line.
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def read_pipe(path: Path, most: int) -> bytes | None:
    """Return what a process writes into a named pipe, or None if there is no such process.

    To open a pipe like a file would wait for one, perhaps for ever.

    Args:
        path: the pipe.
        most: how many bytes are read at most.

    Raises:
        OSError: it cannot be read.
    """
    if sys.platform == "win32":
        raise OSError(errno.ENOTSUP, "Windows has no such pipes")
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with open(pipe, "rb", buffering=0) as file:  # noqa: PTH123 (it is open)
        first = file.read(min(_BLOCK, most))  # None where the writer has yet to write
        if first == b"":
            # One that waited for somebody to read goes on now, and would write to nobody.
            waiting = select.poll()
            waiting.register(pipe, select.POLLIN)
            waiting.poll(_TO_COME)
            first = file.read(min(_BLOCK, most))
        if first == b"":
            return None
        os.set_blocking(pipe, True)
        data = bytearray(first or b"")
        while len(data) < most and (block := file.read(min(_BLOCK, most - len(data)))):
            data += block
        return bytes(data)


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a path is a link to something outside of a folder, whatever it leads through."""
    return (
        os.path.islink(path)  # noqa: PTH114 (`Path.is_symlink` raises where the system refuses)
        and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
    )


def refuse_link_out(path: Path, folder: Path) -> None:
    """Make sure that a place in a folder, which may be a stranger's, does not lead out of it.

    Raises:
        OutputError: it is a link that does.
    """
    if leads_out(path, folder):
        raise OutputError(
            message("{path} is a link that leads out of the folder", path=path),
            message("remove the link"),
        )
