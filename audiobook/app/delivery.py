"""Writes what a build delivers: the book, its chapters as files if wanted, and transcripts."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.app import artwork, changed_tags, layouts, making, placing
from audiobook.app.naming import is_from_stdin
from audiobook.app.ownership import (
    OutputLedger,
    Owner,
    read_identity,
    read_provenance,
    sign,
)
from audiobook.app.seals import Condition, FinishedFile, Seals
from audiobook.errors import OutputError, of_setting
from audiobook.messages import message
from audiobook.model import RecordedBook, Remark
from audiobook.outputs import cover, transcripts
from audiobook.speech import fitting
from audiobook.stages import bind
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.model import Book, Cue, Document, Event, Job, Meta, RecordedPassage, Recording
    from audiobook.store.recordings import Recordings

_INSIST = message("choose another place with -o, or insist with --overwrite")


def choose_path(job: Job, names: Sequence[str], identity: str, meta: Meta | None = None) -> Path:
    """Return the path of a book: the file that the user named, else one made of its names.

    Args:
        job: what to build.
        names: the names that the book may have, best first; one that the book of another source
            has is skipped.
        identity: the identity of the source of the book.
        meta: the book, where its layout places it by its title.

    Raises:
        OutputError: a file that must not be replaced is in the way.
    """
    ledger = OutputLedger(job.cache)
    if job.path:
        owner = ledger.owner_of(job.path, job.source, identity)
        _check_owner(job, job.path, owner, identity)
        return job.path
    ending = (".preview" if job.preview else "") + _format_of(job).SUFFIX
    if meta is not None and placing.has_layout(job):
        return _choose_place(job, names, identity, meta)
    paths = [job.folder / files.fit_name(name + _selection_label(job), ending) for name in names]
    owners = [ledger.owner_of(path, job.source, identity) for path in paths]
    if Owner.SOURCE in owners:
        return paths[owners.index(Owner.SOURCE)]
    start = names.index(job.stem) if job.stem in names else 0
    choice = next(
        (index for index in range(start, len(paths)) if owners[index] is not Owner.OTHER), start
    )
    _check_owner(job, paths[choice], owners[choice], identity)
    return paths[choice]


def _choose_place(job: Job, names: Sequence[str], identity: str, meta: Meta) -> Path:
    """Return the path of a book in a library; one whose folder holds another book is skipped."""
    ledger = OutputLedger(job.cache)
    for place in layouts.candidates(job.layout, meta, names, _format_of(job).SUFFIX):
        path = job.folder / place
        owner = ledger.owner_of(path, job.source, identity)
        if owner in (Owner.OTHER, Owner.NAMESAKE):
            continue
        if owner is Owner.SOURCE or placing.check_is_alone(path, identity):
            break
    _check_owner(job, path, owner, identity)
    return path


def _selection_label(job: Job) -> str:
    """Return the part of a book's name that names its chapters, if they are a selection."""
    if not job.selection:
        return ""
    start = "from " if job.selection.start else ""
    return f".{files.safe_name(start + job.selection.label, '')}"


def _check_owner(job: Job, path: Path, owner: Owner, identity: str) -> None:
    """Make sure that a book may replace the file at its path.

    Raises:
        OutputError: it may not.
    """
    _check_is_not_source(job, path)
    if owner in (Owner.NOBODY, Owner.SOURCE) or job.overwrite:
        return
    if owner is Owner.STRANGER:
        raise OutputError(
            message("{path} exists and was not made by audiobook", path=path), _INSIST
        )
    old_identity = read_identity(path) or ""
    if is_from_stdin(old_identity) and is_from_stdin(identity):
        return  # the user named the file for what comes from standard input
    origin = OutputLedger(job.cache).origin_of(path) or message("another source")
    raise OutputError(message("{path} is the book of {origin}", path=path, origin=origin), _INSIST)


def _check_is_not_source(job: Job, path: Path) -> None:
    try:
        is_source = path.samefile(job.source)
    except (OSError, ValueError):
        return  # one of them is not a file
    if is_source:
        raise OutputError(
            message("{path} is the source itself", path=path),
            message("choose another place with -o"),
        )


