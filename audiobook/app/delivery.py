"""Writes what a build delivers: the book, its chapters as files if wanted, and transcripts."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.app import artwork, changed_tags, making, placing
from audiobook.app.chapter_places import unlisted_note
from audiobook.app.current import (
    INSIST,
    are_current,
    chapter_files,
    check_is_not_source,
    format_of,
    modified,
    read_book,
    read_file,
    split_folder,
    transcript_path,
)
from audiobook.app.ownership import OutputLedger, read_provenance
from audiobook.app.seals import Condition, FinishedFile, Seals
from audiobook.errors import OutputError, of_setting
from audiobook.messages import message
from audiobook.model import RecordedBook, Remark
from audiobook.outputs import cover, levels, signatures, transcripts
from audiobook.speech import fitting
from audiobook.stages import bind
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.model import Book, Cue, Document, Event, Job, RecordedPassage
    from audiobook.store.recordings import Recordings


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
        target = transcript_path(job, path, kind)
        check_is_not_source(job, target)
        if os.path.lexists(target) and not (job.overwrite or ledger.is_own_transcript(target)):
            raise OutputError(
                message(
                    "{path} exists and was not written by audiobook, or was changed since",
                    path=target,
                ),
                INSIST,
            )
    if job.split and not job.overwrite:
        form = outputs.load(job.sound.format)
        for target in bind.split_paths(chapters, split_folder(job, path), form):
            if os.path.lexists(target) and not read_provenance(target):
                raise OutputError(
                    message("{path} exists and was not made by audiobook", path=target), INSIST
                )


def format_version(job: Job) -> object:
    """Return a value that changes when the same recordings would be written differently."""
    return (job.format, format_of(job).VERSION, job.cover and (cover.VERSION, job.cover_size))


def check_can_write(
    job: Job,
    document: Document,
    path: Path,
    present: Path,
    provenance: str,
    report: Callable[[Event], None],
) -> None:
    """Make sure that a book can be written once it is recorded.

    Args:
        job: what the user ordered.
        document: the text of the book.
        path: the path of the book.
        present: where it lies until it is moved there, with the files beside it.
        provenance: the provenance that it will have.
        report: called with a remark for each file that was damaged since it was made.

    Raises:
        OutputError: its folder cannot be written to, or a file is in the way.
        SourceError: its cover, or the picture of a chapter, is not a picture.
    """
    titles = [chapter.title for chapter in document.chapters]
    for place in dict.fromkeys((present, path)):
        _check_files_beside(job, place, titles)
    chapters = chapter_files(job, path, titles, provenance) if job.split else ()
    for finished in (FinishedFile(present, format_of(job), provenance), *chapters):
        if Seals(job.cache).condition_of(finished, wholly=job.verify) is Condition.DAMAGED:
            report(Remark(_damage_note(finished.path)))
    listed = len(levels.outermost(document.chapters, format_of(job).MOST_CHAPTERS))
    if listed < len(titles):
        report(Remark(unlisted_note(listed, len(titles))))
    if not job.overwrite and read_book(job, present, provenance) is None:
        changed_tags.check_kept(document, present, "drawn" if job.cover else "", titles)
    for chapter in document.chapters:
        if chapter.picture:
            cover.check(chapter.picture, message("the picture of {chapter}", chapter=chapter.title))
    if job.cover and document.meta.cover:
        with of_setting("cover"):
            cover.check_cover(document.meta.cover)
    files.check_place(path)  # last: it makes the folder


def needs_cover(job: Job, book: Book | None) -> bool:
    """Return whether `write` needs the cover: not where the book is there and transcripts are not.

    Args:
        job: what the user ordered.
        book: what is at its path; None if that is another book, or none.
    """
    return book is None or job.split or placing.has_layout(job)


def write(
    job: Job,
    document: Document,
    passages: Sequence[RecordedPassage],
    recordings: Recordings,
    path: Path,
    provenance: str,
    cover_to_be: Future[bytes] | None = None,
) -> Book:
    """Write the book and the files beside it, except those that are up to date.

    Args:
        job: what to build.
        document: the book as it was read.
        passages: its passages, in order.
        recordings: the store of their recordings.
        path: the path of the book.
        provenance: the fingerprint of all of the above, for `find_current`.
        cover_to_be: what `begin_cover` returned for the book, if it was begun already.

    Raises:
        OutputError: a file cannot be written; each file that has its final name is whole.
    """

    def sound_of(key: str) -> bytes:
        sound = recordings.sound(key)
        if sound is None:
            raise _vanished(job)
        return sound

    def cues() -> Iterator[Cue]:
        """Yield every sentence with its words, with one passage in memory at a time."""
        position = 0
        for passage in passages:
            recording = recordings.get(passage.key)
            if recording is None:
                raise _vanished(job)
            yield from (cue.shifted(position) for cue in recording.timing.cues)
            position += passage.timing.samples

    ledger = OutputLedger(job.cache)
    book = read_book(job, path, provenance)
    meta = document.meta
    if needs_cover(job, book):
        cover_to_be = cover_to_be or artwork.begin_cover(job, meta)
        meta = replace(meta, cover=cover_to_be.result())
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
        form = format_of(job)
        book = bind.bind(recorded, form, path, provenance)
        Seals(job.cache).seal(FinishedFile(path, form, provenance))
    book = replace(book, misfits=tuple(fitting.find_misfits(recorded.spoken_slots())))
    ledger.note_book(path, job.source)
    placing.note_place(job, path)
    placing.write_side_files(job, meta, book)
    if job.split:
        _write_split(job, recorded, path, provenance)
    for kind, is_current in zip(job.transcripts, list(are_current(job, path)), strict=True):
        if not is_current:
            text = signatures.sign(transcripts.render(kind, book, cues()), f".{kind}")
            data = text.encode("utf-8", "replace")
            transcript = transcript_path(job, path, kind)
            ledger.note_transcript(data)
            with files.whole(transcript) as file:
                file.write(data)
            _copy_date(path, transcript)
    return book


def _write_split(job: Job, recorded: RecordedBook, path: Path, provenance: str) -> None:
    """Write the chapters of a book as files with a small cover, and the cover beside them."""
    picture, folder = recorded.meta.cover, split_folder(job, path)
    meta = replace(recorded.meta, cover=artwork.small_cover_of(picture))
    form = outputs.load(job.sound.format)
    books = bind.split(
        replace(recorded, meta=meta),
        folder,
        provenance,
        lambda chapter, fingerprint: read_file(job, FinishedFile(chapter, form, fingerprint)),
    )
    for number, book in enumerate(books, 1):
        fingerprint = bind.order_of_chapter(provenance, number)
        Seals(job.cache).seal(FinishedFile(book.path, form, fingerprint))
    if picture:
        cover.beside.write(folder, picture, provenance, overwrite=job.overwrite)
    else:
        cover.beside.remove(folder)


def _vanished(job: Job) -> OutputError:
    return OutputError(
        message("a recording vanished from {folder}", folder=job.cache),
        message("run the command again"),
    )


def _damage_note(path: Path) -> Message:
    return message("{path} was damaged since it was made, and is written again", path=path)


def _copy_date(book: Path, transcript: Path) -> None:
    """Give a transcript the date of its book, so that it counts as current by being equal.

    A clock may jump, so that a transcript written later could look older than its book.
    """
    date = modified(book)
    with suppress(OSError):  # on a disk without dates the transcript is written again each time
        os.utime(transcript, ns=(date, date))
