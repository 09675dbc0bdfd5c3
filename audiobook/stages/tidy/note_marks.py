"""The marks in a text that lead to its notes: [1], (2), ³, (*)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.roman import roman_value
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Paragraph


RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARK = re.compile(
    r"\s?(?:(?P<open>\()?\[(?:(?i:chú thích|chú giải|ghi chú|note) ?)?(?P<bracketed>\d{1,3})\]"
    r"(?(open)\))|\((?P<rounded>\d{1,3})\)|\{(?P<braced>\d{1,3})\}"
    r"|\[(?P<several>\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){1,9})\]"
    rf"|[(\[]?(?P<raised>[{RAISED}]+)[)\]]?(?![^\W\d_])"
    r"|\[(?P<roman>[ivx]{1,5})\]|[(\[](?P<lettered>[a-h])[)\]]"
    # "5*" is a hotel.
    r"|(?P<star>[(\[]\*{1,3}[)\]]|(?<=\w)(?<!\b\d)\*{1,3}(?![\w*])))"
)
_LETTERS = "abcdefgh"
FIRST_LETTER = 1000
"""The value of a mark (a), after those of all marks in digits."""
_MARK_SIGN = re.compile(rf"[\[({{*{RAISED}]")
_NUMBER_OF_NOTE = re.compile(
    rf"[(\[{{]?(?:(?i:chú thích|chú giải|ghi chú|note) ?)?"
    rf"(?:(?P<number>\d{{1,3}}|[{RAISED}]+|(?<=\[)[ivx]{{1,5}}(?=\])|(?<=[(\[])[a-h](?=[)\]]))"
    r"(?!\d)|(?P<star>\*{1,3}))"
)
_PART = re.compile(r"([,;–-]?)\s?(\d+)")
_WORD_BEFORE = re.compile(r"[^\W\d_]+\Z")
_NEIGHBOURHOOD = 12
_AFTER = '.,;:!?…”"’»)]'
# A number in brackets after one of these begins an item of a list: "gồm: (1) vốn, (2) đất".
_BEFORE_ITEM = (":", ";", ",", " và", " hoặc", " là", " hay")
_SENTENCE_END = (".", "!", "?", "…")
# A number in brackets after one of these is its name: "theo khoản (1)", "chọn cách (2)".
_NAMED = re.compile(
    r"(?<!\w)(?:khoản|điều|mục|cách|câu|bước|hình|bảng|phương án|điểm|chương|phần|bài|số|ý|loại"
    r"|nhóm|trường hợp|công thức|phương trình|tập|quyển|trang|năm|lớp|đề|dòng|ô|cột|tiết|chỗ"
    r"|và|hoặc)\Z",
    re.IGNORECASE,
)
# Forms of marks that may also count the items of a list.
_OF_ITEMS = ("rounded", "lettered")
# Raised numbers after these are powers.
_UNITS = frozenset("km cm mm dm nm hm dam ha dặm thước inch ft kg".split())


def value_of(number: str) -> int:
    """Return the number that a mark stands for: in digits, raised or not, or in letters.

    Letters from a to h count on after all numbers; others are Roman numerals.

    >>> value_of("¹²"), value_of("iv"), value_of("b")
    (12, 4, 1001)
    """
    if number in _LETTERS:
        return FIRST_LETTER + _LETTERS.index(number)
    if number.isalpha():
        return roman_value(number.upper()) or 0
    return int("".join(str(RAISED.find(digit)) if digit in RAISED else digit for digit in number))


def number_at_start(text: str) -> int | None:
    """Return the number that a note begins with, 0 for a star, None for neither."""
    match = _NUMBER_OF_NOTE.match(text)
    if match is None:
        return None
    return 0 if match["star"] else value_of(match["number"])


def marks_in(texts: Iterable[Paragraph]) -> list[int]:
    """Return the numbers of all that could be marks in some paragraphs, in order; 0 for a star.

    A number that counts or names the items of a list, or begins a paragraph, is not a mark.
    """
    return numbers_of(chain.from_iterable(map(marks_of, texts)))


def marks_of(paragraph: Paragraph) -> list[re.Match[str]]:
    """Return all that could be marks in a paragraph, in order; in a note there are none."""
    return [] if paragraph.kind is Kind.NOTE else possible_marks(paragraph.text)


def numbers_of(marks: Iterable[re.Match[str]]) -> list[int]:
    """Return the numbers of those candidates that are marks; see `marks_in`.

    Args:
        marks: what `marks_of` returns for some paragraphs.
    """
    candidates = [mark for mark in marks if mark.start() > 0]
    items = item_numbers(candidates)
    marks = (mark for mark in candidates if not counts_items(mark, items))
    return list(chain.from_iterable(map(numbers_in, marks)))


def is_glued(mark: re.Match[str]) -> bool:
    """Whether what could be a mark follows a word or a sentence without a space between."""
    return not mark[0][:1].isspace() and follows_word(text_before(mark))


def item_numbers(marks: Iterable[re.Match[str]]) -> frozenset[int]:
    """Return the numbers of the items that a text lists: "(1) vốn, (2) đất".

    The first may stand after any word: "hai điều (1) vốn, (2) đất".
    """
    numbers = {first_number(mark) for mark in marks if mark.start() > 0 and _begins_item(mark)}
    return frozenset(numbers | {number - 1 for number in numbers})


def counts_items(mark: re.Match[str], items: frozenset[int]) -> bool:
    """Whether a number in round brackets begins an item of a list, or names one."""
    if mark.lastgroup not in _OF_ITEMS:
        return False
    return (
        _begins_item(mark)
        or _NAMED.search(text_before(mark)) is not None
        or (mark[0][:1].isspace() and first_number(mark) in items)
    )


def possible_marks(text: str) -> list[re.Match[str]]:
    """Return all in a text that has the form of a mark, in order."""
    return list(_MARK.finditer(text)) if _MARK_SIGN.search(text) else []


def first_number(mark: re.Match[str]) -> int:
    """Return the number of the first note that a mark leads to; 0 for a star."""
    return numbers_in(mark)[0]


def numbers_in(mark: re.Match[str]) -> Sequence[int]:
    """Return the numbers of the notes that a mark leads to: [14-16] leads to three."""
    form = mark.lastgroup or "star"
    if form == "star":
        return [0]
    if form != "several":
        return [value_of(mark[form])]
    numbers: list[int] = []
    for sign, digits in _PART.findall(mark[form]):
        number = int(digits)
        numbers += range(numbers[-1] + 1, number) if sign in ("–", "-") and numbers else []
        numbers.append(number)
    return numbers


def text_before(mark: re.Match[str]) -> str:
    """Return the few characters before a mark."""
    return mark.string[max(mark.start() - _NEIGHBOURHOOD, 0) : mark.start()]


def _begins_item(mark: re.Match[str]) -> bool:
    preceding = text_before(mark).rstrip()
    if mark.lastgroup not in _OF_ITEMS or not preceding:
        return mark.lastgroup in _OF_ITEMS
    is_free = mark[0][:1].isspace() and mark.end() < len(mark.string)
    return preceding.endswith(_BEFORE_ITEM) or (is_free and preceding.endswith(_SENTENCE_END))


def follows_word(preceding: str) -> bool:
    """Whether a text ends in a sentence or a Vietnamese word, and not in a variable or a unit."""
    if not preceding:
        return False
    if preceding[-1] in _AFTER:
        return True
    word = _WORD_BEFORE.search(preceding)
    return (
        word is not None
        and len(word[0]) > 1
        and word[0].lower() not in _UNITS
        and is_vietnamese(word[0])
    )
