"""Units: the pattern that matches one after a number, and its name."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.dialects import DIALECTS
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.rules.rule import Accent
from audiobook.vietnamese.syllables import is_syllable
from audiobook.vietnamese.table import any_of, load_pairs

UNITS = load_pairs("units.tsv")
# After a unit that ends in a letter no letter, digit or symbol may follow; 50%của is allowed.
_LETTERS = [unit for unit in UNITS if unit[-1].isalnum()]
_BRACKETED = [unit for unit in UNITS if unit.endswith(")")]
_SIGNS = [unit for unit in UNITS if not unit[-1].isalnum() and unit not in _BRACKETED]
# "60 m 2": the exponent stands apart where a page lost its raised figures.
_PARTED = (
    r"(?:k|c|d|m)?m [23](?![\w%]|[.,:/-][0-9]|\s?[-–x×+]\s?[0-9]|\s(?:phòng|tầng|lần|bên|đầu|người"
    r"|cái|con|chiếc|phút|giờ|ngày|năm|tháng|triệu|tỷ|tỉ|nghìn|ngàn|lô|căn|mặt|cm|m|km)\b)"
)


def _end_of_unit(unit: str) -> str:
    """Return the pattern of what may not follow a unit.

    In "2,5m.Cảnh báo" only a space is missing; the V of "vòng 11 V.League" is not a unit.
    """
    sentence = "(?![a-zà-ỹ])" if unit.islower() else ""
    by = "(?!x[0-9])" if unit in ("m", "cm", "mm") else ""  # 5mx20m
    return rf"(?!{by}[\w²³°%]|-[{CAPITALS}]|\.[{CAPITALS}]{sentence})"


def _any_unit(units: list[str]) -> str:
    """Return an expression for units and their ends, each end written once.

    Ends are long, and written for every unit they made each pattern ten times as slow to compile.
    Units with capitals come first and m last: g/L before g, m/s before m.
    """
    ends = {unit: _end_of_unit(unit) for unit in units}
    order = sorted(units, key=lambda unit: (unit in ("m", "cm", "mm"), unit.islower()))
    return "|".join(
        any_of(unit for unit in units if ends[unit] == end) + end
        for end in dict.fromkeys(ends[unit] for unit in order)
    )


LENGTH_BEFORE = re.compile(
    r"(?<!\w)(?:mặt tiền|ngang|dài|rộng|hẻm|ngõ|hậu|sâu|cách|đường)\s?:?\s?\Z|[0-9]\s?[xX]\s?\Z",
    re.IGNORECASE,
)
"""What stands before a length of a house, whose M is a metre in a heading in capitals."""
UNIT = (
    rf"(?:{_PARTED}|{any_of(_BRACKETED)}|{_any_unit(_LETTERS)}"
    rf"|{any_of(_SIGNS)})"
)


def say_unit(unit: str, accent: Accent) -> str:
    """Return the name of a unit of the table."""
    unit_name = UNITS[unit.replace(" ", "")]
    return unit_name.replace(DIALECTS["north"]["thousand"], DIALECTS[accent]["thousand"])


# Units that cannot be words or initials: "vài km", "(kg)". Those that may be something else (the
# mass m2, Ah, the featured singer ft.) are units only after a word for a number.
ALONE = [
    unit
    for unit in UNITS
    if len(unit) > 1 and unit.isalnum() and not unit.isupper() and not is_syllable(unit)
    # Ah is also an exclamation; the others stand beside a number or in chat.
    if unit not in ("Ah", "sp", "pn", "wc")
]
