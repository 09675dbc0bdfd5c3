"""What is written alike in files of all formats: chapters, synced text, and our own note."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.audit.types import FileChapter, SyncedSentence
from audiobook.outputs import levels, lyrics
from audiobook.outputs.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence


def consecutive_chapters(
    titles: Sequence[str], starts: Sequence[float], end: float
) -> tuple[FileChapter, ...]:
    """Return chapters of which only the beginnings are known: each lasts until the next."""
    ends = [*starts[1:], end][: len(starts)]
    return tuple(
        FileChapter(title=title, start=start, end=end)
        for title, start, end in zip(titles, starts, ends, strict=True)
    )


def synced_sentences(synced: str) -> tuple[SyncedSentence, ...]:
    """Return the sentences of a synced text in the form of LRC."""
    return tuple(SyncedSentence(seconds, text) for seconds, text in lyrics.parse_lrc(synced))


def with_levels(chapters: Sequence[FileChapter], text: str) -> tuple[FileChapter, ...]:
    """Return chapters with their levels, and with the titles of the parts that they stand in."""
    parts: list[str] = []
    placed = []
    for chapter, level in zip(chapters, levels.parse_levels(text, len(chapters)), strict=True):
        parts[level - 1 :] = [chapter.title]
        parent = parts[-2] if level > 1 and len(parts) > 1 else ""
        placed.append(replace(chapter, level=level, parent=parent))
    return tuple(placed)


def parse_note(note: str) -> Provenance | None:
    """Return what the program noted when it made the book; None if it is not ours."""
    try:
        return Provenance.parse(note)
    except ValueError:
        return None


def length_of(book: Provenance | None, seconds: float) -> float:
    """Return the length that a book's note tells, else the one that mutagen read, in seconds."""
    return book.samples / book.rate if book else float(seconds)


def noted_samples(book: Provenance | None, rate: int) -> int | None:
    """Return the length that a book's note tells, in samples at this rate; None without one."""
    return None if book is None else round(book.samples * rate / book.rate)
