"""Reads a picture that the user names."""

from __future__ import annotations

from pathlib import Path

from audiobook.errors import UsageError
from audiobook.messages import message


def read_picture(name: str, path: Path) -> bytes:
    """Return a picture that the user names.

    Args:
        name: what it is, for messages.
        path: its file.

    Raises:
        UsageError: it cannot be read, or is of a kind that is not known.
    """
    from audiobook.outputs import cover

    try:
        return cover.read_file(path)
    except (OSError, ValueError) as problem:  # ValueError: the name cannot be one of a file
        raise UsageError(
            message("cannot read {path}: {reason}", path=name, reason=problem),
            message("name a picture: {kinds}", kinds=cover.USABLE),
        ) from problem
