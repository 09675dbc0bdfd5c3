"""Paragraphs that begin as a note does, with a mark, and which of them may follow which."""

from __future__ import annotations

from typing import NamedTuple

from audiobook.stages.tidy.note_marks import (
    FIRST_LETTER,
    value_of,
)
from audiobook.vietnamese import lazy_re as re

ENTRY = re.compile(
    r"(?:\[(?:(?i:chú thích|chú giải|ghi chú|note) ?)?(?P<bracketed>\d{1,3})\]"
    r"|\{(?P<braced>\d{1,3})\}|\((?P<rounded>\d{1,3})\)|(?P<raised>[⁰¹²³⁴-⁹]+)"
    r"|\[(?P<roman>[ivx]{1,5})\]|[(\[](?P<lettered>[a-h])[)\]]"
    r"|(?P<plain>\d{1,3})[.):]?(?=\s)|(?P<star>\(\*{1,3}\)|\*{1,3}(?![\s*]*\Z)))\s*\S"
)


class Entry(NamedTuple):
    """The mark with which a note begins."""

    form: str
    number: int
    """What it is called by in the text; 0 for a star."""


def may_follow(entry: Entry, following: Entry) -> bool:
    """Whether one note may follow another: counting up, or a star, or the first of a form."""
    if entry.form == following.form:
        return following.number == 0 or entry.number < following.number <= entry.number + 2
    if "plain" in (entry.form, following.form):
        return False
    return following.number in (0, 1, entry.number + 1, FIRST_LETTER)


def entry_of(text: str) -> Entry | None:
    """Return the mark with which a paragraph begins as notes do; None if it does not."""
    match = ENTRY.match(text)
    if match is None or match.lastgroup is None:
        return None
    form = match.lastgroup
    return Entry(form, 0 if form == "star" else value_of(match[form]))
