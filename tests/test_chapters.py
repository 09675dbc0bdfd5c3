from __future__ import annotations

import pytest

from audiobook.chapters import divide
from audiobook.model import Document, Kind
from audiobook.readers.plain import divide_blocks


def divided(text: str) -> Document:
    return divide(divide_blocks(text))


@pytest.mark.parametrize(
    "heading",
    [
        "Chương 1",
        "CHƯƠNG II: NGƯỜI CHỒNG",
        "Chương 12. Đêm trăng",
        "Chương IV - Bến đò",
        "chương ba",
        "Chương thứ nhất",
        "Chương mười hai: Trở về",
        "Phần I",
        "PHẦN THỨ HAI",
        "Hồi 3 – Hội ngộ",
        "Quyển 2",
        "Chương 7 Người đàn bà bên sông",
        "# Mở đầu",
        "### Một mục nhỏ",
        "## Phần 1: Vì sao?",
    ],
)
def test_headings(heading: str) -> None:
    document = divided(f"Lời nói đầu.\n\n{heading}\n\nTrời sáng dần.")
    first, second = document.chapters
    assert second.title == heading.lstrip("# ")
    assert second.paragraphs[0].kind is Kind.HEADING
    assert [p.text for p in second.paragraphs[1:]] == ["Trời sáng dần."]
    assert first.title == ""


@pytest.mark.parametrize(
    "prose",
    [
        "Chương 1 của cuốn sách này kể về một người đàn bà.",
        "Phần 2 ai cũng biết rồi.",
        "Phần lớn dân làng đã bỏ đi.",
        "Hồi ấy tôi còn nhỏ.",
        "Quyển sách nằm trên bàn.",
        "Chương trình bắt đầu lúc tám giờ.",
        "Hồi mi còn nhỏ.",
        "#hashtag không phải là đề mục",
        "# " + "dài " * 80,
    ],
)
def test_prose_is_no_heading(prose: str) -> None:
    document = divided(f"Lời nói đầu.\n\n{prose}\n\nTrời sáng dần.")
    assert len(document.chapters) == 1


def test_levels_and_book_title() -> None:
    document = divided("# Sách\n\nĐầu.\n\n## Phần I\n\nMột.\n\n### Chương 1\n\nHai.")
    assert document.meta.title == "Sách"
    assert [chapter.level for chapter in document.chapters] == [1, 2, 3]
    plain = divided("PHẦN I\n\nChương 1\n\nMột.\n\nPHẦN II\n\nChương 2\n\nHai.")
    assert plain.meta.title == ""
    assert [(c.title, c.level) for c in plain.chapters] == [
        ("PHẦN I", 1),
        ("Chương 1", 2),
        ("PHẦN II", 1),
        ("Chương 2", 2),
    ]


def test_equal_headings_name_no_book() -> None:
    assert divided("# Một\n\nA.\n\n# Hai\n\nB.").meta.title == ""


def test_ornaments_are_breaks() -> None:
    (chapter,) = divided("Một.\n\n* * *\n\nHai.\n\n---").chapters
    assert [p.kind for p in chapter.paragraphs] == [Kind.PROSE, Kind.BREAK, Kind.PROSE, Kind.BREAK]


def test_every_paragraph_stays() -> None:
    text = "A.\n\nChương 1\n\nB.\n\nC.\n\nChương 2\n\nD."
    texts = [p.text for chapter in divided(text).chapters for p in chapter.paragraphs]
    assert texts == text.split("\n\n")
