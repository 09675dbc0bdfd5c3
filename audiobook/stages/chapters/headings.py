"""Headings: what a paragraph must look like to begin a chapter, and how deep it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.chapters.contents import names_in_line
from audiobook.stages.chapters.named_divisions import RUNNING, named_divisions
from audiobook.vietnamese import is_speakable, roman_value
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import CHAPTER, LONGEST, parse_division, strip_frame

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from audiobook.model import Paragraph
    from audiobook.vietnamese.divisions import Division

_LONGEST_LINE = 100
_MANUAL = re.compile(
    r"\[(?:chapter|chương)(?:\s+(?P<level>[1-9]))?\]\s*(?P<title>\S.*)", re.IGNORECASE
)
_MARKDOWN = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)\s*#*")
_NUMBERED = re.compile(r"(?P<number>\d{1,3}|[IVXLC]+)(?:[.)]|\s*[-–—](?=\s)|\Z)\s*(?P<title>.*)")
_ZEROS = re.compile(r"\A0+(?=\d)")
# Items of a list are not numbered so: 001., #1, II.
_NUMBERS_NO_LIST = re.compile(r"\W{0,4}(?:0\d{1,2}[.)]|#\d|[IVXLC]{1,7}[.)])")
_PARTS = re.compile(
    r"\((?:tiếp(?: theo)?|thượng|trung|hạ|cuối|hết|[\divx]{1,4}|phần .{1,12})\)", re.IGNORECASE
)
_ENDS_A_SENTENCE = (".", "!", "?", "…", ",", ";", ":")
_CLOSES_A_SENTENCE = (".", "!", "?", "…", "”", '"', "»", ")")
# Headings have at least this much text between them, in characters; else they are items of a list.
_LEAST_BETWEEN = 200
# The same where several paragraphs stand between them.
_LEAST_TOLD = 80
# A number alone on its line is no item of a list; below one in digits there must still be a text.
_LEAST_AFTER_NUMBER = 40
# A line with a numeral and what frames it is shorter than this.
_LONGEST_NUMERAL = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A paragraph that begins a chapter."""

    position: int
    """Among the paragraphs."""
    title: str
    rank: int
    """The smaller, the further out; only the order of ranks counts."""
    is_bare: bool = False
    """It has a number and no title of its own."""
    spoken: str = ""
    """How the title is said, if not as it is written."""


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
    return _counted_headings(paragraphs, excluded) or _headings_in_capitals(paragraphs, excluded)


def in_order(headings: Iterable[Heading]) -> list[Heading]:
    """Return headings in the order of the text."""
    return sorted(headings, key=attrgetter("position"))


def parse_heading(text: str) -> Heading | None:
    """Return the heading that a line is if it names a division of a book, its position -1."""
    division = parse_division(text)
    return None if division is None else _heading(division, -1)


def find_named_divisions(
    paragraphs: Sequence[Paragraph], excluded: Collection[int] = ()
) -> list[Heading]:
    """Return the lines of running text that name divisions as headings: see `named_divisions`."""
    divisions = named_divisions(paragraphs, excluded)
    return [_heading(division, position) for position, division in divisions.items()]


