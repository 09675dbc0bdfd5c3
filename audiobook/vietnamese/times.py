"""Times of day and durations on a clock."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import BEFORE_A_SCORE, Accent, Rule, word_before

# Minutes that stand apart are two digits or named: "8h 5 người".
_CLOCK = (
    r"(?P<h{n}>[0-9]{{1,2}})(?:\s?(?:h|giờ)|(?P<g{n}>g))"
    r"(?:\s?(?P<m{n}>[0-5]?[0-9])(?:\s?(?:phút|ph|p|')|(?<=[0-9][0-9])|(?<=[hgờ][0-9])))?"
    r"(?![\w]|[.,][0-9])"
)
_COLON = (
    r"(?P<h{n}>[0-9]{{1,2}}):(?P<m{n}>[0-5][0-9])(?::(?P<s{n}>[0-5][0-9]))?h?(?![\w:])"
    r"(?:\s?(?P<half{n}>[AaPp][Mm])(?!\w))?"
)
# 12'30", 30-45': not the degrees of a place, nor a quotation that ends.
_MINUTES = (
    r"(?<![\w.,:'°])(?:(?P<low>[0-9]{1,3})\s?[-–]\s?)?(?P<minutes>[0-9]{1,3})['′]"
    r"(?:(?P<seconds>[0-5]?[0-9])(?:[\"″”]|''|s)?)?(?![\w'])"
)
# Not in the middle of 1:2:30 or 1,5h.
_START = r"(?<![0-9][:.,])"
_TO = r"\s?[-–—]\s?"
# "từ 8g-10g tại phường": what is weighed is named.
_NOTHING_WEIGHED = re.compile(
    r"\s*(?:[.,;)]|\Z|(?:tại|ở|ngày|hôm|hằng|hàng|mỗi|các|thứ|đến|tới|và|có|sẽ)\b)"
)
_HALF_DAY = r"(?<![\w.,:])(?P<hour>[0-9]{1,2})(?:\s?(?P<half>[AP]M)|(?P<small>[ap]m))(?!\w)"
_PART_OF_DAY = re.compile(r"\s(?:sáng|trưa|chiều|tối|đêm)\b")


def _part_of_day(hour: int, half: str) -> str:
    """Return the part of the day that AM and PM leave to the hour."""
    if half.upper() == "AM":
        return "sáng"
    if hour == 12:
        return "trưa"
    return "chiều" if hour < 6 else "tối"


def _say(hour: str, minute: str | None, second: str | None, accent: Accent) -> str:
    said = f"{cardinal(int(hour), accent)} giờ"
    if minute and (int(minute) or second):
        said += f" {cardinal(int(minute), accent)} phút"
    if second and int(second):
        said += f" {cardinal(int(second), accent)} giây"
    return said


def _read(match: re.Match[str], accent: Accent) -> str | None:
    found = match.groupdict()
    hours = [int(found[name]) for name in ("h1", "h2") if found.get(name)]
    if max(hours) > 24 or (":" in match[0] and word_before(match) in BEFORE_A_SCORE):
        return None
    if found.get("g1") and not found["m1"] and not _is_said_of_time(match):
        return None  # 5g is a weight
    said = _say(found["h1"], found["m1"], found.get("s1"), accent)
    if found.get("half1"):
        said += f" {_part_of_day(hours[0], found['half1'])}"
    if len(hours) == 2:
        said += " đến " + _say(found["h2"], found["m2"], found.get("s2"), accent)
    return said


def _read_minutes(match: re.Match[str], accent: Accent) -> str | None:
    if match.string.count("'", 0, match.start()) % 2:
        return None  # it closes a quotation
    said = cardinal(int(match["low"]), accent) + " đến " if match["low"] else ""
    said += cardinal(int(match["minutes"]), accent)
    if word_before(match) != "phút":
        said += " phút"
    if match["seconds"]:
        said += f" {cardinal(int(match['seconds']), accent)} giây"
    return said


def _is_said_of_time(match: re.Match[str]) -> bool:
    before = word_before(match)
    if before == "lúc" or _PART_OF_DAY.match(match.string, match.end()):
        return True
    return before == "từ" and _NOTHING_WEIGHED.match(match.string, match.end()) is not None


def _read_half_day(match: re.Match[str], accent: Accent) -> str | None:
    hour = int(match["hour"])
    if not 1 <= hour <= 12:
        return None
    return f"{cardinal(hour, accent)} giờ {_part_of_day(hour, match['half'] or match['small'])}"


def _rules() -> tuple[Rule, ...]:
    rules = []
    for clock in (_CLOCK, _COLON):
        first, second = clock.format(n=1), clock.format(n=2)
        rules.append(Rule("time range", re.compile(_START + first + _TO + second), _read))
        rules.append(Rule("time", re.compile(_START + first), _read))
    rules.append(Rule("time", re.compile(_HALF_DAY), _read_half_day))
    rules.append(Rule("minutes and seconds", re.compile(_MINUTES), _read_minutes))
    return tuple(rules)


RULES = _rules()
