"""Addresses of the net: e-mail, web pages, handles and hashtags."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import RAISED, spell
from audiobook.vietnamese.numbers import digits
from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.table import load_pairs

_SAID = load_pairs("link_parts.tsv")
_PARTS = re.compile(rf"[0-9]+|(?:(?!{RAISED})[^\W\d_])+|.")
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
    unsayable = len(part) == 1 or not _VOWEL.search(part)
    return spell(part) if part.isalpha() and unsayable else part


def _read(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    return " ".join(filter(None, map(_say_part, _PARTS.findall(match["said"]))))


MAYBE = re.compile(rf"@|://|www\.|\.{_ENDINGS}\b|\.[a-z]{{2,6}}/\w|#[a-zA-Z]")
START = r"(?<![\w@.])(?:https?://|[a-zA-Z0-9][\w.+-]*(?:@|\.[a-z])|[@#][a-zA-Z])"
RULES = (
    Rule(
        "e-mail address",
        re.compile(rf"(?<![\w.])(?P<said>[a-zA-Z0-9][\w.+-]{{0,63}}@{_HOST})"),
        _read,
    ),
    Rule(
        "web address",
        re.compile(
            rf"(?<![\w@.])(?:https?://)?(?P<said>{_HOST}(?::[0-9]+)?(?:/[^\s,;)\]”»\"]{{0,2000}}(?<![.?!…]))?)"
        ),
        _read,
    ),
    Rule(
        "handle or hashtag", re.compile(r"(?<![\w])(?P<said>[@#][a-zA-Z][\w.]{0,63}(?<!\.))"), _read
    ),
)
