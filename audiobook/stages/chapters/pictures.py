"""Pictures that chapters show while they are heard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import SourceError, UsageError
from audiobook.messages import message
from audiobook.model import Change
from audiobook.vietnamese import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Chapter, Document

_COVER = "cover"


def restore_pictures(document: Document) -> Document:
    """Return a document with its cover and pictures as far as they can be decoded.

    One that cannot be used at all is left out; of a cover that means that one is drawn. The changes
    list all of them.
    """
    damaged: list[str] = []
    unusable: list[str] = []
    replaced: list[str] = []

    def restored(picture: bytes, name: str) -> bytes:
        if not picture:
            return b""
        from audiobook.outputs import cover

        try:
            sound = cover.restore(picture)
            if name == _COVER:
                cover.check_cover(sound, message("the picture"))
        except SourceError as problem:
            if name == _COVER:
                replaced.append(problem.message)
            else:
                unusable.append(message("{name}: {problem}", name=name, problem=problem.what))
            return b""
        if sound is not picture:
            damaged.append(name)
        return sound

    meta = replace(document.meta, cover=restored(document.meta.cover, _COVER))
    chapters = tuple(
        replace(chapter, picture=restored(chapter.picture, chapter.title))
        for chapter in document.chapters
    )
    picture_changes = [
        Change(step=step, count=len(names), example=names[0])
        for step, names in (
            (message("damaged pictures used as far as they can be seen"), damaged),
            (message("pictures that cannot be used left out"), unusable),
            (message("covers that cannot be used replaced by a drawn one"), replaced),
        )
        if names
    ]
    return replace(
        document, meta=meta, chapters=chapters, changes=(*document.changes, *picture_changes)
    )


def illustrate(
    chapters: Sequence[Chapter], pictures: Iterable[tuple[str, bytes]]
) -> tuple[Chapter, ...]:
    """Give chapters their pictures, by their titles; chapters of one title all show the same.

    Args:
        chapters: all of them, with titles.
        pictures: titles, with a picture file for each.

    Raises:
        UsageError: no chapter has such a title.
    """
    shown = {clean_line(title): picture for title, picture in pictures}
    titles = {chapter.title for chapter in chapters}
    if unknown := next((title for title in shown if title not in titles), ""):
        raise UsageError(
            message(
                "there is a picture for the chapter {chapter!r}, which is not there",
                chapter=unknown,
            ),
            message("write its title as audiobook build --dry-run shows it"),
        )
    return tuple(
        replace(chapter, picture=shown.get(chapter.title, chapter.picture)) for chapter in chapters
    )
