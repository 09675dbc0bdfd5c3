"""Ordinals: numbers after a word that puts things in order."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule, word_before

_FIRST_TO_FOURTH = {"thứ": {1: "nhất", 4: "tư"}, "hạng": {1: "nhất"}, "giải": {1: "nhất"}}


def _read(match: re.Match[str], accent: Accent) -> str | None:
    forms = _FIRST_TO_FOURTH.get(word_before(match))
    number = int(match[0])
    if forms is None:
        return None
    return forms.get(number) or cardinal(number, accent)


# Not thứ 4,5 or 4%: those are amounts.
RULES = (Rule("ordinal", re.compile(r"(?<![\w.,])[0-9]{1,3}(?![0-9\w%/:]|[.,-][0-9])"), _read),)
