"""What speech tells of whoever says it and whoever hears it: kinship words by their position."""

from __future__ import annotations

from functools import cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.attribution.persons import (
    FEMALE,
    MALE,
    persons,
    words_of,
)
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.table import any_of, load_table

_SEXES = {"f": FEMALE, "m": MALE}
# Whoever says “tôi” means somebody else by “ông”, “chị” and the like, where no name follows.
_SELF = re.compile(r"(?<!của )(?<!\w)tôi(?!\w)", re.I)
_YOU_SEX = {
    **dict.fromkeys(("anh", "ông", "chú", "cậu", "ngài"), MALE),
    **dict.fromkeys(("chị", "bà", "cô", "mợ", "dì", "thím"), FEMALE),
}
_YOU = re.compile(
    r"(?<!\w)(?<!các )(?<!mấy )(?<!những )(?<!hai )(?<!vợ )(?<!chồng )(?<!con )(?<!một )(?<!người )"
    rf"(?P<you>(?i:{'|'.join(_YOU_SEX)}))"
    r"(?!\w)(?!\s(?:ấy|ta|này|kia|nọ|tôi|em|con|bà|cô|chị|cậu|cả|hai|ba|nào|chàng|nàng|nội|ngoại|gái|trai"
    rf"|[{CAPITALS}]))"
)
# How much of a speech is looked at, in characters: greetings stand at its ends.
_NEAR = 600


@cache
def _expressions(whose: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the expressions that tell the sex of the speaker or the hearer."""
    return [
        (re.compile(rf"(?<!\w)(?:{expression})(?!\w)", re.I), _SEXES[sex])
        for expression, whom, sex in load_table("address.tsv")
        if whom == whose
    ]


@cache
def _vocative() -> re.Pattern[str]:
    heads = any_of(words_of("noun", "title", "kin", "group"))
    return re.compile(
        rf"(?:(?:thưa|bẩm|lạy)\s+(?:với\s+)?(?P<polite>(?i:{heads}))\b"
        rf"|(?<!\w)(?P<called>(?i:{heads}))(?:\s(?:ấy|lớn|nó))?"
        rf"(?:\s(?!{heads}\b)[^\W\d_]+)?\s(?:ơi|ạ|à|nhỉ|nhé)(?!\w))",
        re.I,
    )


def told_speaker(text: str) -> tuple[str, str]:
    """Return the sex of whoever says a text, and the words that tell it; empty if none do."""
    return _agreed(_expressions("speaker"), text[:_NEAR])


def told_hearer(text: str) -> tuple[str, str]:
    """Return the sex of whoever a text is said to, and the words that tell it."""
    sex, words = _agreed(_expressions("hearer"), text[:_NEAR])
    if sex:
        return sex, words
    sexes: dict[str, str] = {}
    for part in (text[:_NEAR], text[_NEAR:][-_NEAR:]):
        for match in _vocative().finditer(part):
            head = (match["polite"] or match["called"]).lower()
            person = next(iter(persons()[head].values()))
            if person.sex:
                sexes.setdefault(person.sex, match[0])
    if not sexes and _SELF.search(text[:_NEAR]):
        for match in _YOU.finditer(text[:_NEAR]):
            sexes.setdefault(_YOU_SEX[match["you"].lower()], match[0])
    if len(sexes) != 1:
        return "", ""
    return next(iter(sexes.items()))


def _agreed(patterns: list[tuple[re.Pattern[str], str]], text: str) -> tuple[str, str]:
    told: dict[str, str] = {}
    for pattern, sex in patterns:
        if match := pattern.search(text):
            told.setdefault(sex, match[0])
    return next(iter(told.items())) if len(told) == 1 else ("", "")
