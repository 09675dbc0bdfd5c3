"""Acronyms and abbreviations: said in full, as a word, or letter by letter."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_syllable
from audiobook.vietnamese.table import load_table

_LONGEST_SPELLED = 5
_SAID = {
    written: spell(written) if kind == "letters" else spoken
    for written, kind, spoken in load_table("acronyms.tsv")
}
_KNOWN = "|".join(re.escape(written) for written in sorted(_SAID, key=len, reverse=True))


def _read_known(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    said = _SAID[match[0]]
    # The full stop of an abbreviation that ends the text ends the sentence too.
    at_end = match.end() == len(match.string)
    return f"{said}." if at_end and match[0].endswith(".") else said


def _read_letters(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell an unknown word of capitals, unless it is a word in a text all in capitals."""
    word = match[0]
    if len(word) > _LONGEST_SPELLED or is_syllable(word) or match.string.isupper():
        return None
    return spell(word)


RULES = (
    Rule("abbreviation", re.compile(rf"(?<!\w)(?:{_KNOWN})(?!\w)"), _read_known),
    Rule("letters", re.compile(r"(?<!\w)[A-ZĐ]{2,}(?![\w'’])"), _read_letters),
)
