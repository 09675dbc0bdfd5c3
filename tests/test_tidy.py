from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.model import Chapter, Document, Meta, Paragraph
from audiobook.readers.plain import divide_blocks
from audiobook.tidy import tidy

LONG = (
    "Mùa khô năm ấy nước mặn lấn sâu vào đất liền, người trồng lúa chỉ biết khi ngọn lúa đã vàng."
)


def tidied(text: str) -> list[str]:
    return [paragraph.text for paragraph in tidy(divide_blocks(text)).chapters[0].paragraphs]


def steps(result: Document) -> dict[str, int]:
    return {change.step: change.count for change in result.changes}


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        ("Một.\n\nHai.", ["Một.", "Hai."]),
        ("Một.\r\n \r\nHai.", ["Một.", "Hai."]),
        ("Một.\nHai.\nBa.", ["Một.", "Hai.", "Ba."]),
        ("  Một \t hai\u00a0ba.  ", ["Một hai ba."]),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", ["Tiếng Việt"]),
        ("Một\u200b\u00ad hai\x07.", ["Một hai."]),
        ("\ufeffMột\x00 hai.", ["Một hai."]),
    ],
)
def test_letters_and_paragraphs(written: str, paragraphs: list[str]) -> None:
    assert tidied(written) == paragraphs


def test_hard_wrapped_lines_are_joined() -> None:
    wrapped = (
        "Ngày xưa ở một làng nọ có hai anh em mồ côi cha\n"
        "mẹ, người anh tham lam chiếm hết gia tài, chỉ để\n"
        "lại cho em một cây khế ở góc vườn và túp lều nhỏ.\n"
        "\n"
        "Người em chăm chỉ làm lụng, ngày ngày gánh nước\n"
        "tưới cho cây khế, chẳng oán trách anh nửa lời nào."
    )
    result = tidy(divide_blocks(wrapped))
    assert [p.text for p in result.chapters[0].paragraphs] == [
        "Ngày xưa ở một làng nọ có hai anh em mồ côi cha mẹ, người anh tham lam chiếm hết gia tài, "
        "chỉ để lại cho em một cây khế ở góc vườn và túp lều nhỏ.",
        "Người em chăm chỉ làm lụng, ngày ngày gánh nước tưới cho cây khế, chẳng oán trách anh "
        "nửa lời nào.",
    ]
    assert steps(result)["wrapped lines joined"] == 3


def test_verse_keeps_its_lines() -> None:
    verse = (
        "Thuyền về có nhớ bến chăng,\n"
        "Bến thì một dạ khăng khăng đợi thuyền.\n"
        "Qua đình ngả nón trông đình,\n"
        "Đình bao nhiêu ngói thương mình bấy nhiêu."
    )
    assert tidied(verse) == verse.split("\n")


def test_a_long_paragraph_is_read_once_and_reported() -> None:
    result = tidy(divide_blocks(f"{LONG}\n\nVâng ạ.\n\n{LONG}\n\nVâng ạ.\n\n{LONG}"))
    assert [p.text for p in result.chapters[0].paragraphs] == [LONG, "Vâng ạ.", "Vâng ạ."]
    assert steps(result) == {"repeated paragraphs read once": 2}
    assert result.changes[0].example.startswith("Mùa khô")


def test_repeats_are_found_across_chapters_and_letters() -> None:
    chapters = (
        Chapter("a", (Paragraph(LONG),)),
        Chapter("b", (Paragraph(LONG.replace("ấ", "a\u0302\u0301")), Paragraph("Hết."))),
    )
    document = tidy(Document(Meta(), chapters))
    assert [len(chapter.paragraphs) for chapter in document.chapters] == [1, 1]


@given(st.text(alphabet="aăâ bđ.\n\t,1\u0301\u200b\x00", max_size=200))
def test_nothing_else_is_lost(text: str) -> None:
    seen = "".join("".join(tidied(text)).split())
    expected = unicodedata.normalize("NFC", text.replace("\u200b", "").replace("\x00", ""))
    assert seen == "".join(unicodedata.normalize("NFC", expected).split())


def test_tidying_twice_changes_nothing() -> None:
    once = tidy(divide_blocks(f"{LONG}\r\n{LONG}\n\nHai\u200b."))
    assert tidy(once) == once
