"""A heading, and the line that it is: whether a line names a division, or is a number alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese import roman_value
from audiobook.vietnamese.divisions import CHAPTER, parse_division, strip_frame

if TYPE_CHECKING:
    from audiobook.vietnamese.divisions import Division


LONGEST_LINE = 100
NUMBERED = re.compile(r"(?P<number>\d{1,3}|[IVXLC]+)(?:[.)]|\s*[-–—](?=\s)|\Z)\s*(?P<title>.*)")
_ZEROS = re.compile(r"\A0+(?=\d)")
ENDS_A_SENTENCE = (".", "!", "?", "…", ",", ";", ":")


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


def parse_heading(text: str) -> Heading | None:
    """Return the heading that a line is if it names a division of a book, its position -1."""
    division = parse_division(text)
    return None if division is None else heading_of(division, -1)


def is_number(text: str) -> bool:
    """Whether a line is nothing but a number: 3, IV, V."""
    match = NUMBERED.fullmatch(strip_frame(text))
    return match is not None and not match["title"] and _number_value(match["number"]) is not None


def heading_of(division: Division, position: int) -> Heading:
    """Return a line that names a division as the heading at a position."""
    return Heading(
        position=position,
        title=division.text,
        rank=division.rank,
        is_bare=division.is_bare,
        spoken=division.spoken,
    )


def plain_heading(text: str, position: int = -1) -> Heading:
    """Return a line that names no division as the heading at a position."""
    is_bare = is_number(text)
    # "II" alone may be letters, "II." is read as a number.
    number = strip_frame(text).rstrip(".")
    spoken = f"{number}." if is_bare and number.isalpha() else _ZEROS.sub("", text)
    return Heading(position=position, title=text, rank=CHAPTER, is_bare=is_bare, spoken=spoken)


def _number_value(number: str) -> int | None:
    return arabic_number(number) or roman_number(number)


def roman_number(number: str) -> int | None:
    """Return the value of a Roman numeral, None for anything else."""
    return None if number.isdecimal() else roman_value(number)


def arabic_number(number: str) -> int | None:
    """Return the value of a number in digits, None for anything else."""
    return int(number) if number.isdecimal() else None
