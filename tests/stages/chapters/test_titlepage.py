"""Lines before the first chapter that only name the book."""

from __future__ import annotations

import pytest

from audiobook.model import Document
from audiobook.stages.chapters import divide
from audiobook.stages.readers.plain import divide_blocks

TEXT = "Chương 1\n\nMưa rơi suốt đêm.\n\nChương 2\n\nSáng ra trời lại trong."


def divided(text: str) -> Document:
    return divide(divide_blocks(text))


@pytest.mark.parametrize(
    ("page", "author"),
    [
        ("BẾN VẮNG", ""),
        ("BẾN VẮNG\n\nTác giả: Trần Bình", "Trần Bình"),
        ("BẾN VẮNG\n\nNhà xuất bản Sông Xanh\n\nMọi hình thức sao chép đều bị cấm.", ""),
        ("Tên truyện: BẾN VẮNG\n\nTác giả: Trần Bình\n\nThể loại: Truyện dài", "Trần Bình"),
    ],
)
def test_a_title_page_names_the_book_and_is_no_chapter(page: str, author: str) -> None:
    document = divided(f"{page}\n\n{TEXT}")
    assert [chapter.title for chapter in document.chapters] == ["Chương 1", "Chương 2"]
    assert (document.meta.title, document.meta.author) == ("BẾN VẮNG", author)
    assert [change.name for change in document.changes] == ["front-matter"]


@pytest.mark.parametrize("text", ["Tặng mẹ, người đã kể tôi nghe.", "“Đi thôi!”", "mưa\n\nrơi"])
def test_text_before_the_first_chapter_stays(text: str) -> None:
    document = divided(f"{text}\n\n{TEXT}")
    assert document.chapters[0].paragraphs[0].text == text.split("\n\n", maxsplit=1)[0]


def test_a_title_page_can_be_kept() -> None:
    document = divide(divide_blocks(f"BẾN VẮNG\n\n{TEXT}"), ["front-matter"])
    assert document.chapters[0].paragraphs[0].text == "BẾN VẮNG"
