"""Dates: days, months and years in digits."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule, word_before

# After these a bare 22/11 is a day and a month, not a fraction.
_BEFORE_A_DAY = frozenset(
    "ngày hôm mùng mồng sáng trưa chiều tối đêm nay qua mai rằm lễ dịp quà mừng".split()
)
_NAMED_DAY = frozenset("ngày mùng mồng rằm lễ dịp tết".split())
# After these 2-3 and 2.5 are quantities all the same: "hôm nay 2-3 người".
_BEFORE_AN_AMOUNT = frozenset(("nay", "qua", "mai"))
# After these 3/2025 is no month, or is not called one.
_BEFORE_A_RATIO = frozenset(("số", "lệ"))
_BEFORE_A_PERIOD = frozenset(("tháng", "quý", "kỳ", "kì"))
# "mỗi ngày 2-3 lần", "một tháng 4 triệu": how much in a day or a month.
_EACH = re.compile(r"(?:mỗi|một|hàng|hằng|mấy|vài)\s+(?:ngày|đêm|tháng)\s+\Z", re.IGNORECASE)
_COUNTED = (
    r"\s+(?:lần|bữa|viên|giờ|tiếng|phút|triệu|nghìn|ngàn|tỷ|tỉ|ngày(?!\s[0-9])|người(?!\sta\b))\b"
)
_LONGEST = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _month(month: int, accent: Accent) -> str:
    return "tư" if month == 4 else cardinal(month, accent)


def is_day(day: int, month: int) -> bool:
    """Whether there is such a day in some year."""
    return 1 <= month <= 12 and 1 <= day <= _LONGEST[month]


def say_date(day: int, month: int, year: str, before: str, accent: Accent) -> str | None:
    """Say a date, without "ngày" where the word before names the day; None if there is none."""
    if not is_day(day, month):
        return None
    said = f"{cardinal(day, accent)} tháng {_month(month, accent)}"
    if before not in _NAMED_DAY:
        said = f"ngày {said}"
    return f"{said} năm {cardinal(int(year), accent)}" if year else said


def _read_day_month_year(match: re.Match[str], accent: Accent) -> str | None:
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    return say_date(day, month, year, word_before(match), accent)


def _read_short_year(match: re.Match[str], accent: Accent) -> str | None:
    if word_before(match) not in _BEFORE_A_DAY:
        return None
    return _read_day_month_year(match, accent)


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    day, month, year = int(match["day"]), int(match["month"]), match["year"] or ""
    first_month = int(match["month1"] or month)
    before = word_before(match)
    if not year and before not in _BEFORE_A_DAY and before != "từ":
        return None
    last = say_date(day, month, year, "", accent)
    first = say_date(int(match["day1"]), first_month, match["year1"] or "", before, accent)
    if first is None or last is None:
        return None
    if not match["month1"]:
        first = first.partition(" tháng ")[0]
    return f"{first} đến {last}"


def _read_day_month(match: re.Match[str], accent: Accent) -> str | None:
    before = word_before(match)
    if before not in _BEFORE_A_DAY:
        return None
    if match["by"] != "/" and (before in _BEFORE_AN_AMOUNT or _is_each(match)):
        return None
    return say_date(int(match["day"]), int(match["month"]), "", before, accent)


def _read_month_year(match: re.Match[str], accent: Accent) -> str | None:
    month = int(match["month"])
    before = word_before(match)
    if not 1 <= month <= 12 or before in _BEFORE_A_RATIO:
        return None
    named = "" if before in _BEFORE_A_PERIOD else "tháng "
    said = cardinal(month, accent) if named == "" and before != "tháng" else _month(month, accent)
    return f"{named}{said} năm {cardinal(int(match['year']), accent)}"


def _read_month(match: re.Match[str], accent: Accent) -> str | None:
    month = int(match["month"])
    if word_before(match) != "tháng" or not 1 <= month <= 12 or _is_each(match):
        return None
    return _month(month, accent)


def _is_each(match: re.Match[str]) -> bool:
    start = match.start()
    return _EACH.search(match.string, max(0, start - 16), start) is not None


_START = r"(?<!\w)(?<![0-9][/.])"
_END = r"(?![0-9]|[./-][0-9])"
_DAY, _MONTH = r"(?P<day>[0-9]{1,2})", r"(?P<month>[0-9]{1,2})"
RULES = (
    Rule(
        "date range",
        re.compile(
            rf"{_START}(?P<day1>[0-9]{{1,2}})"
            r"(?:/(?P<month1>[0-9]{1,2})(?:/(?P<year1>[0-9]{4}))?)?"
            rf"\s?[-–—]\s?{_DAY}/{_MONTH}(?:/(?P<year>[0-9]{{4}}))?{_END}"
        ),
        _read_range,
    ),
    Rule(
        "date",
        re.compile(rf"{_START}{_DAY}(?P<by>[/.-]){_MONTH}(?P=by)(?P<year>[0-9]{{4}}){_END}"),
        _read_day_month_year,
    ),
    Rule(
        "date",
        re.compile(rf"{_START}{_DAY}(?P<by>[/.-]){_MONTH}(?P=by)(?P<year>[0-9]{{2}}){_END}"),
        _read_short_year,
    ),
    Rule(
        "ISO date",
        re.compile(
            rf"{_START}(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){_END}"
        ),
        _read_day_month_year,
    ),
    Rule(
        "day and month",
        re.compile(rf"{_START}{_DAY}(?P<by>[/.-]){_MONTH}{_END}(?!{_COUNTED}|\s+tháng\b)"),
        _read_day_month,
    ),
    Rule(
        "month and year",
        # Not 12/2024/QĐ-UBND.
        re.compile(rf"{_START}{_MONTH}[/-](?P<year>(?:19|20)[0-9]{{2}})(?![0-9]|/\w|\.[0-9])"),
        _read_month_year,
    ),
    Rule("month", re.compile(rf"{_START}{_MONTH}{_END}(?!,[0-9]|{_COUNTED})"), _read_month),
)
