"""Stores which files of the cache hold words of which book, so that one can be forgotten.

Recordings, clips and recognised pages are named by hashes, and books may share them. So of each
book a list of their names is kept, under its source and under the file that was made of it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from audiobook.system import files

_FOLDER, _SUFFIX = "books", ".book"
_CACHED = re.compile(r"(\w+/)?[0-9a-f]{2}/[0-9a-f]{40}\.\w+")


class Belongings:
    """The files of one book.

    Args:
        cache: the cache folder.
        names: what the book goes by: sources, which are files or addresses, and the finished file.
    """

    def __init__(self, cache: Path, names: Sequence[str]) -> None:
        self._cache = cache
        # Each names the others, so that by any of them all are found.
        self._lists = [_list_of(cache, name) for name in names]
        self._added: set[str] = set()

    def add(self, paths: Iterable[Path]) -> None:
        """Add files of the cache to the lists, as far as these can be written."""
        names = {
            path.relative_to(self._cache).as_posix()
            for path in (*paths, *self._lists)
            if path.is_relative_to(self._cache)
        }
        names = set(filter(_CACHED.fullmatch, names))
        if names <= self._added:
            return
        self._added |= names
        for place in self._lists:
            known = _read(place)
            if names <= known:
                files.note_use(place)
            else:
                files.note(place, "\n".join(sorted(known | names)).encode())

    def paths(self) -> list[Path]:
        """Return the files of the book that were ever in the cache, with its lists."""
        return [self._cache / name for name in sorted(set().union(*map(_read, self._lists)))]


def _read(place: Path) -> set[str]:
    try:
        names = place.read_text("ascii").split()
    except (OSError, ValueError):
        return set()
    return set(filter(_CACHED.fullmatch, names))


def _list_of(cache: Path, name: str) -> Path:
    is_address = "://" in name
    content = name.encode() if is_address else os.fsencode(Path(name).resolve())
    digest = hashlib.blake2b(content, digest_size=20).hexdigest()
    return cache / _FOLDER / digest[:2] / f"{digest}{_SUFFIX}"
