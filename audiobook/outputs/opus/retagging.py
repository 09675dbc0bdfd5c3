"""Writes an Opus file anew with other comments, and the same packets of sound."""

from __future__ import annotations

import re
import shutil
from typing import IO, TYPE_CHECKING

from mutagen.oggopus import OggOpus

from audiobook.outputs import edits, levels, provenance
from audiobook.outputs.opus import comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.outputs.edits import TagEdit

_CHAPTER = re.compile(r"CHAPTER\d{3}(NAME|URL)?")


def retag(source: IO[bytes], file: IO[bytes], edit: TagEdit) -> None:
    """Write a file with other tags; see `audiobook.outputs.SoundFormat`."""
    source.seek(0)
    shutil.copyfileobj(source, file)
    file.seek(0)
    opus = OggOpus(file)
    tags: list[tuple[str, str]] = opus.tags or []
    removed = {name for field in edit.texts for name in _names_of(field)}
    removed.update([edits.KEY.upper()] if edit.note else [])
    removed.update([comments.PICTURE] if edit.cover is not None else [])
    has_chapters = edit.chapters is not None
    kept = [
        (name, text)
        for name, text in tags
        if name.upper() not in removed and not (has_chapters and _is_of_chapters(name))
    ]
    names = [*(name.lower() for name, _ in kept), provenance.KEY]
    place = names.index(provenance.KEY)
    tags[:] = [*kept[:place], *_new_comments(edit), *kept[place:]]
    file.seek(0)
    opus.save(file, padding=lambda _info: 0)


def _is_of_chapters(name: str) -> bool:
    of_all = (levels.KEY, comments.ALL_CHAPTERS)
    return bool(_CHAPTER.fullmatch(name.upper())) or name.lower() in of_all


def _names_of(field: str) -> Iterator[str]:
    yield from comments.COMMENTS[field]
    if field in comments.SORT_COMMENTS:
        yield comments.SORT_COMMENTS[field]


def _new_comments(edit: TagEdit) -> Iterator[tuple[str, str]]:
    for field, value in edit.texts.items():
        yield from comments.field_comments(field, value)
    if edit.chapters is not None:
        yield from comments.chapter_comments(edit.chapters, edit.rate)
    if edit.cover:
        yield comments.cover_comment(edit.cover)
    if edit.note:
        yield edits.KEY, edit.note
