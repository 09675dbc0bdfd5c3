"""The journey of one book: read, tidy, divide, script, record, bind."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from audiobook.app import delivery, naming, ownership, recording
from audiobook.app.joining import join
from audiobook.app.ledger import Orders, inputs_of
from audiobook.config import with_marked_voices
from audiobook.errors import SourceError
from audiobook.model import Document, Meta, Plan, PlannedChapter, Recognised, Started
from audiobook.speech.speak import unasked
from audiobook.stages import readers
from audiobook.stages.chapters import divide
from audiobook.stages.chapters.pictures import illustrate, restore_pictures
from audiobook.stages.chapters.selection import select
from audiobook.stages.readers.ocr import Recogniser
from audiobook.stages.tidy import clean_meta, tidy
from audiobook.stages.tidy.directions import marked_voices, take_marks
from audiobook.stages.tidy.replacing import replace_in
from audiobook.store.recordings import Recordings
from audiobook.vietnamese import clean_line
from audiobook.workers import Studio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobook.app.recording import Line
    from audiobook.model import Book, Cast, Chapter, Event, Job, Passage, Take, Voice

_GENRE = "Audiobook"
_UNTITLED = "?"


def _unheard(_event: Event) -> None:
    pass


def build(
    job: Job, report: Callable[[Event], None] = _unheard, studio: Studio | None = None
) -> Book:
    """Turn a source into an audiobook.

    What was recorded before is not recorded again, and a book that is already there just as
    ordered is left alone. Where an online voice fails and there is a fallback, that speaks
    instead; the next build tries those passages again.

    Args:
        job: what to build.
        report: is told how it goes: a `Recognised` for every scanned page, `Started`, then a
            `Progress` for every passage; nothing of a book that is there.
        studio: who records; None for processes of this book's own.

    Raises:
        AudiobookError: whatever the user can act on; all recordings made so far are kept.
    """
    known, inputs = Orders(job.cache), inputs_of(job)
    if job.source != readers.STDIN:  # of which only the text tells what the book is called
        path, identity = _place(job)
        order = known.find(inputs)
        if order and (book := delivery.read(job, path, order)) is not None:
            return book
    document = prepare(job, report)
    names = marked_voices(document)
    job = with_marked_voices(job, names)
    if job.source == readers.STDIN:
        path, identity = _place(job, document.meta.title, _text_of(document))
    lines = recording.script(document, job)
    whole = ownership.mark(_fingerprint(document, lines, job), identity)
    book = delivery.read(job, path, whole)
    if book is None:
        report(_started(document, lines))
        delivery.check(job, document, path)  # before the work of hours, not after it
        recordings = Recordings(job.cache)
        with nullcontext(studio) if studio else Studio(job.workers) as recorders:
            made = recording.make(document, lines, job, recordings, report, recorders)
        order = ownership.mark(_fingerprint(document, made, job), identity)
        book = delivery.write(job, document, made, recordings, path, order)
        if order != whole:
            return book  # the fallback voice stood in: another build may do better
    if not names:  # only reading the source tells which voices it names
        known.keep(inputs, whole)
    return book


def plan(job: Job, report: Callable[[Event], None] = _unheard) -> Plan:
    """Tell what `build` would do, recording nothing; `Recognised` pages are reported.

    Raises:
        AudiobookError: the source or the voice is not right.
    """
    document = prepare(job, report)
    job = with_marked_voices(job, marked_voices(document))
    recordings = Recordings(job.cache)
    lengths = [[0, 0] for _ in document.chapters]
    passages = recorded = 0
    unasked: set[tuple[Voice, str]] = set()
    guesses: set[str] = set()
    for line, passage in recording.passages(document, job):
        lengths[line.chapter][0] += line.sentences
        lengths[line.chapter][1] += line.characters
        passages += 1
        guesses.update(line.guesses)
        if line.key in recordings:
            recorded += 1
        else:
            unasked.update(_requests(passage, job.cast))
    characters = sum(characters for _, characters in lengths)
    return Plan(
        document.meta.title,
        tuple(
            PlannedChapter(
                document.number_of(position),
                chapter.title,
                chapter.level,
                sentences,
                characters,
                characters / job.voice.pace,
            )
            for position, (chapter, (sentences, characters)) in enumerate(
                zip(document.chapters, lengths, strict=True)
            )
        ),
        len(unasked),
        sum(len(text) for _, text in unasked),
        characters / job.voice.pace,
        recorded,
        passages,
        document.book.words,
        document.changes,
        len(guesses),
    )


def _requests(passage: Passage, cast: Cast) -> Iterator[tuple[Voice, str]]:
    """Yield what would be asked of servers for a passage."""
    texts: dict[Voice, list[str]] = {}
    for utterance in passage.utterances:
        voice = cast.voice(utterance.role, utterance.voice)
        if voice.network:
            texts.setdefault(voice, []).extend(utterance.spoken)
    for voice, said in texts.items():
        yield from unasked(said, voice)


def prepare(job: Job, report: Callable[[Event], None] = _unheard) -> Document:
    """Read a source and put it in order: tidied, divided, described by what the user said.

    Args:
        job: names the source, and how it is read.
        report: is told of every scanned page that is `Recognised`.

    Raises:
        SourceError: it cannot be read.
        UsageError: a chapter was asked for, or has a picture, that the book does not have.
    """
    document = take_marks(_read(job, report))
    if job.meta.cover or not job.cover:  # nobody will see that of the source
        document = replace(document, meta=replace(document.meta, cover=b""))
    document = restore_pictures(document)
    flags = clean_meta(job.meta)
    said = {field.name: getattr(flags, field.name) for field in fields(Meta)}
    known = replace(document.meta, **{name: value for name, value in said.items() if value})
    known = replace(
        known,
        title=known.title or _title_of(job.source, document.chapters) or _UNTITLED,
        language=job.meta.language or job.voice.language,  # many a source says en, and is not
        genre=known.genre or _GENRE,
    )
    chapters = tuple(
        chapter if chapter.title else replace(chapter, title=known.title)
        for chapter in document.chapters
    )
    whole = Document(known, illustrate(chapters, job.pictures), document.changes)
    return select(whole, job.selection)


def _title_of(source: str, chapters: Sequence[Chapter]) -> str:
    """Return the title of a text that has none: the name of its source, if it has one."""
    if source == readers.STDIN and len(chapters) == 1 and chapters[0].title:
        return chapters[0].title
    return clean_line(naming.names_of(source)[0])


def _read(job: Job, report: Callable[[Event], None]) -> Document:
    """Read what the book is made from, tidied and divided."""

    def read(source: str) -> Document:
        recogniser = None
        if job.ocr:
            recogniser = Recogniser(job.cache, lambda *pages: report(Recognised(*pages)))
        text = readers.read(source, allow_private=job.allow_private, recogniser=recogniser)
        return replace_in(text, job.replacements)

    if job.parts:
        return join([*map(read, job.parts)], job.parts, job.keep, job.drop)
    document = read(job.source)
    return divide(tidy(document, job.keep, job.drop), job.keep, job.drop)


def _started(document: Document, script: Sequence[Line]) -> Started:
    if not any(line.is_speech for line in script):
        raise SourceError("the text holds nothing to say", "give a file with words in it")
    characters = sum(line.characters for line in script)
    return Started(
        document.meta.title,
        len(document.chapters),
        len(document.book.chapters),
        characters,
        document.book.words,
        document.changes,
        len({guess for line in script for guess in line.guesses}),
    )


def _fingerprint(document: Document, script: Sequence[Line | Take], job: Job) -> str:
    """Hash all that decides what the finished file holds."""
    titles = [(chapter.title, chapter.level, chapter.picture) for chapter in document.chapters]
    passages = [(line.key, line.chapter) for line in script]
    content = repr((delivery.version_of(job), document.meta, titles, passages))
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _place(job: Job, title: str = "", text: str = "") -> tuple[Path, str]:
    """Return the file that a book becomes, and the identity of its source.

    Args:
        job: what is ordered.
        title: of what comes from standard input.
        text: of what comes from standard input.

    Raises:
        OutputError: there is a file that is not to be replaced.
    """
    joined = bool(job.parts)
    names = naming.names_of(job.source, title, text, joined=joined)
    identity = naming.identity_of(job.source, text, joined=joined)
    return delivery.path_of(job, names, identity), identity


def _text_of(document: Document) -> str:
    paragraphs = (one for chapter in document.chapters for one in chapter.paragraphs)
    return "\n".join(paragraph.text for paragraph in paragraphs)
