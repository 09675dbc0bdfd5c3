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
# One that ends in a full stop may be glued to the next word (TP.Vinh), the others to digits.
_KNOWN = "|".join(
    re.escape(written) + ("" if written.endswith(".") else r"(?![^\W0-9])")
    for written in sorted(_SAID, key=len, reverse=True)
)
# How those start that do not start with two capitals, for the scan.
MIXED_CASE = "|".join(
    re.escape(written) for written in _SAID if not re.match("[A-ZĐ][A-ZĐƯ&.]", written)
)
_TEXT_ENDS = re.compile(r"[\s\"”’»)\]]*\Z")
_SENTENCE_STARTS = re.compile(r"\s+[\"“‘«(]?([^\W\d_])")
_VOWELS = frozenset("AEIOUY")
_NEIGHBOURHOOD = 60


def _read_known(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    said = _SAID[match[0]]
    return f"{said}." if match[0].endswith(".") and _ends_sentence(match) else said


def _ends_sentence(match: re.Match[str]) -> bool:
    """Whether the full stop of an abbreviation is that of its sentence too."""
    if _TEXT_ENDS.match(match.string, match.end()):
        return True
    following = _SENTENCE_STARTS.match(match.string, match.end())
    return match[0] == "v.v." and following is not None and following[1].isupper()


def _read_letters(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell an unknown word of capitals, unless it is a word among words in capitals."""
    word = match[0]
    if len(word) > _LONGEST_SPELLED or is_syllable(word):
        return None
    around = match.string[max(0, match.start() - _NEIGHBOURHOOD) : match.end() + _NEIGHBOURHOOD]
    return None if around.isupper() and not _VOWELS.isdisjoint(word) else spell(word)


RULES = (
    Rule("abbreviation", re.compile(rf"(?<!\w)(?:{_KNOWN})"), _read_known),
    Rule("letters", re.compile(r"(?<!\w)[A-ZĐ]{2,}+(?![^\W0-9]|['’])"), _read_letters),
)
