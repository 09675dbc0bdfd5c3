"""What a build leaves in its folder: the book, perhaps each chapter by itself, and transcripts."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.app.naming import is_from_stdin
from audiobook.app.ownership import EPUB_SUFFIXES, Ledger, Owner, identity_in, order_of, sign
from audiobook.errors import OutputError
from audiobook.outputs import cover, transcripts
from audiobook.stages import bind
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiobook.model import Book, Cue, Document, Job, Meta, Recording, Take
    from audiobook.store.recordings import Recordings

EPUB_SUFFIX = EPUB_SUFFIXES[0]
"""Of a book to read along; its source may well be STEM.epub."""
_INSIST = "choose another place with -o, or insist with --overwrite"

# A picture takes 120 MB while it is made: of books built side by side one at a time, in a thread
# that uses the same memory again.
_painter = ThreadPoolExecutor(1, "painter")


def path_of(job: Job, names: Sequence[str], identity: str) -> Path:
    """Return where a book goes: to the file that the user named, else under one of its names.

    Args:
        job: what is ordered.
        names: those it may have, best first; one that another source's book has is passed over.
        identity: of its source.

    Raises:
        OutputError: there is a file that is not to be replaced.
    """
    ledger = Ledger(job.cache)
    if job.path:
        owner = ledger.owner_of(job.path, job.source, identity)
        _check_owner(job, job.path, owner, identity)
        return job.path
    ending = (".preview" if job.preview else "") + _suffix(job)
    paths = [job.folder / files.fit_name(name + _selected(job), ending) for name in names]
    owners = [ledger.owner_of(path, job.source, identity) for path in paths]
    if Owner.SOURCE in owners:
        return paths[owners.index(Owner.SOURCE)]
    start = names.index(job.stem) if job.stem in names else 0
    choice = next((at for at in range(start, len(paths)) if owners[at] is not Owner.OTHER), start)
    _check_owner(job, paths[choice], owners[choice], identity)
    return paths[choice]


def _selected(job: Job) -> str:
    """Return what the name of a book says of its chapters, where they are not all."""
    if not job.selection:
        return ""
    start = "from " if job.selection.start else ""
    return f".{files.safe_name(start + job.selection.label, '')}"


def _check_owner(job: Job, path: Path, owner: Owner, identity: str) -> None:
    """Make sure that a book may take the place of what is there.

    Raises:
        OutputError: it may not.
    """
    _check_is_not_source(job, path)
    if owner in (Owner.NOBODY, Owner.SOURCE) or job.overwrite:
        return
    if owner is Owner.STRANGER:
        raise OutputError(f"{path} exists and was not made by audiobook", _INSIST)
    kept = identity_in(path) or ""
    if is_from_stdin(kept) and is_from_stdin(identity):
        return  # the user named the file for what comes from standard input
    origin = Ledger(job.cache).origin_of(path) or "another source"
    raise OutputError(f"{path} is the book of {origin}", _INSIST)


def _check_is_not_source(job: Job, path: Path) -> None:
    try:
        is_source = path.samefile(job.source)
    except (OSError, ValueError):
        return  # one of them is no file
    if is_source:
        raise OutputError(f"{path} is the source itself", "choose another place with -o")


def _check_others(job: Job, path: Path, chapters: Sequence[str]) -> None:
    """Make sure that what goes beside a book replaces nothing that is not ours.

    Args:
        job: what is ordered.
        path: where the book goes.
        chapters: titles of the chapters that become files of their own.

    Raises:
        OutputError: something would be replaced.
    """
    ledger = Ledger(job.cache)
    for kind in job.transcripts:
        place = _transcript(job, path, kind)
        _check_is_not_source(job, place)
        if os.path.lexists(place) and not (job.overwrite or ledger.is_own_transcript(place)):
            raise OutputError(
                f"{place} exists and was not written by audiobook, or was changed since", _INSIST
            )
    if job.split and not job.overwrite:
        form = outputs.load(job.sound.format)
        for place in bind.split_paths(chapters, _split_folder(job, path), form):
            if os.path.lexists(place) and not order_of(place):
                raise OutputError(f"{place} exists and was not made by audiobook", _INSIST)


def version_of(job: Job) -> object:
    """Return what goes up when the same recordings would be written differently."""
    return (job.format, outputs.load(job.sound.format).VERSION, job.cover and cover.VERSION)


def read(job: Job, path: Path, order: str) -> Book | None:
    """Return the book that is there, if all is there that was ordered, and just as ordered."""
    book = _read_book(job, path, order)
    if book is None or not all(_is_current(job, path)):
        return None
    if job.split:
        form = outputs.load(job.sound.format)
        if not bind.is_split(book, form, _split_folder(job, path), order):
            return None
    return book


def check(job: Job, document: Document, path: Path) -> None:
    """Make sure that a book can be written once it is recorded.

    Raises:
        OutputError: its place is not there to be written to, or something is in it.
        SourceError: its cover, or what a chapter is to show, is no picture.
    """
    files.check_place(path)
    _check_others(job, path, [chapter.title for chapter in document.chapters])
    for chapter in document.chapters:
        if chapter.picture:
            cover.check(chapter.picture, f"the picture of {chapter.title}")
    if job.cover and document.meta.cover:
        cover.check(document.meta.cover)


def write(
    job: Job,
    document: Document,
    takes: Sequence[Take],
    recordings: Recordings,
    path: Path,
    order: str,
) -> Book:
    """Write what is not there yet.

    Args:
        job: what was ordered.
        document: the book as it was read.
        takes: its recordings, in order.
        recordings: where they are kept.
        path: where the book goes.
        order: fingerprint of all of the above, for `read`.

    Raises:
        OutputError: something cannot be written; whatever has its final name is whole.
    """

    def recording_of(key: str) -> Recording:
        recording = recordings.get(key)
        if recording is None:
            raise OutputError(f"a recording vanished from {job.cache}", "run the command again")
        return recording

    def sound_of(key: str) -> bytes:
        return recording_of(key).sound

    def cues() -> Iterator[Cue]:
        """Yield every sentence with its words, holding those of one passage at a time."""
        position = 0
        for take in takes:
            for cue in recording_of(take.key).timing.cues:
                yield cue.shifted(position)
            position += take.timing.samples

    ledger = Ledger(job.cache)
    book = _read_book(job, path, order)
    meta = document.meta
    if book is None or job.split:
        meta = replace(meta, cover=_cover(meta) if job.cover else b"")
    chapters = [replace(one, picture=_small(one.picture)) for one in document.chapters]
    ordered = (meta, chapters, takes, job.sound, sound_of)
    if book is None and job.format == outputs.EPUB:
        from audiobook.outputs import epub

        book = epub.write(*ordered, path, order)
    elif book is None:
        book = bind.bind(*ordered, path, order)
    ledger.note_book(path, job.source)
    if job.split:
        bind.split(*ordered, _split_folder(job, path), order)
    for kind, is_current in zip(job.transcripts, list(_is_current(job, path)), strict=True):
        if not is_current:
            text = sign(transcripts.render(kind, book, cues()), f".{kind}")
            data = text.encode("utf-8", "replace")
            transcript = _transcript(job, path, kind)
            ledger.note_transcript(data)
            with files.whole(transcript) as file:
                file.write(data)
            _date_like(path, transcript)
    return book


def _cover(meta: Meta) -> bytes:
    if meta.cover:
        return _painter.submit(cover.fit, meta.cover).result()
    return _painter.submit(cover.draw, meta.title, meta.author, meta.narrator).result()


def _small(picture: bytes) -> bytes:
    return cover.shrink(picture) if picture else b""


def _read_book(job: Job, path: Path, order: str) -> Book | None:
    if job.format == outputs.EPUB:
        from audiobook.outputs import epub

        return epub.read_book(path, order)
    return outputs.load(job.format).read_book(path, order)


def _suffix(job: Job) -> str:
    return EPUB_SUFFIX if job.format == outputs.EPUB else outputs.load(job.format).SUFFIX


def _split_folder(job: Job, path: Path) -> Path:
    return path.with_name(_base(job, path))


def _transcript(job: Job, path: Path, kind: str) -> Path:
    return path.with_name(f"{_base(job, path)}.{kind}")


def _base(job: Job, path: Path) -> str:
    """Return the name of a book's file without its ending, which the user may have chosen."""
    base = path.name.removesuffix(_suffix(job))
    return base if base != path.name else path.stem


def _is_current(job: Job, path: Path) -> Iterator[bool]:
    """Tell of each transcript whether it was written for this very book: `_date_like` says so."""
    for kind in job.transcripts:
        found = _transcript(job, path, kind)
        yield path.exists() and found.exists() and _date(found) == _date(path)


def _date(path: Path) -> int:
    return path.stat().st_mtime_ns


def _date_like(book: Path, transcript: Path) -> None:
    """Give a transcript the date of its book: a clock may jump, and then later is not younger."""
    date = _date(book)
    with suppress(OSError):  # a disk without dates: it is written again each time
        os.utime(transcript, ns=(date, date))
