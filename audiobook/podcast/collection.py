"""Reads the books of a library: only those whose files have changed since the last time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.podcast.library import file_in
from audiobook.podcast.volumes import read_volume

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobook.podcast.memory import SiteMemory
    from audiobook.podcast.model import Volume
    from audiobook.system.processes import Crew


def read_volumes(
    folder: Path,
    paths: Sequence[Path],
    site_memory: SiteMemory,
    crew: Crew,
    *,
    verify: bool = False,
) -> tuple[list[Volume], list[SourceError]]:
    """Return books, the latest last, and the errors of broken ones.

    Args:
        folder: the folder of the library, for messages.
        paths: the MP3 books.
        site_memory: holds what was read before, and gets what is read now.
        crew: the processes that read.
        verify: whether to read every book as a whole, changed or not.

    Raises:
        SourceError: there is no book that can be read.
    """
    # Books behind links are read each time, so that it is checked where the link leads.
    places = [file_in(folder, path) for path in paths]
    remembered = [
        None if verify or path.is_symlink() else site_memory.volume(path, place)
        for path, place in zip(paths, places, strict=True)
    ]
    changed = [path for path, volume in zip(paths, remembered, strict=True) if volume is None]
    newly_read = crew.map(_try_to_read, changed)
    volumes: list[Volume] = []
    broken: list[SourceError] = []
    for volume, place in zip(remembered, places, strict=True):
        result = volume or next(newly_read)
        if isinstance(result, SourceError):
            broken.append(result)
        else:
            volumes.append(replace(result, place=place))
    if not volumes:
        no_books = SourceError(
            message("there are no MP3 books in {folder}", folder=folder),
            message("make some: audiobook build"),
        )
        raise broken[0] if broken else no_books
    site_memory.books = {book.file: book for book in volumes}
    return _oldest_first(volumes), broken


def _try_to_read(path: Path) -> Volume | SourceError:
    try:
        return read_volume(path)
    except SourceError as problem:
        return problem


def _oldest_first(volumes: list[Volume]) -> list[Volume]:
    """Sort books by the time at which their files were changed."""
    return sorted(volumes, key=lambda volume: (volume.changed, volume.file))
