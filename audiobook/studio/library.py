"""The folder of a studio: its sources, the books made of them, and what state each is in."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from audiobook.app import naming
from audiobook.app.book_requests import parts_of
from audiobook.app.finished import BookLabel, LabelReader
from audiobook.app.texts import (
    is_ignored,
    is_one_book,
    is_site,
    joined_folder,
    links_out,
    texts_in,
    walk_texts,
)
from audiobook.config import books, make_job
from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import PLAIN
from audiobook.outputs import FORMATS, SUFFIXES
from audiobook.studio.entries import ShelfEntry, State
from audiobook.studio.inputs import Comparison, inputs_of, modified
from audiobook.studio.memory import NAME, StudioMemory
from audiobook.studio.removing import SOUNDS, same_recordings, take_away
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.model import Job

PODCAST = "podcast"
"""The folder of the books that are published together."""
_PREVIEW = ".preview"
_DEEPEST = 3
_MOST_COMPARED = 50
"""Changed books that are compared at once with what they would be: each takes a millisecond."""
_ID = re.compile(r"[0-9a-f]{16}")


class Library:
    """The sources and books of a folder.

    Args:
        folder: the folder; those below it count, hidden ones and sites do not.
        memory: what is remembered of its books; None for nothing.
        labels: the file in which their titles and lengths are remembered; None for none.
    """

    def __init__(
        self, folder: Path, memory: StudioMemory | None = None, labels: Path | None = None
    ) -> None:
        self.folder = folder
        self._memory = memory or StudioMemory(path=folder / NAME)
        self._labels = LabelReader(labels)
        self._comparison = Comparison(self._memory)
        self._paths: dict[str, Path] = {}
        self.links_out: tuple[Path, ...] = ()
        """The texts that were not listed because they are links that lead out of the folder."""

    def entries(self) -> list[ShelfEntry]:
        """Return all sources and books, the last touched first."""
        outside: list[Path] = []
        folders = self._folders(self.folder, 0)
        listed = [entry for folder in folders for entry in self._entries_of(folder, outside)]
        self._labels.keep()
        self.links_out = tuple(outside)
        self._paths = {entry.id: entry.path for entry in listed}
        listed.sort(key=lambda entry: (-entry.touched, entry.name))
        places = [place for place, entry in enumerate(listed) if entry.state is State.CHANGED]
        for place in places[:_MOST_COMPARED]:
            listed[place] = self._compared(listed[place])
        return listed

    def entry(self, key: str) -> ShelfEntry:
        """Return the source or book of an id.

        Raises:
            SourceError: there is none.
        """
        if _ID.fullmatch(key):
            path = self._paths.get(key)
            if path is None or not path.exists():
                self.entries()
                path = self._paths.get(key)
            if path is not None:
                for entry in self._entries_of(books.folder_of(path), only=path):
                    if entry.id == key:
                        return self._compared(entry) if entry.state is State.CHANGED else entry
        raise SourceError(message("this book is not here any more"), message("go to the shelf"))

    def entry_at(self, path: Path) -> ShelfEntry:
        """Return the source or book at a path; that of its folder if its texts are one book.

        Raises:
            SourceError: there is none.
        """
        path = joined_folder(path, self.folder) or path
        key = self.id_of(path)
        self._paths[key] = path
        return self.entry(key)

    def job(self, entry: ShelfEntry, **options: Any) -> Job:
        """Return the job of a book, as `audiobook build` would make it in its folder.

        Args:
            entry: the book.
            options: as those of `audiobook.config.make_job`.

        Raises:
            AudiobookError: its settings are not right, or one of its texts is not to be read.
        """
        if outside := next(filter(self._leads_out, entry.parts), None):
            raise SourceError(
                message("{path} is a link that leads out of the folder", path=outside),
                message("put the file itself there"),
            )
        parts = parts_of(str(entry.path))
        place = {"folder": entry.home, "stem": entry.stem, "layout": PLAIN}  # beside its source
        return make_job(str(entry.path), parts=parts, **{**place, **options})

    def remove(self, entry: ShelfEntry) -> Path:
        """Take a book off the shelf: its files are kept aside, in a hidden folder.

        Where nothing else lies in its folder, that is moved.

        Raises:
            SourceError: nothing of it is there any more.
            OutputError: its files cannot be moved.
        """
        return take_away(self.folder, entry)

    def note_made(self, entry: ShelfEntry, book: Path) -> None:
        """Remember that a book was made of its source as that was when its entry was listed."""
        self._memory.settled[_key(entry, book)] = entry.inputs.stamp, modified(book)

    def is_inside(self, path: Path) -> bool:
        """Return whether a file lies in the folder, wherever links lead."""
        return path.resolve().is_relative_to(self.folder.resolve())

    def _leads_out(self, path: Path) -> bool:
        return files.leads_out(path, self.folder)

    def _folders(self, folder: Path, depth: int) -> Iterator[Path]:
        yield folder
        if depth < _DEEPEST and not is_one_book(folder):
            try:
                with os.scandir(folder) as found:
                    below = [entry.name for entry in found if entry.is_dir(follow_symlinks=False)]
            except OSError:
                return
            for name in below:
                path = folder / name
                is_podcast = depth == 0 and name == PODCAST
                if not is_ignored(name) and not is_site(path) and not is_podcast:
                    yield from self._folders(path, depth + 1)

    def _entries_of(
        self, folder: Path, outside: list[Path] | None = None, only: Path | None = None
    ) -> Iterator[ShelfEntry]:
        """Yield the sources and books that lie in a folder.

        Args:
            folder: the folder.
            outside: takes up the texts that are links that lead out of the folder of the studio.
            only: the one source or book that is wanted; None for all.
        """
        parts = tuple(walk_texts(folder)) if is_one_book(folder) else ()
        paths = parts or texts_in(folder)
        links = {path for path in paths if self._leads_out(path)}
        if parts:
            links.update(links_out([str(folder)]))
        texts = [folder] if parts else [path for path in paths if path not in links]
        if outside is not None:
            outside += sorted(links)
        stems = naming.assign_names(map(str, texts if parts else paths))
        taken: set[Path] = set()
        for path in texts:
            stem = stems.get(str(path), path.stem)
            made = _books_of(folder, stem)
            taken.update(made)
            if only in (None, path):
                is_alone = bool(parts) or len(paths) == 1
                yield self._describe(path, stem, made, parts, is_alone=is_alone)
        # The oldest first: others of its name may have been converted from it.
        for path in sorted(_sound_files(folder), key=modified):
            if path in taken or only not in (None, path):
                continue
            label = self._labels.read(path)
            if label.seconds:
                taken.update(same_recordings(path))
                yield ShelfEntry(
                    id=self.id_of(path),
                    path=path,
                    name=path.stem,
                    state=State.ALONE,
                    touched=path.stat().st_mtime,
                    book=path,
                    is_alone=not texts,
                    label=label,
                )

    def _describe(
        self,
        path: Path,
        stem: str,
        made: dict[Path, float],
        parts: tuple[Path, ...],
        *,
        is_alone: bool,
    ) -> ShelfEntry:
        entry = ShelfEntry(
            id=self.id_of(path),
            path=path,
            name=path.resolve().name if parts else path.stem,
            state=State.NEW,
            touched=0.0,
            stem=stem,
            parts=parts,
            is_alone=is_alone,
        )
        settings = books.files_of(path)
        inputs = inputs_of([*(parts or (path,)), *settings, entry.lexicon_file])
        entry = replace(entry, touched=inputs.edited, inputs=inputs)
        if not made:
            title, author = self._memory.names.get(entry.id, ("", ""))
            return replace(entry, label=BookLabel(title=title, author=author))
        # The first of the formats that is up to date; an MP3 is heard in every browser.
        current = next((book for book in made if self._is_new_enough(entry, book)), None)
        book = current or next(iter(made))
        return replace(
            entry,
            book=book,
            touched=max(inputs.edited, made[book]),
            state=State.DONE if current else State.CHANGED,
            label=self._labels.read(book),
        )

    def _is_new_enough(self, entry: ShelfEntry, book: Path) -> bool:
        return self._comparison.is_new_enough(
            _key(entry, book), entry.inputs, modified(book), has_parts=bool(entry.parts)
        )

    def _compared(self, entry: ShelfEntry) -> ShelfEntry:
        """Return a book that has changed by the dates of its files, as the ledger knows it."""
        for book in _books_of(entry.home, entry.stem):
            key = _key(entry, book)
            job = partial(self.job, entry, form=_format_of(book))
            if self._comparison.is_same(key, entry.inputs, modified(book), job):
                return replace(entry, book=book, state=State.DONE, label=self._labels.read(book))
        return entry

    def id_of(self, path: Path) -> str:
        """Return what stands for a path of the folder in addresses."""
        inside = path.relative_to(self.folder).as_posix().encode("utf-8", "surrogateescape")
        return hashlib.blake2b(inside, digest_size=8).hexdigest()


def _key(entry: ShelfEntry, book: Path) -> str:
    return f"{entry.id} {_format_of(book)}"


def _format_of(book: Path) -> str:
    return next(name for name in FORMATS if book.name.endswith(SUFFIXES[name]))


def _books_of(folder: Path, stem: str) -> dict[Path, float]:
    """Return the books of a source, in the order of the formats, and when each was written."""
    paths = (folder / files.fit_name(stem, SUFFIXES[name]) for name in FORMATS)
    return {path: written for path in paths if (written := modified(path))}


def _sound_files(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as found:
            names = sorted(entry.name for entry in found if entry.is_file(follow_symlinks=False))
    except OSError:
        return []
    return [
        folder / name
        for name in names
        if not is_ignored(name) and name.lower().endswith(SOUNDS) and _PREVIEW not in name
    ]
