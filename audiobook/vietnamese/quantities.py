"""Numbers with what they count: percent, units, and ranges of them."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import NUMBER, say_number
from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.table import load_pairs

_UNITS = load_pairs("units.tsv")
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
# A unit ends where no letter, digit or further symbol of a longer unit goes on.
_UNIT = rf"(?:{_UNIT})(?![\w/²³°%])"
_TO = r"\s?[-–—]\s?"
_NO_CHAIN = r"(?![-–—/\w]|[.,:]\d)"


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    low, high = say_number(match["low"], accent), say_number(match["high"], accent)
    unit = match["unit"]
    if unit is None and _value(match["low"]) >= _value(match["high"]):
        return None  # a score, a code, a telephone number
    low_unit = f" {_UNITS[match['low_unit']]}" if match["low_unit"] else ""
    return f"{low}{low_unit} đến {high}" + (f" {_UNITS[unit]}" if unit else "")


def _value(number: str) -> float:
    plain = re.sub(r"[^\d,]", "", number)
    return float(plain.replace(",", ".", 1).replace(",", ""))


def _read_quantity(match: re.Match[str], accent: Accent) -> str:
    return f"{say_number(match['number'], accent)} {_UNITS[match['unit']]}"


RULES = (
    Rule(
        "range",
        re.compile(
            rf"(?P<low>{NUMBER})(?:\s?(?P<low_unit>{_UNIT}))?{_TO}(?P<high>{NUMBER})"
            rf"(?:\s?(?P<unit>{_UNIT})|{_NO_CHAIN})"
        ),
        _read_range,
    ),
    Rule(
        "quantity",
        re.compile(rf"(?P<number>{NUMBER})\s?(?P<unit>{_UNIT})"),
        _read_quantity,
    ),
)
