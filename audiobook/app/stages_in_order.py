"""Makes one book: read, tidy, divide, script, record, bind."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobook.app import delivery, ownership, placing
from audiobook.app.artwork import begin_cover
from audiobook.app.current import find_current, path_and_identity, read_book
from audiobook.app.ledger import BuildLedger, hash_inputs
from audiobook.app.music import lay_music, record_music, with_music
from audiobook.app.preparing import prepare
from audiobook.app.recording import record_passages
from audiobook.app.scripting import check_characters, summarize_script
from audiobook.config import with_marked_voices
from audiobook.config.casting import name_synthetic
from audiobook.errors import SourceError
from audiobook.messages import all_of, message
from audiobook.model import Document, Remark, Started
from audiobook.stages import readers
from audiobook.stages.tidy.directions import marked_voices
from audiobook.store.belongings import Belongings
from audiobook.store.recordings import Recordings
from audiobook.vietnamese.remembering import words_remembered
from audiobook.workers import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from audiobook.app.music import MusicClip
    from audiobook.app.scripting import PassageSummary
    from audiobook.model import Book, Event, Job, RecordedPassage


def make_book(
    job: Job, inputs: str, report: Callable[[Event], None], recorder: Recorder | None
) -> Book:
    """Make the book of a job that is not there yet; see `audiobook.app.build.build`.

    Args:
        job: what to build.
        inputs: what `hash_inputs` returned for it.
        report: called with each event.
        recorder: records the passages; None for worker processes of this book alone.

    Raises:
        AudiobookError: an error that the user can act on; all recordings made so far are kept.
    """
    with (
        words_remembered(),
        nullcontext(recorder) if recorder else Recorder(job.workers) as book_recorder,
    ):
        script = _write_script(job, report, book_recorder)
        if inputs and hash_inputs(job) != inputs:  # they changed before they were read
            inputs = ""
        book = _find_written(script, report)
        if book is None:
            recorded = _record(script, inputs, report, book_recorder)
    if book is None:
        book, provenance = _deliver(script, recorded)
        if provenance != script.wanted:
            return book  # the fallback voice spoke: the next build tries the first voice again
    # Where the source names voices, they are not part of the inputs.
    if not script.names_voices and not BuildLedger(job.cache).keep(inputs, script.wanted):
        report(
            Remark(message("cannot write to {cache}: the next build takes longer", cache=job.cache))
        )
    return book


@dataclass(frozen=True, kw_only=True)
class _Script:
    """What is to be recorded, and the file that it makes."""

    job: Job
    """What to build, with the voices that the source names."""
    names_voices: bool
    """Whether the source names any."""
    document: Document
    summaries: Sequence[PassageSummary]
    clips: Sequence[MusicClip]
    path: Path
    """Where the book will be."""
    present: Path
    """Where it is now, if it is there."""
    identity: str
    wanted: str
    """The provenance of the book if the voices that are wanted speak all of it."""


@dataclass(frozen=True, kw_only=True)
class _Recorded:
    """The recordings of a script."""

    passages: Sequence[RecordedPassage]
    recordings: Recordings
    cover: Future[bytes] | None
    """What will be the cover; None where none is needed."""


def _write_script(job: Job, report: Callable[[Event], None], recorder: Recorder) -> _Script:
    """Read the source of a job, and decide what is said and where its book is."""
    # The name of a text from standard input depends on the text, and a layout goes by its title.
    is_named_by_text = job.source == readers.STDIN or placing.has_layout(job)
    if not is_named_by_text:
        path, identity = path_and_identity(job)
        present = path
    document = prepare(job, report)
    marked_names = marked_voices(document)
    job = with_marked_voices(job, marked_names)
    check_characters(document, job.cast)
    recorder.begin(job.cast)  # while the script is written
    voices = filter(None, (*job.cast.voices, job.fallback))
    document = replace(document, meta=name_synthetic(document.meta, voices))
    if is_named_by_text:
        with placing.one_at_a_time(job):
            path, identity = path_and_identity(job, document)
        present = placing.present_place(job, path, identity)
    summaries = summarize_script(document, job)
    clips = lay_music(document, summaries, job)
    entries = with_music(
        [(summary.key, summary.chapter) for summary in summaries],
        [(clip.before, (clip.key, clip.chapter)) for clip in clips],
    )
    return _Script(
        job=job,
        names_voices=bool(marked_names),
        document=document,
        summaries=summaries,
        clips=clips,
        path=path,
        present=present,
        identity=identity,
        wanted=ownership.provenance_of(_hash_content(document, entries, job), identity),
    )


def _find_written(script: _Script, report: Callable[[Event], None]) -> Book | None:
    """Return the book of a script that is there, in its place; None if it is to be made."""
    book = find_current(script.job, script.present, script.wanted, report)
    if book is None or script.present == script.path:
        return book
    with placing.one_at_a_time(script.job):
        placing.move(script.job, script.path, script.identity)
    return replace(book, path=script.path)


def _record(
    script: _Script, inputs: str, report: Callable[[Event], None], recorder: Recorder
) -> _Recorded:
    """Record the passages of a script, as far as that has not been done."""
    job, document, summaries = script.job, script.document, script.summaries
    started = _started_event(document, summaries)
    recordings = Recordings(job.cache, _belongings(job, script.path, summaries, inputs))
    recorded_music = record_music(script.clips, job, recordings)
    if job.unasked_services:
        report(_unasked_note(job))
    report(started)
    # Before hours of work, not after them.
    delivery.check_can_write(job, document, script.path, script.present, script.wanted, report)
    # It is made while others record, and takes much memory, so that the times of all sentences
    # had better not be in it yet.
    is_recorded = all(summary.key in recordings for summary in summaries)
    is_new = not is_recorded or delivery.needs_cover(
        job, read_book(job, script.path, script.wanted)
    )
    cover = begin_cover(job, document.meta) if is_new else None
    passages = record_passages(document, summaries, job, recordings, report, recorder)
    return _Recorded(
        passages=with_music(passages, recorded_music), recordings=recordings, cover=cover
    )


def _deliver(script: _Script, recorded: _Recorded) -> tuple[Book, str]:
    """Write the book of recordings, and return it with its provenance."""
    job, document, passages = script.job, script.document, recorded.passages
    provenance = script.wanted
    # Where the passages of subtitles begin follows from how long those before them last.
    is_as_wanted = job.timed and not any(passage.stands_in for passage in passages)
    if not is_as_wanted:
        entries = [(passage.key, passage.chapter) for passage in passages]
        content = _hash_content(document, entries, job)
        provenance = ownership.provenance_of(content, script.identity)
    path = script.path
    with placing.one_at_a_time(job):
        if placing.has_layout(job):  # a book of the same title may have come to be there
            path, _ = path_and_identity(job, document)
            placing.move(job, path, script.identity)
        book = delivery.write(
            job, document, passages, recorded.recordings, path, provenance, recorded.cover
        )
    return book, provenance


def _unasked_note(job: Job) -> Remark:
    """Return the line that says that a file which may be a stranger's chose an online voice."""
    return Remark(
        message(
            "a file beside the text chooses {voices}, which sends the text to an online service",
            voices=all_of(job.unasked_services),
        )
    )


def _belongings(
    job: Job, path: Path, summaries: Sequence[PassageSummary], inputs: str
) -> Belongings:
    """Note what the cache holds of a book, or will, before anything of it is recorded."""
    sources = () if job.source == readers.STDIN else (job.source,)
    belongings = Belongings(job.cache, [*sources, *job.parts, str(path)])
    recordings = (Recordings(job.cache).path_of(summary.key) for summary in summaries)
    clips = (clip for summary in summaries for clip in summary.clips)
    notes = (
        BuildLedger(job.cache).path_of(inputs),
        ownership.OutputLedger(job.cache).entry_of(path),
    )
    belongings.add([*recordings, *clips, *notes])
    return belongings


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
