"""Reads the source of a book, and completes it with what the user said of it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from audiobook.app import naming
from audiobook.app.joining import join_documents
from audiobook.app.music import places_of, with_credits
from audiobook.model import Document, Meta, Recognised, ignore_event
from audiobook.stages import readers
from audiobook.stages.chapters import divide, untitled
from audiobook.stages.chapters.announcing import announce
from audiobook.stages.chapters.editing import edit_chapters
from audiobook.stages.chapters.narrators import assign_narrators, name_narrators
from audiobook.stages.chapters.pictures import illustrate, restore_pictures
from audiobook.stages.chapters.selection import select
from audiobook.stages.tidy import clean_meta, tidy
from audiobook.stages.tidy.directions import take_marks
from audiobook.stages.tidy.replacing import replace_in
from audiobook.store.belongings import Belongings
from audiobook.vietnamese import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.model import Chapter, Event, Job

_GENRE = "Audiobook"
_UNTITLED = "?"


def prepare(job: Job, report: Callable[[Event], None] = ignore_event) -> Document:
    """Return a source as a document: tidied, divided, with the metadata that the user gave.

    Args:
        job: the source, and how it is read.
        report: called with a `Recognised` for every scanned page.

    Raises:
        SourceError: the source cannot be read.
        UsageError: a chapter is selected, or given a picture or a narrator, that the book does not
            have.
    """
    return complete(read_document(job, report), job)


def complete(read: Document, job: Job) -> Document:
    """Return a document that was read, with the metadata that the user gave.

    Args:
        read: what `read_document` returned.
        job: the source, and how it is read.

    Raises:
        UsageError: a chapter is selected, or given a picture or a narrator, that the book does not
            have.
    """
    document = take_marks(read)
    if job.meta.cover or not job.cover:  # the cover of the source will not be used
        document = replace(document, meta=replace(document.meta, cover=b""))
    document = restore_pictures(document)
    flags = clean_meta(job.meta)
    values = {field.name: getattr(flags, field.name) for field in fields(Meta)}
    meta = replace(document.meta, **{name: value for name, value in values.items() if value})
    meta = replace(
        meta,
        title=meta.title or _guess_title(job.source, document.chapters),
        language=job.meta.language or job.voice.language,  # many Vietnamese sources claim "en"
        genre=meta.genre or _GENRE,
    )
    chapters = tuple(
        chapter if chapter.title else replace(chapter, title=meta.title)
        for chapter in document.chapters
    )
    document = Document(
        meta=meta, chapters=illustrate(chapters, job.pictures), changes=document.changes
    )
    document = edit_chapters(document, job.left_out, dict(job.titles))
    narrated = assign_narrators(document.chapters, job.narrators, job.voice.name)
    document = select(replace(document, chapters=narrated), job.selection)
    document = name_narrators(document, job.voice.name)
    if not job.timed:  # a film has its own beginning and end
        document = announce(document, job.opening, job.closing)
    if job.music.credits and any(place in job.music.files for place in places_of(document)):
        document = replace(document, meta=with_credits(document.meta, job.music.credits))
    return document


def _guess_title(source: str, chapters: Sequence[Chapter]) -> str:
    """Return a title for a text without one."""
    name = "" if source == readers.STDIN else naming.names_of(source)[0]
    return untitled.title_for(clean_line(name), chapters) or _UNTITLED


def read_document(job: Job, report: Callable[[Event], None] = ignore_event) -> Document:
    """Return the sources of a book as one document, tidied and divided.

    What the user says of the book, such as its title, does not change it.

    Args:
        job: the source, and how it is read.
        report: called with a `Recognised` for every scanned page.

    Raises:
        SourceError: the source cannot be read.
    """
    if job.timed:
        subtitles = readers.read_timed(job.source, allow_private=job.allow_private)
        return tidy(replace_in(subtitles, job.replacements), job.keep, job.drop, job.kept_texts)

    def read(source: str) -> Document:
        recogniser = None
        if job.ocr:
            from audiobook.stages.readers.ocr import Recogniser

            recogniser = Recogniser(job.cache, lambda *pages: report(Recognised(*pages)))
        text = readers.read(source, allow_private=job.allow_private, recogniser=recogniser)
        if recogniser:
            Belongings(job.cache, [source]).add(recogniser.kept)
        return replace_in(text, job.replacements)

    if job.parts:
        return join_documents(
            [*map(read, job.parts)], job.parts, job.keep, job.drop, job.kept_texts
        )
    document = read(job.source)
    switches = job.keep, job.drop, job.kept_texts
    return divide(tidy(document, *switches), *switches)
