"""Dates: days, months, quarters and years in digits."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.calendar import (
    NAMED_DAY,
    is_day,
    say_date,
    say_month,
    say_period_number,
    say_year,
)
from audiobook.vietnamese.rules.day_words import BEFORE_A_NAME, END_OF_CLAUSE, find_day_word
from audiobook.vietnamese.rules.named_days import is_named_for_a_day
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, word_before

# After these a bare 22/11 is a day and a month, not a fraction.
_BEFORE_A_DAY = NAMED_DAY - {"tết"} | {"nay", "qua", "mai", "quà", "mừng", "phiên"}
# After these 2-3 and 2.5 are mostly quantities: "hôm nay 2-3 người".
_BEFORE_AN_AMOUNT = frozenset(("nay", "qua", "mai"))
# After these 3/2025 is not a month: "số 3/2025".
_BEFORE_A_RATIO = frozenset(("số", "lệ"))
_BEFORE_A_PERIOD = frozenset(("tháng", "quý", "kỳ", "kì"))
# "mỗi ngày 2-3 lần", "một tháng 4 triệu": an amount for each day or month.
_EACH = re.compile(r"(?:mỗi|một|hàng|hằng|mấy|vài)\s+(?:ngày|đêm|tháng)\s+\Z", re.IGNORECASE)
_COUNTED = (
    r"\s+(?:lần|bữa|viên|giờ|tiếng|phút|triệu|nghìn|ngàn|tỷ|tỉ|đồng|ngày(?!\s[0-9])"
    r"|người(?!\sta\b)|ly|cốc|tách|điếu|lít|km|kg|trang|chuyến|cuộc|lượt|con|cái|chiếc|quả|độ"
    r"|bàn|điểm)\b"
)
_BEFORE_A_PADDED_DAY = frozenset(("ngày", "mùng", "mồng", "hôm"))
_BEFORE_A_HOUSE = frozenset(
    "số nhà ngõ ngách hẻm kiệt phòng lô căn lớp điểm thửa tờ tỷ tỉ lệ mức áp".split()
)
_MAY_COUNT = frozenset(("nay", "qua", "mai", "quà", "mừng"))
# "nghỉ lễ Giỗ Tổ, 30.4 – 1.5"
_HOLIDAYS = ("30", "4", "1", "5")
QUARTERS = 4


def _read_day_month_year(match: re.Match[str], accent: Accent) -> str | None:
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    return say_date(day, month, year, word_before(match), accent)


def _read_anniversary(match: re.Match[str], accent: Accent) -> str | None:
    day, month = int(match["day1"]), int(match["month1"])
    first_date = say_date(day, month, match["year1"], word_before(match), accent)
    last_date = say_date(int(match["day"]), int(match["month"]), match["year"], "", accent)
    return f"{first_date} đến {last_date}" if first_date and last_date else None


def _read_dashed_range(match: re.Match[str], accent: Accent) -> str | None:
    previous_word = word_before(match)
    if previous_word not in _BEFORE_A_DAY - _MAY_COUNT or int(match["day1"]) >= int(match["day"]):
        return None
    last_date = say_date(int(match["day"]), int(match["month"]), "", "", accent)
    return f"{cardinal(int(match['day1']), accent)} đến {last_date}" if last_date else None


def _read_loose_date(match: re.Match[str], accent: Accent) -> str | None:
    return _read_day_month_year(match, accent) if word_before(match) in _BEFORE_A_DAY else None


def _read_short_year(match: re.Match[str], accent: Accent) -> str | None:
    """Read 03.11.24; without a nought, and without a word for a day before it, it is a version."""
    padded = match["day"][0] == "0" or match["month"][0] == "0"
    if not padded and word_before(match) not in _BEFORE_A_DAY:
        return None
    return _read_day_month_year(match, accent)


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    day, month, year = int(match["day"]), int(match["month"]), match["year"] or ""
    first_month = int(match["month1"] or month)
    previous_word = word_before(match)
    is_named = previous_word in _BEFORE_A_DAY or (previous_word == "từ" and match["by"] == "/")
    holidays = (match["day1"], match["month1"], match["day"], match["month"]) == _HOLIDAYS
    if not (year or is_named or holidays or _is_range_of_days(match)):
        return None
    if match["by"] == "." and (previous_word in _BEFORE_AN_AMOUNT or _is_per_period(match)):
        return None
    last_date = say_date(day, month, year, "", accent)
    first_date = say_date(
        int(match["day1"]), first_month, match["year1"] or "", previous_word, accent
    )
    if first_date is None or last_date is None:
        return None
    if not match["month1"]:
        first_date = first_date.partition(" tháng ")[0]
    return f"{first_date} đến {last_date}"


def _is_range_of_days(match: re.Match[str]) -> bool:
    """Whether "29/5 - 3/6" or "12-13/6" can only be days, because one part is not a fraction."""
    if match["by"] != "/":
        return False
    if not match["month1"]:
        day1, day, month = (int(match[name]) for name in ("day1", "day", "month"))
        return day1 < day > month and word_before(match) not in _BEFORE_A_HOUSE
    if match["by1"] != "/":
        return False
    first_date = int(match["month1"]), int(match["day1"])
    last_date = int(match["month"]), int(match["day"])
    return first_date < last_date and (first_date[0] < first_date[1] or last_date[0] < last_date[1])


def _read_day_month(match: re.Match[str], accent: Accent) -> str | None:
    day, month, separator = int(match["day"]), int(match["month"]), match["by"]
    previous_word = word_before(match)
    if "/" in separator and len(separator) > 1:
        day_follows = previous_word in _BEFORE_A_DAY - _MAY_COUNT
        return say_date(day, month, "", previous_word, accent) if day_follows else None
    if previous_word not in _BEFORE_A_DAY:
        day_word = find_day_word(match, previous_word)
        if day_word is None:
            return None
        if previous_word in BEFORE_A_NAME or is_named_for_a_day(match):
            return (say_date(day, month, "", "ngày", accent)) if is_day(day, month) else None
        previous_word = day_word
    elif separator != "/" and (
        _is_per_period(match) or (len(separator) > 1 and previous_word in _BEFORE_AN_AMOUNT)
    ):
        return None
    elif separator != "/" and previous_word in _BEFORE_AN_AMOUNT and day <= month:
        bracket = match.string[match.start() - 1] == "("
        if not (bracket or END_OF_CLAUSE.match(match.string, match.end())):
            return None
    return say_date(day, month, "", previous_word, accent)


def _read_month_year(match: re.Match[str], accent: Accent) -> str | None:
    month = int(match["month"])
    previous_word = word_before(match)
    if previous_word == "số" and match["by"] == "-":
        return f"{cardinal(month, accent)} {say_year(match['year'], accent)}"  # of a magazine
    if not 1 <= month <= 12 or previous_word in _BEFORE_A_RATIO:
        return None
    if match["by"] not in "/-" and previous_word not in _BEFORE_A_PERIOD:
        return None
    period = previous_word if previous_word in _BEFORE_A_PERIOD else "tháng"
    period_word = "" if previous_word in _BEFORE_A_PERIOD else "tháng "
    number, year = say_period_number(month, period, accent), say_year(match["year"], accent)
    return f"{period_word}{number} {year}"


def _read_months(match: re.Match[str], accent: Accent) -> str | None:
    """Read "tháng 3-4/2025" and "quý 3-4", naming the period twice: "bốn năm" means four years."""
    first, last = int(match["first"]), int(match["last"])
    period = word_before(match)
    highest = {"tháng": 12, "quý": QUARTERS}.get(period, 0)
    if not 1 <= first < last <= highest or _is_per_period(match):
        return None
    spoken = say_period_number(first, period, accent)
    spoken += f" đến {period} {say_period_number(last, period, accent)}"
    return f"{spoken} {say_year(match['year'], accent)}" if match["year"] else spoken


def _read_day(match: re.Match[str], accent: Accent) -> str | None:
    """Read the day of "ngày 07 tháng 9" without its leading nought."""
    day = int(match["day"])
    return cardinal(day, accent) if day and word_before(match) in _BEFORE_A_PADDED_DAY else None


def _read_month(match: re.Match[str], accent: Accent) -> str | None:
    month = int(match["month"])
    if word_before(match) != "tháng" or not 1 <= month <= 12 or _is_per_period(match):
        return None
    return say_month(month, accent)


def _is_per_period(match: re.Match[str]) -> bool:
    """Whether the match is an amount for each day or month: "mỗi ngày 2-3 lần"."""
    return search_before(match, _EACH, 16) is not None


# "ngày15/8" lacks its space.
_START = r"(?:(?<!\w)|(?<=ngày))(?<![0-9][/.])"
_END = r"(?![0-9⁰¹²³⁴-⁹⁻^]|[./-][0-9])"
_DAY, _MONTH = r"(?P<day>[0-9]{1,2})", r"(?P<month>[0-9]{1,2})"
_BY = r"(?P<by>[/.-]|\s[-–]\s|\s?/\s)"
YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
RULES = (
    Rule(
        "date range",
        re.compile(
            rf"{_START}(?P<day1>[0-9]{{1,2}})"
            r"(?:(?P<by1>[/.])(?P<month1>[0-9]{1,2})(?:(?P=by1)(?P<year1>[0-9]{4}))?)?"
            rf"\s?[-–—]\s?{_DAY}\s?(?P<by>[/.]){_MONTH}(?:(?P=by)(?P<year>[0-9]{{4}}))?"
            rf"{_END}(?!{_COUNTED}|%)"
        ),
        _read_range,
    ),
    Rule(
        "date",
        re.compile(rf"{_START}{_DAY}{_BY}{_MONTH}(?P=by)(?P<year>[0-9]{{4}}){_END}"),
        _read_day_month_year,
    ),
    Rule(
        "date",
        re.compile(rf"{_START}{_DAY}(?P<by>[/.-]){_MONTH}(?P=by)(?P<year>[0-9]{{2}}){_END}"),
        _read_short_year,
    ),
    # "hai ngày 8 - 9-5"
    Rule(
        "date range",
        re.compile(rf"{_START}(?P<day1>[0-9]{{1,2}})\s[-–]\s{_DAY}-{_MONTH}{_END}(?!{_COUNTED}|%)"),
        _read_dashed_range,
    ),
    # "(25-4-1959/25-4-2019)", and "ngày 25- 4-1959"
    Rule(
        "date range",
        re.compile(
            rf"{_START}(?P<day1>[0-9]{{1,2}})-(?P<month1>[0-9]{{1,2}})-(?P<year1>[0-9]{{4}})\s?/\s?"
            rf"{_DAY}-{_MONTH}-(?P<year>[0-9]{{4}}){_END}"
        ),
        _read_anniversary,
    ),
    Rule(
        "date",
        re.compile(
            rf"{_START}{_DAY}\s?[/.-]\s?{_MONTH}\s?[/.-]\s?(?P<year>(?:19|20)[0-9]{{2}}){_END}"
        ),
        _read_loose_date,
    ),
    Rule(
        "ISO date",
        re.compile(
            rf"{_START}(?P<year>[0-9]{{4}})(?P<by>[-/])(?P<month>[0-9]{{2}})(?P=by)"
            rf"(?P<day>[0-9]{{2}}){_END}"
        ),
        _read_day_month_year,
    ),
    # "ngày 2015/1/31"
    Rule(
        "ISO date",
        re.compile(
            rf"{_START}(?P<year>(?:19|20)[0-9]{{2}})(?P<by>/)(?P<month>[0-9]{{1,2}})/"
            rf"(?P<day>[0-9]{{1,2}}){_END}"
        ),
        _read_day_month_year,
    ),
    Rule(
        "day and month",
        re.compile(rf"{_START}{_DAY}{_BY}{_MONTH}{_END}(?!%|{_COUNTED}|\s+tháng\b)"),
        _read_day_month,
    ),
    Rule(
        "months",
        re.compile(
            r"(?<!\w)(?P<first>[0-9]{1,2})\s?[-–]\s?(?P<last>[0-9]{1,2})"
            rf"(?:[/.]{YEAR})?(?![\w/%]|[.,-][0-9]|{_COUNTED})"
        ),
        _read_months,
    ),
    Rule(
        "month and year",
        # Not 12/2024/QĐ-UBND.
        re.compile(rf"{_START}{_MONTH}(?P<by>[/.-]|\s?/\s){YEAR}(?![0-9]|/\w|\.[0-9])"),
        _read_month_year,
    ),
    # "Tháng 7/1792"
    Rule(
        "month and year",
        re.compile(rf"(?<=[Tt]háng ){_MONTH}(?P<by>/)(?P<year>1[0-8][0-9]{{2}}){_END}"),
        _read_month_year,
    ),
    Rule("day", re.compile(r"(?P<day>0[1-9])(?![\w/]|[.,:-][0-9])"), _read_day),
    Rule("month", re.compile(rf"{_START}{_MONTH}{_END}(?!,[0-9]|{_COUNTED})"), _read_month),
)
