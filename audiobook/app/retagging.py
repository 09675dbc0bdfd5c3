"""Changes the tags, the cover and the chapters of a finished book, and not its sound."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.audit.contents import read_contents
from audiobook.errors import SourceError, UsageError
from audiobook.messages import Message, foreign, message
from audiobook.model import BoundChapter
from audiobook.outputs import edits, languages, transcripts
from audiobook.outputs.damage import DAMAGED
from audiobook.outputs.edits import TagEdit
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from audiobook.app.chapter_lists import ListedChapter
    from audiobook.audit.types import FileContents

NAMES: dict[str, Message] = {
    "title": message("title"),
    "author": message("author"),
    "narrator": message("narrator"),
    "series": message("book series"),
    "volume": message("volume"),
    "date": message("book date"),
    "language": message("language"),
    "genre": message("genre"),
    "publisher": message("publisher"),
    "description": message("description"),
    "cover": message("cover"),
    "chapters": message("chapters"),
}
"""What can be changed, for the user: fields of `Meta`, and the chapters."""
_CHAPTERS, _COVER = "chapters", "cover"
FIELDS = tuple(name for name in NAMES if name not in (_CHAPTERS, _COVER))
"""The texts among them."""
_SAME_START = 0.01
"""Seconds within which a new chapter begins where an old one did, and keeps its level."""
_CONVERT = message("convert it with audiobook convert, and change that")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a user wants changed in a book."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """New values by `FIELDS`; an empty one takes the field away."""
    cover: bytes | None = None
    """A JPEG or PNG file, as the user gave it; empty for no cover, None to keep it."""
    chapters: Sequence[ListedChapter] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retagged:
    """A book that was changed."""

    path: Path
    changed: tuple[str, ...]
    """The fields that have another value now, with ``cover`` and ``chapters``."""
    notes: tuple[Message, ...] = ()
    """What the user should know."""


def retag(path: Path, changes: Changes) -> Retagged:
    """Write a book with other tags in place of what it was, whole or not at all.

    Args:
        path: an MP3, M4B or Opus file, by this program or another.
        changes: what to change.

    Raises:
        SourceError: the file cannot be read, or its form allows no change.
        UsageError: the chapters do not fit.
        OutputError: the file cannot be written; it is as it was then.
    """
    contents = read_contents(path)
    notes: list[Message] = []
    texts = {
        name: value for name, value in changes.texts.items() if value != _text_of(contents, name)
    }
    changed = [*texts]
    if "title" in texts and contents.album in ("", contents.title):
        texts["album"] = texts["title"]
    rate = contents.rate
    chapters = None
    if changes.chapters is not None:
        chapters = place_chapters(contents, changes.chapters, notes)
        if _is_same(chapters, contents):
            chapters = None
        else:
            changed.append(_CHAPTERS)
    cover = None
    if changes.cover is not None:
        cover = _fitted(changes.cover)
        if cover == contents.cover_file:
            cover = None
        else:
            changed.append(_COVER)
    if not changed:
        return Retagged(path=path, changed=())
    edit = TagEdit(
        texts=texts,
        cover=cover,
        chapters=chapters,
        rate=rate,
        language=languages.three_letters(
            languages.from_tag(texts.get("language") or contents.language)
        ),
        note=_note(contents, changes, changed, chapters) if contents.provenance else "",
    )
    _write(path, contents, edit)
    return Retagged(path=path, changed=tuple(changed), notes=tuple(notes))


def _text_of(contents: FileContents, name: str) -> str:
    text = str(getattr(contents, name))
    return (languages.from_tag(text) or text) if name == "language" else text


def _write(path: Path, contents: FileContents, edit: TagEdit) -> None:
    form = outputs.load_sound(contents.format)
    target = path.resolve()
    status = target.stat()
    with files.whole(target, message("make room, or copy the book elsewhere")) as file:
        try:
            with target.open("rb") as source:
                form.retag(source, file, edit)
        except DAMAGED as problem:
            raise SourceError(
                message(
                    "{path} cannot be changed: {reason}", path=path, reason=foreign.explain(problem)
                ),
                _CONVERT,
            ) from problem
        with suppress(OSError):  # a disk without modes
            os.chmod(file.name, status.st_mode & 0o7777)  # noqa: PTH101
    _keep_transcripts_current(target, status.st_mtime_ns)


def _keep_transcripts_current(book: Path, date: int) -> None:
    """Give the transcripts that have the date of a book its new one: they hold no tags."""
    new_date = book.stat().st_mtime_ns
    for kind in transcripts.KINDS:
        transcript = book.with_suffix(f".{kind}")
        with suppress(OSError):
            if transcript.stat().st_mtime_ns == date:
                os.utime(transcript, ns=(new_date, new_date))


def _fitted(picture: bytes) -> bytes:
    from audiobook.outputs import cover

    return cover.fit(picture) if picture else b""


# --- chapters ------------------------------------------------------------------------------------


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
        raise SourceError(message("the file does not tell how long it is"), _CONVERT)
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
    old = contents.chapters
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
    placed = _bound(contents)
    return tuple(
        replace(chapter, title=new.title) for chapter, new in zip(placed, listed, strict=True)
    )


def _bound(contents: FileContents) -> Iterator[BoundChapter]:
    for chapter in contents.chapters:
        start, end = (round(time * contents.rate) for time in (chapter.start, chapter.end))
        yield BoundChapter(title=chapter.title, start=start, end=end, level=chapter.level)


def _place_of(contents: FileContents, start: float) -> BoundChapter:
    """Return a chapter of the level that was heard at a time, in seconds."""
    level = 1
    for chapter in contents.chapters:
        if chapter.start <= start + _SAME_START:
            level = chapter.level
    return BoundChapter(title="", start=0, end=0, level=level)


def _is_same(chapters: Sequence[BoundChapter], contents: FileContents) -> bool:
    return [(one.title, one.start) for one in chapters] == [
        (one.title, one.start) for one in _bound(contents)
    ]


# --- what is remembered --------------------------------------------------------------------------


def _note(
    contents: FileContents,
    changes: Changes,
    changed: Sequence[str],
    chapters: Sequence[BoundChapter] | None,
) -> str:
    note = dict(contents.changes)
    note |= {name: changes.texts[name] for name in changed if name in changes.texts}
    if _COVER in changed:
        note[_COVER] = digest(changes.cover or b"")
    if chapters is not None:
        same_places = [one.start for one in chapters] == [one.start for one in _bound(contents)]
        titles = digest_of_titles(one.title for one in chapters)
        note[_CHAPTERS] = titles if same_places and note.get(_CHAPTERS) != _MOVED else _MOVED
    return edits.write_note(note)


_MOVED = "moved"
"""What is noted of chapters that begin elsewhere, as no build would let them."""


def lost_changes(
    changes: Mapping[str, str], texts: Mapping[str, str], titles: Sequence[str]
) -> list[str]:
    """Return the fields that were changed in a book and that building it would set back.

    Args:
        changes: what was changed, as the book notes it.
        texts: the fields that it would get, and the digest of its picture as ``cover``.
        titles: the titles that its chapters would get.
    """
    kept = {**texts, _CHAPTERS: digest_of_titles(titles)}
    return [name for name, value in changes.items() if kept.get(name) != value]


def digest(data: bytes) -> str:
    """Return what stands for a picture in a note; nothing for none."""
    return hashlib.blake2b(data, digest_size=8).hexdigest() if data else ""


def digest_of_titles(titles: Sequence[str] | Iterator[str]) -> str:
    """Return what stands for the titles of chapters in a note."""
    return digest("\n".join(titles).encode("utf-8", "replace"))
