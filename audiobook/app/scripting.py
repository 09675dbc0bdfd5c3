"""Writes the script of a book: its passages, and what is held of each until it is recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.app.lengths import Measure, measure
from audiobook.errors import UsageError, of_setting
from audiobook.messages import message
from audiobook.speech.speak import clip_paths
from audiobook.stages import record
from audiobook.stages.arrange import arrange
from audiobook.stages.script import write_passages
from audiobook.stages.speakers import people_of, unknown_characters
from audiobook.store.recordings import recording_key
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from audiobook.model import Cast, Document, Job, Passage, Slot, Utterance, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSummary:
    """What is held of a passage until it is recorded: all passages of a book would be too large."""

    chapter: int
    """The position of its chapter, from 0."""
    key: str
    """The key of its recording."""
    sentences: int
    """The number of sentences."""
    characters: int
    """The number of characters."""
    is_speech: bool
    """Whether there is something to say."""
    guesses: tuple[str, ...]
    """The words that are read by guess, as written."""
    measure: Measure
    """What decides how long it is heard."""
    paragraphs: tuple[int, ...]
    """The positions, from 0, of the sentences that paragraphs begin with."""
    slots: tuple[Slot, ...]
    """Those of its sentences, if they have any."""
    clips: tuple[Path, ...]
    """The files of the cache in which online voices may have clips of it."""


def check_characters(document: Document, cast: Cast) -> None:
    """Check that the book has the characters that a cast names.

    Raises:
        UsageError: it has not.
    """
    if not cast.speakers:
        return
    for name in unknown_characters(cast, people_of(document)):
        with of_setting(f"cast.{name}"):
            raise UsageError(
                message("nobody in the book is called {name!r}", name=name),
                message("see who speaks in it: audiobook cast SOURCE"),
            )


def write_script(
    document: Document, job: Job, only: Container[int] | None = None
) -> Iterator[tuple[PassageSummary, Passage]]:
    """Yield the passages of a book, each with its summary.

    Args:
        document: the book.
        job: who speaks, and how it is recorded.
        only: the positions of the chapters whose passages are wanted; None for all.

    Raises:
        VoiceError: a voice is not usable here.
    """
    versions = versions_of(job.cast)
    lexicon, takes = Lexicon(job.lexicon), dict(job.takes)
    people = people_of(document) if job.cast.speakers else None

    def limit_of(voice: Voice) -> int | None:
        return engines.load(voice.engine).limit

    for number, chapter in enumerate(document.chapters):
        if only is not None and number not in only:
            continue
        is_last = number == len(document.chapters) - 1
        position = document.number_of(number) - 1
        chapter_passages = write_passages(
            chapter,
            position,
            job.cast,
            limit_of,
            lexicon,
            people=people,
            takes=takes,
            last=is_last,
        )
        most_characters = job.preview * job.voice.pace if job.preview else math.inf
        script = _preview(chapter_passages, most_characters)
        for written in arrange(script, job.sound) if job.timed else script:
            passage = _without_vain_takes(written, job.cast)
            utterances = passage.utterances
            summary = PassageSummary(
                chapter=number,
                key=recording_key(
                    passage, job.cast, job.sound, versions, balance=record.BALANCE_VERSION
                ),
                sentences=len(utterances),
                characters=sum(len(utterance.text) for utterance in utterances),
                is_speech=any(utterance.spoken for utterance in utterances),
                guesses=tuple(guess for utterance in utterances for guess in utterance.guesses),
                measure=measure(passage, job.cast),
                paragraphs=tuple(
                    place for place, one in enumerate(utterances) if one.begins_paragraph
                ),
                slots=tuple(utterance.slot for utterance in utterances if utterance.slot),
                clips=tuple(
                    path
                    for voice, texts, take in record.spoken_texts(passage, job.cast)
                    if voice.network
                    for path in clip_paths(texts, voice, take)
                ),
            )
            yield summary, passage


def versions_of(cast: Cast) -> dict[Voice, object]:
    """Return what else than its settings decides how each voice sounds."""
    return {voice: record.version_of(voice) for voice in cast.voices}


def _without_vain_takes(passage: Passage, cast: Cast) -> Passage:
    """Return a passage whose utterances have another take only if their voices have one."""
    if all(utterance.take == 1 for utterance in passage.utterances):
        return passage

    def has_takes(utterance: Utterance) -> bool:
        voice = cast.voice(utterance.role, utterance.voice)
        return engines.can_vary(engines.load(voice.engine))

    return replace(
        passage,
        utterances=tuple(
            utterance if has_takes(utterance) else replace(utterance, take=1)
            for utterance in passage.utterances
        ),
    )


def _preview(passages: Iterator[Passage], characters: float) -> Iterator[Passage]:
    """Yield the beginning of a chapter: so many characters, rounded up to whole sentences."""
    for passage in passages:
        utterances = []
        for utterance in passage.utterances:
            if characters > 0:
                utterances.append(utterance)
                characters -= len(utterance.text)
        yield replace(passage, utterances=tuple(utterances))
        if characters <= 0:
            return


def summarize_script(document: Document, job: Job) -> list[PassageSummary]:
    """Return the summaries of all passages of a book."""
    return [summary for summary, _ in write_script(document, job)]
