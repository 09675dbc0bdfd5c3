"""Acronyms and abbreviations: said in full, as a word, or letter by letter."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_syllable
from audiobook.vietnamese.table import load_table

_LONGEST_SPELLED = 5
SAID = {
    written: spell(written) if kind == "letters" else spoken
    for written, kind, spoken in load_table("acronyms.tsv")
}
# One that ends in a full stop may be glued to the next word (TP.Vinh), the others to digits.
_KNOWN = "|".join(
    re.escape(written) + ("" if written.endswith(".") else r"(?![^\W0-9])")
    for written in sorted(SAID, key=len, reverse=True)
)
# How those start that do not start with two capitals, for the scan.
MIXED_CASE = "|".join(
    re.escape(written) for written in SAID if not re.match("[A-ZĐ][A-ZĐƯ&.]", written)
)
_NUMBERED = {"tr": "trang", "Tr": "Trang", "Q": "quận", "P": "phường", "p": "phường"}
_PLACES = {"Q": "quận", "P": "phường", "H": "huyện", "X": "xã", "Đ": "đường"}
_NAME_BEFORE = re.compile(r"[A-ZĐ]\w*[^\W\d_A-Z]\s\Z")
# Two words with capitals, Vietnamese by their marks or their shape.
_PLACE_NAME = r"[A-ZĐ][^\W\d_]+\s[A-ZĐÀ-Ỹ][^\W\d_]+"
_TEXT_ENDS = re.compile(r"[\s\"”’»)\]]*\Z")
_SENTENCE_STARTS = re.compile(r"\s+[\"“‘«(]?([^\W\d_])")
_VOWELS = frozenset("AEIOUY")
_NEIGHBOURHOOD = 60


def _read_known(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    if not match[0].isascii() and is_syllable(match[0]) and _around(match).isupper():
        return None  # SÁU MƯƠI TƯ QUẺ
    said = SAID[match[0]]
    return f"{said}." if match[0].endswith(".") and _ends_sentence(match) else said


def _around(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _NEIGHBOURHOOD) : match.end() + _NEIGHBOURHOOD]


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
    return None if _around(match).isupper() and not _VOWELS.isdisjoint(word) else spell(word)


def _read_numbered(match: re.Match[str], accent: Accent) -> str:
    return f"{_NUMBERED[match['short']]} {cardinal(int(match['number']), accent)}"


def _read_place(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Say what a place is, before its name: not the initial of a person after a name."""
    return (
        None
        if _NAME_BEFORE.search(match.string, max(0, match.start() - 16), match.start())
        else _PLACES[match["short"]]
    )


NUMBERED = rf"(?:(?:[Tt]r|[QPp])\.\s?[0-9]|[QPHXĐ]\.\s?{_PLACE_NAME})"
RULES = (
    # P.5, Q. 3, tr. 15: without a number Q. is somebody's name.
    Rule(
        "abbreviation",
        re.compile(rf"(?<!\w)(?P<short>[QPHXĐ])\.(?=\s?{_PLACE_NAME})"),
        _read_place,
    ),
    Rule(
        "abbreviation",
        re.compile(r"(?<!\w)(?P<short>[Tt]r|[QPp])\.\s?(?P<number>[0-9]{1,4})(?![0-9])"),
        _read_numbered,
    ),
    Rule("abbreviation", re.compile(rf"(?<!\w)(?:{_KNOWN})"), _read_known),
    Rule("letters", re.compile(r"(?<!\w)[A-ZĐ]{2,}+(?![^\W0-9]|['’])"), _read_letters),
)
