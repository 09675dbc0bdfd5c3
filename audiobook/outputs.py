"""What a build leaves in its folder: the book, perhaps each chapter by itself, and transcripts."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook import bind, cover, files, formats, transcripts
from audiobook.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiobook.cache import Recordings
    from audiobook.model import Book, Cue, Document, Job, Meta, Recording, Take

EPUB = "epub"
"""The format of a book to read along; its sound is MP3."""
FORMATS = (*formats.NAMES, EPUB)
EPUB_SUFFIX = ".readalong.epub"
"""Of a book to read along; its source may well be STEM.epub."""

# A picture takes 120 MB while it is made: of books built side by side one at a time, in a thread
# that uses the same memory again.
_painter = ThreadPoolExecutor(1, "painter")


def path_of(job: Job, stem: str) -> Path:
    """Return where a book goes."""
    return job.folder / f"{stem}{'.preview' if job.preview else ''}{_suffix(job)}"


def version_of(job: Job) -> object:
    """Return what goes up when the same recordings would be written differently."""
    return (job.format, formats.load(job.sound.format).VERSION, job.cover and cover.VERSION)


def read(job: Job, path: Path, order: str) -> Book | None:
    """Return the book that is there, if all is there that was ordered, and just as ordered."""
    book = _read_book(job, path, order)
    if book is None or not all(_is_current(job, path)):
        return None
    if job.split:
        form = formats.load(job.sound.format)
        if not bind.is_split(book, form, _split_folder(job, path), order):
            return None
    return book


def check(job: Job, document: Document, path: Path) -> None:
    """Make sure that a book can be written once it is recorded.

    Raises:
        OutputError: its place is not there to be written to.
        SourceError: its cover, or what a chapter is to show, is no picture.
    """
    files.check_place(path)
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

    book = _read_book(job, path, order)
    meta = document.meta
    if book is None or job.split:
        meta = replace(meta, cover=_cover(meta) if job.cover else b"")
    chapters = [replace(one, picture=_small(one.picture)) for one in document.chapters]
    ordered = (meta, chapters, takes, job.sound, sound_of)
    if book is None and job.format == EPUB:
        from audiobook import readalong

        book = readalong.write(*ordered, path, order)
    elif book is None:
        book = bind.bind(*ordered, path, order)
    if job.split:
        bind.split(*ordered, _split_folder(job, path), order)
    for kind, is_current in zip(job.transcripts, list(_is_current(job, path)), strict=True):
        if not is_current:
            text = transcripts.render(kind, book, cues())
            transcript = _transcript(job, path, kind)
            with files.whole(transcript) as file:
                file.write(text.encode("utf-8", "replace"))
            _date_like(path, transcript)
    return book


def _cover(meta: Meta) -> bytes:
    if meta.cover:
        return _painter.submit(cover.fit, meta.cover).result()
    return _painter.submit(cover.draw, meta.title, meta.author, meta.narrator).result()


def _small(picture: bytes) -> bytes:
    return cover.shrink(picture) if picture else b""


def _read_book(job: Job, path: Path, order: str) -> Book | None:
    if job.format == EPUB:
        from audiobook import readalong

        return readalong.read_book(path, order)
    return formats.load(job.format).read_book(path, order)


def _suffix(job: Job) -> str:
    return EPUB_SUFFIX if job.format == EPUB else formats.load(job.format).SUFFIX


def _split_folder(job: Job, path: Path) -> Path:
    return path.with_name(path.name.removesuffix(_suffix(job)))


def _transcript(job: Job, path: Path, kind: str) -> Path:
    return path.with_name(f"{path.name.removesuffix(_suffix(job))}.{kind}")


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
