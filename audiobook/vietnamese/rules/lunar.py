"""Days of the lunar calendar, whose years have names: 27-10-Tân Sửu, 28, 29-10 Tân Sửu."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.calendar import is_day, say_month
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, word_before

_YEAR = (
    "(?:Giáp|Ất|Bính|Đinh|Mậu|Kỷ|Kỉ|Canh|Tân|Nhâm|Quý|Quí)"
    "[ -](?:Tý|Tí|Sửu|Dần|Mão|Mẹo|Thìn|Tỵ|Tị|Ngọ|Mùi|Thân|Dậu|Tuất|Hợi)"
)
# The first and the last month have names of their own.
_NAMED_MONTHS = {1: "giêng", 12: "chạp"}
_NAMED_DAY = frozenset(("ngày", "mùng", "mồng", "rằm", "hôm"))


def _read_lunar_date(match: re.Match[str], accent: Accent) -> str | None:
    day, month = int(match["day"]), int(match["month"])
    if not is_day(day, month):
        return None
    spoken = "" if word_before(match) in _NAMED_DAY else "ngày "
    if match["first"]:
        joint = ", " if "," in match["joint"] else " và " if "và" in match["joint"] else " đến "
        spoken += f"{cardinal(int(match['first']), accent)}{joint}"
    month_name = _NAMED_MONTHS.get(month) or say_month(month, accent)
    return f"{spoken}{cardinal(day, accent)} tháng {month_name} năm "


RULES = (
    Rule(
        "lunar date",
        re.compile(
            r"(?<![\w/.-])(?:(?P<first>[0-9]{1,2})(?P<joint>,\s?|\svà\s|\s?[-–]\s?))?"
            r"(?P<day>[0-9]{1,2})\s?[-/.]\s?(?P<month>[0-9]{1,2})\s?[-–/.,]?\s?(?:năm\s)?"
            rf"(?={_YEAR}(?!\w))"
        ),
        _read_lunar_date,
    ),
)
