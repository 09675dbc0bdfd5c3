"""Builds one book: read, tidy, divide, script, record, bind."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import nullcontext
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from audiobook.app import delivery, naming, ownership, recording
from audiobook.app.joining import join_documents
from audiobook.app.ledger import BuildLedger, hash_inputs
from audiobook.config import with_marked_voices
from audiobook.config.casting import name_synthetic
from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Document, Meta, Plan, PlannedChapter, Recognised, Started
from audiobook.speech.speak import pending_requests
from audiobook.stages import readers
from audiobook.stages.chapters import divide
from audiobook.stages.chapters.editing import edit_chapters
from audiobook.stages.chapters.pictures import illustrate, restore_pictures
from audiobook.stages.chapters.selection import select
from audiobook.stages.readers.ocr import Recogniser
from audiobook.stages.tidy import clean_meta, tidy
from audiobook.stages.tidy.directions import marked_voices, take_marks
from audiobook.stages.tidy.replacing import replace_in
from audiobook.store.recordings import Recordings
from audiobook.vietnamese import clean_line
from audiobook.workers import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobook.app.recording import PassageSummary
    from audiobook.model import Book, Cast, Chapter, Event, Job, Passage, RecordedPassage, Voice

_GENRE = "Audiobook"
_UNTITLED = "?"


def ignore_event(_event: Event) -> None:
    """Report an event to nobody."""


def build(
    job: Job, report: Callable[[Event], None] = ignore_event, recorder: Recorder | None = None
) -> Book:
    """Turn a source into an audiobook.

    Passages that were recorded before are not recorded again, and a book that is up to date is
    left alone. If an online voice fails and there is a fallback voice, that one speaks instead;
    the next build tries those passages again.

    Args:
        job: what to build.
        report: called with each event: a `Recognised` for every scanned page, `Started`, then a
            `Progress` for every passage; not called if the book is up to date.
        recorder: records the passages; None for worker processes of this book alone.

    Raises:
        AudiobookError: an error that the user can act on; all recordings made so far are kept.
    """
    inputs = hash_inputs(job)
    if (book := _find_book(job, inputs)) is not None:
        return book
    if job.source != readers.STDIN:  # the name of that book depends on its text
        path, identity = _path_and_identity(job)
    document = prepare(job, report)
    marked_names = marked_voices(document)
    job = with_marked_voices(job, marked_names)
    recording.check_characters(document, job.cast)
    voices = filter(None, (*job.cast.voices, job.fallback))
    document = replace(document, meta=name_synthetic(document.meta, voices))
    if job.source == readers.STDIN:
        path, identity = _path_and_identity(job, document.meta.title, _plain_text(document))
    summaries = recording.summarize_script(document, job)
    wanted = ownership.provenance_of(_hash_content(document, summaries, job), identity)
    book = delivery.find_current(job, path, wanted)
    if book is None:
        report(_started_event(document, summaries))
        delivery.check_can_write(job, document, path)  # before hours of work, not after them
        recordings = Recordings(job.cache)
        with nullcontext(recorder) if recorder else Recorder(job.workers) as book_recorder:
            passages = recording.record_passages(
                document, summaries, job, recordings, report, book_recorder
            )
        provenance = ownership.provenance_of(_hash_content(document, passages, job), identity)
        book = delivery.write(job, document, passages, recordings, path, provenance)
        if provenance != wanted:
            return book  # the fallback voice spoke: the next build tries the first voice again
    if not marked_names:  # else the voices that the source names are not part of the inputs
        BuildLedger(job.cache).keep(inputs, wanted)
    return book


def find_book(job: Job) -> Book | None:
    """Return the book of a job if it is up to date, without reading the source; None if not.

    It is also None where only the text of the source tells.

    Raises:
        VoiceError: a voice is not usable here.
        OutputError: a file that must not be replaced is in the way.
    """
    return _find_book(job, hash_inputs(job))


def _find_book(job: Job, inputs: str) -> Book | None:
    provenance = BuildLedger(job.cache).find(inputs)
    if job.source == readers.STDIN or not provenance:
        return None
    path, _ = _path_and_identity(job)
    return delivery.find_current(job, path, provenance)


def plan(job: Job, report: Callable[[Event], None] = ignore_event) -> Plan:
    """Return what `build` would do, without recording; `Recognised` pages are reported.

    Raises:
        AudiobookError: the source or the voice cannot be used.
    """
    document = prepare(job, report)
    job = with_marked_voices(job, marked_voices(document))
    recording.check_characters(document, job.cast)
    recordings = Recordings(job.cache)
    lengths = [[0, 0] for _ in document.chapters]
    passages = recorded = 0
    requests: set[tuple[Voice, str]] = set()
    guesses: set[str] = set()
    for summary, passage in recording.write_script(document, job):
        lengths[summary.chapter][0] += summary.sentences
        lengths[summary.chapter][1] += summary.characters
        passages += 1
        guesses.update(summary.guesses)
        if summary.key in recordings:
            recorded += 1
        else:
            requests.update(_online_requests(passage, job.cast))
    characters = sum(characters for _, characters in lengths)
    return Plan(
        title=document.meta.title,
        chapters=tuple(
            PlannedChapter(
                number=document.number_of(position),
                title=chapter.title,
                level=chapter.level,
                sentences=sentences,
                characters=characters,
                seconds=characters / job.voice.pace,
            )
            for position, (chapter, (sentences, characters)) in enumerate(
                zip(document.chapters, lengths, strict=True)
            )
        ),
        requests=len(requests),
        requested=sum(len(text) for _, text in requests),
        cost=sum(len(text) * voice.price for voice, text in requests) / 1_000_000,
        seconds=characters / job.voice.pace,
        recorded=recorded,
        passages=passages,
        words=document.book.words,
        changes=document.changes,
        guesses=len(guesses),
    )


def _online_requests(passage: Passage, cast: Cast) -> Iterator[tuple[Voice, str]]:
    """Yield the voices and texts that would be sent to servers for a passage."""
    texts: dict[Voice, list[str]] = {}
    for utterance in passage.utterances:
        voice = cast.voice(utterance.role, utterance.voice)
        if voice.network:
            texts.setdefault(voice, []).extend(utterance.spoken)
            if utterance.take > 1:
                yield from pending_requests(utterance.spoken, voice, utterance.take)
    for voice, spoken_texts in texts.items():
        yield from pending_requests(spoken_texts, voice)


def prepare(job: Job, report: Callable[[Event], None] = ignore_event) -> Document:
    """Return a source as a document: tidied, divided, with the metadata that the user gave.

    Args:
        job: the source, and how it is read.
        report: called with a `Recognised` for every scanned page.

    Raises:
        SourceError: the source cannot be read.
        UsageError: a chapter is selected, or given a picture, that the book does not have.
    """
    return complete(read_document(job, report), job)


def complete(read: Document, job: Job) -> Document:
    """Return a document that was read, with the metadata that the user gave.

    Args:
        read: what `read_document` returned.
        job: the source, and how it is read.

    Raises:
        UsageError: a chapter is selected, or given a picture, that the book does not have.
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
        title=meta.title or _guess_title(job.source, document.chapters) or _UNTITLED,
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
    return select(document, job.selection)


