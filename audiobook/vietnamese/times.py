"""Times of day and durations on a clock."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule, word_before

# After these 1:10 is a ratio or a score.
_NOT_A_TIME = frozenset(("lệ", "số", "thắng", "thua", "hòa", "hoà", "dẫn"))
_CLOCK = (
    r"(?P<h{n}>\d{{1,2}})(?:\s?(?:h|giờ|g)(?:\s?(?P<m{n}>[0-5]\d)(?:\s?(?:phút|ph|p))?)?(?!\w))"
)
_COLON = r"(?P<h{n}>\d{{1,2}}):(?P<m{n}>[0-5]\d)(?::(?P<s{n}>[0-5]\d))?(?![\d:])"
_TO = r"\s?[-–—]\s?"


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
    if max(hours) > 24 or (":" in match[0] and word_before(match) in _NOT_A_TIME):
        return None
    said = _say(found["h1"], found["m1"], found.get("s1"), accent)
    if len(hours) == 2:
        said += " đến " + _say(found["h2"], found["m2"], found.get("s2"), accent)
    return said


def _rules() -> tuple[Rule, ...]:
    rules = []
    for clock in (_CLOCK, _COLON):
        first, second = clock.format(n=1), clock.format(n=2)
        rules.append(Rule("time range", re.compile(first + _TO + second), _read))
        rules.append(Rule("time", re.compile(first), _read))
    return tuple(rules)


RULES = _rules()
