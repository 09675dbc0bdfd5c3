"""Numbers with what they count: percent, units, and ranges of them."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import NUMBER, say_number, value
from audiobook.vietnamese.rule import BEFORE_A_SCORE, Accent, Rule, follows_name, word_before
from audiobook.vietnamese.table import load_pairs

_UNITS = load_pairs("units.tsv")
# A unit that ends in a letter ends where no letter, digit or symbol goes on; 50%của is all right.
_UNIT = "|".join(
    re.escape(unit) + (r"(?![\w²³°%])" if unit[-1].isalnum() else "")
    for unit in sorted(_UNITS, key=len, reverse=True)
)
_UNIT = f"(?:{_UNIT})"
_EACH = (
    "năm|tháng|tuần|ngày|đêm|giờ|phút|giây|người|lần|lượt|con|cái|chiếc|hộp|thùng|bao|chai|cây|tấn|tạ"
    "|lượng|chỉ|cân|yến|gói|suất|vé|hộ|khách|bộ|đôi|lít|sào|mẫu|công|trang|bài"
)
_MONEY = frozenset("đồng đô euro usd vnd đ nghìn ngàn triệu tỷ tỉ".split())
_AMOUNT_BEFORE = re.compile(r"[0-9]\s?(?:[^\W\d_]{1,8}|%)\Z")
_TO = r"\s?[-–—]\s?"
_NO_CHAIN_BEFORE = r"(?<![0-9][-–—/.,:])"
_NO_CHAIN = r"(?![-–—/\w]|:[0-9])"


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    low, high = say_number(match["low"], accent), say_number(match["high"], accent)
    unit = match["unit"]
    if unit is None and (
        value(match["low"]) >= value(match["high"])
        or word_before(match) in BEFORE_A_SCORE
        or (len(match["high"]) < 3 and follows_name(match))
    ):
        return None  # a score, a code, a telephone number
    low_unit = f" {_UNITS[match['low_unit']]}" if match["low_unit"] else ""
    return f"{low}{low_unit} đến {high}" + (f" {_UNITS[unit]}" if unit else "")


def _read_negative(match: re.Match[str], accent: Accent) -> str | None:
    before = match.string[match.start() - 1 : match.start()]
    if before and not (before.isspace() or before in "([=:<>≤≥±~"):
        return None
    return f"âm {_read_quantity(match, accent)}"


def _read_per(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    unit = _UNITS[match["unit"]] if match["unit"] else match["word"]
    before = word_before(match)
    if match["word"] and not (
        before in _MONEY or _AMOUNT_BEFORE.search(match.string[: match.start()])
    ):
        return None  # ngày/tháng/năm
    return f" {'một' if before in _MONEY or match['word'] else 'trên'} {unit}"


def _read_quantity(match: re.Match[str], accent: Accent) -> str:
    said = say_number(match["number"], accent)
    return f"{said} {_UNITS[match['unit']]}" if match["unit"] else said


RULES = (
    Rule(
        "range",
        re.compile(
            rf"{_NO_CHAIN_BEFORE}(?P<low>{NUMBER})(?:\s?(?P<low_unit>{_UNIT}))?{_TO}"
            rf"(?P<high>{NUMBER})(?:\s?(?P<unit>{_UNIT})|{_NO_CHAIN})"
        ),
        _read_range,
    ),
    Rule(
        "quantity",
        re.compile(rf"(?P<number>{NUMBER})\s?(?P<unit>{_UNIT})"),
        _read_quantity,
    ),
    Rule(
        "per unit",
        # 300 người/km², 12%/năm; after an amount of money "một" is said instead of "trên".
        re.compile(rf"(?<=[^\W\d_%])/(?:(?P<unit>{_UNIT})|(?P<word>{_EACH})\b)"),
        _read_per,
    ),
    Rule(
        "negative number",
        re.compile(rf"[-−](?P<number>{NUMBER})(?:\s?(?P<unit>{_UNIT}))?"),
        _read_negative,
    ),
)
