"""Puts music before, between and after the chapters of a book, as passages of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from audiobook.errors import UsageError, of_setting
from audiobook.messages import message
from audiobook.model import MusicPlace, RecordedPassage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiobook.app.scripting import PassageSummary
    from audiobook.model import Document, Job, Meta
    from audiobook.store.recordings import Recordings

    Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicClip:
    """A file of music at one place in a book."""

    chapter: int
    """The position, from 0, of the chapter that it begins or ends."""
    key: str
    """The key of its recording."""
    before: int
    """The position, from 0, of the passage that follows it; their number at the end."""
    place: MusicPlace
    path: Path


def lay_music(document: Document, summaries: Sequence[PassageSummary], job: Job) -> list[MusicClip]:
    """Return the music of a book in order: what of it stands where; none beside subtitles.

    The first chapter begins with the intro and the last one ends with the outro, where these are
    chapters of the book that are recorded. What stands between chapters ends the one before, so
    that whoever goes to a chapter hears its first word.

    Args:
        document: the book.
        summaries: its passages.
        job: the files of music, and how the book is recorded.

    Raises:
        UsageError: a file cannot be read.
    """
    if not summaries or not job.music.files or job.timed:
        return []
    keys = {place: _key(path, place, job) for place, path in job.music.files.items()}
    return [
        MusicClip(
            chapter=chapter,
            key=keys[place],
            before=before,
            place=place,
            path=job.music.files[place],
        )
        for place, chapter, before in _places(document, summaries)
        if place in keys
    ]


def places_of(document: Document) -> Iterator[MusicPlace]:
    """Yield where a book, or the chapters of it that are made, may have music."""
    if document.holds_first:
        yield MusicPlace.INTRO
    if len(document.chapters) > 1:
        yield MusicPlace.BETWEEN
    if document.holds_last:
        yield MusicPlace.OUTRO


def with_credits(meta: Meta, credits_of_music: str) -> Meta:
    """Return metadata whose description ends with whose the music is, in the book's language."""
    name = "Nhạc" if meta.language.startswith("vi") else "Music"
    credit = f"{name}: {credits_of_music}"
    return replace(meta, description=f"{meta.description}\n\n{credit}".lstrip())


def with_music(entries: Sequence[Entry], clips: Sequence[tuple[int, Entry]]) -> list[Entry]:
    """Return entries of passages with those of music between them.

    Args:
        entries: one for each passage.
        clips: of each piece of music the passage that it stands before, and its entry; in order.
    """
    merged: list[Entry] = []
    position = 0
    for before, clip in clips:
        merged += [*entries[position:before], clip]
        position = before
    return [*merged, *entries[position:]]


def record_music(
    clips: Sequence[MusicClip], job: Job, recordings: Recordings
) -> list[tuple[int, RecordedPassage]]:
    """Record the music that is not in the store; return all of it, each with what it stands before.

    Args:
        clips: what `lay_music` returned.
        job: how the book is recorded.
        recordings: the store of recordings.

    Raises:
        UsageError: a file cannot be decoded, is silent, or is too long for its place.
        OutputError: a recording cannot be stored.
    """
    from audiobook.stages import music

    timings = {}
    for clip in {clip.key: clip for clip in clips}.values():
        recording = recordings.get(clip.key)
        if recording is None:
            with of_setting(f"music.{clip.place}"):
                pauses = job.cast.narrator.pauses
                recording = music.record_music(clip.path, clip.place, job.sound, pauses)
            recordings.keep(clip.key, recording)
        timings[clip.key] = recording.timing
    return [
        (
            clip.before,
            RecordedPassage(
                chapter=clip.chapter, key=clip.key, timing=timings[clip.key], is_music=True
            ),
        )
        for clip in clips
    ]


def _places(
    document: Document, summaries: Sequence[PassageSummary]
) -> Iterator[tuple[MusicPlace, int, int]]:
    """Yield where music may stand: the chapter it belongs to, and the passage it stands before."""
    places = set(places_of(document))
    if MusicPlace.INTRO in places:
        yield MusicPlace.INTRO, summaries[0].chapter, 0
    for position, summary in enumerate(summaries[1:], 1):
        before = summaries[position - 1].chapter
        if summary.chapter != before:
            yield MusicPlace.BETWEEN, before, position
    if MusicPlace.OUTRO in places:
        yield MusicPlace.OUTRO, summaries[-1].chapter, len(summaries)


def _key(path: Path, place: MusicPlace, job: Job) -> str:
    from audiobook.stages import music

    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, hashlib.blake2b).hexdigest()
    except OSError as problem:
        with of_setting(f"music.{place}"):
            raise UsageError(
                message("cannot use the music {path}: {reason}", path=path, reason=problem),
                message("name a sound file, such as an MP3"),
            ) from problem
    silences = music.silences(place, job.cast.narrator.pauses)
    order = repr(("music", music.VERSION, content, place.value, silences, job.sound))
    return hashlib.blake2b(order.encode(), digest_size=20).hexdigest()
