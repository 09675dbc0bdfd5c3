"""Headings in an unusual form, rewritten in the usual one: C H Ư Ơ N G 1, Chuong 1, 第1章."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.roman import roman_value
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNMARKED = {"quyen": "quyển", "chuong": "chương", "phan": "phần", "hoi": "hồi"}
_UNMARKED_UNIT = re.compile(rf"\A(?:{'|'.join(_UNMARKED)})(?=[\s.:#]*\d)", re.IGNORECASE)
# Letters and digits that each stand alone: C H Ư Ơ N G 1 2.
_APART = re.compile(r"(?<!\w)[^\W_](?:\s{1,3}[^\W_](?!\w))+")
_LETTERS_APART = re.compile(r"[\W_]{0,12}(?:[^\W\d_]\s{1,3}){3}")
_UNDERLINED = re.compile(r"(?<=\w)_(?=\w)")
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_LONGEST_SYLLABLE = 7
_HEAD_WORDS = frozenset("quyển chương phần hồi tập bài mục thứ".split()) | _UNMARKED.keys()
_CHINESE_VALUES = {"零": 0, "百": 100} | {
    numeral: value for value, numeral in enumerate("一二三四五六七八九十", 1)
}
_CHINESE_UNITS = {"章": "Chương", "回": "Hồi", "卷": "Quyển", "部": "Phần"}
_CHINESE = re.compile(
    rf"\A第\s*(?P<number>\d{{1,5}}|[{''.join(_CHINESE_VALUES)}]{{1,6}})\s*"
    rf"(?P<unit>[{''.join(_CHINESE_UNITS)}])[\s:.–—-]*"
)
_FRAME = frozenset("*_#|~=-–—―•·†‡※❖/\\ ")
# These are ornaments if they stand on both sides, otherwise punctuation.
_POINTS = frozenset(".:;…·。&@$%^!,'`´¯¨¸°")
_BBCODE = re.compile(
    r"\[/?(?:b|i|u|s|h\d|center|left|right|size|color|font|heading|justify)(?:=[^\]\s]{0,30})?\]",
    re.IGNORECASE,
)
_IS_FULL_WIDTH = re.compile("[\uff10-\uff1a]")
_FULL_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {ord("："): ": "}


def strip_codes(line: str) -> str:
    """Return a line without forum codes, with ordinary digits instead of full-width ones.

    >>> strip_codes("[CENTER][B]Chương １：Ao[/B][/CENTER]")
    'Chương 1: Ao'
    """
    text = line.translate(_FULL_WIDTH) if _IS_FULL_WIDTH.search(line) else line
    return (_BBCODE.sub("", text) if "[" in text else text).strip()


def strip_marks(text: str) -> str:
    """Return a line without the ornaments at its ends."""
    start, end = 0, len(text)
    while start < end and _is_mark(text[start]):
        start += 1
    if start and text[start : start + 1] in (",", "、", "，"):
        start += 1
        while start < end and text[start].isspace():
            start += 1
    while end > start and _is_mark(text[end - 1]):
        end -= 1
    return _strip_points(text[start:end])


def _strip_points(text: str) -> str:
    """Return a line without the points that frame it: ``.:: Chương 1 ::.``."""
    start = end = 0
    while start < len(text) and (text[start] in _POINTS or _is_mark(text[start])):
        start += 1
    signs = set(text[:start])
    while start and end < len(text) - start and text[-1 - end] in signs | _FRAME:
        end += 1
    return text[start : len(text) - end] if end else text


def _is_mark(character: str) -> bool:
    return character in _FRAME or (
        category(character) in ("So", "Sm", "Sk") and character not in "<>"
    )


def usual_writing(text: str) -> str:
    """Return a heading with its unit and number in their usual form.

    >>> usual_writing("C H Ư Ơ N G 1"), usual_writing("Chuong 1: Gap lai")
    ('CHƯƠNG 1', 'Chương 1: Gap lai')
    >>> usual_writing("第十二章 Mưa")
    'Chương 12: Mưa'
    """
    if are_letters_apart(text):
        text = " ".join(_APART.sub(lambda run: _join_letters(run[0]), text).split())
    text = _UNMARKED_UNIT.sub(_restore_marks, _UNDERLINED.sub(" ", text))
    return _CHINESE.sub(_translate_chinese, text) if text[:1] == "第" else text


def are_letters_apart(text: str) -> bool:
    """Whether a line begins with letters that each stand alone: C H Ư Ơ N G."""
    return _LETTERS_APART.match(text) is not None


def _join_letters(letters: str) -> str:
    """Join letters that each stand alone into words: syllables and numbers.

    >>> _join_letters("H Ồ I T H Ứ B A"), _join_letters("P H Ầ N 1 2")
    ('HỒI THỨ BA', 'PHẦN 12')
    >>> _join_letters("C H Ư Ơ N G X I I")
    'CHƯƠNG XII'
    """
    pieces = _PIECE.findall("".join(letters.split()))
    return " ".join(word for piece in pieces for word in _split_syllables(piece))


def _split_syllables(letters: str) -> list[str]:
    """Split letters into the fewest syllables and Roman numerals, or leave them as they are.

    Of several ways the one with words of headings wins, then the one with the longest endings.
    """
    cheapest: list[tuple[int, list[str]] | None] = [(0, [])]
    for end in range(1, len(letters) + 1):
        ways = [
            (previous[0] + cost, [*previous[1], letters[start:end]])
            for start in range(max(end - _LONGEST_SYLLABLE, 0), end)
            if (previous := cheapest[start]) and (cost := _word_cost(letters[start:end]))
        ]
        cheapest.append(min(ways, key=lambda way: way[0], default=None))
    best = cheapest[-1]
    return best[1] if best else [letters]


def _word_cost(letters: str) -> int:
    """Return the cost of a word when letters are split into words; 0 if it is not a word."""
    if letters.lower() in _HEAD_WORDS:
        return 1
    return 2 if roman_value(letters) or is_vietnamese(letters) else 0


def compile_any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Compile an expression for any of some words, grouped by their first letters for speed."""
    endings: dict[str, list[str]] = {}
    for word in words:
        endings.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile(
        "|".join(
            f"{first}(?:{'|'.join(letter_endings)})" for first, letter_endings in endings.items()
        )
    )


def combine_numerals(values: Iterable[int]) -> int:
    """Return the number below a thousand that numerals of these values form: 2, 10, 3 is 23."""
    total = digit = 0
    for word_value in values:
        if word_value in (10, 100):
            total, digit = total + (digit or 1) * word_value, 0
        else:
            total, digit = total + digit * (10 if digit else 0), word_value
    return total + digit


def _restore_marks(match: re.Match[str]) -> str:
    unit = _UNMARKED[match[0].lower()]
    return unit.upper() if match[0].isupper() else unit.capitalize()


def _translate_chinese(match: re.Match[str]) -> str:
    number = match["number"]
    if not number.isdecimal():
        number = str(combine_numerals(_CHINESE_VALUES[sign] for sign in number))
    head = f"{_CHINESE_UNITS[match['unit']]} {number}"
    return head if match.end() == len(match.string) else f"{head}: "
