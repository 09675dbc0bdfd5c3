"""Sources: the bytes of a file, a pipe, an address or standard input, within a bound."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.system import files
from audiobook.vietnamese import lazy_re as re

STDIN = "-"
LARGEST = 512 << 20
"""Bytes of a source at most; a book of pictures may have a hundred million."""
_BLOCK = 1 << 20
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class SourceFile(NamedTuple):
    """The bytes of a source, and what is known of them."""

    data: bytes
    name: str
    """What to call it in messages; its extension tells Markdown from plain text."""
    charset: str
    """What somebody claims its encoding to be."""


def read_source(source: str, *, allow_private: bool) -> SourceFile:
    """Return what a source holds, whichever it is.

    Args:
        source: a file, an ``http:`` or ``https:`` address, or ``-`` for standard input.
        allow_private: whether an address may lead into a private network.

    Raises:
        SourceError: it is not there, cannot be read, or is larger than `LARGEST`.
    """
    if source == STDIN:
        name = message("standard input")
        if sys.stdin is None:
            raise SourceError(message("standard input is closed"), message("name a file"))
        return SourceFile(_read_bounded(sys.stdin.buffer, name), name, "")
    if _ADDRESS.match(source):
        from audiobook.stages.readers import web

        page = web.fetch(source, allow_private=allow_private)
        return SourceFile(page.data, page.url, page.charset)
    return SourceFile(_read_file(source), source, "")


def _read_file(source: str) -> bytes:
    path = Path(source)
    try:
        if path.is_fifo():
            return _read_pipe(path)
        with path.open("rb") as file:
            return _read_bounded(file, source)
    except IsADirectoryError as problem:
        raise SourceError(
            message("{path} is a folder", path=source),
            message("name a text file in it, or use `make books SRC=…`"),
        ) from problem
    except FileNotFoundError as problem:
        raise SourceError(
            message("there is no file {path}", path=source), message("check the name")
        ) from problem
    except (OSError, ValueError) as problem:
        # ValueError: a NUL in the name.
        raise SourceError(
            message("cannot read {path}: {reason}", path=source, reason=problem),
            message("check the name"),
        ) from problem


def _read_pipe(path: Path) -> bytes:
    """Read a named pipe that a process writes into: to wait for one may take for ever.

    Raises:
        SourceError: no process writes into it, or more than a source holds.
        OSError: it cannot be read.
    """
    data = files.read_pipe(path, LARGEST + 1)
    if data is None:
        raise SourceError(
            message("{path} is a pipe that nothing writes to", path=path),
            message("first start the program that writes to it, or name a file"),
        )
    _refuse_larger(len(data), str(path))
    return data


def _read_bounded(file: IO[bytes], name: str) -> bytes:
    # To read a file at once would allocate all the memory that it asks for.
    data = bytearray()
    while block := file.read(_BLOCK):
        data += block
        _refuse_larger(len(data), name)
    return bytes(data)


def _refuse_larger(size: int, name: str) -> None:
    if size > LARGEST:
        raise SourceError(
            message("{name} is larger than {size} MB", name=name, size=LARGEST >> 20),
            message("divide it"),
        )
