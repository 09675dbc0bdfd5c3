"""Reading rules: each has a name, a pattern, and a function that says what the pattern matched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.lazy import ListPattern, WordPattern

Pattern = re.Pattern[str] | WordPattern
Accent = Literal["north", "central", "south"]


class Guess(str):
    """A reading that may be wrong: another one is possible, and no word nearby decides."""

    __slots__ = ()


class Rule(NamedTuple):
    """How one kind of written text, such as dates, is read out."""

    name: str
    pattern: Pattern | ListPattern
    """Matched at the start of a candidate."""
    read: Callable[[re.Match[str], Accent], str | None]
    """Returns the words for a match, as a `Guess` where the context does not decide; None where
    the context shows that the match is something else."""
    is_guess: bool = False
    """Whether all that it reads is a guess, because nothing in the text explains it."""
    needs: str = ""
    """Characters of which each match, or what stands beside it, holds one. Large patterns tell it:
    where a text has none of them, a pattern need not be compiled. Empty if that is not told."""


_LAST_WORD = re.compile(r"([^\W\d_]+)[\s(]*\Z")


def word_before(match: re.Match[str]) -> str:
    """Return the word in front of a match in lower case, or an empty string."""
    word = search_before(match, _LAST_WORD, 16)
    return word[1].lower() if word else ""


def search_before(
    match: re.Match[str], pattern: re.Pattern[str], reach: int = 32
) -> re.Match[str] | None:
    r"""Search what stands before a match for a pattern that ends in ``\Z``.

    Only near characters are looked at, so that a text takes time by its length alone.

    Args:
        match: the match.
        pattern: what to search for.
        reach: how many characters before the match are looked at.
    """
    start = match.start()
    return pattern.search(match.string, max(0, start - reach), start)


def text_before(match: re.Match[str], reach: int = 32) -> str:
    """Return up to `reach` characters in front of a match."""
    return match.string[max(0, match.start() - reach) : match.start()]


def text_after(match: re.Match[str], reach: int = 32) -> str:
    """Return up to `reach` characters behind a match."""
    return match.string[match.end() : match.end() + reach]
