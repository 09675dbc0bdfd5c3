"""Listens to a book that was built, and has what does not sound right recorded again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.app.build import build
from audiobook.app.hearing import has_takes
from audiobook.app.preparing import prepare
from audiobook.audit.contents import read_contents
from audiobook.audit.listening_back import listen_to
from audiobook.config import books
from audiobook.config.toml import load_toml
from audiobook.config.writing import write_settings
from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.stages.script import sentences
from audiobook.stages.turns import sentence_key
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiobook.audit.listening_back import Doubt, Hearing, Recogniser
    from audiobook.model import Book, Job
    from audiobook.workers import Recorder

_TIMES = 2
"""How often a sentence is recorded again at most."""
_HEARD = ("mp3", "m4b", "opus")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardBook:
    """A book as it is after it was listened to."""

    book: Book
    hearing: Hearing
    takes: dict[str, int]
    """Sentences that were recorded again, as written, and which take of each is in the book."""
    settings_file: Path | None
    """The file of settings in which these takes stand now; None where there is none to write."""


def check_format(form: str) -> None:
    """Raise a UsageError if books of a format cannot be listened to."""
    if form not in _HEARD:
        raise UsageError(
            message("a book in the format {form} cannot be listened to", form=form),
            message("build it as {names}", names=", ".join(_HEARD)),
        )


def build_heard(
    job: Job,
    recogniser: Recogniser,
    recorder: Recorder,
    report: Callable[[int, int], None] = lambda _number, _total: None,
) -> HeardBook:
    """Build a book, listen to it, and have what does not sound right recorded again, up to twice.

    Only voices that can say a sentence in another way are asked again. Of the takes of a sentence
    the one that sounds most like its text stays, and stands in the settings of the book, so that
    the next build makes the same.

    Args:
        job: what to build.
        recogniser: writes down what it hears.
        recorder: records passages.
        report: called with the number of sentences heard so far, and of all.

    Raises:
        AudiobookError: the book cannot be built or listened to, or its settings not be written.
    """
    book = build(job, recorder=recorder)
    cues = read_contents(book.path).sentences
    hearing = listen_to(book.path, cues, recogniser, report)
    if not hearing.doubts or not has_takes(job):
        return HeardBook(book=book, hearing=hearing, takes={}, settings_file=None)
    keys = _sentence_keys(job, hearing.doubts)
    takes, first = dict(job.takes), dict.fromkeys(keys.values(), 1)
    first |= {key: take for key, take in job.takes if key in first}
    best = {key: (deviation, first[key]) for key, deviation in _deviations(hearing, keys).items()}
    for _ in range(_TIMES):
        doubted = {key for key, deviation in _deviations(hearing, keys).items() if deviation}
        if not doubted:
            break
        takes |= {key: takes.get(key, 1) + 1 for key in doubted}
        book, hearing = _again(job, takes, recogniser, recorder, report, hearing)
        deviations = _deviations(hearing, keys)
        best |= {key: min(best[key], (deviations[key], takes[key])) for key in doubted}
    chosen = {key: take for key, (_, take) in best.items()}
    if chosen != {key: takes[key] for key in chosen}:  # an earlier take was better
        takes |= chosen
        book, hearing = _again(job, takes, recogniser, recorder, report, hearing)
    changed = {key: take for key, take in chosen.items() if take != first[key]}
    settings_file = _settings_file(job) if changed else None
    if settings_file:
        _write_takes(settings_file, changed)
    return HeardBook(book=book, hearing=hearing, takes=changed, settings_file=settings_file)


def _again(
    job: Job,
    takes: dict[str, int],
    recogniser: Recogniser,
    recorder: Recorder,
    report: Callable[[int, int], None],
    earlier: Hearing,
) -> tuple[Book, Hearing]:
    """Build a book with other takes, and listen to the sentences that were doubted."""
    wanted = tuple((key, take) for key, take in takes.items() if take > 1)
    book = build(replace(job, takes=wanted), recorder=recorder)
    cues = read_contents(book.path).sentences
    return book, listen_to(book.path, cues, recogniser, report, earlier)


def _sentence_keys(job: Job, doubts: Iterable[Doubt]) -> dict[str, str]:
    """Return by the texts of doubted cues the sentences that they are, or are parts of."""
    texts = {sentence_key(doubt.sentence.text) for doubt in doubts}
    keys: dict[str, str] = {}
    for chapter in prepare(job).chapters:
        for sentence in map(sentence_key, sentences(chapter)):
            if sentence in texts:
                keys[sentence] = sentence
            else:
                keys |= {text: sentence for text in texts - keys.keys() if text in sentence}
    return keys


def _deviations(hearing: Hearing, keys: dict[str, str]) -> dict[str, float]:
    """Return how doubtful sentences are, by their keys; 0 for those that are not doubted."""
    deviations = dict.fromkeys(keys.values(), 0.0)
    for doubt in hearing.doubts:
        if key := keys.get(sentence_key(doubt.sentence.text)):
            deviations[key] = max(deviations[key], doubt.deviation)
    return deviations


def _write_takes(path: Path, takes: dict[str, int]) -> None:
    """Write takes into a file of settings, in which the takes of other sentences stay."""
    before: dict[str, int] = load_toml(path).get("takes", {}) if path.is_file() else {}
    kept = {text: take for text, take in before.items() if sentence_key(text) not in takes}
    write_settings(path, {"takes": kept | takes})


def _settings_file(job: Job) -> Path | None:
    """Return the file for the settings of a book; None if its source is not on this machine."""
    source = Path(job.source)
    if files.is_folder(source):
        return source / books.NAME
    return source.with_suffix(".toml") if files.is_file(source) else None
