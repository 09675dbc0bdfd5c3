"""Chat spellings: ko, đc, ntn, read as the words they stand for where a line is chat."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from audiobook.vietnamese.rules.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import any_of, load_table


class _Sense(NamedTuple):
    """One word that a spelling may stand for."""

    said: str
    always: bool
    """It is nothing else in Vietnamese; others stand for it only where the line is chat."""
    near: re.Pattern[str] | None
    """Words of which one must be in sight."""


def _load_senses() -> dict[str, list[_Sense]]:
    """Return what each spelling may stand for, in the order of the table."""
    senses: dict[str, list[_Sense]] = {}
    for written, said, where, *near in load_table("chat.tsv"):
        beside = re.compile(rf"(?<!\w)(?:{near[0]})(?!\w)", re.IGNORECASE) if near else None
        senses.setdefault(written, []).append(_Sense(said, where == "always", beside))
    return senses


_SENSES = _load_senses()
_NEIGHBOURHOOD = 60
# The single letters that are written in chat and hardly elsewhere. Of longer forms those that are
# Vietnamese words too (bít, thui) tell nothing.
_LETTERS = frozenset(("k", "j", "z"))
_TELLING = _LETTERS | {form for form in _SENSES if len(form) > 1 and not is_vietnamese(form)}
_INTERNATIONAL = frozenset("ok oke okie okey oki thanks tks thks fb rep ad".split())
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
# Beside these a letter by itself is a quantity.
_FORMULA = re.compile(
    r"[=<>≤≥∈√^]|(?<!\w)(?:hằng số|tham số|số nguyên|hệ số|số phức|số thực|biến|đẳng thức|véc tơ"
    r"|chập|tổ hợp|cộng|trừ|nhân|chia|mũ|căn|bình phương|tích phân|đạo hàm|hàm số|phương trình"
    r"|thuộc|giới hạn|ma trận|tập hợp|khác|bằng|lớn hơn"
    r"|nhỏ hơn|trên|tổng|mọi|tồn tại|suy ra|trục)(?!\w)",
    re.IGNORECASE,
)
_VIETNAMESE_LETTER = re.compile(
    "[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ]"
)


def _read(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    written, text, start, end = match[0], match.string, match.start(), match.end()
    form = written.lower()
    around = text[max(0, start - _NEIGHBOURHOOD) : end + _NEIGHBOURHOOD]
    sense = next(sense for sense in _SENSES[form] if not sense.near or sense.near.search(around))
    sure = sense.always and form in _TELLING and _is_vietnamese_text(text)
    if not (sure or _is_chat(text)) or _is_letter(match):
        return None
    if form == written:
        return sense.said
    # Ng and K. are names.
    begins = _BEGINNING.search(text, max(0, start - 3), start) is not None
    word = sense.always or (written == "K" and text[end : end + 2].strip().islower())
    return sense.said.capitalize() if begins and word else None


@lru_cache(64)
def _is_chat(text: str) -> bool:
    """Whether a line is Vietnamese chat, by its spellings and its words."""
    telling = {match[0].lower() for match in _FORM.finditer(text)} & _TELLING
    if _FORMULA.search(text):
        telling -= _LETTERS
    sure = sum(_SENSES[form][0].always for form in telling)
    if not _is_vietnamese_text(text):
        # "check ib e shop": the English have ok and thanks too.
        beside = {match[0].lower() for match in _FORM.finditer(text)} - telling
        ours = sure and not telling & _INTERNATIONAL and beside and _TALK.search(text)
        return sure > 1 or bool(ours)
    return sure > 0 or len(telling) > 1 or (bool(telling) and _TALK.search(text) is not None)


@lru_cache(64)
def _is_vietnamese_text(text: str) -> bool:
    return _VIETNAMESE_LETTER.search(text) is not None


def _is_letter(match: re.Match[str]) -> bool:
    """Whether a form is called a letter, or quoted as one, or is a word: "chữ k", “ng”, e rằng."""
    text, start, end = match.string, match.start(), match.end()
    if match[0].lower() == "e" and _FEARED.match(text, end):
        return True
    if text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES:
        return True
    return len(match[0]) == 1 and _NAMED.search(text, max(0, start - 12), start) is not None


_NAMED = re.compile(
    r"(?:chữ|âm|điểm|nhóm|loại|vitamin|kí hiệu|ký hiệu|phím|số|cạnh|hạng|câu|ý|mục|khối|đề|nốt)"
    r"\s\Z",
    re.IGNORECASE,
)
# With these e is a Vietnamese word.
_FEARED = re.compile(r" (?:rằng|ngại|dè|sợ|chừng|lệ|ấp|thẹn)(?!\w)")
_QUOTES = ("“", "”", '"')
_BEGINNING = re.compile(r"(?:\A|[.!?…:“\"(–-])\s?\Z")
_OPENINGS = ("", "“", '"', "(")
_ENDINGS = ("", ",", ".", "?", "!", "…", "...", ":", "??", ")", "”", '"')
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


START = _FORM.pattern
RULES = (Rule("chat", _FORM, _read),)
