"""Ordinals: numbers after thứ, hạng and giải."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, word_before

_FIRST_TO_FOURTH = {"thứ": {1: "nhất", 4: "tư"}, "hạng": {1: "nhất"}, "giải": {1: "nhất"}}


def ordinal(order_word: str, number: int, accent: Accent) -> str:
    """Return the words for a number after thứ, hạng or giải.

    Args:
        order_word: thứ, hạng or giải.
        number: the number after it.
        accent: decides between words such as nghìn and ngàn.

    >>> ordinal("thứ", 4, "north"), ordinal("hạng", 4, "north")
    ('tư', 'bốn')
    """
    return _FIRST_TO_FOURTH[order_word].get(number) or cardinal(number, accent)


def _read_ordinal(match: re.Match[str], accent: Accent) -> str | None:
    order_word = word_before(match)
    return ordinal(order_word, int(match[0]), accent) if order_word in _FIRST_TO_FOURTH else None


_STORM_BEFORE = re.compile(r"(?<!\w)bão\s\Z", re.IGNORECASE)


def _read_storm(match: re.Match[str], accent: Accent) -> str | None:
    """Read "bão s8", the number of a storm in chat."""
    if not search_before(match, _STORM_BEFORE, 5):
        return None
    return f"số {cardinal(int(match['number']), accent)}"


STORM = r"s[1-9]"
"""The number of a storm, for the scan."""
# Not thứ 4,5 or 4%: those are amounts.
RULES = (
    Rule("ordinal", re.compile(r"(?<![\w.,])[0-9]{1,3}(?![0-9\w%/]|[:.,-][0-9])"), _read_ordinal),
    Rule("storm", re.compile(r"(?<!\w)s(?P<number>[1-9][0-9]?)(?!\w)"), _read_storm),
)
