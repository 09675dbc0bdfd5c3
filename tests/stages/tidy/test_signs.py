"""Signs of markup in plain text are not said; what only looks like them stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook.model import Chapter, Document, Kind, Meta, Paragraph
from audiobook.stages.tidy import tidy
from audiobook.stages.tidy.signs import without_signs


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Cô ấy **rất** vui và _hát_ vang.", "Cô ấy rất vui và hát vang."),
        ("Gọi `ls` hay ``ls -a`` xong.", "Gọi ls hay ls -a xong."),
        ("***Đậm*** ~~bỏ~~ ==nhớ== __em__", "Đậm bỏ nhớ em"),
        ("**T**rời, “*Trời ơi!*”, *(cười)*", "Trời, “Trời ơi!”, (cười)"),
        ("*Anh nói **to** lắm*", "Anh nói to lắm"),
        ("**Câu đậm đi\nqua hai dòng.**", "Câu đậm đi\nqua hai dòng."),
        ("Xem [[trang khác]] và [[Đà Lạt#Chợ|chợ]].", "Xem trang khác và chợ."),
        ("Xem [báo](https://a.vn/b) ![ảnh](a.png) nhé", "Xem báo  nhé"),
        ("- [x] Mua cá\n- [ ] Bán gà", "Mua cá\nBán gà"),
        ("> [!NOTE]\n> Nhớ mang ô.", "Nhớ mang ô."),
        ("> Một\n> hai", "Một\nhai"),
        ("| Tên | Tuổi |\n| An | 12 |", "Tên, Tuổi\nAn, 12"),
        ("| An | | 12 |", "An, 12"),
        ("```\nMột câu.\n```", "Một câu.\n"),
        ("Ta có $a^2=4$ và $x$.", "Ta có a bình phương bằng 4 và x."),
        (r"$$\frac{1}{2}$$ và \(y_1\)", "1 trên 2 và y 1"),
    ],
)
def test_signs_are_taken_off(written: str, text: str) -> None:
    assert without_signs(written) == text


@pytest.mark.parametrize(
    "text",
    [
        "2*3*4 và 4 * 5 * 6 và a*b*c",
        "snake_case, a_b, tên_tệp_dài.txt",
        "Chú thích* và chú thích khác*, khách sạn 5* hay 4*",
        "(*) xem dưới (*)",
        "* * *",
        "***",
        "* Gạo\n* Muối",
        "đ*t m* nó",
        "a == b và c == d",
        "giá $5 và $6, 5$ và 6$, $100$",
        "[[1]] và [2]",
        "> 5 người",
        "|x| và |y| đều dương",
        "a | b | c",
        ">> Cầu vượt biển",
        "# Chương 1",
        "~ 5 ~",
        "Bà ấy nói: `ơ",
    ],
)
def test_other_signs_stay(text: str) -> None:
    assert without_signs(text) == text


def test_the_step_can_be_left_out() -> None:
    document = Document(meta=Meta(), chapters=(Chapter("", (Paragraph("Cô ấy **rất** vui."),)),))
    (change,) = tidy(document).changes
    assert (change.name, change.left_out[0].instead) == ("signs", "rất")
    assert tidy(document, keep=["signs"]).chapters == document.chapters


def test_code_is_left_out_and_can_be_kept() -> None:
    code = Paragraph("print(*a, **b)", Kind.CODE)
    document = Document(meta=Meta(), chapters=(Chapter("", (Paragraph("Một câu."), code)),))
    (change,) = tidy(document).changes
    assert (change.name, change.left_out[0].text) == ("code", code.text)
    assert tidy(document, keep=["code"]).chapters == document.chapters


@given(st.text("aộ *_`~=$[]()\\>#!x1\n|^{}", max_size=120))
@settings(max_examples=200, deadline=None)
def test_no_word_is_lost(text: str) -> None:
    plain = without_signs(text)
    if not set("$\\[") & set(text):
        assert sum(map(str.isalpha, plain)) == sum(map(str.isalpha, text))


@pytest.mark.parametrize(
    "piece",
    ["*a", "**a ", "_a ", "`", "~~a", "$a", "[[a", "[a](", "\\(a", "\\[a", "> ", "*_`", "=="],
)
def test_many_open_signs_take_no_long_time(piece: str) -> None:
    without_signs(piece * 5_000)


def _read(text: str) -> list[str]:
    blocks = tuple(map(Paragraph, text.split("\n\n")))
    document = tidy(Document(meta=Meta(), chapters=(Chapter("", blocks),)))
    return [paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs]


@pytest.mark.parametrize(
    "code",
    ["```python\nprint('Chào')\n\nx = 1\n```", "```\nls -a\n```", "~~~sh\nls -a\n~~~"],
)
def test_fenced_code_is_left_out(code: str) -> None:
    assert _read(f"Mở máy lên.\n\n{code}\n\nTắt máy đi.") == ["Mở máy lên.", "Tắt máy đi."]


@pytest.mark.parametrize(
    "fenced",
    ["```\nTrăm năm trong cõi\n```", "```python\nMưa rơi.", "~~~\n\nHa ha ha.\n\n~~~"],
)
def test_a_fence_around_words_takes_none_of_them(fenced: str) -> None:
    text = " ".join(_read(f"Mở máy lên.\n\n{fenced}\n\nTắt máy đi."))
    assert any(words in text for words in ("Trăm năm trong cõi", "Mưa rơi.", "Ha ha ha."))
    assert text.endswith("Tắt máy đi.")


def test_the_items_of_a_list_lose_their_signs() -> None:
    assert _read("Mua:\n\n* Gạo\n* Muối\n\n+ Cá") == ["Mua:", "Gạo", "Muối", "Cá"]
    assert _read("Trời + đất.\n\n+ 5 độ.") == ["Trời + đất.", "+ 5 độ."]
