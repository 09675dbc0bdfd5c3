"""The calendar: which days there are, and how days, months and years are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.vietnamese.dialects import DIALECTS, every_word
from audiobook.vietnamese.rules.numbers import cardinal

if TYPE_CHECKING:
    from audiobook.vietnamese.rules.rule import Accent

_FIRST_TEN_DAYS = every_word("first ten days")
NAMED_DAY = frozenset(
    (*"ngày hôm rằm lễ dịp tết sáng trưa chiều tối đêm khuya".split(), *_FIRST_TEN_DAYS)
)
"""Words that name the day already: "ngày" is not added after them."""
_LONGEST = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# A year of two digits below this one belongs to this century: 24 is 2024; 68 is read as 68.
_THIS_CENTURY = 40


def say_month(month: int, accent: Accent) -> str:
    """Return the number of a month in words."""
    return DIALECTS[accent]["fourth"] if month == 4 else cardinal(month, accent)


def say_period_number(number: int, period: str, accent: Accent) -> str:
    """Return the number of a month (tháng) or of another period in words.

    Args:
        number: of the period.
        period: its kind: tháng, quý and the like.
        accent: decides between words such as nghìn and ngàn.
    """
    return say_month(number, accent) if period == "tháng" else cardinal(number, accent)


def say_year(year: str, accent: Accent) -> str:
    """Return a year of two or four digits in words, with năm before it."""
    number = int(year)
    if len(year) == 2 and number < _THIS_CENTURY:
        number += 2000
    return f"năm {cardinal(number, accent)}"


def is_day(day: int, month: int) -> bool:
    """Whether a month ever has such a day: 29 February counts, 30 February does not."""
    return 1 <= month <= 12 and 1 <= day <= _LONGEST[month]


def say_date(day: int, month: int, year: str, previous_word: str, accent: Accent) -> str | None:
    """Return a date in words, or None where there is no such day.

    Args:
        day: the number of the day.
        month: the number of the month.
        year: two or four digits, or an empty string where the date has no year.
        previous_word: the word in front; "ngày" is not repeated where it names a day already.
        accent: whose number words are used.
    """
    if not is_day(day, month):
        return None
    spoken = f"{cardinal(day, accent)} tháng {say_month(month, accent)}"
    if previous_word not in NAMED_DAY:
        spoken = f"ngày {spoken}"
    return f"{spoken} {say_year(year, accent)}" if year else spoken
