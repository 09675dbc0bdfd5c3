"""Document to Document: headings and scene breaks recognised, chapters divided at the headings."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from audiobook.model import Chapter, Document, Kind, Paragraph
from audiobook.vietnamese import is_speakable, roman_value

_LONGEST_HEADING = 200
_LONGEST_UNPARTED_TITLE = 80
_LEVELS = {"quyển": 1, "phần": 1, "hồi": 2, "chương": 2}
_DIGIT = "nhất|nhì|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười|mươi|trăm|linh|lẻ"
_ORDINAL = rf"(?:thứ\s+)?(?:{_DIGIT})"
_NAMED = re.compile(
    rf"(?P<name>{'|'.join(_LEVELS)})\s+(?P<number>\d{{1,4}}|[ivxlc]+|{_ORDINAL}(?:\s+{_ORDINAL})*)"
    r"(?!\w)(?P<part>\s*[:.–—-]\s*|\s+|\Z)(?P<title>.*)",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)\s*#*")


class _Heading(NamedTuple):
    text: str
    level: int


def divide(document: Document) -> Document:
    """Find headings (``Chương 1``, ``Phần II: …``, ``Hồi``, ``Quyển``, Markdown ``#``) and divide.

    Chapters that the reader found stay as they are; within them headings begin new ones. What
    stands before the first heading is a chapter of its own. A single Markdown heading above all
    others names the book when the source did not.
    """
    chapters: list[Chapter] = []
    for chapter in document.chapters:
        chapters += _divide_chapter(chapter)
    return replace(
        document,
        meta=replace(document.meta, title=document.meta.title or _book_title(chapters)),
        chapters=tuple(chapters),
    )


def _divide_chapter(chapter: Chapter) -> list[Chapter]:
    divided: list[Chapter] = []
    title, level = chapter.title, chapter.level
    paragraphs: list[Paragraph] = []
    for paragraph in chapter.paragraphs:
        heading = _heading(paragraph)
        if heading is None:
            paragraphs.append(_recognise(paragraph))
            continue
        if paragraphs:
            divided.append(Chapter(title, tuple(paragraphs), level))
        title, level = heading
        paragraphs = [Paragraph(heading.text, Kind.HEADING)]
    if paragraphs:
        divided.append(Chapter(title, tuple(paragraphs), level))
    return divided


def _heading(paragraph: Paragraph) -> _Heading | None:
    text = paragraph.text
    if len(text) > _LONGEST_HEADING or not is_speakable(text):
        return None
    if markdown := _MARKDOWN.fullmatch(text):
        return _Heading(markdown["title"], len(markdown["marks"]))
    return _named(text)


def _named(text: str) -> _Heading | None:
    named = _NAMED.fullmatch(text)
    if named is None:
        return None
    number = named["number"]
    if re.fullmatch(r"[ivxlc]+", number, re.IGNORECASE) and roman_value(number.upper()) is None:
        return None
    if named["part"].isspace() and not _is_title(named["title"]):
        return None  # "Chương 1 của cuốn sách này kể về…"
    return _Heading(text, _LEVELS[named["name"].lower()])


def _is_title(text: str) -> bool:
    """Whether words after a number without a mark between look like a title, not a sentence."""
    return len(text) <= _LONGEST_UNPARTED_TITLE and text[0].isupper() and text[-1] not in ".;,"


def _recognise(paragraph: Paragraph) -> Paragraph:
    if paragraph.kind is Kind.PROSE and not is_speakable(paragraph.text):
        return replace(paragraph, kind=Kind.BREAK)
    return paragraph


def _book_title(chapters: list[Chapter]) -> str:
    """Return the first chapter's title if it alone stands at the top of the hierarchy."""
    first = chapters[0] if chapters else None
    if first is None or not first.title or _named(first.title):
        return ""
    others = [chapter.level for chapter in chapters[1:]]
    return first.title if others and all(level > first.level for level in others) else ""
