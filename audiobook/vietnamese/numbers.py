"""Numbers: cardinals, decimals, signs and runs of digits."""

from __future__ import annotations

import re
from typing import NamedTuple

from audiobook.vietnamese.rule import Accent, Rule

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# Longer runs of digits are no quantities, and nobody could follow one.
_LONGEST_CARDINAL = 15


class _Words(NamedTuple):
    odd: str  # the gap in "a hundred and five"
    thousand: str
    four: str  # after a ten: 24, 34, …


_NORTH = _Words("linh", "nghìn", "tư")
_SOUTH = _Words("lẻ", "ngàn", "bốn")
_WORDS: dict[Accent, _Words] = {"north": _NORTH, "central": _SOUTH, "south": _SOUTH}


def cardinal(number: int, accent: Accent = "north") -> str:
    """Say a whole number.

    >>> cardinal(2026)
    'hai nghìn không trăm hai mươi sáu'
    >>> cardinal(1_000_005, "south")
    'một triệu không trăm lẻ năm'
    """
    if number < 0:
        return f"âm {cardinal(-number, accent)}"
    if number == 0:
        return _DIGITS[0]
    words = _WORDS[accent]
    parts = []
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, words.thousand), (1, "")):
        count, number = divmod(number, scale)
        if count >= 1000:  # only the billions: a thousand billion is named like a thousand
            parts.append(f"{cardinal(count, accent)} {name}")
        elif count:
            parts.append(f"{_below_thousand(count, bool(parts), words)} {name}".rstrip())
    return " ".join(parts)


def _below_thousand(number: int, follows: bool, words: _Words) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = [_DIGITS[hundreds], "trăm"] if hundreds or follows else []
    if tens == 0 and ones and said:
        said += [words.odd, _DIGITS[ones]]
    elif tens == 0 and ones:
        said += [_DIGITS[ones]]
    elif tens:
        said += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
        if ones == 1 and tens > 1:
            said.append("mốt")
        elif ones == 4 and tens > 1:
            said.append(words.four)
        elif ones == 5:
            said.append("lăm")
        elif ones:
            said.append(_DIGITS[ones])
    return " ".join(said)


def digits(run: str) -> str:
    """Say digits one by one.

    >>> digits("007")
    'không không bảy'
    """
    return " ".join(_DIGITS[int(digit)] for digit in run if digit.isdecimal())


# A whole number with its thousands grouped by dots, commas (twice at least: one comma is a
# decimal) or spaces, or not grouped; then perhaps decimals. Atomic groups and lookaheads keep
# 1.234.567 from being taken for 1.234 and a rest.
_GROUPED = r"\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3}){2,}|(?:[ \u00a0\u2009\u202f]\d{3})+)(?![\d])"
_DECIMALS = r"(?:,\d+(?![\d]*,\d)|\.\d+(?![\d]*\.\d))"
NUMBER = rf"(?>(?:{_GROUPED}(?:,\d+)?|\d+{_DECIMALS}?))"
_PARTS = re.compile(rf"(?P<whole>{_GROUPED}(?=,|\Z)|\d+)(?:(?P<point>[.,])(?P<fraction>\d+))?\Z")


def say_number(written: str, accent: Accent) -> str:
    """Say a number written in digits, as `NUMBER` matches it.

    >>> say_number("1.234.567", "north")
    'một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy'
    >>> say_number("0,05", "north")
    'không phẩy không năm'
    """
    parts = _PARTS.match(written)
    if parts is None:
        return digits(written)
    whole = re.sub(r"\D", "", parts["whole"])
    grouped = len(whole) < len(parts["whole"])
    leading_zero = len(whole) > 1 and whole[0] == "0" and not grouped
    if leading_zero or len(whole) > _LONGEST_CARDINAL:
        said = digits(whole)
    else:
        said = cardinal(int(whole), accent)
    fraction = parts["fraction"]
    if not fraction:
        return said
    point = "phẩy" if parts["point"] == "," else "chấm"
    short = len(fraction) <= 2 and fraction[0] != "0"
    return f"{said} {point} {cardinal(int(fraction), accent) if short else digits(fraction)}"


def _read_number(match: re.Match[str], accent: Accent) -> str:
    return say_number(match[0], accent)


def _read_negative(match: re.Match[str], accent: Accent) -> str | None:
    before = match.string[match.start() - 1 : match.start()]
    if before and not (before.isspace() or before in "([=:<>≤≥±~"):
        return None
    return f"âm {say_number(match['number'], accent)}"


NEGATIVE = Rule("negative number", re.compile(rf"[-−](?P<number>{NUMBER})"), _read_negative)
PLAIN = Rule("number", re.compile(NUMBER), _read_number)
