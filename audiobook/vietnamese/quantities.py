"""Numbers with what they count: percent, units, and ranges of them."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import NUMBER, say_number, value
from audiobook.vietnamese.rule import BEFORE_A_SCORE, Accent, Rule, word_before
from audiobook.vietnamese.table import load_pairs

_UNITS = load_pairs("units.tsv")
# A unit that ends in a letter ends where no letter, digit or symbol goes on; 50%của is all right.
_UNIT = "|".join(
    re.escape(unit) + (r"(?![\w²³°%])" if unit[-1].isalnum() else "")
    for unit in sorted(_UNITS, key=len, reverse=True)
)
_UNIT = f"(?:{_UNIT})"
_TO = r"\s?[-–—]\s?"
_NO_CHAIN_BEFORE = r"(?<![0-9][-–—/.,:])"
_NO_CHAIN = r"(?![-–—/\w]|:[0-9])"


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    low, high = say_number(match["low"], accent), say_number(match["high"], accent)
    unit = match["unit"]
    if unit is None and (
        value(match["low"]) >= value(match["high"]) or word_before(match) in BEFORE_A_SCORE
    ):
        return None  # a score, a code, a telephone number
    low_unit = f" {_UNITS[match['low_unit']]}" if match["low_unit"] else ""
    return f"{low}{low_unit} đến {high}" + (f" {_UNITS[unit]}" if unit else "")


def _read_negative(match: re.Match[str], accent: Accent) -> str | None:
    before = match.string[match.start() - 1 : match.start()]
    if before and not (before.isspace() or before in "([=:<>≤≥±~"):
        return None
    return f"âm {_read_quantity(match, accent)}"


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
        "negative number",
        re.compile(rf"[-−](?P<number>{NUMBER})(?:\s?(?P<unit>{_UNIT}))?"),
        _read_negative,
    ),
)
