"""Scores of sets, of tennis, volleyball and the like: 6/4 is no fraction beside another set."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.rule import search_before, text_before

LAST_MONTH = 12
"""The largest number of a month: a larger one is no part of a date."""
# "thắng 3-1 (25/21, 23/25, 25/19, 25/17)", "hạ Nadal 6/4, 6/3", "7-6 (7/3)"
_SETS_BEFORE = re.compile(
    r"\b(?:thắng|thua|hạ|bại|t[ỷỉ] số|set|ván|séc|gỡ)\b"
    r"(?:(?!\b(?:ngày|hôm|từ|lễ|sáng|chiều|tối|đêm)\b)[^.;!?]){0,80}\Z",
    re.IGNORECASE,
)
_ODDS = re.compile(r"\b(?:t[ỷỉ] lệ|cược|xác suất|cơ hội)\b", re.IGNORECASE)
_LISTED_BEFORE = re.compile(r"[0-9]{1,2}[/-][0-9]{1,2}(?:,|;| và| rồi)\s\Z")
_LISTED_AFTER = re.compile(r"(?:,|;| và| rồi)\s[0-9]{1,2}[/-][0-9]{1,2}(?![\w/])")
_TIE_BREAK_BEFORE = re.compile(r"(?<![\w/-])[67][-/][67]\s?\(\Z")
_SETS_REACH = 90
_LONGEST_TENNIS_SET = 7
_LEAST_OF_A_SET = 5
_LEAST_OF_A_LONG_SET = 14
_LEAD = 2
_ENDS_OF_A_SET = (11, 15, 21, 25)


def _can_end_set(ours: int, theirs: int) -> bool:
    """Whether a set of tennis, volleyball, badminton or table tennis can end with this score."""
    low, high = sorted((ours, theirs))
    if high <= _LONGEST_TENNIS_SET:
        return (high - low >= _LEAD and high > _LEAST_OF_A_SET) or (low, high) == (6, 7)
    return high - low == _LEAD or (high in _ENDS_OF_A_SET and high - low > _LEAD)


def is_set_of_match(match: re.Match[str]) -> bool:
    """Whether the match is the score of a set, as in "25/21, 23/25", or of a tie-break."""
    if match["unit"] or not _can_end_set(*map(int, match["parts"].split("/"))):
        return False
    if search_before(match, _TIE_BREAK_BEFORE, 8):
        return True
    if not search_before(match, _SETS_BEFORE, _SETS_REACH):
        return False
    if _ODDS.search(text_before(match, _SETS_REACH)):
        return False
    listed = _LISTED_BEFORE.search(text_before(match, 12)) or _LISTED_AFTER.match(
        match.string, match.end()
    )
    # One set alone counts only if its score cannot be a date.
    ours, theirs = map(int, match["parts"].split("/"))
    return listed is not None or (max(ours, theirs) > _LEAST_OF_A_LONG_SET and theirs > LAST_MONTH)
