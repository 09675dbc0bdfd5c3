"""Changes the tags, the cover and the chapters of a finished book, and not its sound."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.app import placing
from audiobook.app.changed_tags import CHAPTERS, COVER, MOVED, digest, digest_of_titles
from audiobook.app.chapter_places import (
    bound_chapters,
    is_same,
    place_chapters,
    unlisted_note,
)
from audiobook.app.ownership import transcript_apart
from audiobook.audit.contents import read_contents
from audiobook.errors import SourceError
from audiobook.messages import Message, foreign, message
from audiobook.model import Book
from audiobook.outputs import edits, languages, transcripts
from audiobook.outputs.damage import DAMAGED
from audiobook.outputs.edits import TagEdit
from audiobook.system import files
from audiobook.system.folders import cache_folder
from audiobook.vietnamese import clean_letters, clean_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from audiobook.app.chapter_lists import ListedChapter
    from audiobook.audit.types import FileContents
    from audiobook.model import BoundChapter

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
    given = {name: _cleaned(name, text) for name, text in changes.texts.items()}
    texts = {name: text for name, text in given.items() if text != _text_of(contents, name)}
    changed = [*texts]
    if "title" in texts and contents.album in ("", contents.title):
        texts["album"] = texts["title"]
    rate = contents.rate
    chapters = None
    if changes.chapters is not None:
        chapters = place_chapters(contents, changes.chapters, notes)
        if is_same(chapters, contents):
            chapters = None
        else:
            changed.append(CHAPTERS)
    cover = None
    if changes.cover is not None:
        cover = _fitted(changes.cover)
        if cover == contents.cover_file:
            cover = None
        else:
            changed.append(COVER)
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
        note=_note(contents, changes, given, changed, chapters) if contents.provenance else "",
    )
    _write(path, contents, edit)
    written = read_contents(path)
    if len(written.chapters) < len(chapters or ()):
        notes.append(unlisted_note(len(written.chapters), len(chapters or ())))
    _refresh_side_files(written, path)
    return Retagged(path=path, changed=tuple(changed), notes=tuple(notes))


def _cleaned(name: str, text: str) -> str:
    """Return a text with its letters as a build writes them; only descriptions have lines."""
    return clean_letters(text) if name == "description" else clean_line(text)


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
        for transcript in (book.with_suffix(f".{kind}"), transcript_apart(book, kind)):
            with suppress(OSError):
                if transcript.stat().st_mtime_ns == date:
                    os.utime(transcript, ns=(new_date, new_date))


def _refresh_side_files(contents: FileContents, path: Path) -> None:
    """Let the files that a layout put beside a book tell what it is now."""
    from audiobook.app.reencoding import meta_of

    book = Book(
        meta=meta_of(contents, path),
        path=path.resolve(),
        rate=contents.rate,
        samples=round(contents.seconds * contents.rate),
        chapters=tuple(bound_chapters(contents)),
        sentences=len(contents.sentences),
    )
    placing.refresh_side_files(book.meta, book, cache_folder())


def _fitted(picture: bytes) -> bytes:
    """Return a cover as a build puts it into a file of sound; empty for none."""
    from audiobook.outputs import cover

    if not picture:
        return b""
    cover.check_cover(picture)
    return cover.fit(picture, most=cover.MOST_INSIDE)


# --- what is remembered --------------------------------------------------------------------------


def _note(
    contents: FileContents,
    changes: Changes,
    given: Mapping[str, str],
    changed: Sequence[str],
    chapters: Sequence[BoundChapter] | None,
) -> str:
    note = dict(contents.changes)
    note |= {name: given[name] for name in changed if name in given}
    if COVER in changed:
        note[COVER] = digest(changes.cover or b"")
    if chapters is not None:
        same_places = [one.start for one in chapters] == [
            one.start for one in bound_chapters(contents)
        ]
        titles = digest_of_titles(one.title for one in chapters)
        note[CHAPTERS] = titles if same_places and note.get(CHAPTERS) != MOVED else MOVED
    return edits.write_note(note)
