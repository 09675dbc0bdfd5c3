"""Some chapters of a book: by number, by range, from a title on."""

from __future__ import annotations

import pytest

from audiobook.errors import UsageError
from audiobook.model import Chapter, Document, Meta, Paragraph
from audiobook.stages.chapters.selection import parse, select

TITLES = ("Lời nói đầu", "Chương 1: Bến cũ", "Chương 2: Gió nổi", "Chương 10: Kiếm gỉ", "Vĩ thanh")
BOOK = Document(
    meta=Meta(title="Sông dài"),
    chapters=tuple(Chapter(title, (Paragraph("Nước lên."),)) for title in TITLES),
)


def selected(numbers: str | None = None, start: str | None = None) -> tuple[str, list[int]]:
    document = select(BOOK, parse(numbers, start))
    places = [TITLES.index(chapter.title) + 1 for chapter in document.chapters]
    return document.meta.title, places


@pytest.mark.parametrize(
    ("numbers", "places", "title"),
    [
        ("2", [2], "Sông dài (2)"),
        ("2-4", [2, 3, 4], "Sông dài (2-4)"),
        ("1,3-4", [1, 3, 4], "Sông dài (1,3-4)"),
        ("4-", [4, 5], "Sông dài (4-5)"),
        (" 5 , 1–2 ", [1, 2, 5], "Sông dài (5,1-2)"),
        ("2,1-3", [1, 2, 3], "Sông dài (2,1-3)"),
    ],
)
def test_numbers(numbers: str, places: list[int], title: str) -> None:
    assert selected(numbers) == (title, places)


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("3", 3),
        ("Vĩ thanh", 5),
        ("vĩ  THANH", 5),
        ("chương 1", 2),  # not chapter 10
        ("Kiếm", 4),
        ("gio noi", 3),  # without accents
        ("loi noi dau", 1),
    ],
)
def test_the_first_chapter_is_named(start: str, first: int) -> None:
    assert selected(start=start)[1] == list(range(first, 6))


def test_nothing_asked_for_is_the_whole_book() -> None:
    assert select(BOOK, parse(None, None)) is BOOK


@pytest.mark.parametrize("numbers", ["0", "a", "3-1", "1,,2", "-3", "1-2-3", ",", ""])
def test_what_is_no_number_is_refused(numbers: str) -> None:
    with pytest.raises(UsageError, match="names no chapters"):
        parse(numbers, None)


def test_numbers_and_a_beginning_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="exclude"):
        parse("1", "2")


def test_chapters_keep_their_numbers_and_their_book() -> None:
    document = select(BOOK, parse("5,2", None))
    assert [document.number_of(position) for position in (0, 1)] == [2, 5]
    assert document.book is BOOK
    assert BOOK.book is BOOK
    assert BOOK.number_of(4) == 5


def test_what_the_book_does_not_have_is_named() -> None:
    with pytest.raises(UsageError, match="no chapter 6 of 5"):
        selected("2-6")
    with pytest.raises(UsageError, match="no chapter 0 of 5"):
        selected(start="0")
    with pytest.raises(UsageError, match="names no chapter"):
        selected(start=" ")
    with pytest.raises(UsageError, match="no chapter is called 'Rừng'"):
        selected(start="Rừng")
    with pytest.raises(UsageError, match="chapters 2, 3, 4: give a number"):
        selected(start="Chương")
