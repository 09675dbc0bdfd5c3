"""Chapters that a page of contents lists, lists without such a title, and titles said twice."""

from __future__ import annotations

import pytest

from audiobook.model import Document
from audiobook.stages.chapters import divide
from audiobook.stages.readers.plain import divide_blocks

RAIN = "Mưa rơi suốt đêm trên mái lá, và nước dâng lên tận bậc thềm.\n\nSáng ra trời lại trong."
WIND = "Gió thổi từ phía biển vào, mang theo mùi muối và mùi cá.\n\nThuyền nằm im trên bãi cát."


def divided(text: str) -> Document:
    return divide(divide_blocks(text))


def titles(text: str) -> list[str]:
    return [chapter.title for chapter in divided(text).chapters]


@pytest.mark.parametrize("heading", ["", "Nội dung\n\n", "Trong cuốn này:\n\n", "Mục lục\n\n"])
@pytest.mark.parametrize("unit", ["Phần", "Chương"])
def test_a_short_list_takes_no_chapter_its_heading(heading: str, unit: str) -> None:
    first, second = f"{unit} 1: Mưa", f"{unit} 2: Gió"
    text = f"{heading}{first}\n\n{second}\n\n{first}\n\n{RAIN}\n\n{second}\n\n{WIND}"
    document = divided(text)
    assert [chapter.title for chapter in document.chapters] == [first, second]
    assert sum(len(change.left_out) for change in document.changes) == 2 + bool(heading)


@pytest.mark.parametrize("mark", ["{}", "1. {}", "{} ........ 7"])
def test_listed_titles_begin_chapters_where_they_come_again(mark: str) -> None:
    listed = "\n\n".join(mark.format(name) for name in ("Mưa", "Gió"))
    text = f"MỤC LỤC\n\n{listed}\n\nMƯA\n\n{RAIN}\n\nGIÓ\n\n{WIND}"
    assert titles(text) == ["MƯA", "GIÓ"]
    assert titles(f"LỜI CẢM ƠN\n\n{RAIN}\n\n{text}") == ["LỜI CẢM ƠN", "MƯA", "GIÓ"]


def test_sections_below_listed_chapters_begin_none() -> None:
    listed = "Chương 1: Mưa\n\n1.1. Hạt mưa\n\nChương 2: Gió\n\n2.1. Cơn gió"
    text = f"Mục lục\n\n{listed}\n\nChương 1: Mưa\n\n1.1. Hạt mưa\n\n{RAIN}\n\nChương 2: Gió\n\n"
    assert titles(f"{text}2.1. Cơn gió\n\n{WIND}") == ["Chương 1: Mưa", "Chương 2: Gió"]


def test_lines_that_count_begin_chapters_of_several_paragraphs_only() -> None:
    text = f"1. Mưa\n\n{RAIN}\n\n2. Gió\n\n{WIND}"
    assert titles(text) == ["1. Mưa", "2. Gió"]
    items = "Cần có:\n\n1. Áo mưa\n\nLoại dày.\n\n2. Đèn pin\n\nLoại nhỏ."
    assert titles(items) == [""]


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        ("Chương 2: Bến đò", "Chương 2 : Bến Đò.", "Chương 2: Bến đò"),
        ("Chương 2: BẾN ĐÒ", "Chương 2 - Bến đò!", "Chương 2: BẾN ĐÒ"),
        ("Chương 02: Bến đò", "Chương 2: Bến đò năm xưa", "Chương 2: Bến đò năm xưa"),
        ("Chương 2: Hoà bình", "Chương 2: Hòa Bình", "Chương 2: Hoà bình"),
        ("Chương 2: Bến đò", "Bến đò", "Chương 2: Bến đò"),
        ("Chương 2: Bến đò", "Truyện quê - Chương 2: Bến đò", "Chương 2: Bến đò"),
    ],
)
def test_a_title_written_twice_a_little_otherwise_is_said_once(
    first: str, second: str, title: str
) -> None:
    document = divided(f"Chương 1: Mưa\n\n{RAIN}\n\n{first}\n\n{second}\n\n{WIND}")
    chapter = document.chapters[1]
    assert chapter.title == title
    assert [paragraph.text for paragraph in chapter.paragraphs] == [title, *WIND.split("\n\n")]


@pytest.mark.parametrize("line", ["Bến đò!", "Bến đò vắng", "Chương 3: Bến đò"])
def test_other_lines_below_a_title_are_read(line: str) -> None:
    document = divided(f"Chương 1: Mưa\n\n{RAIN}\n\nChương 2: Bến đò\n\n{line}\n\n{WIND}")
    assert line in [
        paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs
    ]


@pytest.mark.parametrize(("pages", "is_listed"), [((3, 9), True), ((9, 3), False)])
def test_contents_of_names_and_pages_may_stand_at_the_end(
    pages: tuple[int, int], *, is_listed: bool
) -> None:
    listed = f"Mưa {pages[0]}\n\nGió {pages[1]}"
    document = divided(f"Mưa\n\n{RAIN}\n\nGió\n\n{WIND}\n\nNỘI DUNG\n\n{listed}")
    titles = [chapter.title for chapter in document.chapters]
    assert titles == (["Mưa", "Gió"] if is_listed else [""])
