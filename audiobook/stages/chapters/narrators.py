"""Who narrates each chapter, as [cast.chapters] says by number, by turns or by title."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import UsageError, of_setting
from audiobook.messages import message
from audiobook.stages.chapters.selection import find, numbers_of, parse
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Chapter, Document

_TURNS = ("even", "odd")
"""Chapters by turns, each at the remainder of their numbers by two."""
_NUMBERS = re.compile(r"[\d\s,–-]+")


def assign_narrators(
    chapters: Sequence[Chapter], narrators: Iterable[tuple[str, str]], narrator: str
) -> tuple[Chapter, ...]:
    """Return the chapters of a book, each with the name of the voice that narrates it.

    A number or a title wins over a turn.

    Args:
        chapters: all of them, with the titles by which they are listed.
        narrators: which chapters, and the name of their voice.
        narrator: the name of the voice that narrates the others.

    Raises:
        UsageError: there is no such chapter, or two voices are to narrate one.
    """
    by_turns: dict[int, str] = {}
    by_number: dict[int, tuple[str, str]] = {}
    for key, voice in narrators:
        if key in _TURNS:
            by_turns[_TURNS.index(key)] = voice
            continue
        with of_setting(f"cast.chapters.{key}"):
            for number in _numbers(key, chapters):
                if number in by_number:
                    raise UsageError(
                        message(
                            "two voices narrate chapter {chapter}: by {first!r} and by {second!r}",
                            chapter=number,
                            first=by_number[number][0],
                            second=key,
                        ),
                        message("leave it to one of them in [cast.chapters]"),
                    )
                by_number[number] = key, voice
    names = (
        by_number.get(number, ("", by_turns.get(number % 2, "")))[1]
        for number in range(1, len(chapters) + 1)
    )
    return tuple(
        replace(chapter, narrator="" if name == narrator else name)
        for chapter, name in zip(chapters, names, strict=True)
    )


def _numbers(key: str, chapters: Sequence[Chapter]) -> set[int]:
    """Return the numbers of the chapters that a line of [cast.chapters] is about."""
    if _NUMBERS.fullmatch(key):
        return numbers_of(parse(key, None).ranges, len(chapters))
    return {find(chapters, key)}


def name_narrators(document: Document, narrator: str) -> Document:
    """Return a document that names all its narrators, unless the user named them.

    Args:
        document: some or all chapters of a book.
        narrator: the name of the voice that narrates where a chapter names none.
    """
    if document.meta.narrator or not any(chapter.narrator for chapter in document.chapters):
        return document
    names = dict.fromkeys(chapter.narrator or narrator for chapter in document.chapters)
    return replace(document, meta=replace(document.meta, narrator=", ".join(names)))
