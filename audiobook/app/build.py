"""Builds one book: read, tidy, divide, script, record, bind."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from audiobook.app import delivery, music, naming, ownership, placing, recording
from audiobook.app.joining import join_documents
from audiobook.app.ledger import BuildLedger, hash_inputs
from audiobook.app.lengths import Estimator
from audiobook.app.voice_levels import reference_passages
from audiobook.config import with_marked_voices
from audiobook.config.casting import name_synthetic
from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Document, Meta, Plan, PlannedChapter, Recognised, Started, TimedPassage
from audiobook.speech import fitting
from audiobook.speech.speak import pending_requests
from audiobook.stages import readers
from audiobook.stages.chapters import divide, untitled
from audiobook.stages.chapters.announcing import announce
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
    from audiobook.model import (
        Book,
        Cast,
        Chapter,
        Event,
        Job,
        Passage,
        Slot,
        Voice,
    )

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
    if job.timed:
        fitting.check_ready()
    inputs = hash_inputs(job)
    if (book := _find_book(job, inputs)) is not None:
        return book
    # The name of a text from standard input depends on the text, and a layout goes by its title.
    is_named_by_text = job.source == readers.STDIN or placing.has_layout(job)
    if not is_named_by_text:
        path, identity = _path_and_identity(job)
    document = prepare(job, report)
    marked_names = marked_voices(document)
    job = with_marked_voices(job, marked_names)
    voices = filter(None, (*job.cast.voices, job.fallback))
    document = replace(document, meta=name_synthetic(document.meta, voices))
    if is_named_by_text:
        with placing.one_at_a_time(job):
            path, identity = _path_and_identity(job, document)
            placing.move(job, path, identity)
    summaries = recording.summarize_script(document, job)
    clips = music.lay_music(document, summaries, job)
    entries = music.with_music(
        [(summary.key, summary.chapter) for summary in summaries],
        [(clip.before, (clip.key, clip.chapter)) for clip in clips],
    )
    wanted = ownership.provenance_of(_hash_content(document, entries, job), identity)
    book = delivery.find_current(job, path, wanted)
    if book is None:
        started = _started_event(document, summaries)
        recordings = Recordings(job.cache)
        recorded_music = music.record_music(clips, job, recordings)
        report(started)
        # Before hours of work, not after them.
        delivery.check_can_write(job, document, path, wanted)
        with nullcontext(recorder) if recorder else Recorder(job.workers) as book_recorder:
            passages = recording.record_passages(
                document, summaries, job, recordings, report, book_recorder
            )
        passages = music.with_music(passages, recorded_music)
        # Where the passages of subtitles begin follows from how long those before them last.
        is_as_wanted = job.timed and not any(passage.stands_in for passage in passages)
        if not is_as_wanted:
            entries = [(passage.key, passage.chapter) for passage in passages]
        provenance = ownership.provenance_of(_hash_content(document, entries, job), identity)
        with placing.one_at_a_time(job):
            if placing.has_layout(job):  # a book of the same title may have come to be there
                path, _ = _path_and_identity(job, document)
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
    if not placing.has_layout(job):
        path, _ = _path_and_identity(job)
        return delivery.find_current(job, path, provenance)
    place = placing.last_place(job)
    return delivery.find_current(job, place, provenance) if place else None


@dataclass(slots=True)
class _Length:
    """How long a chapter is."""

    sentences: int = 0
    characters: int = 0
    seconds: float = 0.0


def plan(job: Job, report: Callable[[Event], None] = ignore_event) -> Plan:
    """Return what `build` would do, without recording; `Recognised` pages are reported.

    Raises:
        AudiobookError: the source or the voice cannot be used.
    """
    document = prepare(job, report)
    job = with_marked_voices(job, marked_voices(document))
    recordings = Recordings(job.cache)
    estimator = Estimator(job.cast, job.cache)
    lengths = [_Length() for _ in document.chapters]
    recorded, summaries = 0, []
    requests: set[tuple[Voice, str]] = set()
    guesses: set[str] = set()
    spoken: list[tuple[Slot, float]] = []
    timed_end = 0
    for summary, passage in recording.write_script(document, job):
        length = lengths[summary.chapter]
        length.sentences += summary.sentences
        length.characters += summary.characters
        if isinstance(passage, TimedPassage):
            spoken += recording.spoken_slots(summary, passage, job, recordings)
            timed_end = passage.begin + passage.samples
        summaries.append(summary)
        guesses.update(summary.guesses)
        samples = recordings.samples(summary.key)
        if samples is not None:
            recorded += 1
            length.seconds += samples / job.sound.rate
        else:
            length.seconds += estimator.seconds(summary.measure)
            requests.update(_online_requests(passage, job.cast))
    for position, seconds in music.lengths_of(
        music.lay_music(document, summaries, job), job, recordings
    ):
        lengths[position].seconds += seconds
    if recorded < len(summaries):
        for voice, passage in reference_passages(job.cast):
            requests.update(_online_requests(passage, Cast(voice)))
    return Plan(
        title=document.meta.title,
        chapters=tuple(
            PlannedChapter(
                number=document.number_of(position),
                title=chapter.title,
                level=chapter.level,
                sentences=length.sentences,
                characters=length.characters,
                seconds=timed_end / job.sound.rate or length.seconds,
            )
            for position, (chapter, length) in enumerate(
                zip(document.chapters, lengths, strict=True)
            )
        ),
        requests=len(requests),
        requested=sum(len(text) for _, text in requests),
        cost=sum(len(text) * voice.price for voice, text in requests) / 1_000_000,
        seconds=timed_end / job.sound.rate or sum(length.seconds for length in lengths),
        recorded=recorded,
        passages=len(summaries),
        words=document.book.words,
        changes=document.changes,
        guesses=len(guesses),
        misfits=tuple(fitting.find_misfits(spoken)),
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
    document = select(document, job.selection)
    if not job.timed:  # a film has its own beginning and end
        document = announce(document, job.opening, job.closing)
    if job.music.credits and any(place in job.music.files for place in music.places_of(document)):
        document = replace(document, meta=music.with_credits(document.meta, job.music.credits))
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


def _hash_content(document: Document, passages: Sequence[tuple[str, int]], job: Job) -> str:
    """Return a hash of all that decides the content of the finished file.

    Args:
        document: the book.
        passages: the keys of its recordings in order, each with the position of its chapter.
        job: what was ordered.
    """
    titles = [(chapter.title, chapter.level, chapter.picture) for chapter in document.chapters]
    content = repr((delivery.format_version(job), document.meta, titles, passages))
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _path_and_identity(job: Job, document: Document | None = None) -> tuple[Path, str]:
    """Return the path of a book, and the identity of its source.

    Args:
        job: what to build.
        document: the book, where its name depends on it.

    Raises:
        OutputError: a file that must not be replaced is in the way.
    """
    joined, title, text = bool(job.parts), "", ""
    if document:
        text = _plain_text(document)
        # A text is not named by its first words: scripts know where a text without a title goes.
        is_titled = document.meta.title != untitled.beginning(document.book.chapters)
        title = document.meta.title if is_titled else ""
    names = naming.names_of(job.source, title, text, joined=joined)
    identity = naming.identity_of(job.source, text, joined=joined)
    meta = document.meta if document else None
    return delivery.choose_path(job, names, identity, meta), identity


def _plain_text(document: Document) -> str:
    texts = (paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs)
    return "\n".join(texts)
