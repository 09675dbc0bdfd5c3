"""TOML files as Python dictionaries."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def load_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file in UTF-8, with or without a byte-order mark.

    Raises:
        ValueError: it cannot be read, or is not TOML; the message says why.
    """
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise ValueError(problem.strerror or str(problem)) from problem
