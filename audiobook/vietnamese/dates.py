"""Dates: days, months and years in digits."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule, word_before

# After these a bare 22/11 is a day and a month, not a fraction.
_BEFORE_A_DAY = frozenset("ngày hôm mùng mồng sáng trưa chiều tối đêm nay qua mai rằm".split())
_NAMED_DAY = frozenset(("ngày", "mùng", "mồng", "rằm"))
_LONGEST = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _month(month: int, accent: Accent) -> str:
    return "tư" if month == 4 else cardinal(month, accent)


def _is_day(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= _LONGEST[month]


def _say(day: int, month: int, year: str, before: str, accent: Accent) -> str | None:
    if not _is_day(day, month):
        return None
    said = f"{cardinal(day, accent)} tháng {_month(month, accent)}"
    if before not in _NAMED_DAY:
        said = f"ngày {said}"
    return f"{said} năm {cardinal(int(year), accent)}" if year else said


def _read_day_month_year(match: re.Match[str], accent: Accent) -> str | None:
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    return _say(day, month, year, word_before(match), accent)


def _read_day_month(match: re.Match[str], accent: Accent) -> str | None:
    before = word_before(match)
    if before not in _BEFORE_A_DAY:
        return None
    return _say(int(match["day"]), int(match["month"]), "", before, accent)


def _read_month_year(match: re.Match[str], accent: Accent) -> str | None:
    month = int(match["month"])
    if not 1 <= month <= 12:
        return None
    before = "" if word_before(match) == "tháng" else "tháng "
    year = cardinal(int(match["year"]), accent)
    return f"{before}{_month(month, accent)} năm {year}"


def _read_month(match: re.Match[str], accent: Accent) -> str | None:
    month = int(match["month"])
    if word_before(match) != "tháng" or not 1 <= month <= 12:
        return None
    return _month(month, accent)


_END = r"(?![\d]|[./-]\d)"
RULES = (
    Rule(
        "date",
        re.compile(rf"(?P<day>\d{{1,2}})([/.-])(?P<month>\d{{1,2}})\2(?P<year>\d{{4}}){_END}"),
        _read_day_month_year,
    ),
    Rule(
        "ISO date",
        re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d){_END}"),
        _read_day_month_year,
    ),
    Rule(
        "day and month",
        re.compile(rf"(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}}){_END}"),
        _read_day_month,
    ),
    Rule(
        "month and year",
        re.compile(rf"(?P<month>\d{{1,2}})[/-](?P<year>[12]\d{{3}}){_END}"),
        _read_month_year,
    ),
    Rule("month", re.compile(rf"(?P<month>\d{{1,2}}){_END}"), _read_month),
)
