"""Readers: a source becomes a Document, whatever it is written in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.readers import plain

if TYPE_CHECKING:
    from audiobook.model import Document

STDIN = "-"


def read(source: str) -> Document:
    """Read a source into a document.

    Args:
        source: a file, or ``-`` for standard input.

    Raises:
        SourceError: it is not there, not a file, not text, or empty.
    """
    return plain.divide_blocks(read_text(source))


def read_text(source: str) -> str:
    """Return the text of a source as it stands, line for line.

    Raises:
        SourceError: it is not there, not a file, not text, or empty.
    """
    name = "standard input" if source == STDIN else source
    return plain.decode(_read_bytes(source), name)


def _read_bytes(source: str) -> bytes:
    if "://" in source:
        raise SourceError(
            f"{source} is an address", "save the page's text to a file and give that file"
        )
    if source == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except IsADirectoryError as problem:
        raise SourceError(
            f"{source} is a folder", "name a text file in it, or use `make books SRC=…`"
        ) from problem
    except FileNotFoundError as problem:
        raise SourceError(f"there is no file {source}", "check the name") from problem
    except (OSError, ValueError) as problem:
        # ValueError: a NUL in the name.
        reason = getattr(problem, "strerror", None) or str(problem)
        raise SourceError(f"cannot read {source}: {reason}", "check the name") from problem
