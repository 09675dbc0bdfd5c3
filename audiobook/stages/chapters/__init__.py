"""Document to Document: headings and scene breaks recognised, chapters divided at the headings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.messages import Message, message
from audiobook.model import Change, Chapter, Document, Kind, LeftOut, Paragraph, beginning_of
from audiobook.stages.chapters import front_matter
from audiobook.stages.chapters.contents import find_contents, is_title, listed_names
from audiobook.stages.chapters.heading import parse_heading
from audiobook.stages.chapters.headings import (
    find_headings,
    find_named_divisions,
    has_marks,
    in_order,
    is_subtitle,
    numeral_headings,
)
from audiobook.stages.chapters.joining import join_empty, repeated_titles, without_leads
from audiobook.stages.chapters.titlepage import meta_with_title_page
from audiobook.stages.chapters.undivided import in_parts
from audiobook.vietnamese import is_speakable
from audiobook.vietnamese.divisions import forget_lines, parse_division

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from audiobook.model import Step
    from audiobook.stages.chapters.heading import Heading


STEPS = front_matter.STEPS

# A table of contents of at most this many entries (cover, text) may be that of a file, not of the
# book: it is if there are at least this many times as many headings.
_FEW_ENTRIES, _TIMES_MORE = 3, 3
# A title may stand among this many first lines: below the names of the author and the book.
_TITLE_WITHIN = 8
# Characters of what stands before a line that was left out: enough to search for.
_CONTEXT = 40


def divide(
    document: Document,
    keep: Collection[str] = (),
    drop: Collection[str] = (),
    kept_texts: Collection[str] = (),
) -> Document:
    """Find headings and divide at them; leave out what is no part of the book.

    A table of contents that the source has is trusted; within its chapters, and where there is
    none, headings begin chapters (see `find_headings`). What stands before the first heading is
    a chapter of its own. A long book without any headings is divided at scene breaks or the ends
    of paragraphs. A single heading above all others names the book when the source did not.

    Args:
        document: what was read and tidied.
        keep: steps of `STEPS` not to do.
        drop: steps to do that are not done unasked.
        kept_texts: beginnings of paragraphs and chapters that are not left out.
    """
    chapters = [_with_clear_kinds(chapter) for chapter in document.chapters]
    changes: list[Change] = []
    if front_matter.TITLES.is_done(keep, drop):
        flat = _all_paragraphs(chapters)
        repeated = _without_kept(repeated_titles(chapters), flat, kept_texts)
        changes += _changes_of_step(
            front_matter.TITLES, front_matter.TITLES.summary, flat, repeated
        )
        chapters = _without(chapters, repeated)
    flat = _all_paragraphs(chapters)
    listed = find_contents(flat, chapters)
    names = listed_names(flat[position].text for position in listed)
    if front_matter.FRONT.is_done(keep, drop):
        listed = _without_kept(listed, flat, kept_texts)
        changes += _changes_of_step(
            front_matter.FRONT, message("lines of contents left out"), flat, listed
        )
        chapters, listed = _without(chapters, listed), set()
    listed = {position for position in listed if not is_title(flat[position].text)}
    chapters = _divided(chapters, listed, names)
    meta = meta_with_title_page(document, chapters)
    title = meta.title or _book_title(chapters)
    chapters, left_out = front_matter.leave_out(
        chapters, title, meta.author, keep, drop, kept_texts
    )
    chapters = _with_numerals(join_empty(chapters, title))
    forget_lines()
    return replace(
        document,
        meta=replace(meta, title=title),
        chapters=_with_even_levels(in_parts(chapters)),
        changes=(*document.changes, *left_out, *changes),
    )


def _all_paragraphs(chapters: Sequence[Chapter]) -> list[Paragraph]:
    return [paragraph for chapter in chapters for paragraph in chapter.paragraphs]


def _without_kept(
    positions: Collection[int], paragraphs: Sequence[Paragraph], kept_texts: Collection[str]
) -> set[int]:
    """Return the positions without those of paragraphs that the user wants to keep."""
    return {
        position
        for position in positions
        if beginning_of(paragraphs[position].text) not in kept_texts
    }


def _without(chapters: Sequence[Chapter], positions: Collection[int]) -> list[Chapter]:
    """Leave out the paragraphs at some positions among those of all chapters."""
    if not positions:
        return list(chapters)
    remaining = []
    first = 0
    for chapter in chapters:
        numbered = enumerate(chapter.paragraphs, first)
        paragraphs = tuple(paragraph for number, paragraph in numbered if number not in positions)
        first += len(chapter.paragraphs)
        remaining.append(replace(chapter, paragraphs=paragraphs))
    return remaining


def _changes_of_step(
    step: Step, summary: Message, paragraphs: Sequence[Paragraph], positions: Collection[int]
) -> list[Change]:
    """Return the change that lists the paragraphs a step left out, if it left out any."""
    if not positions:
        return []
    texts = {position: paragraphs[position].text for position in sorted(positions)}
    pieces = tuple(
        LeftOut(
            text=text,
            after=paragraphs[position - 1].text[-_CONTEXT:] if position else "",
            is_line=True,
        )
        for position, text in texts.items()
    )
    return [
        Change(
            step=summary, count=len(pieces), example=pieces[0].text, name=step.name, left_out=pieces
        )
    ]


def _divided(
    chapters: Sequence[Chapter], excluded: Collection[int], names: frozenset[str]
) -> list[Chapter]:
    """Divide at headings.

    Args:
        chapters: what the source divides the book into.
        excluded: positions of paragraphs that are not headings.
        names: names of chapters that a page of contents lists.
    """
    flat = _all_paragraphs(chapters)
    headings = find_headings(flat, excluded, names)
    if _is_trusted(chapters, headings, flat):
        return [part for chapter in chapters for part in _divide_further(chapter)]
    undivided = chapters[0] if len(chapters) == 1 else Chapter("", ())
    if headings:
        undivided = replace(undivided, level=max(headings[0].rank, 1))
    return list(_cut_at_headings(undivided, flat, headings))


def _is_trusted(
    chapters: Sequence[Chapter], headings: Sequence[Heading], flat: Sequence[Paragraph]
) -> bool:
    """Whether the table of contents of the source is that of the book."""
    entries = sum(bool(chapter.title) for chapter in chapters)
    if has_marks(flat):
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
    inside = [
        replace(heading, rank=chapter.level + heading.rank)
        for heading in _named_in(paragraphs)
        if heading.position >= start
    ]
    return _cut_at_headings(_with_plain_title(chapter), paragraphs, inside)


def _named_in(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    """Return the lines of a chapter that name divisions, those that the source marks too."""
    marked = [
        replace(heading, position=position)
        for position, paragraph in enumerate(paragraphs)
        if paragraph.kind is Kind.HEADING and (heading := parse_heading(paragraph.text)) is not None
    ]
    return in_order([*find_named_divisions(paragraphs), *marked])


def _with_plain_title(chapter: Chapter) -> Chapter:
    """Take off what frames the title of a chapter: ornaments, the name of a site."""
    division = parse_division(chapter.title)
    return replace(chapter, title=division.text) if division and division.is_sure else chapter


def _cut_at_headings(
    undivided: Chapter, paragraphs: Sequence[Paragraph], headings: Sequence[Heading]
) -> Iterator[Chapter]:
    """Yield the chapters that begin at headings; before them, a chapter under the title of all."""
    starts = [heading.position for heading in headings]
    opening = paragraphs[: starts[0] if starts else None]
    if opening:
        yield replace(undivided, paragraphs=tuple(opening))
    ends = [*starts[1:], len(paragraphs)]
    for heading, end in zip(headings, ends, strict=bool(starts)):
        text = paragraphs[heading.position + 1 : end]
        title, subtitles = _with_subtitle(heading, text)
        head = [Paragraph(heading.spoken or heading.title, Kind.HEADING, heading.rank), *subtitles]
        yield Chapter(title, (*head, *text[len(subtitles) :]), max(heading.rank, 1))


def _with_subtitle(heading: Heading, text: Sequence[Paragraph]) -> tuple[str, list[Paragraph]]:
    """Return the title of a chapter and the heading paragraphs that complete a bare one."""
    following = text[1].text if len(text) > 1 else ""
    if not heading.is_bare or not text or not is_subtitle(text[0], following):
        return heading.title, []
    subtitle = text[0].text
    between = " " if subtitle.startswith("(") else ": "
    title = f"{heading.title.rstrip(' .:–—-')}{between}{subtitle}"
    return title, [replace(text[0], kind=Kind.HEADING)]


def _with_clear_kinds(chapter: Chapter) -> Chapter:
    """Make breaks of what nobody can say, and prose of headings that are sentences."""
    paragraphs = [
        replace(paragraph, kind=Kind.BREAK)
        if paragraph.kind in (Kind.PROSE, Kind.QUOTE) and not is_speakable(paragraph.text)
        else paragraph
        for paragraph in chapter.paragraphs
    ]
    return replace(chapter, paragraphs=tuple(without_leads(paragraphs)))


def _with_numerals(chapters: Sequence[Chapter]) -> list[Chapter]:
    headings = numeral_headings(_all_paragraphs(chapters))
    numbered = []
    first = 0
    for chapter in chapters:
        paragraphs = enumerate(chapter.paragraphs, first)
        changed = tuple(headings.get(place, paragraph) for place, paragraph in paragraphs)
        numbered.append(replace(chapter, paragraphs=changed))
        first += len(chapter.paragraphs)
    return numbered


def _book_title(chapters: Sequence[Chapter]) -> str:
    """Return the first chapter's title if it alone stands at the top of the hierarchy."""
    first = chapters[0] if chapters else None
    if first is None or not first.title or parse_heading(first.title):
        return ""
    others = [chapter.level for chapter in chapters[1:]]
    return first.title if others and all(level > first.level for level in others) else ""


def _with_even_levels(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Renumber the levels that occur, from 1 and without gaps."""
    levels = {
        level: number
        for number, level in enumerate(sorted({chapter.level for chapter in chapters}), 1)
    }
    return tuple(replace(chapter, level=levels[chapter.level]) for chapter in chapters)
