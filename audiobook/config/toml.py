"""TOML files as Python dictionaries."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


# Settings have tables in tables; what is deeper is made to exhaust who reads or shows it.
_DEEPEST = 16


def load_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file in UTF-8, with or without a byte-order mark.

    Raises:
        ValueError: it cannot be read, or is not TOML; the message says why.
    """
    too_deep = "tables and lists lie in each other deeper than settings do"
    try:
        settings = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise ValueError(problem.strerror or str(problem)) from problem
    except UnicodeDecodeError as problem:
        raise ValueError("it is not UTF-8") from problem
    except RecursionError as problem:
        raise ValueError(too_deep) from problem
    inside: list[Any] = [settings]
    for _ in range(_DEEPEST):
        inside = [
            value
            for one in inside
            for value in (one.values() if isinstance(one, dict) else one)
            if isinstance(value, dict | list)
        ]
    if inside:
        raise ValueError(too_deep)
    return settings
