"""Chat spellings: ko, đc, ntn, read as the words they stand for where a line is chat."""

from __future__ import annotations

import re
from functools import lru_cache

from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import any_of, load_table, starts_of

_SENSES: dict[str, list[tuple[str, bool, re.Pattern[str] | None]]] = {}
for _written, _said, _where, *_near in load_table("chat.tsv"):
    _beside = re.compile(rf"(?<!\w)(?:{_near[0]})(?!\w)", re.IGNORECASE) if _near else None
    _SENSES.setdefault(_written, []).append((_said, _where == "always", _beside))
_NEIGHBOURHOOD = 60
# The single letters that are written in chat and hardly elsewhere. Of longer forms those that are
# Vietnamese words too (bít, thui) tell nothing.
_TELLING = frozenset(
    form
    for form in _SENSES
    if form in ("k", "j", "z") or (len(form) > 1 and not is_vietnamese(form))
)
# No part of an address, a code, a unit or a formula.
_APART = r"(?<![\w@#.:/\\&=+*^_'’-])(?<![0-9] )"
_ENDS = r"(?![\w@/\\&=+*^_'’-]|\.\w|:/| ?[=<>≤≥^])"
_WRITTEN = [form for written in _SENSES for form in (written, written.capitalize())]
_FORM = re.compile(rf"{_APART}{any_of(_WRITTEN)}{_ENDS}")
# Words of talk. One of them beside a chat spelling that may be something else, or two such
# spellings, make a line chat.
_TALK = re.compile(
    r"(?<!\w)(?:nhé|nha|nhỉ|hả|ạ|ơi|nè|luôn|đâu|thế|vậy|à|biết|thôi|rồi|chưa|sao|gì|mà|bạn|mình|shop"
    r"|quá|đi|em|anh|chị|làm|ăn|cái|đó|này)(?!\w)",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"[=<>≤≥∈√^]|(?<!\w)(?:hằng số|tham số|số nguyên|hệ số|biến|đẳng thức)(?!\w)")
_VIETNAMESE_LETTER = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ]")


@lru_cache(64)
def _is_chat(text: str) -> bool:
    """Whether a line is Vietnamese chat, by its spellings and its words."""
    forms = {match[0].lower() for match in _FORM.finditer(text)}
    if _FORMULA.search(text):
        return False
    telling = forms & _TELLING
    sure = sum(_SENSES[form][0][1] for form in telling)
    if not _VIETNAMESE_LETTER.search(text):
        return sure > 1
    return sure > 0 or len(telling) > 1 or (bool(telling) and _TALK.search(text) is not None)


def _read(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    written, text, start, end = match[0], match.string, match.start(), match.end()
    begins = written[0].isupper()
    if len(written) == 1 and _NAMED.search(text, max(0, start - 12), start):
        return None
    if begins and _BEGINNING.search(text, max(0, start - 3), start) is None:
        return None
    around = text[max(0, start - _NEIGHBOURHOOD) : end + _NEIGHBOURHOOD]
    for said, always, near in _SENSES[written.lower()]:
        if near and not near.search(around):
            continue
        sure = always and written.lower() in _TELLING and _VIETNAMESE_LETTER.search(text)
        if not sure and not _is_chat(text):
            return None
        return said.capitalize() if begins else said
    return None


# Letters that are called letters: "chữ k", "nhóm a".
_NAMED = re.compile(
    r"(?:chữ|âm|điểm|nhóm|loại|vitamin|kí hiệu|ký hiệu|phím|số|cạnh|hạng|câu|ý|mục|khối|đề|nốt)\s\Z",
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"(?:\A|[.!?…:“\"(–-])\s?\Z")
_OPENINGS, _ENDINGS = ("", "“", '"', "("), ("", ",", ".", "?", "!", "…", "...", ":", "??", ")", "”", '"')
_WORDS = frozenset(
    opening + form + ending
    for form in _WRITTEN
    for opening in _OPENINGS
    for ending in _ENDINGS
    if form.lower() in _TELLING
)


def may_be(text: str) -> bool:
    """Whether any word of a text may be a chat spelling; prose without costs little."""
    return not _WORDS.isdisjoint(text.split())


START = starts_of(_WRITTEN)
RULES = (Rule("chat", _FORM, _read),)
