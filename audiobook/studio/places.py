"""Chooses the folder of a studio."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from audiobook.app.texts import is_ignored, texts_in
from audiobook.errors import OutputError, UsageError
from audiobook.messages import message
from audiobook.studio.memory import NAME

_USUAL = "Audiobooks"
_MOST_LOOKED_INTO = 50


def choose_folder(folder: Path | None) -> Path:
    """Return the folder to work in: the one named, the current one, or ~/Audiobooks, made if new.

    Raises:
        UsageError: a file has the name of the folder.
        OutputError: the folder cannot be made.
    """
    chosen = folder
    if chosen is None:
        here = Path.cwd()
        chosen = here if _is_in_use(here) else Path.home() / _USUAL
    if chosen.exists() and not chosen.is_dir():
        raise UsageError(
            message("{path} is not a folder", path=chosen), message("name a folder of books")
        )
    try:
        chosen.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputError(
            message("cannot write {path}: {reason}", path=chosen, reason=problem),
            message("name another folder"),
        ) from problem
    return chosen


def _is_in_use(folder: Path) -> bool:
    """Return whether a folder that is not the home folder holds a text, or a folder of texts."""
    if folder == Path.home():
        return False
    if (folder / NAME).exists() or texts_in(folder):
        return True
    # No deeper: the current folder may be one of millions of files.
    below = (path for path in folder.iterdir() if path.is_dir() and not is_ignored(path.name))
    return any(texts_in(path) for path in islice(below, _MOST_LOOKED_INTO))
