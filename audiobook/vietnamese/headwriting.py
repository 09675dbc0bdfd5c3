"""Headings in unusual writing, rewritten as they usually are: C H Ư Ơ N G 1, Chuong 1, 第1章."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNMARKED = {"quyen": "quyển", "chuong": "chương", "phan": "phần", "hoi": "hồi"}
_UNMARKED_UNIT = re.compile(rf"\A(?:{'|'.join(_UNMARKED)})(?=[\s.:#]*\d)", re.IGNORECASE)
_LETTERS_APART = re.compile(
    rf"\A(?:{'|'.join(' '.join(unit) for unit in _UNMARKED.values())})(?=\s)", re.IGNORECASE
)
_CHINESE_VALUES = {"零": 0, "百": 100} | {
    each: value for value, each in enumerate("一二三四五六七八九十", 1)
}
_CHINESE_UNITS = {"章": "Chương", "回": "Hồi", "卷": "Quyển", "部": "Phần"}
_CHINESE = re.compile(
    rf"\A第\s*(?P<number>\d{{1,5}}|[{''.join(_CHINESE_VALUES)}]{{1,6}})\s*"
    rf"(?P<unit>[{''.join(_CHINESE_UNITS)}])[\s:.–—-]*"
)
_BBCODE = re.compile(
    r"\[/?(?:b|i|u|s|h\d|center|left|right|size|color|font|heading|justify)(?:=[^\]\s]{0,30})?\]",
    re.IGNORECASE,
)
_IS_FULL_WIDTH = re.compile("[\uff10-\uff1a]")
_FULL_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {ord("："): ": "}


def without_codes(line: str) -> str:
    """Return a line without the codes of forums, its full-width digits as usual ones.

    >>> without_codes("[CENTER][B]Chương １：Ao[/B][/CENTER]")
    'Chương 1: Ao'
    """
    text = line.translate(_FULL_WIDTH) if _IS_FULL_WIDTH.search(line) else line
    return (_BBCODE.sub("", text) if "[" in text else text).strip()


def as_usual(text: str) -> str:
    """Return a heading with its unit as it is usually written.

    >>> as_usual("C H Ư Ơ N G 1"), as_usual("Chuong 1: Gap lai"), as_usual("第十二章 Mưa")
    ('CHƯƠNG 1', 'Chương 1: Gap lai', 'Chương 12: Mưa')
    """
    text = _LETTERS_APART.sub(lambda found: found[0].replace(" ", ""), text)
    text = _UNMARKED_UNIT.sub(_with_marks, text)
    return _CHINESE.sub(_in_vietnamese, text) if text[:1] == "第" else text


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return an expression for any of some words, grouped by their first letters to be fast."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items()))


def value_of(values: Iterable[int]) -> int:
    """Return the number below a thousand that words worth these values make: 2, 10, 3 is 23."""
    total = last = 0
    for value in values:
        if value in (10, 100):
            total, last = total + (last or 1) * value, 0
        else:
            total, last = total + last * (10 if last else 0), value
    return total + last


def _with_marks(found: re.Match[str]) -> str:
    unit = _UNMARKED[found[0].lower()]
    return unit.upper() if found[0].isupper() else unit.capitalize()


def _in_vietnamese(found: re.Match[str]) -> str:
    number = found["number"]
    if not number.isdecimal():
        number = str(value_of(_CHINESE_VALUES[sign] for sign in number))
    head = f"{_CHINESE_UNITS[found['unit']]} {number}"
    return head if found.end() == len(found.string) else f"{head}: "
