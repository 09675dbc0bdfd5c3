"""Numbers with what they count: percent, units, and ranges of them."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.numbers import NUMBER, say_number, value
from audiobook.vietnamese.rule import BEFORE_A_SCORE, Accent, Rule, is_told_as_score, word_before
from audiobook.vietnamese.syllables import is_syllable
from audiobook.vietnamese.table import any_of, load_pairs

_UNITS = load_pairs("units.tsv")
# A unit that ends in a letter ends where no letter, digit or symbol goes on; 50%của is all right.
_LETTERS = [unit for unit in _UNITS if unit[-1].isalnum()]
_SIGNS = [unit for unit in _UNITS if not unit[-1].isalnum()]
_UNIT = rf"(?:{any_of(_LETTERS)}(?![\w²³°%]|-[{CAPITALS}])|{any_of(_SIGNS)})"
_EACH = frozenset(
    "năm tháng tuần ngày đêm giờ phút giây người lần lượt con cái chiếc hộp thùng bao chai cây tấn"
    " tạ lượng chỉ cân yến gói suất vé hộ khách bộ đôi lít sào mẫu công trang bài vụ lứa ca"
    " buổi".split()
)
# Two of these for each of those: 1,9 con/phụ nữ.
_COUNTED_PER = frozenset("con người ca trẻ em sinh sĩ viên giường xe máy".split())
_SHORT_WORDS = {"ng": "người", "th": "tháng", "sp": "sản phẩm", "đv": "đơn vị"}
_MONEY = frozenset("đồng đô euro usd vnd đ nghìn ngàn triệu tỷ tỉ".split())
_PRICE_BEFORE = re.compile(r"(?:[$€£¥]\s?[0-9.,]{1,16}|[0-9](?:đ|k|tr[0-9]?|tỷ[0-9]?))\Z")
_AMOUNT_BEFORE = re.compile(r"[0-9]\s?(?:[^\W\d_]{1,8}|[%‰])\Z")
_TO = r"\s?[-–—]\s?"
_NO_CHAIN_BEFORE = r"(?<![0-9][-–—/.,:])"
_NO_CHAIN = r"(?![-–—/\w]|:[0-9])"


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    low, high = say_number(match["low"], accent), say_number(match["high"], accent)
    unit = match["unit"]
    if unit is None and (
        value(match["low"]) >= value(match["high"])
        or word_before(match) in BEFORE_A_SCORE
        or (len(match["high"]) < 3 and is_told_as_score(match))
    ):
        return None  # a score, a code, a telephone number
    low_unit = f" {_say_unit(match['low_unit'], accent)}" if match["low_unit"] else ""
    return f"{low}{low_unit} đến {high}" + (f" {_say_unit(unit, accent)}" if unit else "")


def _read_negative(match: re.Match[str], accent: Accent) -> str | None:
    before = match.string[match.start() - 1 : match.start()]
    if before and not (before.isspace() or before in "([=:<>≤≥±~"):
        return None
    return f"âm {_read_quantity(match, accent)}"


def _read_per(match: re.Match[str], accent: Accent) -> str | None:
    word = match["word"]
    unit = _SHORT_WORDS.get(word, word) if word else _say_unit(match["unit"], accent)
    before, text = word_before(match), match.string[: match.start()]
    price = before in _MONEY or _PRICE_BEFORE.search(text) is not None
    if not price and text[-1:].isdigit():
        return None  # 3/kg
    rate = match["word"] in _EACH and _AMOUNT_BEFORE.search(text)
    ratio = before in _COUNTED_PER and _AMOUNT_BEFORE.search(text)
    if match["word"] and not (price or rate or ratio):
        return None  # ngày/tháng/năm
    if ratio and not rate:
        return f" trên {unit}"
    return f" {'một' if price or match['word'] else 'trên'} {unit}"


def _read_quantity(match: re.Match[str], accent: Accent) -> str:
    said = say_number(match["number"], accent)
    return f"{said} {_say_unit(match['unit'], accent)}" if match["unit"] else said


def _read_unit(match: re.Match[str], accent: Accent) -> str:
    return _say_unit(match["unit"], accent)


def _read_post(match: re.Match[str], accent: Accent) -> str:
    said = f"ki lô mét {say_number(match['number'], accent)}"
    return f"{said} cộng {say_number(match['more'], accent)}" if match["more"] else said


def _read_per_amount(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return " trên " if _AMOUNT_BEFORE.search(match.string[: match.start()]) else None


def _say_unit(unit: str, accent: Accent) -> str:
    said = _UNITS[unit]
    return said if accent == "north" else said.replace("nghìn", "ngàn")


def _read_span(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "đến"


POST = rf"(?<!\w)[Kk][Mm]\s?(?P<number>{NUMBER})(?:\s?\+\s?(?P<more>[0-9]{{1,3}}))?(?!\w)"
# Units that are no words and no initials, wherever they stand: "hàng triệu m3", "vài km".
ALONE = [
    unit
    for unit in _UNITS
    if len(unit) > 1 and unit.isalnum() and not unit.isupper() and not is_syllable(unit)
    if unit != "Ah"  # a cry too
]
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
        re.compile(rf"(?<=[\w%‰])/(?:(?P<unit>{_UNIT})|(?P<word>[^\W\d_]{{2,8}})(?!\w))"),
        _read_per,
    ),
    Rule("per amount", re.compile(r"(?<=[^\W\d_²³])/(?=[0-9]{1,3}\s?[^\W\d_])"), _read_per_amount),
    # "từ thứ 2 - thứ 6": the same word stands on both sides.
    Rule(
        "span",
        re.compile(
            r"(?<=CN )[-–](?= [0-9])"
            r"|(?<=[0-9] )[-–](?= (?:thứ|tháng|ngày|năm|quý|lớp|tuần|tầng|bài|chương)\s[0-9])"
        ),
        _read_span,
    ),
    Rule("kilometre post", re.compile(POST), _read_post),
    Rule("unit", re.compile(rf"(?<!\w)(?P<unit>{any_of(ALONE)})(?!\w)"), _read_unit),
    Rule(
        "negative number",
        re.compile(rf"[-−](?P<number>{NUMBER})(?:\s?(?P<unit>{_UNIT}))?"),
        _read_negative,
    ),
)
