"""Places the chapters of a list in a book: in time order, without gaps, within its length."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import SourceError, UsageError
from audiobook.messages import Message, message
from audiobook.model import BoundChapter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.app.chapter_lists import ListedChapter
    from audiobook.audit.types import FileContents

_SAME_START = 0.01
"""Seconds within which a new chapter begins where an old one did, and keeps its level."""


def place_chapters(
    contents: FileContents, listed: Sequence[ListedChapter], notes: list[Message]
) -> tuple[BoundChapter, ...]:
    """Return the chapters of a list in samples of a book, in time order and without gaps.

    Args:
        contents: the book.
        listed: titles, or titles with times.
        notes: takes up what the user should know.

    Raises:
        UsageError: they do not fit the book.
        SourceError: it does not tell how long it is.
    """
    if any(chapter.start is None for chapter in listed):
        return _titled(contents, listed)
    length = round(contents.seconds * contents.rate)
    if not length:
        raise SourceError(
            message("the file does not tell how long it is"),
            message("convert it with audiobook convert, and change that"),
        )
    ordered = sorted(listed, key=lambda chapter: chapter.start or 0)
    starts = [round((chapter.start or 0) * contents.rate) for chapter in ordered]
    for chapter, start, before in zip(ordered, starts, [-1, *starts], strict=False):
        _check_start(chapter, start, before, length, contents)
    if starts[0]:
        notes.append(
            message(
                "the first chapter begins with the book, not at {time}",
                time=_time(starts[0], contents.rate),
            )
        )
        starts[0] = 0
    ends = [*starts[1:], length]
    return tuple(
        replace(
            _place_of(contents, start / contents.rate), title=chapter.title, start=start, end=end
        )
        for chapter, start, end in zip(ordered, starts, ends, strict=True)
    )


def _check_start(
    chapter: ListedChapter, start: int, before: int, length: int, contents: FileContents
) -> None:
    time = _time(start, contents.rate)
    if not 0 <= start < length:
        raise UsageError(
            message(
                "the chapter {title!r} begins at {time}, and the book lasts from 0 to {length}",
                title=chapter.title,
                time=time,
                length=_time(length, contents.rate),
            ),
            message("correct its time"),
        )
    if start == before:
        raise UsageError(
            message("two chapters begin at {time}", time=time), message("correct one of the times")
        )


def _time(samples: int, rate: int) -> str:
    """Return a time as 0:01:02.500."""
    milliseconds = round(abs(samples) * 1000 / rate)
    seconds, rest = divmod(milliseconds, 1000)
    sign = "-" if samples < 0 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _titled(contents: FileContents, listed: Sequence[ListedChapter]) -> tuple[BoundChapter, ...]:
    old = contents.heard_chapters
    if len(old) != len(listed):
        raise UsageError(
            message(
                "the list has {listed} titles and the book {count} chapters",
                listed=len(listed),
                count=len(old),
            ),
            message(
                "give as many titles, or times too: audiobook info BOOK --chapters labels writes "
                "a list to change"
            ),
        )
    placed = bound_chapters(contents)
    return tuple(
        replace(chapter, title=new.title) for chapter, new in zip(placed, listed, strict=True)
    )


def bound_chapters(contents: FileContents) -> Iterator[BoundChapter]:
    """Yield the chapters of a file in time order, with their times in samples."""
    for chapter in contents.heard_chapters:
        start, end = (round(time * contents.rate) for time in (chapter.start, chapter.end))
        yield BoundChapter(title=chapter.title, start=start, end=end, level=chapter.level)


def unlisted_note(listed: int, count: int) -> Message:
    """Return what is said where a file lists fewer chapters than its book has."""
    return message(
        "the file holds only {kept:,} of the {count:,} chapters: its format has no more",
        kept=listed,
        count=count,
    )


def _place_of(contents: FileContents, start: float) -> BoundChapter:
    """Return a chapter of the level that was heard at a time, in seconds."""
    level = 1
    for chapter in contents.heard_chapters:
        if chapter.start <= start + _SAME_START:
            level = chapter.level
    return BoundChapter(title="", start=0, end=0, level=level)


def is_same(chapters: Sequence[BoundChapter], contents: FileContents) -> bool:
    """Return whether chapters have the titles and the beginnings of those of a file."""
    return [(one.title, one.start) for one in chapters] == [
        (one.title, one.start) for one in bound_chapters(contents)
    ]
