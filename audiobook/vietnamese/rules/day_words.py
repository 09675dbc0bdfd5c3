"""Words near a day and month that show that it is one: "sáng nay, 1-12", "ngày 28, 29-3"."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.named_days import FAMOUS_DAYS, is_named_for_a_day, is_of_a_week
from audiobook.vietnamese.rules.rule import search_before

# "từ 15-3", "đến 20-4": a range would rise.
_BEFORE_A_LIMIT = frozenset(("từ", "đến", "tới", "hết", "vào"))
END_OF_CLAUSE = re.compile(r"\s*(?:[.,;)]|\Z)")
# "ngày 28, 29-3": the day before stands without its month.
_DAYS_LISTED = re.compile(
    r"\b(?:ngày|hôm|sáng|trưa|chiều|tối|đêm|mùng|mồng|lễ|dịp|nghỉ|tết)\s"
    r"[0-9]{1,2}(?:(?:,|\svà)\s[0-9]{1,2}){0,4}(?P<month>[/.-][0-9]{1,2})?(?:,|\svà)\s\Z",
    re.IGNORECASE,
)
# "từ 2-1 đến 5-1": both are days.
_TO_A_DAY = re.compile(r"\s(?:đến|tới)\s(?:hết\s)?(?:ngày\s)?[0-9]{1,2}-[0-9]{1,2}(?![\w-])")
_FROM = re.compile(r"(?:\A|[,.;(]\s?)từ\s\Z", re.IGNORECASE)
_GOALS_FOLLOW = re.compile(r"\s(?:lên|xuống|thành)\b")
_FROM_A_DAY = re.compile(
    r"\btừ\s(?:ngày\s)?[0-9]{1,2}-[0-9]{1,2}(?:-[0-9]{4})?\s(?:đến|tới)\s(?:hết\s)?\Z",
    re.IGNORECASE,
)
# Streets are named for days: đường 30-4.
BEFORE_A_NAME = frozenset("đường phố cầu".split())
# "Sáng nay, 1-12,", "Hôm nay, 19-9 (24-8 âm lịch)", "thứ bảy, 8-2"
_TODAY_BEFORE = re.compile(
    r"\b(?:(?:sáng|trưa|chiều|tối|đêm|khuya|hôm|ngày|rạng sáng) (?:nay|qua|mai|kia)"
    r"|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|chúa nhật)(?:,|\slà)?\s\(?\Z",
    re.IGNORECASE,
)
# "tới 25/11 chứ không phải 1/12"
_NOT_THE_DAY_BEFORE = re.compile(r"[0-9]/[0-9]{1,2},? (?:chứ|mà) (?:không|ko|k|kh) phải (?:là )?\Z")
_CLAUSE_ENDS = re.compile(r"\s*(?:[.,;)]|\Z|\()|\s(?:tại|ở|lúc|vào)\b")
# "nhằm 20.4 âm lịch"
_BEFORE_A_LUNAR_DAY = frozenset(("nhằm",))
_LUNAR = re.compile(r"\s(?:âm|dương) lịch\b|\s(?:ÂL|AL|DL)(?!\w)")


def find_day_word(match: re.Match[str], previous_word: str) -> str | None:
    """Return the word for a day that stands further off, or None if the match is not a day."""
    day, month, separator = int(match["day"]), int(match["month"]), match["by"]
    listed = search_before(match, _DAYS_LISTED)
    if listed and (separator in "/-" or (listed["month"] or "")[:1] == separator):
        return "" if listed["month"] else "ngày"
    if separator == "/" and (
        previous_word in ("h", "giờ") or search_before(match, _NOT_THE_DAY_BEFORE, 28)
    ):
        return ""
    if separator in "/." and (
        previous_word in _BEFORE_A_LUNAR_DAY or _LUNAR.match(match.string, match.end())
    ):
        return ""
    if search_before(match, _TODAY_BEFORE, 24) and _CLAUSE_ENDS.match(match.string, match.end()):
        return ""
    if is_of_a_week(match):
        return ""
    if is_named_for_a_day(match):
        return "ngày"
    if separator != "-":
        return None
    if previous_word in BEFORE_A_NAME and (day > month or (day, month) in FAMOUS_DAYS):
        return "ngày"
    text, end = match.string, match.end()
    two_days = previous_word == "từ" and _TO_A_DAY.match(text, end)
    alone = search_before(match, _FROM) and END_OF_CLAUSE.match(text, end)
    goes_down = (
        previous_word in _BEFORE_A_LIMIT and day > month and not _GOALS_FOLLOW.match(text, end)
    )
    return (
        previous_word
        if two_days or alone or goes_down or search_before(match, _FROM_A_DAY)
        else None
    )
