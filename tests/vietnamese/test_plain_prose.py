"""Sentences that the rules need not see: what is plain holds nothing that a rule would read."""

from __future__ import annotations

from itertools import chain

import corpus
import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED

from audiobook.stages.readers import epub
from audiobook.vietnamese import reading, split_sentences
from audiobook.vietnamese.plain import is_plain

WORDS = "anh Anh “anh” đi, chợ. U u ạ ừ! … – - ko Bít :) 5 T3 km xem hai II V. thứ câu điểm chữ tám"


@pytest.mark.parametrize(
    "text",
    ["Anh đi chợ.", "“Ừ!” Bà đáp…", "– Đi đâu thế?", "Nguyễn Huệ, vua nước ta:", "(Hết)", ""],
)
def test_prose_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anh đi lúc 8h.",
        "Anh UBND",
        "Ko sao",
        "Bít rùi",
        "Thôi:)",
        "a – b",
        "Ừ :D",
        "Chương I",
        "x²",
    ],
)
def test_what_may_be_read_is_not(text: str) -> None:
    assert not is_plain(text)


def read_by_rules(text: str) -> list[reading.Reading]:
    return list(reading._apply_rules(text, [], "north"))


@given(st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join))
def test_no_rule_reads_what_is_plain(text: str) -> None:
    if is_plain(text):
        assert read_by_rules(text) == []


def test_no_rule_reads_what_is_plain_in_the_corpus() -> None:
    rows = chain.from_iterable(corpus.load(name) for name in corpus.classes())
    plain = [row.written for row in rows if is_plain(row.written)]
    assert len(plain) > 100
    for text in plain:
        assert read_by_rules(text) == [], text


@pytest.mark.parametrize("name", ["giong-to", "kinh-dich"])
def test_no_rule_reads_what_is_plain_in_a_book(name: str) -> None:
    path = SHARED / "books" / f"{name}.epub"
    if not path.exists():
        pytest.skip(f"there is no {path}")
    book = epub.read(path.read_bytes(), path.name)
    paragraphs = chain.from_iterable(chapter.paragraphs for chapter in book.chapters)
    sentences = [text for paragraph in paragraphs for text in split_sentences(paragraph.text)]
    plain = [text for text in sentences if is_plain(text)]
    assert len(plain) > len(sentences) // 3
    for text in plain:
        assert read_by_rules(text) == [], text
