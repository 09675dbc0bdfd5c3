"""Headings: what a paragraph must look like to begin a chapter, and how deep it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Kind
from audiobook.vietnamese import is_speakable, roman_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Paragraph

_LONGEST_HEADING = 200
_LONGEST_LINE = 100
# Sources indent with the element of quotations, headings too.
_RUNNING = (Kind.PROSE, Kind.QUOTE)
_RANKS = {
    **dict.fromkeys(("quyển", "tập"), 1),
    **dict.fromkeys(("phần", "thiên"), 2),
    **dict.fromkeys(("chương", "hồi"), 3),
    **dict.fromkeys(("mục", "bài"), 4),
    "tiết": 5,
}
_CHAPTER = _RANKS["chương"]
_DIGIT = "nhất|nhì|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười|mươi|trăm|linh|lẻ"
_ORDINAL = rf"(?:thứ\s+)?(?:{_DIGIT})"
_NAMED = re.compile(
    rf"(?P<name>{'|'.join(_RANKS)})\s+(?P<number>\d{{1,4}}|[ivxlc]+|{_ORDINAL}(?:\s+{_ORDINAL})*)"
    r"(?!\w)(?P<part>\s*[:.–—-]\s*|\s+|\Z)(?P<title>.*)",
    re.IGNORECASE,
)
# Parts of a book that have a name of their own, and stand at the depth of chapters.
_OF_A_BOOK = re.compile(
    r"(?:mở đầu|tựa|dẫn nhập|dẫn luận|nhập đề|kết luận|vĩ thanh|ngoại truyện|mục lục|thư mục"
    r"|lời (?:nói|mở|giới|tựa|bạt|kết|dẫn|nhà xuất bản|tác giả|người dịch|cảm ơn)\b[^.]{0,24}"
    r"|(?:đoạn|phần|hồi|chương) kết|(?:phiên ngoại|phụ lục).{0,12}|tài liệu tham khảo):?",
    re.IGNORECASE,
)
_MANUAL = re.compile(
    r"\[(?:chapter|chương)(?:\s+(?P<level>[1-9]))?\]\s*(?P<title>\S.*)", re.IGNORECASE
)
_MARKDOWN = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)\s*#*")
_NUMBERED = re.compile(r"(?P<number>\d{1,3}|[IVXLC]+)(?:[.)]|\s*[-–—](?=\s)|\Z)\s*(?P<title>.*)")
_ENDS_A_SENTENCE = (".", "!", "?", "…", ",", ";", ":")
# Between two of these there is text to read, or they are the items of a list.
_LEAST_BETWEEN = 200
# So many headings without text between are a table of contents.
_LEAST_LISTED = 3
_PAGE = re.compile(r"[\s.…_·]{3,}\d{1,4}\Z")


class Heading(NamedTuple):
    """A paragraph that begins a chapter."""

    position: int
    """Among the paragraphs."""
    title: str
    rank: int
    """The smaller, the further out; only the order of ranks counts."""
    is_bare: bool = False
    """It has a number and no title of its own."""


def find_headings(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    """Find where chapters begin, by the strongest evidence there is.

    What the user marked wins (``[chapter] Title``); then what the source marks as a heading and
    what names itself (Chương 1, Phần II, Lời bạt); then lines that count from 1 (I., 2., 3), with
    text between; then lines in capitals, with text between.
    """
    for find in (_manual, _strong, _counted, _capitals):
        if headings := find(paragraphs):
            return headings
    return []


def named(text: str) -> Heading | None:
    """Return what a line that names itself a division of a book says, its position unknown."""
    if len(text) > _LONGEST_HEADING:
        return None
    if _OF_A_BOOK.fullmatch(text) and text[0].isupper():
        return Heading(-1, text, _CHAPTER)
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    number = found["number"]
    if re.fullmatch(r"[ivxlc]+", number, re.IGNORECASE) and roman_value(number.upper()) is None:
        return None
    if found["part"].isspace() and not _is_title(found["title"]):
        return None  # "Chương 1 của cuốn sách này kể về…"
    return Heading(-1, text, _RANKS[found["name"].lower()], not found["title"].strip())


def contents_lines(headings: Sequence[Heading]) -> set[int]:
    """Return where headings are only listed, three or more on end, that come again later."""
    runs: list[list[Heading]] = [[]]
    for heading in headings:
        if runs[-1] and heading.position > runs[-1][-1].position + 1:
            runs.append([])
        runs[-1].append(heading)
    last = {_key(heading.title): heading.position for heading in headings}
    listed: set[int] = set()
    for run in runs:
        again = [one.position for one in run if last[_key(one.title)] > one.position]
        if len(again) >= _LEAST_LISTED:
            listed.update(again)
    return listed


def is_subtitle(paragraph: Paragraph, after: str) -> bool:
    """Whether a paragraph right below a bare heading is its title, not the text."""
    text = paragraph.text
    if len(text) > _LONGEST_LINE or named(text) or not text[0].isalnum() or text[0].islower():
        return False
    if paragraph.kind is Kind.HEADING:
        return True
    return (
        paragraph.kind is Kind.PROSE
        and not text.endswith(_ENDS_A_SENTENCE)
        and len(after) > len(text)
    )


def is_mark(paragraph: Paragraph) -> bool:
    """Whether the user marked a chapter here by hand."""
    return _MANUAL.fullmatch(paragraph.text) is not None


def _manual(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    found = []
    for position, paragraph in enumerate(paragraphs):
        if mark := _MANUAL.fullmatch(paragraph.text):
            found.append(Heading(position, mark["title"], int(mark["level"] or 1)))
    return found


def _strong(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    found = []
    for position, paragraph in enumerate(paragraphs):
        heading = None
        if paragraph.kind is Kind.HEADING:
            heading = _marked(paragraph.text, paragraph.level)
        elif paragraph.kind in _RUNNING and (line := _MARKDOWN.fullmatch(paragraph.text)):
            heading = _marked(line["title"], len(line["marks"]))
        elif paragraph.kind in _RUNNING:
            heading = named(paragraph.text)
        if heading is not None:
            found.append(heading._replace(position=position))
    return found


def _marked(text: str, level: int) -> Heading | None:
    """Return what the source marks as a heading of a level, which it may not know (0)."""
    if not is_speakable(text) or len(text) > _LONGEST_HEADING:
        return None
    heading = named(text) or Heading(-1, text, _CHAPTER, _is_number(text))
    return heading._replace(rank=level or heading.rank)


def _counted(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    """Find lines that count up from 1, in one manner: I. II. III., or 1. 2. 3."""
    for value_of in (_roman, _arabic):
        found: list[Heading] = []
        for position, paragraph in enumerate(paragraphs):
            text = paragraph.text
            line = _NUMBERED.fullmatch(text) if len(text) <= _LONGEST_LINE else None
            if line is None or line["title"].endswith(_ENDS_A_SENTENCE):
                continue
            if value_of(line["number"]) == len(found) + 1:
                found.append(Heading(position, text, _CHAPTER, not line["title"]))
        if len(found) > 1 and _have_text_between(paragraphs, found):
            return found
    return []


def _roman(number: str) -> int | None:
    return None if number.isdecimal() else roman_value(number)


def _arabic(number: str) -> int | None:
    return int(number) if number.isdecimal() else None


def _capitals(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    found = [
        Heading(position, paragraph.text, _CHAPTER)
        for position, paragraph in enumerate(paragraphs)
        if paragraph.kind in _RUNNING and _is_in_capitals(paragraph.text)
    ]
    return found if len(found) > 1 and _have_text_between(paragraphs, found) else []


def _is_in_capitals(text: str) -> bool:
    if not text.isupper() or not 4 <= len(text) <= _LONGEST_LINE:
        return False
    return text[0].isalnum() and not text.endswith(_ENDS_A_SENTENCE)


def _have_text_between(paragraphs: Sequence[Paragraph], headings: Sequence[Heading]) -> bool:
    ends = [*(heading.position for heading in headings[1:]), len(paragraphs)]
    return all(
        sum(len(paragraph.text) for paragraph in paragraphs[heading.position + 1 : end])
        >= _LEAST_BETWEEN
        for heading, end in zip(headings, ends, strict=True)
    )


def _is_title(text: str) -> bool:
    """Whether words after a number without a mark between look like a title, not a sentence."""
    return len(text) <= _LONGEST_LINE and text[0].isupper() and text[-1] not in ".;,"


def _is_number(text: str) -> bool:
    found = _NUMBERED.fullmatch(text)
    return found is not None and not found["title"]


def _key(title: str) -> str:
    return " ".join(_PAGE.sub("", title).lower().split())
