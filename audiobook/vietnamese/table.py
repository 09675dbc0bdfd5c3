"""Tables of the language: tab-separated data files with ``#`` comments."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def load_pairs(name: str) -> dict[str, str]:
    """Return the table ``data/NAME``, of two columns, as a mapping."""
    return {key: value for key, value in load_table(name)}  # noqa: C416 (checks the width)


def load_table(name: str) -> list[tuple[str, ...]]:
    """Return the rows of the table ``data/NAME``, each a tuple of its cells."""
    text = (files("audiobook.vietnamese") / "data" / name).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("# "))
    return [tuple(line.split("\t")) for line in lines]


def any_of(words: Iterable[str], end: Callable[[str], str] = lambda _word: "") -> str:
    """Return a regular expression that matches the longest of some words.

    Common beginnings are written once, so that many words cost little more than one.

    Args:
        words: the words to match, literally.
        end: returns the expression that must follow a word.

    >>> any_of(["km", "kg", "m"])
    '(?:k(?:g|m)|m)'
    """
    return _branches(sorted((word, end(word)) for word in set(words)))


def _branches(endings: list[tuple[str, str]]) -> str:
    if len(endings) == 1:
        word, end = endings[0]
        return re.escape(word) + end
    ends = {end for _, end in endings}
    if len(ends) == 1 and ends != {""}:
        # An end that all of them share is written once, which makes a long table half as long.
        return _branches([(word, "") for word, _ in endings]) + ends.pop()
    longer = [(word, end) for word, end in endings if word]
    branches = [
        re.escape(first) + _branches([(word[1:], end) for word, end in group])
        for first, group in groupby(longer, key=lambda ending: ending[0][0])
    ]
    branches += [end for word, end in endings if not word]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