def _check_files_beside(job: Job, path: Path, chapters: Sequence[str]) -> None:
    """Make sure that transcripts and chapters beside a book replace no file of somebody else.

    Args:
        job: what to build.
        path: the path of the book.
        chapters: the titles of the chapters that become files of their own.

    Raises:
        OutputError: such a file would be replaced.
    """
    ledger = OutputLedger(job.cache)
    for kind in job.transcripts:
        target = _transcript_path(job, path, kind)
        _check_is_not_source(job, target)
        if os.path.lexists(target) and not (job.overwrite or ledger.is_own_transcript(target)):
            raise OutputError(
                message(
                    "{path} exists and was not written by audiobook, or was changed since",
                    path=target,
                ),
                _INSIST,
            )
    if job.split and not job.overwrite:
        form = outputs.load(job.sound.format)
        for target in bind.split_paths(chapters, _split_folder(job, path), form):
            if os.path.lexists(target) and not read_provenance(target):
                raise OutputError(
                    message("{path} exists and was not made by audiobook", path=target), _INSIST
                )


def format_version(job: Job) -> object:
    """Return a value that changes when the same recordings would be written differently."""
    return (job.format, _format_of(job).VERSION, job.cover and (cover.VERSION, job.cover_size))


def find_current(
    job: Job, path: Path, provenance: str, report: Callable[[Event], None]
) -> Book | None:
    """Return the finished book if it and all files beside it are up to date; None otherwise.

    Args:
        job: what the user ordered.
        path: the path of the book.
        provenance: the provenance that the book has if nothing has changed since it was made.
        report: called with a remark if the book is to be verified and nothing is noted of it.
    """
    book = _read_book(job, path, provenance)
    if book is None or not all(_are_current(job, path)):
        return None
    if not placing.are_side_files_there(job, path):
        return None
    if job.split:
        titles = [chapter.title for chapter in book.chapters]
        if not all(_read(job, chapter) for chapter in _chapters(job, path, titles, provenance)):
            return None
        wanted_cover = provenance if job.cover else ""
        folder = _split_folder(job, path)
        if not cover.beside.is_current(folder, wanted_cover, overwrite=job.overwrite):
            return None
    finished = FinishedFile(path, _format_of(job), provenance)
    if job.verify and Seals(job.cache).condition_of(finished) is Condition.UNKNOWN:
        report(Remark(message("{path} cannot be verified: no cache knows it", path=path)))
    return book


def check_can_write(
    job: Job,
    document: Document,
    path: Path,
    provenance: str,
    report: Callable[[Event], None],
) -> None:
    """Make sure that a book can be written once it is recorded.

    Args:
        job: what the user ordered.
        document: the text of the book.
        path: the path of the book.
        provenance: the provenance that it will have.
        report: called with a remark for each file that was damaged since it was made.

    Raises:
        OutputError: its folder cannot be written to, or a file is in the way.
        SourceError: its cover, or the picture of a chapter, is not a picture.
    """
    files.check_place(path)
    titles = [chapter.title for chapter in document.chapters]
    _check_files_beside(job, path, titles)
    chapters = _chapters(job, path, titles, provenance) if job.split else ()
    for finished in (FinishedFile(path, _format_of(job), provenance), *chapters):
        if Seals(job.cache).condition_of(finished, wholly=job.verify) is Condition.DAMAGED:
            report(Remark(_damage_note(finished.path)))
    if not job.overwrite and _read_book(job, path, provenance) is None:
        changed_tags.check_kept(document, path, "drawn" if job.cover else "", titles)
    for chapter in document.chapters:
        if chapter.picture:
            cover.check(chapter.picture, message("the picture of {chapter}", chapter=chapter.title))
    if job.cover and document.meta.cover:
        with of_setting("cover"):
            cover.check_cover(document.meta.cover)


