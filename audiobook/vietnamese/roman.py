"""Roman numerals, where the word before says that they are numbers."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule, word_before

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_WELL_FORMED = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_CONTEXTS = frozenset(
    "chương phần hồi quyển tập mục bài tiết thứ kỷ kỉ khóa khoá kỳ kì quý khu tổ lớp loại cấp "
    "hạng hội đời triều đại vùng quận điều đệ bảng nhóm vòng giai đoạn quân đoàn chiến "
    "lục mác cực kiểu type rama".split()
)
_BEFORE_LETTERS = frozenset("chữ cỡ size thể áo hiệu tên tia".split())
_NEIGHBOURHOOD = 40
_PERIODS = frozenset(("quý", "kỳ", "kì"))
_WORD = re.compile(r"(?<!\w)([^\W\d_]+) \Z")


def roman_value(written: str) -> int | None:
    """Return the value of a well-formed Roman numeral in capitals, or None.

    >>> roman_value("XXI")
    21
    >>> roman_value("IIX") is None
    True
    """
    if not written or not _WELL_FORMED.fullmatch(written):
        return None
    total = 0
    for letter, following in zip(written, [*written[1:], ""], strict=True):
        value = _VALUES[letter]
        total += -value if value < _VALUES.get(following, 0) else value
    return total


def _read(match: re.Match[str], accent: Accent) -> str | None:
    value, before, year = roman_value(match["numeral"]), word_before(match), match["year"]
    if value is None:
        return None
    if match["to"] and (last := roman_value(match["to"])):
        named = f"{before} " if before in _PERIODS and year else ""
        said = f"{cardinal(value, accent)} đến {named}{cardinal(last, accent)}"
        return said + (f" năm {cardinal(int(year), accent)}" if year else "")
    if not (before in _CONTEXTS or _follows_name(match) or _stands_for_itself(match)):
        return None
    if year and before not in _PERIODS:
        return None
    if before == "thứ" and value in (1, 4):
        return {1: "nhất", 4: "tư"}[value]
    return cardinal(value, accent) + (f" năm {cardinal(int(year), accent)}" if year else "")


def _stands_for_itself(match: re.Match[str]) -> bool:
    """Whether it is too long to be letters, or heads a section: "XIII", "II. Kết quả", "II."."""
    following = match.string[match.end() : match.end() + 2]
    heads = match.start() == 0 and following in (". ", ".")
    numeral = match["numeral"]
    if heads or (len(numeral) > 2 and set(numeral) <= set("IVX")):
        return True
    text, start, end = match.string, match.start(), match.end()
    among_capitals = text[max(0, start - _NEIGHBOURHOOD) : end + _NEIGHBOURHOOD].isupper()
    letters = word_before(match) in _BEFORE_LETTERS or among_capitals
    return len(numeral) > 1 and set(numeral) <= set("IVX") and not letters


def _follows_name(match: re.Match[str]) -> bool:
    """Whether it numbers a king or a pope: "Louis XIV"."""
    name = _WORD.search(match.string, max(0, match.start() - 24), match.start())
    numeral = match["numeral"]
    return bool(name and name[1].istitle() and len(numeral) > 1 and set(numeral) & {"I", "V"})


# Alone only I, V and X, and without one of them no numeral: loại C, chiến khu D, MC and CD are
# letters.
RULES = (
    Rule(
        "roman numeral",
        re.compile(
            r"(?P<numeral>(?:[IVX]|(?=[LCDM]*[IVX])[IVXLCDM]{2,}+))(?!\w)"
            r"(?:\s?[-–]\s?(?P<to>[IVX]{2,}+)(?!\w))?"
            r"(?:[/-](?P<year>[12][0-9]{3})(?![0-9/]))?"
        ),
        _read,
    ),
)
