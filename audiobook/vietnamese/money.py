"""Money: amounts with a currency before or behind, thousands as k, and prices of a unit."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import NUMBER, digits, say_number
from audiobook.vietnamese.rule import Accent, Rule, word_before
from audiobook.vietnamese.table import any_of, load_pairs

_CURRENCIES = load_pairs("currencies.tsv")
_NAMES = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
_SCALE = r"(?:\s(?P<scale>nghìn tỷ|nghìn tỉ|ngàn tỷ|tỷ|tỉ|triệu|nghìn|ngàn|trăm)\b)?"
_SHORT = {"k": ("nghìn", "ngàn"), "K": ("nghìn", "ngàn"), "tr": ("triệu",) * 2, "tỷ": ("tỷ",) * 2}
# 2k5 is the year 2005 to those born in it.
_BEFORE_A_YEAR = frozenset("lứa sinh hệ bạn gen".split())
_TO = r"\s?[-–—]\s?"


def _read(match: re.Match[str], accent: Accent) -> str:
    found = match.groupdict()
    said = say_number(match["amount"], accent)
    if found.get("upper"):
        said += f" đến {say_number(match['upper'], accent)}"
    sign = "âm " if found.get("sign") else ""
    scale = f" {match['scale']}" if found.get("scale") else ""
    return f"{sign}{said}{scale} {_CURRENCIES[match['currency']]}"


def _read_short(match: re.Match[str], accent: Accent) -> str:
    amount, short, rest = match["amount"], match["short"], match["rest"]
    if word_before(match) in _BEFORE_A_YEAR and rest:
        return f"{digits(amount)} ca {digits(rest)}"
    said = say_number(amount, accent)
    if short:
        said = _say_short(said, short, rest, accent)
    if match["upper"]:
        upper = say_number(match["upper"], accent)
        upper = _say_short(upper, match["upper_short"], match["upper_rest"], accent)
        said += f" đến {upper}"
    return said


def _say_short(said: str, short: str, rest: str, accent: Accent) -> str:
    north, south = _SHORT[short]
    scaled = f"{said} {north if accent == 'north' else south}"
    return f"{scaled} {say_number(rest, accent)}" if rest else scaled


_AMOUNT = rf"(?P<amount>{NUMBER})(?:{_TO}(?P<upper>{NUMBER}))?"


def _read_pair(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return f"{_CURRENCIES[match['one']]} trên {_CURRENCIES[match['other']]}"


_CODES = any_of(name for name in _CURRENCIES if name.isalpha() and name.isupper() and len(name) > 2)
RULES = (
    Rule(
        "currency pair",
        re.compile(rf"(?<!\w)(?P<one>{_CODES})/(?P<other>{_CODES})(?!\w)"),
        _read_pair,
    ),
    Rule(
        "money",
        re.compile(rf"(?<!\w)(?P<currency>{_NAMES})\s?{_AMOUNT}{_SCALE}"),
        _read,
    ),
    Rule(
        "money",
        re.compile(
            rf"(?:(?<!\S)(?P<sign>[-−]))?{_AMOUNT}\s?{_SCALE}\s?(?P<currency>{_NAMES})(?!\w)"
        ),
        _read,
    ),
    Rule(
        "money",
        re.compile(
            rf"(?<!\w)(?P<amount>{NUMBER})(?:(?P<short>k|tr|tỷ)(?P<rest>[0-9])?)?"
            rf"(?:{_TO}(?P<upper>{NUMBER})(?P<upper_short>k|tr|tỷ)(?P<upper_rest>[0-9])?)?"
            r"(?(short)|(?(upper)|(?!)))(?!\w)"
        ),
        _read_short,
    ),
)
