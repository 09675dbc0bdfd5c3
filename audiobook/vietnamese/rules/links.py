"""Addresses of the net: e-mail, web pages, handles and hashtags."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import CAPITALS, RAISED, spell
from audiobook.vietnamese.rules.acronyms import foreign_words
from audiobook.vietnamese.rules.numbers import digits
from audiobook.vietnamese.rules.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_syllable
from audiobook.vietnamese.table import load_pairs

_SAID = load_pairs("link_parts.tsv")
# Words run together are parted where a capital begins one: #YeuHaNoi.
_PARTS = re.compile(
    rf"[0-9]+|[{CAPITALS}](?:(?!{RAISED})[^\W\d_{CAPITALS}])+|(?:(?!{RAISED}|[{CAPITALS}][^\W\d_{CAPITALS}])[^\W\d_])+|."
)
_ENDINGS = r"(?:vn|com|net|org|edu|gov|info|io|co|tv|me|asia|biz|xyz|app|dev|uk|de|fr|jp|us|eu|int)"
# Labels are at most 63 letters long (RFC 1035), which also keeps the scan linear.
# Before a path anything may end it: bit.ly/ve.
_HOST = rf"(?:[a-zA-Z0-9_-]{{1,63}}\.){{1,8}}(?:{_ENDINGS}(?![\w-])|[a-z]{{2,6}}(?=/\w))"
_VOWEL = re.compile(r"[aeiouyAEIOUY]|[^\x00-\x7f]")


def _say_part(part: str) -> str:
    if part.isdecimal():
        return digits(part)
    if part.isdigit():
        return ""  # a note mark
    if part.lower() in _SAID:
        return _SAID[part.lower()]
    return spell(part) if part.isalpha() and not _is_word(part) else part


def _is_word(part: str) -> bool:
    """Whether a part can be said: an ending, a known word, or consonants around a vowel."""
    if len(part) == 1 or not _VOWEL.search(part):
        return False
    if len(part) > _LONGEST_INITIALS or not part.isascii():
        return True
    if _ENDING.fullmatch(part) or part.lower() in foreign_words():
        return True
    return is_syllable(part) or _CAN_BE_SAID.fullmatch(part.lower()) is not None


def _read(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    return " ".join(filter(None, map(_say_part, _PARTS.findall(match["said"]))))


# Longer parts without a meaning that we know are names, and said as words.
_LONGEST_INITIALS = 3
_ENDING = re.compile(_ENDINGS)
_CAN_BE_SAID = re.compile(r"[^aeiouy]?[aeiouy]{1,2}[^aeiouy]?|[^aeiouy]h[aeiouy]")
_FILE = (
    r"\.(?:docx?|xlsx?|pptx?|pdf|txt|jpe?g|png|gif|mp[34]|zip|rar|exe|csv|html?|py|js|json|epub|apk)"
    r"(?![\w-])"
)
MAYBE = re.compile(
    rf"@|://|www\.|\.{_ENDINGS}\b|\.[a-z]{{2,6}}/\w|#[a-zA-ZÀ-ỹ]|:\\\w|/(?<![^\s(“\"~]/)[a-z]|{_FILE}"
)
START = (
    r"(?<![\w@.])(?:https?://|[a-zA-Z0-9][\w.+-]*(?:@|\.[a-z])|[@#][a-zA-ZÀ-ỹ]|[A-Z]:\\)"
    r"|[~/](?<![^\s(“\"].)(?=/[a-z]|(?<=/)[a-z])"
)
RULES = (
    Rule(
        "e-mail address",
        re.compile(rf"(?<![\w.])(?P<said>[a-zA-Z0-9][\w.+-]{{0,63}}@{_HOST})"),
        _read,
    ),
    Rule(
        "web address",
        re.compile(
            rf"(?<![\w@.])(?:https?://)?(?P<said>{_HOST}(?::[0-9]+)?"
            rf"(?:[/?][^\s,;)\]”»\"]{{0,2000}}(?<![.?!…]))?)"
        ),
        _read,
    ),
    Rule(
        "handle or hashtag",
        re.compile(r"(?<![\w])(?P<said>[@#][a-zA-ZÀ-ỹ][\w.]{0,63}(?<!\.))"),
        _read,
    ),
    Rule(
        "file name",
        re.compile(
            r"(?<![\w.])(?P<said>(?:[A-Z]:\\|~/|/(?:bin|dev|etc|home|mnt|opt|root|tmp|usr|var)(?=/))"
            r"[\w./\\-]{1,500}(?<![.]))"
        ),
        _read,
    ),
    Rule("file name", re.compile(rf"(?<![\w.])(?P<said>[\w-]{{1,64}}{_FILE})"), _read),
)
