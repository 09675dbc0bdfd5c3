"""The journey of one book: read, tidy, divide, script, record, bind."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from audiobook import bind, cache, engines, files, formats, readers, record, studio
from audiobook.chapters import divide
from audiobook.errors import OutputError, SourceError
from audiobook.model import Document, Meta, Plan, PlannedChapter, Progress, Started
from audiobook.script import write_passages
from audiobook.tidy import tidy
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobook.model import Book, Event, Job, Passage, Timing

_GENRE = "Audiobook"


def _unheard(_event: Event) -> None:
    pass


def build(job: Job, report: Callable[[Event], None] = _unheard) -> Book:
    """Turn a source into an audiobook.

    What was recorded before is not recorded again, and a book that is already there just as
    ordered is left alone.

    Args:
        job: what to build.
        report: is told how it goes: `Started`, then a `Progress` for every passage.

    Raises:
        AudiobookError: whatever the user can act on; all recordings made so far are kept.
    """
    document = prepare(job)
    script = [_line(key, passage) for key, passage in _passages(document, job)]
    report(_started(document, script))
    form = formats.load(job.sound.format)
    path = job.folder / f"{_stem(job.source)}{form.SUFFIX}"
    order = _fingerprint(document, script, form.VERSION)
    if (book := form.read_book(path, order)) is not None:
        return book
    files.check_place(path)  # before the work of hours, not after it
    recordings = cache.Recordings(job.cache)
    timings = _record(document, script, job, recordings, report)
    takes = [bind.Take(line.chapter, line.key, timings[line.key]) for line in script]

    def sound_of(key: str) -> bytes:
        recording = recordings.get(key)
        if recording is None:
            raise OutputError(f"a recording vanished from {job.cache}", "run the command again")
        return recording.sound

    return bind.bind(document.meta, document.chapters, takes, job.sound, sound_of, path, order)


def plan(job: Job) -> Plan:
    """Tell what `build` would do, recording nothing.

    Raises:
        AudiobookError: the source or the voice is not right.
    """
    document = prepare(job)
    recordings = cache.Recordings(job.cache)
    script = [_line(key, passage) for key, passage in _passages(document, job)]
    missing = [line for line in script if line.key not in recordings]
    lengths = [[0, 0] for _ in document.chapters]
    for line in script:
        lengths[line.chapter][0] += line.sentences
        lengths[line.chapter][1] += line.characters
    return Plan(
        document.meta.title,
        tuple(
            PlannedChapter(
                chapter.title, chapter.level, sentences, characters, characters / job.voice.pace
            )
            for chapter, (sentences, characters) in zip(document.chapters, lengths, strict=True)
        ),
        sum(line.pieces for line in missing) if job.voice.network else 0,
        sum(line.characters for line in script) / job.voice.pace,
        len(script) - len(missing),
        len(script),
        document.changes,
    )


def prepare(job: Job) -> Document:
    """Read a source and put it in order: tidied, divided, described by what the user said.

    Raises:
        SourceError: it cannot be read.
    """
    document = readers.read(job.source, allow_private=job.allow_private)
    document = divide(tidy(document, job.keep, job.drop), job.keep, job.drop)
    said = {field.name: getattr(job.meta, field.name) for field in fields(Meta)}
    known = replace(document.meta, **{name: value for name, value in said.items() if value})
    known = replace(
        known,
        title=" ".join(known.title.split()) or _stem(job.source),
        language=job.meta.language or job.voice.language,  # many a source says en, and is not
        genre=known.genre or _GENRE,
    )
    chapters = tuple(
        chapter if chapter.title else replace(chapter, title=known.title)
        for chapter in document.chapters
    )
    return Document(known, chapters, document.changes)


@dataclass(frozen=True, slots=True)
class _Line:
    """What is kept of a passage until it is recorded: a book's passages together are large."""

    key: str
    chapter: int
    sentences: int
    characters: int
    pieces: int


def _line(key: str, passage: Passage) -> _Line:
    said = passage.utterances
    return _Line(
        key,
        passage.chapter,
        len(said),
        sum(len(utterance.text) for utterance in said),
        sum(len(utterance.spoken) for utterance in said),
    )


def _passages(document: Document, job: Job) -> Iterator[tuple[str, Passage]]:
    """Yield the passages of a book, each with the key of its recording."""
    engine = engines.load(job.voice.engine)
    versions = (engine.name, engines.version_of(engine, job.voice), record.VERSION)
    lexicon = Lexicon(job.lexicon)
    for number, chapter in enumerate(document.chapters):
        last = number == len(document.chapters) - 1
        for passage in write_passages(chapter, number, job.voice, engine.limit, lexicon, last=last):
            yield cache.key(passage, job.voice, job.sound, versions), passage


def _record(
    document: Document,
    script: list[_Line],
    job: Job,
    recordings: cache.Recordings,
    report: Callable[[Event], None],
) -> dict[str, Timing]:
    """Have every passage recorded, and return the timing of each by its key."""
    timings: dict[str, Timing] = {}
    left = Counter(line.chapter for line in script)
    lines: dict[str, list[_Line]] = {}
    for line in script:
        lines.setdefault(line.key, []).append(line)

    def there(key: str, timing: Timing, *, remembered: bool) -> None:
        timings[key] = timing
        for line in lines[key]:
            left[line.chapter] -= 1
            report(
                Progress(
                    line.chapter,
                    document.chapters[line.chapter].title,
                    line.sentences,
                    line.characters,
                    timing.samples / job.sound.rate,
                    remembered,
                    left[line.chapter] == 0,
                )
            )

    for key in lines:
        if (recording := recordings.get(key)) is not None:
            there(key, recording.timing, remembered=True)
    missing = lines.keys() - timings.keys()

    def to_record() -> Iterator[tuple[str, Passage]]:
        if not missing:
            return
        for key, passage in _passages(document, job):
            if key in missing:
                missing.remove(key)
                yield key, passage

    with closing(studio.record_all(to_record(), job.voice, job.sound, job.workers)) as recorded:
        for key, recording in recorded:
            recordings.keep(key, recording)
            there(key, recording.timing, remembered=False)
    return timings


def _started(document: Document, script: list[_Line]) -> Started:
    if not any(line.pieces for line in script):
        raise SourceError("the text holds nothing to say", "give a file with words in it")
    characters = sum(line.characters for line in script)
    return Started(document.meta.title, len(document.chapters), characters, document.changes)


def _fingerprint(document: Document, script: list[_Line], version: int) -> str:
    """Hash all that decides what the finished file holds."""
    titles = [(chapter.title, chapter.level) for chapter in document.chapters]
    content = repr((version, document.meta, titles, [(line.key, line.chapter) for line in script]))
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _stem(source: str) -> str:
    """Return the name of a source's book: that of its file, or of the page at an address."""
    if source == readers.STDIN:
        return "stdin"
    if "://" not in source:
        return Path(source).stem
    address = urlsplit(source)
    page = PurePosixPath(unquote(address.path)).stem
    return page or (address.hostname or "page").removeprefix("www.")
