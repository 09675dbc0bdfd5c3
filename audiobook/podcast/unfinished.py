"""Names of files in a place while they are sent."""

from __future__ import annotations

import posixpath


def unfinished_name(name: str) -> str:
    """Return the name of a file while it is sent: always the same, so that a retry replaces it."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}.{last}.part"


def finished_name(unfinished: str) -> str:
    """Return the name that a file gets once it is whole; see `unfinished_name`."""
    folder, slash, last = unfinished.rpartition("/")
    return f"{folder}{slash}{last.removeprefix('.').removesuffix('.part')}"


def is_unfinished(path: str) -> bool:
    """Return whether a file in the place is the beginning of one that was never sent in full."""
    last = posixpath.basename(path)
    return last.startswith(".") and last.endswith(".part")
