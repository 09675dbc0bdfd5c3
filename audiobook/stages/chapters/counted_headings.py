"""Headings that only their place tells: lines that count from 1, and lines in capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.chapters.heading import (
    ENDS_A_SENTENCE,
    LONGEST_LINE,
    NUMBERED,
    Heading,
    arabic_number,
    plain_heading,
    roman_number,
)
from audiobook.stages.chapters.named_divisions import RUNNING
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import CHAPTER, strip_frame

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from audiobook.model import Paragraph

# Items of a list are not numbered so: 001., #1, II.
_NUMBERS_NO_LIST = re.compile(r"\W{0,4}(?:0\d{1,2}[.)]|#\d|[IVXLC]{1,7}[.)])")
_CLOSES_A_SENTENCE = (".", "!", "?", "…", "”", '"', "»", ")")
# Headings have at least this much text between them, in characters; else they are items of a list.
_LEAST_BETWEEN = 200
# The same where several paragraphs stand between them.
_LEAST_TOLD = 80
# A number alone on its line is no item of a list; below one in digits there must still be a text.
_LEAST_AFTER_NUMBER = 40


def counted_headings(paragraphs: Sequence[Paragraph], excluded: Collection[int]) -> list[Heading]:
    """Find lines that count up from 1, in one manner: I. II. III., or 1. 2. 3."""
    for value_of in (roman_number, arabic_number):
        headings: list[Heading] = []
        for position, paragraph in enumerate(paragraphs):
            if position in excluded or paragraph.kind not in RUNNING:
                continue
            text = strip_frame(paragraph.text) if len(paragraph.text) <= LONGEST_LINE else ""
            line = NUMBERED.fullmatch(text)
            if line is None or line["title"].endswith(ENDS_A_SENTENCE):
                continue
            if value_of(line["number"]) == len(headings) + 1:
                headings.append(plain_heading(text, position))
        is_list = not all(
            _NUMBERS_NO_LIST.match(paragraphs[heading.position].text) for heading in headings
        )
        if len(headings) > 1 and _have_text_between(paragraphs, headings, is_list=is_list):
            return headings
    return []


def headings_in_capitals(
    paragraphs: Sequence[Paragraph], excluded: Collection[int]
) -> list[Heading]:
    """Find lines in capitals that have text between them."""
    headings = [
        Heading(position=position, title=paragraph.text, rank=CHAPTER)
        for position, paragraph in enumerate(paragraphs)
        if position not in excluded
        and paragraph.kind in RUNNING
        and _is_in_capitals(paragraph.text)
    ]
    return headings if len(headings) > 1 and _have_text_between(paragraphs, headings) else []


def _is_in_capitals(text: str) -> bool:
    if not text.isupper() or not 4 <= len(text) <= LONGEST_LINE:
        return False
    return text[0].isalnum() and not text.endswith(ENDS_A_SENTENCE)


def _is_running_text(text: Sequence[Paragraph]) -> bool:
    """Whether several paragraphs of sentences stand below a heading, as below no item of a list."""
    sentences = [
        paragraph.text for paragraph in text if paragraph.text.rstrip().endswith(_CLOSES_A_SENTENCE)
    ]
    return len(sentences) > 1 and sum(map(len, sentences)) >= _LEAST_TOLD


def _have_text_between(
    paragraphs: Sequence[Paragraph], headings: Sequence[Heading], *, is_list: bool = True
) -> bool:
    """Whether each heading has text below it.

    Numbers alone on their lines, and those that count no items of a list, need less of it.
    """
    ends = [*(heading.position for heading in headings[1:]), len(paragraphs)]
    texts = [
        [
            paragraph
            for paragraph in paragraphs[heading.position + 1 : end]
            if paragraph.kind is not Kind.BREAK
        ]
        for heading, end in zip(headings, ends, strict=True)
    ]
    lengths = [sum(len(paragraph.text) for paragraph in text) for text in texts]
    if is_list and not all(heading.is_bare for heading in headings):
        return min(lengths) >= _LEAST_BETWEEN or all(map(_is_running_text, texts))
    has_text = all(
        any(paragraph.text.rstrip().endswith(_CLOSES_A_SENTENCE) for paragraph in text)
        for text in texts
    )
    least = _LEAST_AFTER_NUMBER if is_list and headings[0].title.strip(".").isdecimal() else 0
    return has_text and sorted(lengths)[len(lengths) // 2] >= least
