"""Marks of notes, which are printed small and never said: [27], (*), a star after a word."""

from __future__ import annotations

import re

from audiobook.vietnamese.rule import Accent, Rule

# What a note can be put to: a word, or the end of a sentence, a quotation, a bracket.
_NOTED = re.compile(r"(?:[^\W\d_]{2}|[.,;:!?…”’\"»)\]]|[0-9]{3})\s?\Z")


def _read_nothing(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    noted = _NOTED.search(match.string, max(0, match.start() - 3), match.start())
    return "" if noted else None


START = r"\[(?=[0-9*]{1,3}\])|\((?=\*{1,3}\))|[*†‡]"
RULES = (
    Rule("note mark", re.compile(r"\[(?:[0-9]{1,3}|\*{1,3})\]"), _read_nothing),
    Rule("note mark", re.compile(r"\(\*{1,3}\)"), lambda _match, _accent: ""),
    Rule("note mark", re.compile(r"(?:\*{1,3}|[†‡]{1,2})(?![\w*†‡])"), _read_nothing),
)
