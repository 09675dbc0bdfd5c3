"""What a step took out of a text is told word for word, whatever the step says of itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audiobook.model import Chapter, Document, LeftOut, Meta, Paragraph
from audiobook.model.changes import compare

WORDS = st.sampled_from("mưa nắng sông núi một hai ba 12 — . xóm".split())
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


def document(*texts: str) -> Document:
    return Document(meta=Meta(), chapters=(Chapter("", tuple(map(Paragraph, texts))),))


def with_paragraphs(book: Document, *paragraphs: Paragraph) -> Document:
    (chapter,) = book.chapters
    return replace(book, chapters=(replace(chapter, paragraphs=paragraphs),))


def test_a_paragraph_that_is_gone_is_told_with_what_stands_before_it() -> None:
    original = document("Trời vừa hửng.", "Trang 12", "Thuyền ra giữa dòng.")
    first, _, last = original.chapters[0].paragraphs
    assert compare(original, with_paragraphs(original, first, last)) == [
        LeftOut(text="Trang 12", after="Trời vừa hửng.", is_line=True)
    ]


def test_words_within_a_paragraph_are_told_alone() -> None:
    original = document("Vua đi săn [1] ở núi.")
    revised = with_paragraphs(original, Paragraph("Vua đi săn ở núi."))
    assert compare(original, revised) == [LeftOut(text="[1]", after="Vua đi săn")]


def test_a_word_that_is_written_anew_is_told_with_both_spellings() -> None:
    original = document("Chú Ðộ về.")
    (piece,) = compare(original, with_paragraphs(original, Paragraph("Chú Độ về.")))
    assert (piece.text, piece.instead, piece.words) == ("Ðộ", "Độ", 0)


def test_a_chapter_that_loses_all_it_held_is_one_piece() -> None:
    original = document("Chú thích", "Một loài chim.", "Một loài cá.")
    (piece,) = compare(original, with_paragraphs(original))
    assert piece.is_chapter
    assert piece.text == "Chú thích\nMột loài chim.\nMột loài cá."
    assert piece.words == 8


def test_lines_that_are_joined_or_parted_lose_nothing() -> None:
    original = document("Thuyền ra\ngiữa dòng", "thì gió nổi.")
    revised = with_paragraphs(original, Paragraph("Thuyền ra giữa dòng thì"), Paragraph("gió nổi."))
    assert compare(original, revised) == []


@given(st.lists(TEXTS, min_size=1, max_size=12), st.data())
def test_no_word_goes_untold(texts: list[str], data: st.DataObject) -> None:
    original = document(*texts)
    (chapter,) = original.chapters
    revised = []
    for paragraph in chapter.paragraphs:
        fate = data.draw(st.sampled_from(("keep", "drop", "cut")))
        if fate == "keep":
            revised.append(paragraph)
        elif fate == "cut":
            words = paragraph.text.split()
            start = data.draw(st.integers(0, len(words)))
            revised.append(Paragraph(" ".join(words[:start] + words[start + 2 :])))
    cut_document = with_paragraphs(original, *revised)
    pieces = compare(original, cut_document)
    reported = Counter(word for piece in pieces for word in piece.text.split())
    reported.subtract(word for piece in pieces for word in piece.instead.split())
    left_to_read = Counter(word for paragraph in revised for word in paragraph.text.split())
    reported.update(left_to_read)
    for word, count in Counter(word for text in texts for word in text.split()).items():
        if word.isalnum():
            assert reported[word] == count