def has_marks(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the user marked chapters by hand."""
    return bool(_manual_headings(paragraphs, ()))


def is_subtitle(paragraph: Paragraph, following: str) -> bool:
    """Whether a paragraph right below a bare heading is its title, not the text."""
    text = paragraph.text
    if _PARTS.fullmatch(text):
        return True
    if (
        len(text) > _LONGEST_LINE
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
        and not text.endswith(_ENDS_A_SENTENCE)
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


def is_number(text: str) -> bool:
    """Whether a line is nothing but a number: 3, IV, V."""
    match = _NUMBERED.fullmatch(strip_frame(text))
    return match is not None and not match["title"] and _number_value(match["number"]) is not None


def _heading(division: Division, position: int) -> Heading:
    return Heading(
        position=position,
        title=division.text,
        rank=division.rank,
        is_bare=division.is_bare,
        spoken=division.spoken,
    )


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
    heading = parse_heading(text) or _plain_heading(text)
    return replace(heading, rank=level or heading.rank)


def _plain_heading(text: str, position: int = -1) -> Heading:
    is_bare = is_number(text)
    # "II" alone may be letters, "II." is read as a number.
    number = strip_frame(text).rstrip(".")
    spoken = f"{number}." if is_bare and number.isalpha() else _ZEROS.sub("", text)
    return Heading(position=position, title=text, rank=CHAPTER, is_bare=is_bare, spoken=spoken)


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
            numeral_heading = _plain_heading(strip_frame(paragraph.text), position)
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
        if len(paragraph.text) > _LONGEST_LINE or not listed:
            continue
        names = listed & set(names_in_line(paragraph.text))
        if names and paragraph.kind is Kind.HEADING:
            return []
        if position in excluded or paragraph.kind not in RUNNING or not names - used:
            continue
        used |= names
        headings.append(_plain_heading(strip_frame(paragraph.text), position))
    return headings if len(headings) > 1 else []


def _counted_headings(paragraphs: Sequence[Paragraph], excluded: Collection[int]) -> list[Heading]:
    """Find lines that count up from 1, in one manner: I. II. III., or 1. 2. 3."""
    for value_of in (_roman, _arabic):
        headings: list[Heading] = []
        for position, paragraph in enumerate(paragraphs):
            if position in excluded or paragraph.kind not in RUNNING:
                continue
            text = strip_frame(paragraph.text) if len(paragraph.text) <= _LONGEST_LINE else ""
            line = _NUMBERED.fullmatch(text)
            if line is None or line["title"].endswith(_ENDS_A_SENTENCE):
                continue
            if value_of(line["number"]) == len(headings) + 1:
                headings.append(_plain_heading(text, position))
        is_list = not all(
            _NUMBERS_NO_LIST.match(paragraphs[heading.position].text) for heading in headings
        )
        if len(headings) > 1 and _have_text_between(paragraphs, headings, is_list=is_list):
            return headings
    return []


def _number_value(number: str) -> int | None:
    return _arabic(number) or _roman(number)


def _roman(number: str) -> int | None:
    return None if number.isdecimal() else roman_value(number)


def _arabic(number: str) -> int | None:
    return int(number) if number.isdecimal() else None


def _headings_in_capitals(
    paragraphs: Sequence[Paragraph], excluded: Collection[int]
) -> list[Heading]:
    headings = [
        Heading(position=position, title=paragraph.text, rank=CHAPTER)
        for position, paragraph in enumerate(paragraphs)
        if position not in excluded
        and paragraph.kind in RUNNING
        and _is_in_capitals(paragraph.text)
    ]
    return headings if len(headings) > 1 and _have_text_between(paragraphs, headings) else []


def _is_in_capitals(text: str) -> bool:
    if not text.isupper() or not 4 <= len(text) <= _LONGEST_LINE:
        return False
    return text[0].isalnum() and not text.endswith(_ENDS_A_SENTENCE)


def _is_running_text(text: Sequence[Paragraph]) -> bool:
    """Whether several paragraphs of sentences stand below a heading, as below no item of a list."""
    sentences = [
        paragraph.text for paragraph in text if paragraph.text.rstrip().endswith(_CLOSES_A_SENTENCE)
    ]
    return len(sentences) > 1 and sum(map(len, sentences)) >= _LEAST_TOLD


def _have_text_between(
    paragraphs: Sequence[Paragraph], headings: Sequence[Heading], *, is_list: bool = True
) -> bool:
    """Whether each heading has text below it.

    Numbers alone on their lines, and those that count no items of a list, need less of it.
    """
    ends = [*(heading.position for heading in headings[1:]), len(paragraphs)]
    texts = [
        [
            paragraph
            for paragraph in paragraphs[heading.position + 1 : end]
            if paragraph.kind is not Kind.BREAK
        ]
        for heading, end in zip(headings, ends, strict=True)
    ]
    lengths = [sum(len(paragraph.text) for paragraph in text) for text in texts]
    if is_list and not all(heading.is_bare for heading in headings):
        return min(lengths) >= _LEAST_BETWEEN or all(map(_is_running_text, texts))
    has_text = all(
        any(paragraph.text.rstrip().endswith(_CLOSES_A_SENTENCE) for paragraph in text)
        for text in texts
    )
    least = _LEAST_AFTER_NUMBER if is_list and headings[0].title.strip(".").isdecimal() else 0
    return has_text and sorted(lengths)[len(lengths) // 2] >= least
