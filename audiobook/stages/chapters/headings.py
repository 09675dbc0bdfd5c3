"""Headings: what a paragraph must look like to begin a chapter, and how deep it stands."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.chapters.contents import names_in_line
from audiobook.stages.chapters.counted_headings import counted_headings, headings_in_capitals
from audiobook.stages.chapters.heading import (
    ENDS_A_SENTENCE,
    LONGEST_LINE,
    Heading,
    heading_of,
    is_number,
    parse_heading,
    plain_heading,
)
from audiobook.stages.chapters.named_divisions import RUNNING, named_divisions
from audiobook.vietnamese import is_speakable, roman_value
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import LONGEST, strip_frame

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from audiobook.model import Paragraph

_MANUAL = re.compile(
    r"\[(?:chapter|chương)(?:\s+(?P<level>[1-9]))?\]\s*(?P<title>\S.*)", re.IGNORECASE
)
_MARKDOWN = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)\s*#*")
_PARTS = re.compile(
    r"\((?:tiếp(?: theo)?|thượng|trung|hạ|cuối|hết|[\divx]{1,4}|phần .{1,12})\)", re.IGNORECASE
)
# A line with a numeral and what frames it is shorter than this.
_LONGEST_NUMERAL = 16


def find_headings(
    paragraphs: Sequence[Paragraph],
    excluded: Collection[int] = (),
    listed: frozenset[str] = frozenset(),
) -> list[Heading]:
    """Find where chapters begin, by the strongest evidence there is.

    What the user marked wins (``[chapter] Title``); then what the source marks as a heading, what
    names itself (Chương 1, Phần II, Lời bạt) and what a page of contents lists; then lines that
    count from 1 (I., 2., 3), with text between; then lines in capitals, with text between.

    Args:
        paragraphs: those of the whole book.
        excluded: positions of paragraphs that are no headings whatever they look like.
        listed: names of chapters that a page of contents lists.
    """
    if manual := _manual_headings(paragraphs, excluded):
        return manual
    strong = _strong_headings(paragraphs, excluded)
    occupied = {*excluded, *(heading.position for heading in strong)}
    if headings := in_order([*strong, *_listed_headings(paragraphs, occupied, listed)]):
        return _with_next_numerals(paragraphs, headings, excluded)
    return counted_headings(paragraphs, excluded) or headings_in_capitals(paragraphs, excluded)


def in_order(headings: Iterable[Heading]) -> list[Heading]:
    """Return headings in the order of the text."""
    return sorted(headings, key=attrgetter("position"))


def find_named_divisions(
    paragraphs: Sequence[Paragraph], excluded: Collection[int] = ()
) -> list[Heading]:
    """Return the lines of running text that name divisions as headings: see `named_divisions`."""
    divisions = named_divisions(paragraphs, excluded)
    return [heading_of(division, position) for position, division in divisions.items()]


def has_marks(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the user marked chapters by hand."""
    return bool(_manual_headings(paragraphs, ()))


def is_subtitle(paragraph: Paragraph, following: str) -> bool:
    """Whether a paragraph right below a bare heading is its title, not the text."""
    text = paragraph.text
    if _PARTS.fullmatch(text):
        return True
    if (
        len(text) > LONGEST_LINE
        or parse_heading(text)
        or not text[0].isalnum()
        or text[0].islower()
    ):
        return False
    if is_number(text):
        return False
    if paragraph.kind is Kind.HEADING:
        return True
    return (
        paragraph.kind is Kind.PROSE
        and not text.endswith(ENDS_A_SENTENCE)
        and len(following) > len(text)
    )


