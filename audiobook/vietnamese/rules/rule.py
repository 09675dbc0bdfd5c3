"""What a reading rule is: a name, where it applies, and what it says there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

Accent = Literal["north", "central", "south"]


class Guess(str):
    """What is said where the numbers themselves allow another reading, and nothing decides."""

    __slots__ = ()


class Rule(NamedTuple):
    """Reads one class of written things."""

    name: str
    pattern: re.Pattern[str]
    """Matched at the start of a candidate."""
    read: Callable[[re.Match[str], Accent], str | None]
    """What is said for the match, a `Guess` where the context is silent; None when it says that
    it is something else."""
    is_guess: bool = False
    """Whether it reads what nothing in the text explains."""


_LAST_WORD = re.compile(r"([^\W\d_]+)[\s(]*\Z")


def word_before(match: re.Match[str]) -> str:
    """Return the word in front of a match in lower case, or an empty string."""
    word = ends_before(match, _LAST_WORD, 16)
    return word[1].lower() if word else ""


def ends_before(
    match: re.Match[str], pattern: re.Pattern[str], reach: int = 32
) -> re.Match[str] | None:
    r"""Search what stands before a match for a pattern that ends in ``\Z``.

    No more than `reach` characters are looked at, so that a text takes time by its length alone.
    """
    start = match.start()
    return pattern.search(match.string, max(0, start - reach), start)


def text_before(match: re.Match[str], reach: int = 32) -> str:
    """Return up to `reach` characters in front of a match."""
    return match.string[max(0, match.start() - reach) : match.start()]


def text_after(match: re.Match[str], reach: int = 32) -> str:
    """Return up to `reach` characters behind a match."""
    return match.string[match.end() : match.end() + reach]