def write(
    job: Job,
    document: Document,
    passages: Sequence[RecordedPassage],
    recordings: Recordings,
    path: Path,
    provenance: str,
) -> Book:
    """Write the book and the files beside it, except those that are up to date.

    Args:
        job: what to build.
        document: the book as it was read.
        passages: its passages, in order.
        recordings: the store of their recordings.
        path: the path of the book.
        provenance: the fingerprint of all of the above, for `find_current`.

    Raises:
        OutputError: a file cannot be written; each file that has its final name is whole.
    """

    def recording_of(key: str) -> Recording:
        recording = recordings.get(key)
        if recording is None:
            raise OutputError(
                message("a recording vanished from {folder}", folder=job.cache),
                message("run the command again"),
            )
        return recording

    def sound_of(key: str) -> bytes:
        return recording_of(key).sound

    def cues() -> Iterator[Cue]:
        """Yield every sentence with its words, with one passage in memory at a time."""
        position = 0
        for passage in passages:
            for cue in recording_of(passage.key).timing.cues:
                yield cue.shifted(position)
            position += passage.timing.samples

    ledger = OutputLedger(job.cache)
    book = _read_book(job, path, provenance)
    meta = document.meta
    if book is None or job.split or placing.has_layout(job):
        meta = replace(meta, cover=artwork.cover_of(job, meta))
    chapters = [
        replace(chapter, picture=artwork.chapter_picture_of(chapter.picture))
        for chapter in document.chapters
    ]
    recorded = RecordedBook(
        meta=meta,
        chapters=chapters,
        passages=passages,
        sound=job.sound,
        sound_of=sound_of,
        making=tuple(making.of_job(job)),
    )
    if book is None:
        form = _format_of(job)
        book = bind.bind(recorded, form, path, provenance)
        Seals(job.cache).seal(FinishedFile(path, form, provenance))
    book = replace(book, misfits=tuple(fitting.find_misfits(recorded.spoken_slots())))
    ledger.note_book(path, job.source)
    placing.note_place(job, path)
    placing.write_side_files(job, meta, book)
    if job.split:
        _write_split(job, recorded, path, provenance)
    for kind, is_current in zip(job.transcripts, list(_are_current(job, path)), strict=True):
        if not is_current:
            text = sign(transcripts.render(kind, book, cues()), f".{kind}")
            data = text.encode("utf-8", "replace")
            transcript = _transcript_path(job, path, kind)
            ledger.note_transcript(data)
            with files.whole(transcript) as file:
                file.write(data)
            _copy_date(path, transcript)
    return book


def _write_split(job: Job, recorded: RecordedBook, path: Path, provenance: str) -> None:
    """Write the chapters of a book as files with a small cover, and the cover beside them."""
    picture, folder = recorded.meta.cover, _split_folder(job, path)
    meta = replace(recorded.meta, cover=artwork.small_cover_of(picture))
    form = outputs.load(job.sound.format)
    books = bind.split(
        replace(recorded, meta=meta),
        folder,
        provenance,
        lambda chapter, fingerprint: _read(job, FinishedFile(chapter, form, fingerprint)),
    )
    for number, book in enumerate(books, 1):
        fingerprint = bind.order_of_chapter(provenance, number)
        Seals(job.cache).seal(FinishedFile(book.path, form, fingerprint))
    if picture:
        cover.beside.write(folder, picture, provenance, overwrite=job.overwrite)
    else:
        cover.beside.remove(folder)


def _read_book(job: Job, path: Path, provenance: str) -> Book | None:
    return _read(job, FinishedFile(path, _format_of(job), provenance))


def _read(job: Job, finished: FinishedFile) -> Book | None:
    return Seals(job.cache).read(finished, wholly=job.verify)


def _chapters(
    job: Job, path: Path, titles: Sequence[str], provenance: str
) -> Iterator[FinishedFile]:
    """Yield the files of the chapters of a book, if each has one of its own."""
    form = outputs.load(job.sound.format)
    for number, chapter in enumerate(bind.split_paths(titles, _split_folder(job, path), form), 1):
        yield FinishedFile(chapter, form, bind.order_of_chapter(provenance, number))


def _damage_note(path: Path) -> Message:
    return message("{path} was damaged since it was made, and is written again", path=path)


def _format_of(job: Job) -> outputs.Format:
    return outputs.load(job.format)


def _split_folder(job: Job, path: Path) -> Path:
    return path.with_name(_base_name(job, path))


def _transcript_path(job: Job, path: Path, kind: str) -> Path:
    return path.with_name(f"{_base_name(job, path)}.{kind}")


def _base_name(job: Job, path: Path) -> str:
    """Return the name of a book's file without its ending, which the user may have chosen."""
    base = path.name.removesuffix(_format_of(job).SUFFIX)
    return base if base != path.name else path.stem


def _are_current(job: Job, path: Path) -> Iterator[bool]:
    """Yield for each transcript whether it was written for this book: see `_copy_date`."""
    for kind in job.transcripts:
        transcript = _transcript_path(job, path, kind)
        yield path.exists() and transcript.exists() and _modified(transcript) == _modified(path)


def _modified(path: Path) -> int:
    return path.stat().st_mtime_ns


def _copy_date(book: Path, transcript: Path) -> None:
    """Give a transcript the date of its book, so that it counts as current by being equal.

    A clock may jump, so that a transcript written later could look older than its book.
    """
    date = _modified(book)
    with suppress(OSError):  # on a disk without dates the transcript is written again each time
        os.utime(transcript, ns=(date, date))
