"""Reads TOML files."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from audiobook.messages import message, reason
from audiobook.messages.foreign import explain
from audiobook.system import files

if TYPE_CHECKING:
    from pathlib import Path


# No settings nest deeper. A file that does is meant to exhaust whatever reads or prints it.
_DEEPEST = 16


def load_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file in UTF-8, with or without a byte-order mark.

    Raises:
        ValueError: the file cannot be read, or is not TOML; the message says why.
    """
    too_deep = message("tables and lists are nested too deeply")
    try:
        settings = tomllib.loads(files.read_text(path))
    except OSError as problem:
        raise ValueError(reason(problem)) from problem
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(explain(problem)) from problem
    except UnicodeDecodeError as problem:
        raise ValueError(message("it is not UTF-8")) from problem
    except RecursionError as problem:
        raise ValueError(too_deep) from problem
    containers: list[Any] = [settings]
    for _ in range(_DEEPEST):
        containers = [
            value
            for container in containers
            for value in (container.values() if isinstance(container, dict) else container)
            if isinstance(value, dict | list)
        ]
    if containers:
        raise ValueError(too_deep)
    return settings
