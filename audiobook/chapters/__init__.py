"""Document to Document: headings and scene breaks recognised, chapters divided at the headings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.chapters import matter
from audiobook.chapters.headings import (
    contents_lines,
    find_headings,
    is_mark,
    is_subtitle,
    named,
)
from audiobook.model import Change, Chapter, Document, Kind, LeftOut, Paragraph
from audiobook.vietnamese import is_speakable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.chapters.headings import Heading

STEPS = matter.STEPS

# A table of contents of so few entries (cover, text) may be that of a file, not of the book: it
# is if there are so many times more headings.
_FEW_ENTRIES, _TIMES_MORE = 3, 3
# How far down its title may stand in a chapter: below the names of the author and the book.
_TITLE_WITHIN = 8
# A book without any headings is divided about every 25 minutes of speech, in characters.
_UNDIVIDED = 40_000
_USUAL_PART = 20_000
_PART = "Phần"


def divide(document: Document, keep: Collection[str] = (), drop: Collection[str] = ()) -> Document:
    """Find headings and divide at them; leave out what is no part of the book.

    A table of contents that the source has is trusted; within its chapters, and where there is
    none, headings begin chapters (see `find_headings`). What stands before the first heading is
    a chapter of its own. A long book without any headings is divided at scene breaks or the ends
    of paragraphs. A single heading above all others names the book when the source did not.

    Args:
        document: what was read and tidied.
        keep: steps of `STEPS` not to do.
        drop: steps to do that are not done unasked.
    """
    document = replace(document, chapters=tuple(map(_with_breaks, document.chapters)))
    chapters, listed = _divided(document.chapters, without=matter.FRONT.is_done(keep, drop))
    title = document.meta.title or _book_title(chapters)
    chapters, left_out = matter.leave_out(chapters, title, document.meta.author, keep, drop)
    if listed:
        pieces = tuple(map(LeftOut, listed))
        change = Change(
            "lines of contents left out", len(listed), listed[0], matter.FRONT.name, pieces
        )
        left_out.append(change)
    return replace(
        document,
        meta=replace(document.meta, title=title),
        chapters=_with_even_levels(_in_parts(chapters)),
        changes=(*document.changes, *left_out),
    )


def _divided(chapters: Sequence[Chapter], *, without: bool) -> tuple[list[Chapter], list[str]]:
    """Divide, without the lines of a table of contents or with them; return those left out."""
    flat = [paragraph for chapter in chapters for paragraph in chapter.paragraphs]
    headings = find_headings(flat)
    if _is_trusted(chapters, headings, flat):
        return [part for chapter in chapters for part in _divide_further(chapter)], []
    listed = contents_lines(headings)
    headings = [heading for heading in headings if heading.position not in listed]
    out = listed if without else set()
    lines = [flat[position].text for position in sorted(out)]
    kept = [None if position in out else paragraph for position, paragraph in enumerate(flat)]
    whole = chapters[0] if len(chapters) == 1 else Chapter("", ())
    return list(_cut(whole, kept, headings)), lines


def _is_trusted(
    chapters: Sequence[Chapter], headings: Sequence[Heading], flat: Sequence[Paragraph]
) -> bool:
    """Whether the table of contents of the source is that of the book."""
    entries = sum(bool(chapter.title) for chapter in chapters)
    if any(is_mark(flat[heading.position]) for heading in headings):
        return False
    if entries <= _FEW_ENTRIES:
        return entries > 1 and len(headings) < entries * _TIMES_MORE
    return True


def _divide_further(chapter: Chapter) -> Iterator[Chapter]:
    """Divide a chapter of the source's own table of contents where it names chapters inside."""
    paragraphs = chapter.paragraphs
    beginning = [paragraph.text.lower() for paragraph in paragraphs[:_TITLE_WITHIN]]
    title = chapter.title.lower()
    start = beginning.index(title) + 1 if title in beginning else 0
    while start < len(paragraphs) and paragraphs[start].kind in (Kind.HEADING, Kind.BREAK):
        start += 1
    headings = [
        heading._replace(position=position, rank=chapter.level + heading.rank)
        for position, paragraph in enumerate(paragraphs)
        if position >= start and (heading := named(paragraph.text)) is not None
    ]
    has_text = len(headings) < len(paragraphs) - start  # and is no list of contents
    return _cut(chapter, paragraphs, headings if has_text else [])


def _cut(
    whole: Chapter, paragraphs: Sequence[Paragraph | None], headings: Sequence[Heading]
) -> Iterator[Chapter]:
    """Cut before each heading; what is before the first is a chapter under the title of all."""
    starts = [heading.position for heading in headings]
    before = [one for one in paragraphs[: starts[0] if starts else None] if one]
    if before:
        yield replace(whole, paragraphs=tuple(before))
    ends = [*starts[1:], len(paragraphs)]
    for heading, end in zip(headings, ends, strict=bool(starts)):
        text = [one for one in paragraphs[heading.position + 1 : end] if one]
        title, subtitles = _with_subtitle(heading, text)
        head = [Paragraph(heading.title, Kind.HEADING, heading.rank), *subtitles]
        yield Chapter(title, (*head, *text[len(subtitles) :]), max(heading.rank, 1))


def _with_subtitle(heading: Heading, text: list[Paragraph]) -> tuple[str, list[Paragraph]]:
    """Return the title of a chapter and the heading paragraphs that complete a bare one."""
    following = text[1].text if len(text) > 1 else ""
    if not heading.is_bare or not text or not is_subtitle(text[0], following):
        return heading.title, []
    subtitle = text[0].text
    return f"{heading.title.rstrip(' .:–—-')}: {subtitle}", [replace(text[0], kind=Kind.HEADING)]


def _with_breaks(chapter: Chapter) -> Chapter:
    return replace(
        chapter,
        paragraphs=tuple(
            replace(paragraph, kind=Kind.BREAK)
            if paragraph.kind in (Kind.PROSE, Kind.QUOTE) and not is_speakable(paragraph.text)
            else paragraph
            for paragraph in chapter.paragraphs
        ),
    )


def _book_title(chapters: Sequence[Chapter]) -> str:
    """Return the first chapter's title if it alone stands at the top of the hierarchy."""
    first = chapters[0] if chapters else None
    if first is None or not first.title or named(first.title):
        return ""
    others = [chapter.level for chapter in chapters[1:]]
    return first.title if others and all(level > first.level for level in others) else ""


def _in_parts(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Divide a long book of one chapter where a scene or a paragraph ends."""
    if len(chapters) != 1 or _length(chapters[0].paragraphs) < _UNDIVIDED:
        return list(chapters)
    (whole,) = chapters
    parts: list[list[Paragraph]] = [[]]
    length = 0
    for paragraph in whole.paragraphs:
        ends_scene = paragraph.kind is Kind.BREAK and length >= _USUAL_PART // 2
        if ends_scene or length >= _USUAL_PART:
            parts.append([])
            length = 0
        parts[-1].append(paragraph)
        length += len(paragraph.text)
    return [
        Chapter(f"{_PART} {number}", tuple(part), whole.level)
        for number, part in enumerate(parts, 1)
    ]


def _length(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(paragraph.text) for paragraph in paragraphs)


def _with_even_levels(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Renumber the levels that occur, from 1 and without gaps."""
    levels = {level: n for n, level in enumerate(sorted({one.level for one in chapters}), 1)}
    return tuple(replace(chapter, level=levels[chapter.level]) for chapter in chapters)
