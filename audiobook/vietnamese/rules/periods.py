"""Short forms of months and quarters: Q3/2025, T10/2025, 6T/2025, "kỳ hạn 12T"."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.calendar import say_period_number, say_year
from audiobook.vietnamese.rules.dates import QUARTERS, YEAR
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, word_before

# "lãi Q3 tăng": after these Q3 is a quarter, not a district.
_BEFORE_A_QUARTER = frozenset(
    "trong cuối đầu hết nửa doanh thu nhuận lãi lỗ quả thúc bctc tăng giảm và sang".split()
)


def _read_short_period(match: re.Match[str], accent: Accent) -> str | None:
    """Read Q3/2025, T10/2025 and 6T/2025: a quarter, a month, and the first six months."""
    year = say_year(match["year"], accent)
    if match["months"]:
        return f"{cardinal(int(match['months']), accent)} tháng đầu {year}"
    period = {"Q": "quý", "T": "tháng"}[match["period"]]
    number = int(match["number"])
    if not 1 <= number <= (QUARTERS if period == "quý" else 12):
        return None
    period_word = "" if word_before(match) == period else f"{period} "
    return f"{period_word}{say_period_number(number, period, accent)} {year}"


def _read_short_months(match: re.Match[str], accent: Accent) -> str:
    return f"{cardinal(int(match['months']), accent)} tháng"


_TERM = re.compile(r"\b(?:kỳ hạn|tiết kiệm|gửi|bảo hành|trả góp|vay)\b[^.;]{0,24}\Z", re.IGNORECASE)


def _read_term(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 12T of a deposit, a loan or a warranty: twelve months."""
    return _read_short_months(match, accent) if search_before(match, _TERM, 40) else None


def _read_quarter(match: re.Match[str], accent: Accent) -> str | None:
    if word_before(match) not in _BEFORE_A_QUARTER:
        return None
    return f"quý {cardinal(int(match['number']), accent)}"


RULES = (
    Rule(
        "short period",
        re.compile(
            r"(?<!\w)(?:(?P<period>[QT])(?P<number>[0-9]{1,2})[/.-]|(?P<months>[1-9]|1[0-2])T[/.-]?)"
            rf"{YEAR}(?![\w/]|[.-][0-9])"
        ),
        _read_short_period,
    ),
    Rule(
        "short period",
        re.compile(r"(?<!\w)(?P<months>[1-9]|1[0-2])T(?=\s(?:đầu|cuối|qua|năm)\b)"),
        _read_short_months,
    ),
    Rule(
        "short period",
        re.compile(r"(?<!\w)(?P<months>[1-9]|[1-3][0-9])T(?![\w/])"),
        _read_term,
    ),
    Rule("quarter", re.compile(r"(?<!\w)Q(?P<number>[1-4])(?![\w/])"), _read_quarter),
)
