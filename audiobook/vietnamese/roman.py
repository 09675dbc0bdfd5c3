"""Roman numerals, where the word before says that they are numbers."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule, word_before

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_WELL_FORMED = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_CONTEXTS = frozenset(
    "chương phần hồi quyển tập mục bài tiết thứ kỷ kỉ khóa khoá kỳ kì quý khu tổ lớp loại cấp "
    "hạng đời triều đại vùng quận điều đệ bảng nhóm vòng giai đoạn quân đoàn chiến".split()
)


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
    value = roman_value(match[0])
    if value is None or word_before(match) not in _CONTEXTS:
        return None
    if word_before(match) == "thứ" and value in (1, 4):
        return {1: "nhất", 4: "tư"}[value]
    return cardinal(value, accent)


ROMAN = Rule("roman numeral", re.compile(r"[IVXLCDM]+(?!\w)"), _read)
