"""Finds the finished book of a job, if it is up to date, without reading its source.

It imports nothing that only making a book needs, so that an unchanged book costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.app import layouts, naming, placing
from audiobook.app.ledger import BuildLedger, hash_inputs
from audiobook.app.naming import is_from_stdin
from audiobook.app.ownership import (
    OutputLedger,
    Owner,
    is_of_another,
    read_identity,
    transcript_apart,
)
from audiobook.app.seals import Condition, FinishedFile, Seals
from audiobook.errors import OutputError
from audiobook.messages import message
from audiobook.model import Remark, ignore_event
from audiobook.stages import readers
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobook.model import Book, Document, Event, Job, Meta

INSIST = message("choose another place with -o, or insist with --overwrite")


def find_book(job: Job) -> Book | None:
    """Return the book of a job if it is up to date, without reading the source; None if not.

    It is also None where only the text of the source tells.

    Raises:
        VoiceError: a voice is not usable here.
        OutputError: a file that must not be replaced is in the way.
    """
    return find_by_inputs(job, hash_inputs(job))


def find_by_inputs(
    job: Job, inputs: str, report: Callable[[Event], None] = ignore_event
) -> Book | None:
    """Return what `find_book` does.

    Args:
        job: what the user ordered.
        inputs: what `hash_inputs` returned for it.
        report: called with a remark if the book is to be verified and nothing is noted of it.
    """
    provenance = BuildLedger(job.cache).find(inputs)
    if job.source == readers.STDIN or not provenance:
        return None
    if placing.has_layout(job):
        place = placing.last_place(job)
        return find_current(job, place, provenance, report) if place else None
    # Mostly the book lies where it would be written: its file is read once then.
    path = job.path or _paths(job, naming.names_of(job.source, joined=bool(job.parts)))[0]
    book = find_current(job, path, provenance, report) if files.is_file(path) else None
    if book and OutputLedger(job.cache).is_source_of(path, job.source):
        return book
    path, _ = path_and_identity(job)
    return find_current(job, path, provenance, report)


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
    book = read_book(job, path, provenance)
    if book is None or not all(are_current(job, path)):
        return None
    if not placing.are_side_files_there(job, path):
        return None
    if job.split:
        from audiobook.outputs import cover

        titles = [chapter.title for chapter in book.chapters]
        chapters = chapter_files(job, path, titles, provenance)
        if not all(read_file(job, chapter) for chapter in chapters):
            return None
        wanted_cover = provenance if job.cover else ""
        folder = split_folder(job, path)
        if not cover.beside.is_current(folder, wanted_cover, overwrite=job.overwrite):
            return None
    finished = FinishedFile(path, format_of(job), provenance)
    if job.verify and Seals(job.cache).condition_of(finished) is Condition.UNKNOWN:
        report(Remark(message("{path} cannot be verified: no cache knows it", path=path)))
    return book


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
    if meta is not None and placing.has_layout(job):
        return _choose_place(job, names, identity, meta)
    paths = _paths(job, names)
    owners = [ledger.owner_of(path, job.source, identity) for path in paths]
    if Owner.SOURCE in owners:
        return paths[owners.index(Owner.SOURCE)]
    start = names.index(job.stem) if job.stem in names else 0
    choice = next(
        (index for index in range(start, len(paths)) if owners[index] is not Owner.OTHER), start
    )
    _check_owner(job, paths[choice], owners[choice], identity)
    return paths[choice]


def _paths(job: Job, names: Sequence[str]) -> list[Path]:
    ending = (".preview" if job.preview else "") + format_of(job).SUFFIX
    return [job.folder / files.fit_name(name + _selection_label(job), ending) for name in names]


def _choose_place(job: Job, names: Sequence[str], identity: str, meta: Meta) -> Path:
    """Return the path of a book in a library; one whose folder holds another book is skipped."""
    ledger = OutputLedger(job.cache)
    for place in layouts.candidates(job.layout, meta, names, format_of(job).SUFFIX):
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
    check_is_not_source(job, path)
    if owner in (Owner.NOBODY, Owner.SOURCE) or job.overwrite:
        return
    if owner is Owner.STRANGER:
        raise OutputError(message("{path} exists and was not made by audiobook", path=path), INSIST)
    old_identity = read_identity(path) or ""
    if is_from_stdin(old_identity) and is_from_stdin(identity):
        return  # the user named the file for what comes from standard input
    origin = OutputLedger(job.cache).origin_of(path) or message("another source")
    raise OutputError(message("{path} is the book of {origin}", path=path, origin=origin), INSIST)


def check_is_not_source(job: Job, path: Path) -> None:
    """Make sure that a file to be written is not the source.

    Raises:
        OutputError: it is.
    """
    try:
        is_source = path.samefile(job.source)
    except (OSError, ValueError):
        return  # one of them is not a file
    if is_source:
        raise OutputError(
            message("{path} is the source itself", path=path),
            message("choose another place with -o"),
        )


def path_and_identity(job: Job, document: Document | None = None) -> tuple[Path, str]:
    """Return the path of a book, and the identity of its source.

    Args:
        job: what to build.
        document: the book, where its name depends on it.

    Raises:
        OutputError: a file that must not be replaced is in the way.
    """
    joined, title, text = bool(job.parts), "", ""
    if document and job.source == readers.STDIN:
        from audiobook.stages.chapters import untitled

        text = _plain_text(document)
        # A text is not named by its first words: scripts know where a text without a title goes.
        is_titled = document.meta.title != untitled.beginning(document.book.chapters)
        title = document.meta.title if is_titled else ""
    names = naming.names_of(job.source, title, text, joined=joined)
    identity = naming.identity_of(job.source, text, joined=joined)
    meta = document.meta if document else None
    return choose_path(job, names, identity, meta), identity


def _plain_text(document: Document) -> str:
    texts = (paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs)
    return "\n".join(texts)


def read_book(job: Job, path: Path, provenance: str) -> Book | None:
    """Return the book at a path if it has this provenance, and is not damaged; None otherwise."""
    return read_file(job, FinishedFile(path, format_of(job), provenance))


def read_file(job: Job, finished: FinishedFile) -> Book | None:
    """Return the book in a file as `Seals.read` does."""
    return Seals(job.cache).read(finished, wholly=job.verify)


def chapter_files(
    job: Job, path: Path, titles: Sequence[str], provenance: str
) -> Iterator[FinishedFile]:
    """Yield the files of the chapters of a book, if each has one of its own.

    Args:
        job: what the user ordered.
        path: the path of the book.
        titles: those of its chapters.
        provenance: that of the book.
    """
    from audiobook.stages import bind

    form = outputs.load(job.sound.format)
    for number, chapter in enumerate(bind.split_paths(titles, split_folder(job, path), form), 1):
        yield FinishedFile(chapter, form, bind.order_of_chapter(provenance, number))


def format_of(job: Job) -> outputs.Format:
    """Return the format that a book is written in."""
    return outputs.load(job.format)


def split_folder(job: Job, path: Path) -> Path:
    """Return the folder for the chapters of a book as files."""
    return path.with_name(_base_name(job, path))


def transcript_path(job: Job, path: Path, kind: str) -> Path:
    """Return the path of a transcript beside a book.

    Sentences begin elsewhere in a book of another format, or by another voice; where such a book
    has the usual transcript, that of this one is called after the whole name of its file.
    """
    usual, apart = path.with_name(f"{_base_name(job, path)}.{kind}"), transcript_apart(path, kind)
    return apart if files.is_there(apart) or is_of_another(usual, path) else usual


def _base_name(job: Job, path: Path) -> str:
    """Return the name of a book's file without its ending, which the user may have chosen."""
    base = path.name.removesuffix(format_of(job).SUFFIX)
    return base if base != path.name else path.stem


def are_current(job: Job, path: Path) -> Iterator[bool]:
    """Yield for each transcript whether it was written for this book.

    It has the date of the book then, to the nanosecond.
    """
    for kind in job.transcripts:
        transcript = transcript_path(job, path, kind)
        yield path.exists() and transcript.exists() and modified(transcript) == modified(path)


def modified(path: Path) -> int:
    """Return when a file was written last, in nanoseconds."""
    return path.stat().st_mtime_ns