def _guess_title(source: str, chapters: Sequence[Chapter]) -> str:
    """Return a title for a text without one: the name of its source, or of its only chapter."""
    if source == readers.STDIN and len(chapters) == 1 and chapters[0].title:
        return chapters[0].title
    return clean_line(naming.names_of(source)[0])


def read_document(job: Job, report: Callable[[Event], None] = ignore_event) -> Document:
    """Return the sources of a book as one document, tidied and divided.

    What the user says of the book, such as its title, does not change it.

    Args:
        job: the source, and how it is read.
        report: called with a `Recognised` for every scanned page.

    Raises:
        SourceError: the source cannot be read.
    """

    def read(source: str) -> Document:
        recogniser = None
        if job.ocr:
            recogniser = Recogniser(job.cache, lambda *pages: report(Recognised(*pages)))
        text = readers.read(source, allow_private=job.allow_private, recogniser=recogniser)
        return replace_in(text, job.replacements)

    if job.parts:
        return join_documents(
            [*map(read, job.parts)], job.parts, job.keep, job.drop, job.kept_texts
        )
    document = read(job.source)
    switches = job.keep, job.drop, job.kept_texts
    return divide(tidy(document, *switches), *switches)


def _started_event(document: Document, summaries: Sequence[PassageSummary]) -> Started:
    if not any(summary.is_speech for summary in summaries):
        raise SourceError(
            message("the text holds nothing to say"), message("give a file with words in it")
        )
    lengths: Counter[int] = Counter()
    for summary in summaries:
        lengths[summary.chapter] += summary.characters
    return Started(
        title=document.meta.title,
        chapters=len(document.chapters),
        total=len(document.book.chapters),
        characters=lengths.total(),
        words=document.book.words,
        changes=document.changes,
        guesses=len({guess for summary in summaries for guess in summary.guesses}),
        parts=tuple(
            (document.number_of(position), chapter.title, lengths[position])
            for position, chapter in enumerate(document.chapters)
        ),
    )


def _hash_content(
    document: Document, entries: Sequence[PassageSummary | RecordedPassage], job: Job
) -> str:
    """Return a hash of all that decides the content of the finished file."""
    titles = [(chapter.title, chapter.level, chapter.picture) for chapter in document.chapters]
    passages = [(entry.key, entry.chapter) for entry in entries]
    content = repr((delivery.format_version(job), document.meta, titles, passages))
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _path_and_identity(job: Job, title: str = "", text: str = "") -> tuple[Path, str]:
    """Return the path of a book, and the identity of its source.

    Args:
        job: what to build.
        title: the title of a text from standard input.
        text: the text from standard input.

    Raises:
        OutputError: a file that must not be replaced is in the way.
    """
    joined = bool(job.parts)
    names = naming.names_of(job.source, title, text, joined=joined)
    identity = naming.identity_of(job.source, text, joined=joined)
    return delivery.choose_path(job, names, identity), identity


def _plain_text(document: Document) -> str:
    texts = (paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs)
    return "\n".join(texts)
