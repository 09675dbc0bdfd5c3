"""Reads JSON, which may come from strangers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audiobook.messages import message
from audiobook.system import files

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 64 << 20
"""Bytes of a file of facts: the manifest of 100,000 files has 25 MB."""

DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError)
"""What taking facts out of a file raises where it is not as this program wrote it."""


def load_json(data: bytes | str) -> Any:
    """Return what JSON holds.

    Raises:
        ValueError: it is not JSON, or nested so deeply that nothing could read it.
    """
    try:
        return json.loads(data)
    except RecursionError as problem:
        raise ValueError(message("it is nested too deeply")) from problem


def read_facts(path: Path, most: int = LARGEST) -> bytes:
    """Return the content of a file that this program wrote, or a stranger in its place.

    Args:
        path: the file; a pipe or a device, which may never end, is not read.
        most: how many bytes it may have.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger, or not a file.
    """
    if files.is_special(path):
        raise ValueError(message("it is not a file"))
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(message("it is larger than {size} MB", size=most >> 20))
    return data
