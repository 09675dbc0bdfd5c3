"""The marks in a text that lead to its notes: [1], (2), ³, (*)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.stages.tidy.step import (
    Result,
    all_paragraphs,
    exchange_paragraphs,
    rewrite_paragraphs,
    sections,
)
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.roman import roman_value
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Paragraph

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARK = re.compile(
    r"\s?(?:(?P<open>\()?\[(?:(?i:chú thích|chú giải|ghi chú|note) ?)?(?P<bracketed>\d{1,3})\]"
    r"(?(open)\))|\((?P<rounded>\d{1,3})\)|\{(?P<braced>\d{1,3})\}"
    r"|\[(?P<several>\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){1,9})\]"
    rf"|[(\[]?(?P<raised>[{_RAISED}]+)[)\]]?(?![^\W\d_])"
    r"|\[(?P<roman>[ivx]{1,5})\]|[(\[](?P<lettered>[a-h])[)\]]"
    # "5*" is a hotel.
    r"|(?P<star>[(\[]\*{1,3}[)\]]|(?<=\w)(?<!\b\d)\*{1,3}(?![\w*])))"
)
_LETTERS = "abcdefgh"
FIRST_LETTER = 1000
"""The value of a mark (a), after those of all marks in digits."""
_MARK_SIGN = re.compile(rf"[\[({{*{_RAISED}]")
_NUMBER_OF_NOTE = re.compile(
    rf"[(\[{{]?(?:(?i:chú thích|chú giải|ghi chú|note) ?)?"
    rf"(?:(?P<number>\d{{1,3}}|[{_RAISED}]+|(?<=\[)[ivx]{{1,5}}(?=\])|(?<=[(\[])[a-h](?=[)\]]))"
    r"(?!\d)|(?P<star>\*{1,3}))"
)
_PART = re.compile(r"([,;–-]?)\s?(\d+)")
_UNSOURCED = re.compile(
    r"\s?\[(?:cần|thiếu) (?:dẫn|chú thích|chú) ?(?:nguồn)?[^\[\]]{0,30}\]", re.IGNORECASE
)
_EDIT = re.compile(
    r"\s*\[\s*sửa(?: đổi)?(?:\s*\|\s*(?:sửa )?(?:đổi )?(?:mã nguồn|mã))?\s*\]", re.IGNORECASE
)
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
# Numbers of marks that count up: this share of them must go on from the one before.
_COUNTING_SHARE = 0.8


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
    return int("".join(str(_RAISED.find(digit)) if digit in _RAISED else digit for digit in number))


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
    return [] if paragraph.kind is Kind.NOTE else _possible_marks(paragraph.text)


def numbers_of(marks: Iterable[re.Match[str]]) -> list[int]:
    """Return the numbers of those candidates that are marks; see `marks_in`.

    Args:
        marks: what `marks_of` returns for some paragraphs.
    """
    candidates = [mark for mark in marks if mark.start() > 0]
    items = _item_numbers(candidates)
    marks = (mark for mark in candidates if not _counts_items(mark, items))
    return list(chain.from_iterable(map(_numbers, marks)))


def is_glued(mark: re.Match[str]) -> bool:
    """Whether what could be a mark follows a word or a sentence without a space between."""
    return not mark[0][:1].isspace() and _follows_word(_text_before(mark))


def _item_numbers(marks: Iterable[re.Match[str]]) -> frozenset[int]:
    """Return the numbers of the items that a text lists: "(1) vốn, (2) đất".

    The first may stand after any word: "hai điều (1) vốn, (2) đất".
    """
    numbers = {_first_number(mark) for mark in marks if mark.start() > 0 and _begins_item(mark)}
    return frozenset(numbers | {number - 1 for number in numbers})


def _counts_items(mark: re.Match[str], items: frozenset[int]) -> bool:
    """Whether a number in round brackets begins an item of a list, or names one."""
    if mark.lastgroup not in _OF_ITEMS:
        return False
    return (
        _begins_item(mark)
        or _NAMED.search(_text_before(mark)) is not None
        or (mark[0][:1].isspace() and _first_number(mark) in items)
    )


def drop_marks(document: Document) -> Result:
    """Take off the marks of notes where they lead to a note or count up through the text.

    A number in square brackets or raised right after a word or a sentence is always one.
    """
    paragraphs = all_paragraphs(document)
    candidates = [_possible_marks(source.text) for source in paragraphs]
    if not any(candidates):
        return document, []
    spoken = [
        [] if source.kind is Kind.NOTE else marks
        for source, marks in zip(paragraphs, candidates, strict=True)
    ]
    counting = _counting_forms(chain.from_iterable(spoken))
    document_notes = _note_numbers(paragraphs)
    changed = {}
    for first, end in sections(document):
        if not any(candidates[first:end]):
            continue
        notes = _note_numbers(paragraphs[first:end]) or document_notes
        items = _item_numbers(chain.from_iterable(spoken[first:end]))
        for number in range(first, end):
            if not candidates[number]:
                continue
            paragraph = paragraphs[number]
            text = _without_marks(paragraph.text, candidates[number], notes, counting, items)
            if text != paragraph.text:
                changed[number] = [replace(paragraph, text=text)] if text else []
    stripped, touched = exchange_paragraphs(document, changed)
    if not touched:
        return document, []
    chapters = tuple(
        replace(
            chapter,
            title=_without_marks(chapter.title, _possible_marks(chapter.title), set(), counting)
            or chapter.title,
        )
        for chapter in stripped.chapters
    )
    return replace(stripped, chapters=chapters), touched


def _note_numbers(texts: Sequence[Paragraph]) -> set[int]:
    """Return the numbers of the notes among some paragraphs, 0 for a star."""
    return {
        number
        for paragraph in texts
        if paragraph.kind is Kind.NOTE and (number := number_at_start(paragraph.text)) is not None
    }


def _without_marks(
    text: str,
    marks: Iterable[re.Match[str]],
    notes: set[int],
    counting: set[str],
    items: frozenset[int] = frozenset(),
) -> str:
    """Return a text without the marks that lead to notes or are marks by their form.

    Args:
        text: that of a paragraph or of a title.
        marks: what could be marks in it.
        notes: the numbers of the notes that its marks may lead to.
        counting: the forms of mark that count up through the document.
        items: the numbers of what is listed around it.
    """
    parts: list[str] = []
    end = 0
    for mark in marks:
        if not _counts_items(mark, items) and _is_mark(mark, notes, counting):
            parts.append(text[end : mark.start()])
            end = mark.end()
    return "".join([*parts, text[end:]]).strip() if end else text


def drop_edit_links(document: Document) -> Result:
    """Take off ``[sửa | sửa mã nguồn]`` and ``[cần dẫn nguồn]``."""

    def strip(text: str) -> str:
        return _UNSOURCED.sub("", _EDIT.sub("", text)) if "[" in text else text

    stripped, touched = rewrite_paragraphs(document, strip)
    chapters = tuple(replace(chapter, title=strip(chapter.title)) for chapter in stripped.chapters)
    return (replace(stripped, chapters=chapters), touched) if touched else (document, [])


def _possible_marks(text: str) -> list[re.Match[str]]:
    return list(_MARK.finditer(text)) if _MARK_SIGN.search(text) else []


def _first_number(mark: re.Match[str]) -> int:
    return _numbers(mark)[0]


def _numbers(mark: re.Match[str]) -> Sequence[int]:
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


def _counting_forms(marks: Iterable[re.Match[str]]) -> set[str]:
    """Return the forms of mark whose numbers count up through a text."""
    numbers: dict[str, list[int]] = {"bracketed": [], "rounded": [], "braced": []}
    alone: set[str | None] = set()  # "[0, 1]" with no "[1]" anywhere is no list of notes
    for mark in marks:
        form = mark.lastgroup
        alone.add(form)
        form = "bracketed" if form == "several" else form
        if form in numbers and mark.start() > 0 and not _counts_items(mark, frozenset()):
            numbers[form] += _numbers(mark)
    return {form for form, values in numbers.items() if form in alone and _count_up(values)}


def _count_up(numbers: Sequence[int]) -> bool:
    counts: Counter[int] = Counter()
    going_on = fitting = 0
    last = None
    for number in numbers:
        goes_on = last is not None and number == last + 1
        going_on += goes_on
        fitting += last is None or goes_on or number == 1 or counts[number] > 0
        counts[number] += 1
        last = number
    return going_on > 0 and fitting >= len(numbers) * _COUNTING_SHARE


def _is_mark(mark: re.Match[str], notes: set[int], counting: set[str]) -> bool:
    form, number = mark.lastgroup, _first_number(mark)
    preceding = _text_before(mark)
    match form:
        case "bracketed":
            is_free = mark[0][:1].isspace() and bool(preceding)
            is_named = bool(mark["open"]) or any(map(str.isalpha, mark[0]))
            return is_glued(mark) or is_named or (is_free and (number in notes or form in counting))
        case "several":
            return bool(preceding) and (number in notes or "bracketed" in counting)
        case "roman" | "lettered":
            return bool(preceding) and number in notes
        case "braced":
            return bool(preceding) and (number in notes or form in counting)
        case "rounded":
            if not preceding:
                return False
            return number in notes or (
                is_glued(mark) and preceding[-1].isalpha() and form in counting
            )
        case "raised":
            return _follows_word(preceding.rstrip()) or not mark.string.strip(f"{_RAISED}()[] ")
        case _:
            return bool(preceding) and ("(" in mark[0] or "[" in mark[0] or 0 in notes)


def _text_before(mark: re.Match[str]) -> str:
    return mark.string[max(mark.start() - _NEIGHBOURHOOD, 0) : mark.start()]


def _begins_item(mark: re.Match[str]) -> bool:
    preceding = _text_before(mark).rstrip()
    if mark.lastgroup not in _OF_ITEMS or not preceding:
        return mark.lastgroup in _OF_ITEMS
    is_free = mark[0][:1].isspace() and mark.end() < len(mark.string)
    return preceding.endswith(_BEFORE_ITEM) or (is_free and preceding.endswith(_SENTENCE_END))


def _follows_word(preceding: str) -> bool:
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
