"""Finds the place of a book in a library, moves it there, and keeps the files beside it."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from audiobook.app import layouts
from audiobook.app.ownership import OutputLedger, Owner, is_of_another, read_identity
from audiobook.errors import OutputError
from audiobook.messages import message
from audiobook.model import PLAIN
from audiobook.outputs import SOUND_ENDINGS
from audiobook.system import files, locks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from audiobook.model import Book, Job, Meta

_LOCKS = "places"


def has_layout(job: Job) -> bool:
    """Return whether a book is placed by its title: not one whose file is named, or a preview."""
    return job.layout != PLAIN and job.path is None and not job.preview


@contextmanager
def one_at_a_time(job: Job) -> Iterator[None]:
    """Keep other builds from placing books in the library of a job.

    Two books of the same author and title may be built side by side: whichever is written first
    has the place, and the other one finds it taken.

    Raises:
        OutputError: the cache cannot be written to.
    """
    if not has_layout(job):
        yield
        return
    folder = hashlib.blake2b(os.fsencode(job.folder.resolve()), digest_size=8).hexdigest()
    lock = job.cache / _LOCKS / f"{folder}.lock"
    files.check_place(lock)
    with locks.FileLock(lock):
        yield


def last_place(job: Job) -> Path | None:
    """Return where the book of a job was placed the last time; None where it is not there."""
    return OutputLedger(job.cache).place_of(*_placing(job)) if has_layout(job) else None


def note_place(job: Job, path: Path) -> None:
    """Keep where a book was placed.

    Raises:
        OutputError: the cache cannot be written to.
    """
    if has_layout(job):
        OutputLedger(job.cache).note_place(*_placing(job), path)


def _placing(job: Job) -> tuple[str, Path, str]:
    return job.source, job.folder, f"{job.format} {job.selection.label}"


def check_is_alone(path: Path, identity: str) -> bool:
    """Return whether no other book's sound lies in the folder of a book.

    Raises:
        OutputError: the same book lies there in another format, and would be played twice.
    """
    others = [
        other
        for other in (path.parent.iterdir() if path.parent.is_dir() else ())
        if other.suffix.lower() in SOUND_ENDINGS and other.name != path.name
    ]
    for other in others:
        if path.suffix.lower() in SOUND_ENDINGS and read_identity(other) == identity:
            raise OutputError(
                message(
                    "{folder} holds this book as {name} already, and a library program would "
                    "play both",
                    folder=path.parent,
                    name=other.name,
                ),
                message("remove that file, or choose another folder with -o"),
            )
    return not others or path.suffix.lower() not in SOUND_ENDINGS


def present_place(job: Job, path: Path, identity: str) -> Path:
    """Return where a book lies that `move` would move; its new place if nothing is to be moved.

    Args:
        job: what the user ordered.
        path: the new path of the book.
        identity: the identity of its source.
    """
    old = last_place(job)
    if old is None or old == path or path.exists():
        return path
    is_own = OutputLedger(job.cache).owner_of(old, job.source, identity) is Owner.SOURCE
    return old if is_own else path


def move(job: Job, path: Path, identity: str) -> None:
    """Move a book that was placed elsewhere to its new place, with all in its folder.

    Args:
        job: what the user ordered.
        path: the new path of the book.
        identity: the identity of its source.

    Raises:
        OutputError: it cannot be moved.
    """
    ledger, old = OutputLedger(job.cache), present_place(job, path, identity)
    if old == path:
        return
    with suppress(OSError):  # it is not there, or not empty
        path.parent.rmdir()
    try:
        if path.parent.exists():
            moved = [old, *(file for file in _own_files(old, ledger) if file.is_file())]
        else:
            path.parent.parent.mkdir(parents=True, exist_ok=True)
            old.parent.rename(path.parent)
            moved = [file for file in path.parent.iterdir() if file.name.startswith(f"{old.stem}.")]
        for file in moved:
            name = file.name
            if name.startswith(f"{old.stem}."):
                name = path.stem + name.removeprefix(old.stem)
            if not (path.parent / name).exists():
                file.rename(path.parent / name)
        _remove_empty(old.parent, job.folder)
    except OSError as problem:
        raise OutputError(
            message("cannot move {path}: {reason}", path=old, reason=problem),
            message("move it yourself, or choose another folder with -o"),
        ) from problem
    ledger.note_book(path, job.source)
    note_place(job, path)


def _own_files(book: Path, ledger: OutputLedger) -> Iterable[Path]:
    """Return the files beside a book that this program wrote, and nobody has changed since."""
    beside = [book.with_name(name) for name in layouts.SIDE_FILES]
    transcripts = [
        file
        for file in book.parent.iterdir()
        if file.stem in (book.stem, book.name) and file != book and not is_of_another(file, book)
    ]
    return [file for file in (*beside, *transcripts) if ledger.is_own_transcript(file)]


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove a folder and those above it that are empty, up to that of the library."""
    with suppress(OSError):  # one of them holds something
        while folder != top and folder.is_relative_to(top):
            if folder.exists():
                folder.rmdir()
            folder = folder.parent


def write_side_files(job: Job, meta: Meta, book: Book) -> None:
    """Write the files beside a book; those that somebody changed stay as they are.

    Args:
        job: what the user ordered.
        meta: the book, with the cover as it stands in its file.
        book: where it lies.

    Raises:
        OutputError: a file cannot be written.
    """
    if has_layout(job):
        beside = layouts.side_files(job.layout, meta, book)
        _write_beside(book.path, beside, OutputLedger(job.cache), overwrite=job.overwrite)


def refresh_side_files(meta: Meta, book: Book, cache: Path) -> None:
    """Write the files beside a book again where a layout put them there.

    Args:
        meta: the book as it is now, with its cover.
        book: where it lies.
        cache: the cache folder, which knows whose files are.

    Raises:
        OutputError: a file cannot be written.
    """
    ledger = OutputLedger(cache)
    own = [
        name for name in layouts.SIDE_FILES if ledger.is_own_transcript(book.path.with_name(name))
    ]
    if own:
        layout = "audiobookshelf" if book.path.with_name("metadata.json").exists() else "plex"
        beside = layouts.side_files(layout, meta, book)
        _write_beside(book.path, beside, ledger, overwrite=False)


def _write_beside(
    book: Path, beside: Mapping[str, bytes], ledger: OutputLedger, *, overwrite: bool
) -> None:
    for name in layouts.SIDE_FILES:
        path, data = book.with_name(name), beside.get(name)
        if path.exists() and not (overwrite or ledger.is_own_transcript(path)):
            continue
        if data is None:
            files.remove(path)
        elif not path.exists() or path.read_bytes() != data:
            ledger.note_transcript(data)
            files.put(path, data)


def are_side_files_there(job: Job, path: Path) -> bool:
    """Return whether the file that tells a library program of a book is beside it."""
    is_told = has_layout(job) and job.layout == "audiobookshelf"
    return not is_told or path.with_name("metadata.json").exists()
