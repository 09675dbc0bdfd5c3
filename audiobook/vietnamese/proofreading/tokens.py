"""The words of a text under proof, and those beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b])*+")


class Token(NamedTuple):
    """A word of a text."""

    start: int
    end: int
    written: str
    syllable: str
    """The word, folded."""
    joins: bool
    """Whether only a space stands between it and the token before."""
    hyphened: bool
    """Whether only a hyphen stands between it and the token before."""


class Neighbour(NamedTuple):
    """The token before or after a suspected one."""

    token: Token
    is_before: bool
    """Whether it stands before the suspected word."""
    beyond: str
    """The pair of the token and its own neighbour on the other side; empty if it has none."""


def tokenize(text: str) -> Iterator[list[Token]]:
    """Yield the words of each line of a text."""
    position = 0
    for line in text.splitlines(keepends=True):
        tokens = []
        previous_end = -1
        for match in _WORD.finditer(line):
            start, end = match.span()
            gap = line[previous_end:start] if previous_end >= 0 else ""
            written = match[0]
            tokens.append(
                Token(
                    position + start, position + end, written, fold(written), gap == " ", gap == "-"
                )
            )
            previous_end = end
        yield tokens
        position += len(line)


def follows_hyphen(line: list[Token], place: int) -> bool:
    """Whether a hyphen joins the next word to the one at an index."""
    return place + 1 < len(line) and line[place + 1].hyphened


def neighbours_of(line: list[Token], place: int) -> list[Neighbour]:
    """Return the neighbours of a word that only a space separates from it."""
    neighbours = []
    if line[place].joins:
        token = line[place - 1]
        beyond = f"{line[place - 2].syllable} {token.syllable}" if token.joins else ""
        neighbours.append(Neighbour(token, True, beyond))
    if place + 1 < len(line) and line[place + 1].joins:
        token = line[place + 1]
        joined = place + 2 < len(line) and line[place + 2].joins
        beyond = f"{token.syllable} {line[place + 2].syllable}" if joined else ""
        neighbours.append(Neighbour(token, False, beyond))
    return neighbours


def pair_from(line: list[Token], index: int) -> str:
    """Return a word and the next one, folded; empty if more than a space separates them."""
    if index < 0 or index + 1 >= len(line) or not line[index + 1].joins:
        return ""
    return f"{line[index].syllable} {line[index + 1].syllable}"