def numeral_headings(paragraphs: Sequence[Paragraph]) -> dict[int, Paragraph]:
    """Return the lines that are Roman numerals alone as headings, by their positions.

    They count up from I, once or again and again, and are said as the numbers they are.
    """
    headings: dict[int, Paragraph] = {}
    count = highest = 0
    for position, paragraph in enumerate(paragraphs):
        if len(paragraph.text) > _LONGEST_NUMERAL:
            continue
        numeral = strip_frame(paragraph.text).rstrip(".")
        number = roman_value(numeral)
        if number in (1, count + 1) and paragraph.kind in (*RUNNING, Kind.HEADING):
            count = number
            highest = max(count, highest)
            headings[position] = replace(paragraph, text=f"{numeral}.", kind=Kind.HEADING)
    return headings if highest > 1 else {}


def _manual_headings(paragraphs: Sequence[Paragraph], excluded: Collection[int]) -> list[Heading]:
    """Find the marks of the user; numbers alone, ``[Chương 3] Mưa``, are those of the book."""
    headings = []
    is_marked = False
    for position, paragraph in enumerate(paragraphs):
        if paragraph.text[:1] != "[" or position in excluded:
            continue
        if mark := _MANUAL.fullmatch(paragraph.text):
            is_marked |= mark["level"] is None
            headings.append(
                Heading(position=position, title=mark["title"], rank=int(mark["level"] or 1))
            )
    return headings if is_marked else []


def _strong_headings(paragraphs: Sequence[Paragraph], excluded: Collection[int]) -> list[Heading]:
    headings = find_named_divisions(paragraphs, excluded)
    for position, paragraph in enumerate(paragraphs):
        heading = None
        if position in excluded:
            continue
        if paragraph.kind is Kind.HEADING:
            heading = _marked_heading(paragraph.text, paragraph.level)
        elif paragraph.kind in RUNNING and (line := _MARKDOWN.fullmatch(paragraph.text)):
            heading = _marked_heading(line["title"], len(line["marks"]))
            headings = [named for named in headings if named.position != position]
        if heading is not None:
            headings.append(replace(heading, position=position))
    return in_order(headings)


def _marked_heading(text: str, level: int) -> Heading | None:
    """Return a line that the source marks as the heading of a level, 0 where it gives none."""
    if not is_speakable(text) or len(text) > LONGEST:
        return None
    heading = parse_heading(text) or plain_heading(text)
    return replace(heading, rank=level or heading.rank)


def _with_next_numerals(
    paragraphs: Sequence[Paragraph], headings: Sequence[Heading], excluded: Collection[int]
) -> list[Heading]:
    """Add the lines that are Roman numerals alone and count on from headings that are numerals."""
    headings_by_position = {heading.position: heading for heading in headings}
    extended: list[Heading] = []
    last, rank = 0, 0
    for position, paragraph in enumerate(paragraphs):
        heading = headings_by_position.get(position)
        is_short = len(paragraph.text) <= _LONGEST_NUMERAL
        numeral = strip_frame(paragraph.text).rstrip(".") if is_short else ""
        number = roman_value(numeral) or 0
        if heading is not None:
            extended.append(heading)
            last, rank = (number, heading.rank) if number else (last, rank)
        elif last and number == last + 1 and position not in excluded and paragraph.kind in RUNNING:
            numeral_heading = plain_heading(strip_frame(paragraph.text), position)
            extended.append(replace(numeral_heading, rank=rank))
            last = number
    return extended


def _listed_headings(
    paragraphs: Sequence[Paragraph], excluded: Collection[int], listed: frozenset[str]
) -> list[Heading]:
    """Find the lines that a page of contents lists, where the source marks no such headings."""
    headings: list[Heading] = []
    used: set[str] = set()
    for position, paragraph in enumerate(paragraphs):
        if len(paragraph.text) > LONGEST_LINE or not listed:
            continue
        names = listed & set(names_in_line(paragraph.text))
        if names and paragraph.kind is Kind.HEADING:
            return []
        if position in excluded or paragraph.kind not in RUNNING or not names - used:
            continue
        used |= names
        headings.append(plain_heading(strip_frame(paragraph.text), position))
    return headings if len(headings) > 1 else []
