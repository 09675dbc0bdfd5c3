"""What a reading rule is: a name, where it applies, and what it says there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

Accent = Literal["north", "central", "south"]


class Rule(NamedTuple):
    """Reads one class of written things."""

    name: str
    pattern: re.Pattern[str]
    """Matched at the start of a candidate."""
    read: Callable[[re.Match[str], Accent], str | None]
    """What is said for the match; None when the context says it is something else."""
    is_guess: bool = False
    """Whether it reads what nothing in the text explains."""


# After these 1:10 is no time and 1-2 no range.
BEFORE_A_SCORE = frozenset("lệ số thắng thua hòa hoà dẫn".split())
_LAST_WORD = re.compile(r"([^\W\d_]+)[\s(]*\Z")


_NAME = re.compile(r"\s[A-ZĐ][^\W\d_]*[^\W\d_A-Z]\s\Z")
_NO_WORD = re.compile(r"\s*(?:[.,;)]|\Z)")


# "tỷ số 6-4, 3-6 và 7-5"
_SCORES_BEFORE = re.compile(r"[0-9]{1,2}[-–][0-9]{1,2}(?:,| và| rồi)\s\Z")


# "thua đậm 0-11", "thắng chung cuộc 3-5": not "thắng trong 5-7 ngày".
_RESULT_BEFORE = re.compile(
    r"\b(?:thắng|thua|hòa|hoà|dẫn|tỷ số|tỉ số)"
    r"(?:\s(?!trong|từ|khoảng|sau|gần|hơn|tới|đến|được|cả|những|với|lô|lỗ|mỗi)[^\W\d_]+){1,3}\s\Z",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\s(?:trước|ngay trên sân|trên sân)\s[A-ZĐ]")
_FINAL_SCORE_BEFORE = re.compile(r"\b(?:chung cuộc|hiệp \w+|trận đấu)\s\Z", re.IGNORECASE)
_REACH = 32


def is_final_score(match: re.Match[str]) -> bool:
    """Whether the words before say that two numbers are how a match ended."""
    start = match.start()
    return _FINAL_SCORE_BEFORE.search(match.string, max(0, start - _REACH), start) is not None


def is_told_as_score(match: re.Match[str]) -> bool:
    """Whether the words before say that two numbers with a dash between are a score."""
    start = match.start()
    another = _SCORES_BEFORE.search(match.string, max(0, start - 12), start)
    if word_before(match) in BEFORE_A_SCORE or another or follows_name(match):
        return True
    if _AGAINST.match(match.string, match.end()):
        return True
    result = _RESULT_BEFORE.search(match.string, max(0, start - _REACH), start)
    return result is not None and _NO_WORD.match(match.string, match.end()) is not None


def follows_name(match: re.Match[str]) -> bool:
    """Whether a match stands between a name and the end of a clause: "Brazil 1-7,"."""
    start = match.start()
    named = _NAME.search(match.string, max(0, start - 24), start)
    return named is not None and _NO_WORD.match(match.string, match.end()) is not None


def word_before(match: re.Match[str]) -> str:
    """Return the word in front of a match in lower case, or an empty string."""
    start = match.start()
    found = _LAST_WORD.search(match.string, max(0, start - 16), start)
    return found[1].lower() if found else ""
