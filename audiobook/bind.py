"""Recordings to Book: one timeline, chapters, tags, cover and synced text in one MP3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook import files, id3, mp3
from audiobook.model import Book, BoundChapter, Chapter, Cue, Meta, Sound, Take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path


def bind(
    meta: Meta,
    chapters: Sequence[Chapter],
    takes: Sequence[Take],
    sound: Sound,
    sound_of: Callable[[str], bytes],
    path: Path,
    order: str,
) -> Book:
    """Join recordings end to end into one chaptered MP3.

    Args:
        meta: what is known about the book.
        chapters: all of them; only titles and levels count.
        takes: all recordings, in the order of the book.
        sound: how they were recorded.
        sound_of: gives the MP3 frames of a recording by its key.
        path: where the book goes; it appears there whole or not at all.
        order: fingerprint of all of the above, for `id3.read_book`.

    Raises:
        OutputError: the book cannot be written.
    """
    # A decoder that knows the delay starts the sound at 0 and runs out that much earlier.
    end = sum(take.timing.samples for take in takes) - mp3.DELAY
    bound, cues = _timeline(chapters, takes, end)
    frames = sum(take.timing.samples for take in takes) // mp3.samples_per_frame(sound.rate)
    book = Book(meta, path, sound.rate, end, bound, len(cues), _stood_in(takes))
    with files.whole(path) as file:
        file.write(id3.render(book, cues, order))
        info_at = file.tell()
        size = 0
        for position, take in enumerate(takes):
            data = sound_of(take.key)
            if position == 0:
                first = data[:4]
                file.write(mp3.info_frame(first, frames, 0))
            file.write(data)
            size += len(data)
        file.seek(info_at)
        file.write(mp3.info_frame(first, frames, size))
    return book


def _timeline(
    chapters: Sequence[Chapter], takes: Iterable[Take], end: int
) -> tuple[tuple[BoundChapter, ...], list[Cue]]:
    """Lay recordings end to end: when each chapter and each sentence is heard."""
    cues: list[Cue] = []
    starts: list[tuple[int, Chapter]] = []
    position, chapter = 0, -1
    for take in takes:
        if take.chapter != chapter:
            chapter = take.chapter
            starts.append((position, chapters[chapter]))
        cues += (cue.shifted(position) for cue in take.timing.cues)
        position += take.timing.samples
    ends = [*(start for start, _ in starts[1:]), end]
    bound = tuple(
        BoundChapter(one.title, start, until, one.level)
        for (start, one), until in zip(starts, ends, strict=True)
    )
    return bound, cues


def _stood_in(takes: Iterable[Take]) -> tuple[tuple[int, int], ...]:
    """Return the runs of sentences that the fallback voice speaks."""
    runs: list[tuple[int, int]] = []
    sentence = 0
    for take in takes:
        until = sentence + len(take.timing.cues)
        if take.stands_in and runs and runs[-1][1] == sentence:
            runs[-1] = (runs[-1][0], until)
        elif take.stands_in:
            runs.append((sentence, until))
        sentence = until
    return tuple(runs)
