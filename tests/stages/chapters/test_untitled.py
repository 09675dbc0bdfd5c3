"""Titles for texts without one."""

from __future__ import annotations

import pytest

from audiobook.model import Chapter, Kind, Paragraph
from audiobook.stages.chapters.untitled import beginning, is_title, title_for


@pytest.mark.parametrize(
    "name",
    ["Tắt đèn", "truyen-kieu", "Ế", "Bài không tên số 2", "Nhật ký mới", "The New House", "tập 3"],
)
def test_names_that_say_what_the_text_is(name: str) -> None:
    assert is_title(name)


@pytest.mark.parametrize(
    "name",
    [
        "article",
        "untitled",
        "new 1",
        "New Text Document (2)",
        "IMG_2034",
        "document (3)",
        "Tài liệu không có tiêu đề",
        "Bản sao (2)",
        "VĂN BẢN1",
        "20241103_112233",
        "3f2a9c10-77aa-4c1d",
        "—",
        "",
    ],
)
def test_names_that_programs_give(name: str) -> None:
    assert not is_title(name)


def text(*paragraphs: str, title: str = "", kind: Kind = Kind.PROSE) -> Chapter:
    return Chapter(title, tuple(Paragraph(paragraph, kind) for paragraph in paragraphs))


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Một câu.", "Một câu"),
        ("– Đi đâu đấy?", "Đi đâu đấy?"),
        ("Rồi sao nữa...", "Rồi sao nữa..."),
        ("Ngày xửa ngày xưa, " + "ở một làng kia " * 9, "Ngày xửa ngày xưa…"),
        (
            "Có một ngôi làng nhỏ nằm nép mình bên " + "dòng sông " * 9,
            "Có một ngôi làng nhỏ nằm nép mình bên dòng sông…",
        ),
        ("x" * 200, "x" * 50 + "…"),
    ],
)
def test_a_text_is_known_by_its_first_words(first: str, title: str) -> None:
    assert beginning([text("* * *", first, "Đoạn sau.")]) == title


@pytest.mark.parametrize(
    ("name", "lines", "title"),
    [
        ("chieu-muon", ("Chiều muộn", "Nước lên."), "Chiều muộn"),
        ("Tat_Den", ("Ngô Tất Tố", "TẮT ĐÈN", "I"), "TẮT ĐÈN"),
        ("chieu muon 2", ("Chiều muộn (2).", "Nước lên."), "Chiều muộn (2)"),
        ("chieu-muon", ("Chiều nay", "Nước lên."), "chieu-muon"),
        ("chieu-muon", ("Một.", "Hai.", "Ba.", "Chiều muộn"), "chieu-muon"),
        ("Chiều muộn", ("CHIỀU MUỘN", "Nước lên."), "Chiều muộn"),
        ("con-meo", ("Con Meo", "Nước lên."), "con-meo"),
    ],
)
def test_a_name_without_accents_is_written_out(
    name: str, lines: tuple[str, ...], title: str
) -> None:
    assert title_for(name, [text(*lines)]) == title


def test_what_comes_first_counts() -> None:
    heading = text("Lũ về", kind=Kind.HEADING, title="Lũ về")
    named = Chapter("Lũ về", (*heading.paragraphs, Paragraph("Đêm qua.")))
    assert title_for("Con đò", [named]) == "Con đò"
    assert title_for("article", [named]) == "Lũ về"
    assert title_for("article", [named, text("Sáng ra.", title="Hai")]) == "Đêm qua"
    assert title_for("article", [heading, heading]) == "Lũ về"
    assert title_for("", []) == ""
