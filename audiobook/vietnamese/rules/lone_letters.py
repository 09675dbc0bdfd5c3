"""Single letters, read by their names: nhóm B, từ 1 đến n, size L, C. Kết luận."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before
from audiobook.vietnamese.syllables import is_vietnamese

CAPITAL_CONSONANTS = "BCDĐFGHJKLMNPQRSTVWXZ"
SMALL_CONSONANTS = "bcdđfghjklmnpqrstvwxz"
# Beside these a letter is part of something else: X-quang, M's, J.K., a/b, 3x.
_APART = r"(?<![\w'’/.&_\\-])"
_ENDS = r"(?![\w'’/&_\\-]|\.[^\s)\]”\"])"
_WORD_BEFORE = re.compile(r"([^\s()“”\"]{1,24})[\s(“\"]+\Z")
_WORD_AFTER = re.compile(r"[.)”\"]?\s([^\s()“”\",.;:?!]{1,24})")
_NUMBER_BEFORE = re.compile(r"[0-9]\s?\Z")
_INITIAL_AFTER = re.compile(r"\.(?:\s|\Z)")


def _read_capital(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read a capital, except in foreign names and foreign sentences."""
    previous_word, next_word = _neighbours(match)
    is_initial = _INITIAL_AFTER.match(match.string, match.end()) is not None
    if is_initial and (_is_foreign_name(previous_word) or _is_foreign_name(next_word)):
        return None  # George W. Bush, M. Gorki
    if _is_foreign(previous_word) and _is_foreign(next_word):
        return None
    return spell(match[0])


# Between words of Vietnamese they stand for these, but where letters are spoken of.
_CHAT = {"k": "không", "r": "rồi"}
_NAMES_LETTER = frozenset(
    "chữ âm điểm nguyên số cạnh biến ẩn trị của là bằng theo với cho và mọi kính từ đến vần phím"
    " loại nhóm tự hiệu".split()
)
_OF_MATHS = re.compile(
    r"[=<>+0-9]|(?<!\w)[b-df-hj-np-su-zB-DF-HJ-NP-SU-Z](?!\w).*(?<!\w)[b-df-hj-np-su-z](?!\w)"
)


def _is_word_of_chat(match: re.Match[str], previous_word: str, next_word: str) -> bool:
    """Whether a small letter is a word cut short: "hỏi đường k buồn trả lời"."""
    among_words = next_word.islower() and all(map(is_vietnamese, (previous_word, next_word)))
    previous_word = previous_word.lower()
    around = match.string[max(0, match.start() - 40) : match.end() + 40]
    return among_words and previous_word not in _NAMES_LETTER and not _OF_MATHS.search(around)


def _read_small(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read a small letter, except for units and for syllables that were split, as in "l à"."""
    previous_word, next_word = _neighbours(match)
    if (
        search_before(match, _NUMBER_BEFORE, 2)
        or _is_foreign(previous_word)
        or _is_foreign(next_word)
    ):
        return None
    if match[0] in _CHAT and _is_word_of_chat(match, previous_word, next_word):
        return _CHAT[match[0]]
    if (
        next_word
        and is_vietnamese(match[0] + next_word)
        and not is_vietnamese(next_word[0] + match[0])
    ):
        return None
    return spell(match[0])


def _neighbours(match: re.Match[str]) -> tuple[str, str]:
    """Return the words before and after a match, each empty where there is none."""
    previous_word = search_before(match, _WORD_BEFORE, 28)
    next_word = _WORD_AFTER.match(match.string, match.end(), match.end() + 28)
    return (
        previous_word[1].strip(",.;:?!") if previous_word else "",
        next_word[1] if next_word else "",
    )


def _is_foreign(word: str) -> bool:
    return word.isalpha() and len(word) > 1 and not word.isupper() and not is_vietnamese(word)


def _is_foreign_name(word: str) -> bool:
    return _is_foreign(word) and word[0].isupper()


START = rf"[{CAPITAL_CONSONANTS}{SMALL_CONSONANTS}](?![\w'’/&_\\-])"
RULES = (
    Rule("letter", re.compile(rf"{_APART}[{CAPITAL_CONSONANTS}]{_ENDS}"), _read_capital),
    Rule("letter", re.compile(rf"{_APART}[{SMALL_CONSONANTS}]{_ENDS}"), _read_small),
)
