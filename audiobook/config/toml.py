"""Reads files of settings in TOML."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from audiobook.messages import message, reason
from audiobook.messages.foreign import explain
from audiobook.system import files
from audiobook.system.toml_data import parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_Parsed = TypeVar("_Parsed")


def load_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file, as `load_parsed` does."""
    return load_parsed(path, parse_toml)


def load_parsed(path: Path, parse: Callable[[str], _Parsed]) -> _Parsed:
    """Return what a TOML file in UTF-8 says, with or without a byte-order mark.

    The file is read each time. So `parse` may remember texts: a library asks for the same settings
    for each of its books.

    Raises:
        ValueError: the file cannot be read, or is not TOML; the message says why.
    """
    # It may be a stranger's: a pipe or a device never ends.
    if files.is_no_file(path):
        raise ValueError(message("it is not a file"))
    try:
        return parse(files.read_text(path))
    except OSError as problem:
        raise ValueError(reason(problem)) from problem
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(explain(problem)) from problem
    except UnicodeDecodeError as problem:
        raise ValueError(message("it is not UTF-8")) from problem
