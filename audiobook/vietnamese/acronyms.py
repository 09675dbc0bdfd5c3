"""Acronyms and abbreviations: said in full, as a word, or letter by letter."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import CAPITALS, spell
from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_syllable, is_vietnamese
from audiobook.vietnamese.table import any_of, load_table

_LONGEST_SPELLED = 5
_ROWS = load_table("acronyms.tsv")
SAID = {
    written: spell(written) if kind == "letters" else spoken
    for written, kind, spoken, *_ in _ROWS
    if kind != "word"
}
WORDS = {written: spoken for written, kind, spoken, *_ in _ROWS if kind == "word"}
# Beside these words it is another one, and spelled.
_SPELLED_BESIDE = {
    written: re.compile(rf"\b(?:{beside[0]})\b", re.IGNORECASE)
    for written, _, _, *beside in _ROWS
    if beside
}


# How those start that do not start with two capitals, for the scan.
MIXED_CASE = [written for written in SAID if not re.match("[A-ZĐ][A-ZĐƯ&.]", written)]
_NUMBERED = {"tr": "trang", "t": "tập", "q": "quận", "p": "phường"}
_PLACES = {"q": "quận", "p": "phường", "h": "huyện", "x": "xã", "đ": "đường", "t": "tỉnh"}
# There is no ward 205, but a room.
_LAST_WARD = 99
_NAME_BEFORE = re.compile(r"[A-ZĐ]\w*[^\W\d_A-Z]\s\Z")
# Two words with capitals, Vietnamese by their marks or their shape.
_PLACE_NAME = rf"[{CAPITALS}][^\W\d_]+\s[{CAPITALS}][^\W\d_]+"
_TEXT_ENDS = re.compile(r"[\s\"”’»)\]]*\Z")
_SENTENCE_STARTS = re.compile(r"\s+[\"“‘«(]?([^\W\d_])")
_VOWELS = frozenset("AEIOUY")
_NEIGHBOURHOOD = 60
# A word in capitals next to the match: "VIET NAM", "TIN VUI".
_CAPITALS_BESIDE = re.compile(
    rf"(?<!\w)[{CAPITALS}]{{2,}}[ ,–-]+\0|\0[ ,–-]+[{CAPITALS}]{{2,}}(?!\w)"
)


def _read_known(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    if not match[0].isascii() and is_syllable(match[0]) and _around(match).isupper():
        return None  # SÁU MƯƠI TƯ QUẺ
    other = _SPELLED_BESIDE.get(match[0])
    if other and other.search(_around(match)):
        return spell(match[0])
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
    if len(word) > _LONGEST_SPELLED or is_vietnamese(word):
        return None
    if WORD.match(match.string, match.start()):
        return None
    among_capitals = _CAPITALS_BESIDE.search(_marked(match)) is not None
    if among_capitals and (is_syllable(word) or not _VOWELS.isdisjoint(word)):
        return None
    return spell(word)


def _marked(match: re.Match[str]) -> str:
    """Return a match and what is around it, the match itself as one mark."""
    text, start, end = match.string, match.start(), match.end()
    return f"{text[max(0, start - _NEIGHBOURHOOD) : start]}\0{text[end : end + _NEIGHBOURHOOD]}"


def _read_numbered(match: re.Match[str], accent: Accent) -> str:
    number, short = int(match["number"]), match["short"]
    said = "phòng" if short in "Pp" and number > _LAST_WARD else _NUMBERED[short.lower()]
    spoken = f"{said.capitalize() if short == 'Tr' else said} {cardinal(number, accent)}"
    return f"{spoken} đến {cardinal(int(match['last']), accent)}" if match["last"] else spoken


def _read_place(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Say what a place is, before its name: not the initial of a person after a name."""
    if match["short"] in "Tt" and match.string[match.start() - 2 : match.start()] != ", ":
        return None
    return (
        None
        if _NAME_BEFORE.search(match.string, max(0, match.start() - 16), match.start())
        else _PLACES[match["short"].lower()]
    )


def _end(written: str) -> str:
    """One that ends in a full stop may be glued to the next word (TP.Vinh), others to digits.

    VN-Index is no Vietnam.
    """
    return "" if written.endswith(".") else r"(?![^\W0-9]|-[A-Z][a-z])"


# NASA: a voice that knows foreign words says it better than any spelling would make it.
WORD = re.compile(rf"(?<!\w)(?:{any_of(WORDS, _end)})")
NUMBERED = rf"[TtQPHXĐqphxđ](?<!\w.)r?\.\s?(?:[0-9]|{_PLACE_NAME})"
RULES = (
    # P.5, Q. 3, tr. 15: without a number Q. is somebody's name.
    Rule(
        "abbreviation",
        re.compile(rf"(?<!\w)(?P<short>[QPHXĐTqphxđt])\.(?=\s?{_PLACE_NAME})"),
        _read_place,
    ),
    Rule(
        "abbreviation",
        re.compile(
            r"(?<!\w)(?P<short>[Tt]r?|[QPqp])\.\s?(?P<number>[0-9]{1,4})"
            r"(?:\s?[-–]\s?(?P<last>[0-9]{1,4}))?(?![0-9])"
        ),
        _read_numbered,
    ),
    Rule("abbreviation", re.compile(rf"(?<!\w)(?:{any_of(SAID, _end)})"), _read_known),
    Rule(
        "letters", re.compile(r"(?<!\w)[A-ZĐ]{2,}+(?![^\W0-9]|['’])"), _read_letters, is_guess=True
    ),
)
