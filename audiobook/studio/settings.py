"""Writes what a page chooses into the files of a book; what is not right is taken back."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from audiobook.config.toml import load_toml
from audiobook.config.writing import write_reading, write_settings
from audiobook.errors import AudiobookError, UsageError
from audiobook.messages import message, reason
from audiobook.outputs.pictures import SUFFIXES, kind_of
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.config.writing import Setting
    from audiobook.studio.entries import ShelfEntry
    from audiobook.studio.library import Library

# Several pages may be open: each change reads and writes its file in one go.
_turn = threading.RLock()


def choose(library: Library, entry: ShelfEntry, **settings: Setting) -> None:
    """Set settings of a book.

    Args:
        library: where the book is.
        entry: the book.
        settings: the new values, by the names of book.toml.

    Raises:
        UsageError: one of them is not right; the file stays as it was.
        OutputError: the file cannot be written.
    """
    with _turn, _taken_back(library, entry, entry.settings_file):
        write_settings(entry.settings_file, settings)


def switch(
    library: Library, entry: ShelfEntry, name: str, *switched: str | list[str], on: bool
) -> None:
    """Add something to a list among the settings of a book, or take it out.

    Args:
        library: where the book is.
        entry: the book.
        name: of the list.
        switched: what is added or taken out.
        on: whether it is added.
    """
    with _turn:
        items = [other for other in _own(entry).get(name, []) if other not in switched]
        choose(library, entry, **{name: [*items, *switched] if on else items})


def put(library: Library, entry: ShelfEntry, table: str, key: str, value: str | float) -> None:
    """Set one line of a table among the settings of a book; an empty text takes it out.

    Args:
        library: where the book is.
        entry: the book.
        table: its name.
        key: what stands before the equals sign.
        value: what stands after it.
    """
    with _turn:
        lines: dict[str, Any] = {**_own(entry).get(table, {}), key: value}
        if value == "":
            del lines[key]
        choose(library, entry, **{table: lines})


def teach(
    library: Library, entry: ShelfEntry, written: str, spoken: str, *, case: bool | None = None
) -> None:
    """Teach how something is read in the texts of the folder of a book.

    Args:
        library: where the book is.
        entry: the book.
        written: the word or phrase.
        spoken: how it is said; empty to forget it.
        case: whether capitals count; None if they do not, or to forget both readings.
    """
    with _turn, _taken_back(library, entry, entry.lexicon_file):
        write_reading(entry.lexicon_file, written, spoken, case=case)


def keep_cover(library: Library, entry: ShelfEntry, data: bytes) -> None:
    """Write a picture beside a book, and make it the cover.

    A file that has its name is replaced only if it is the cover already.

    Args:
        library: where the book is.
        entry: the book.
        data: the picture, of one of `audiobook.outputs.pictures.SUFFIXES`.

    Raises:
        UsageError: a setting is not right; the files stay as they were.
        OutputError: a file cannot be written.
    """
    suffix = SUFFIXES.get(kind_of(data), ".jpg")
    with _turn:
        current = _own(entry).get("cover")
        path = _cover_path(entry, suffix, current)
        with _taken_back(library, entry, path):
            with files.whole(path) as file:
                file.write(data)
            choose(library, entry, cover=path.name)


def _cover_path(entry: ShelfEntry, suffix: str, current: object) -> Path:
    stem = f"{entry.name}.cover"
    names = (stem if number == 1 else f"{stem} {number}" for number in count(1))
    paths = (entry.home / files.fit_name(name, suffix) for name in names)
    return next(path for path in paths if path.name == current or not os.path.lexists(path))


def _own(entry: ShelfEntry) -> dict[str, Any]:
    """Return the settings in the one file that is written to."""
    if not entry.settings_file.is_file():
        return {}
    try:
        return load_toml(entry.settings_file)
    except ValueError as problem:
        raise UsageError(
            message("{path}: {problem}", path=entry.settings_file, problem=reason(problem)),
            message("fix the file"),
        ) from problem


@contextmanager
def _taken_back(library: Library, entry: ShelfEntry, path: Path) -> Iterator[None]:
    """Write a file as it was before if it then does not make a job."""
    before = path.read_bytes() if path.is_file() else None
    try:
        yield
        library.job(entry)
    except AudiobookError:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            files.rewrite(path, before)
        raise
