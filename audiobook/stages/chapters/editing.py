"""What book.toml says of chapters: which are not read, and what others are called."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.model import Change, Kind
from audiobook.model.changes import left_out_chapter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from audiobook.model import Chapter, Document, Paragraph

_STEP = message("chapters left out as book.toml says")


def chapter_keys(chapters: Sequence[Chapter]) -> list[str]:
    """Return what book.toml calls each chapter: its title, the second of a title "Title (2)"."""
    seen: Counter[str] = Counter()
    keys = []
    for chapter in chapters:
        seen[chapter.title] += 1
        number = seen[chapter.title]
        keys.append(chapter.title if number == 1 else f"{chapter.title} ({number})")
    return keys


def edit_chapters(
    document: Document, left_out: Collection[str], titles: Mapping[str, str]
) -> Document:
    """Return a document without some chapters, and with other titles.

    A book of which nothing would be left keeps its chapters. A heading that reads out the old
    title reads out the new one.

    Args:
        document: a whole book, divided.
        left_out: keys of chapters that are not read.
        titles: titles by the keys of chapters.
    """
    if not left_out and not titles:
        return document
    keyed = list(zip(chapter_keys(document.chapters), document.chapters, strict=True))
    dropped = [chapter for key, chapter in keyed if key in left_out]
    if len(dropped) == len(keyed):
        dropped = []
    chapters = tuple(
        _with_title(chapter, titles.get(key, chapter.title))
        for key, chapter in keyed
        if not any(chapter is other for other in dropped)
    )
    if not dropped:
        return replace(document, chapters=chapters)
    change = Change(
        step=_STEP,
        count=len(dropped),
        example=dropped[0].title,
        left_out=tuple(left_out_chapter(chapter.paragraphs) for chapter in dropped),
    )
    return replace(document, chapters=chapters, changes=(*document.changes, change))


def _with_title(chapter: Chapter, title: str) -> Chapter:
    if title == chapter.title:
        return chapter
    paragraphs: list[Paragraph] = list(chapter.paragraphs)
    if paragraphs and paragraphs[0].kind is Kind.HEADING and paragraphs[0].text == chapter.title:
        paragraphs[0] = replace(paragraphs[0], text=title)
    return replace(chapter, title=title, paragraphs=tuple(paragraphs))
