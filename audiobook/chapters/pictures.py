"""Pictures that chapters show while they are heard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.vietnamese import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Chapter


def illustrate(
    chapters: Sequence[Chapter], pictures: Iterable[tuple[str, bytes]]
) -> tuple[Chapter, ...]:
    """Give chapters their pictures, by their titles; chapters of one title all show the same.

    Args:
        chapters: all of them, with titles.
        pictures: titles, with a JPEG or PNG file for each.

    Raises:
        UsageError: no chapter has such a title.
    """
    shown = {clean_line(title): picture for title, picture in pictures}
    titles = {chapter.title for chapter in chapters}
    if unknown := next((title for title in shown if title not in titles), ""):
        raise UsageError(
            f"there is a picture for the chapter {unknown!r}, which is not there",
            "write its title as audiobook build --dry-run shows it",
        )
    return tuple(
        replace(chapter, picture=shown.get(chapter.title, chapter.picture)) for chapter in chapters
    )
