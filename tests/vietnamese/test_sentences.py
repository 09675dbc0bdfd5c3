"""Sentences: underthesea behind a repair layer."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese import proposals, split_sentences


@pytest.mark.parametrize(
    "expected",
    [
        # A closing quote or bracket belongs to the sentence it closes.
        ["Ông nói: “Đi đi.”", "Rồi ông về."],
        ['Ông nói: "Đi đi!"', "Rồi ông về."],
        ["Ông nói: «Đi đi.»", "Rồi ông về."],
        ["(Ông cười.)", "Bà khóc."],
        ["Triều cũ đổ.[1]", "Triều mới lên.[12]", "Dân mừng."],
        # What the speaker does belongs to what is said.
        ["“Anh đi đâu?” cô hỏi.", "Anh im lặng."],
        ["“Ôi!” bà kêu lên.", "“Ai đó?”"],
        ["Trời ơi! đau quá.", "Cứu tôi!"],
        ["— Anh đi đâu? — cô hỏi.", "Anh im lặng."],
        ["- Anh đi đâu?", "- Ra chợ."],
        ["- Đi đâu thế? - Hùng hỏi.", "- Lên rẫy."],
        ["– Sao thế?", "– Đừng hỏi nữa."],
        ["– Ai gọi?", "– Mẹ gọi con."],
        ["– Vâng…", "– Em xin nghe anh."],
        # Chinese full stops; the reading in brackets belongs to what it reads.
        ["天地玄黃。", "宇宙洪荒。"],
        ["大哉乾元。(Đại tai càn nguyên)"],
        # Ellipses and runs of marks.
        ["Ông im lặng…", "Rồi ông về."],
        ["Ông im lặng...", "Rồi ông về."],
        ["Ông chờ… chờ mãi.", "Không ai đến."],
        ["“…Tôi không biết.”", "Anh đáp."],
        ["... Rồi sao?", "Thôi."],
        ["Thật sao?!", "Không tin!!!", "Thôi."],
        ["Anh đi! …"],
        ["Ông về. * * *"],
        # Addresses.
        ["Xem https://vi.wikipedia.org/wiki/Vi%E1%BB%87t?Nam=1 nhé.", "Rồi về."],
        ["Vào www.bao.vn.", "Sau đó nghỉ."],
        ["Viết tới lan@vidu.vn nhé.", "Xin cảm ơn."],
        ["Mở bao.vn/tin?Ngay=5&Nam=2.Html ra đọc.", "Hay."],
        ["Dùng Node.js và ASP.NET.", "Tốt."],
        # List markers and headings.
        ["1. Mở đầu.", "Hết."],
        ["1.2. Mở đầu.", "Hết."],
        ["IV. Mở đầu.", "Hết."],
        ["a. Mở đầu.", "Hết."],
        ["Chương 1. Trời mưa.", "Đường trơn."],
        ["Điều 5. Hiệu lực.", "Ngay."],
        ["Theo Điều 5.", "Nội dung rõ."],
        # Abbreviations.
        ["Mua cam, quýt, v.v.", "Sau đó về."],
        ["Mua cam, v.v. và về.", "Hết."],
        ["GS.TS. Nguyễn Nam đến chơi.", "Ông cười."],
        ["NXB. Trẻ in sách.", "Hay lắm."],
        ["Xem tr. 15.", "Hết."],
        ["VD. Nam đi học.", "Hết."],
        ["Cty. Hoa Sen nghỉ.", "Hết."],
        ["Ở Q. 3, P. 5, TP. Vinh có chợ.", "Đông lắm."],
        ["Anh ở TP.HCM.", "Sau đó về."],
        ["Mr. Smith và Dr. Lan cười.", "Vui."],
        ["J.K. Rowling viết.", "John F. Kennedy đọc.", "Hay."],
        # Plain syllables, amounts and acronyms that underthesea takes for abbreviations.
        ["Xem đấu vật WWE.", "Sau đó về."],
        ["Nặng 50g.", "Dài 7km.", "Đi năm 1945.", "Hết."],
        ["Ừ.", "Ờ.", "Vâng."],
        ["Tên nó là Vi.", "Hôm nay nó đến."],
        ["Giá 3.500 đồng, hơn 3.14 lần.", "Rẻ."],
        # A capital forgotten.
        ["Xin chào.", "hôm nay đẹp trời."],
        ["Hôm nay vui quá!", "😀 Mai lại đến."],
    ],
)
def test_split_sentences(expected: list[str]) -> None:
    assert split_sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anh về.Em đi.", ["Anh về.", "Em đi."]),
        ("Anh về!Em đi?Không.", ["Anh về!", "Em đi?", "Không."]),
        ("Anh nói.“Em đi.”Rồi thôi.", ["Anh nói.", "“Em đi.”", "Rồi thôi."]),
        ("ÔNG VỀ\nTrời mưa. Đường trơn", ["ÔNG VỀ", "Trời mưa.", "Đường trơn"]),
        ("Một\r\n\r\n  Hai  \n", ["Một", "Hai"]),
        ("", []),
        (" \n\n ", []),
        ("…", ["…"]),
        ("Không có dấu", ["Không có dấu"]),
    ],
)
def test_missing_spaces_and_lines(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


WORDS = st.sampled_from(
    "về Hôm nay TP. GS.TS. v.v. v.v 1. IV. a. … ... ? ! ?! . “ ” ( ) [1] — \n bao.vn Ông.Bà 3.5 "
    "\x00 \ud800 😀 \u0085 \x1c »".split(" ")
)


@given(st.lists(WORDS), st.sampled_from(["", " ", "  "]))
def test_nothing_is_lost(words: list[str], space: str) -> None:
    text = space.join(words)
    split = split_sentences(text)
    assert "".join("".join(split).split()) == "".join(text.split())
    assert all(sentence and sentence == sentence.strip() for sentence in split)


@given(st.text(st.characters()))
def test_nothing_is_lost_of_any_text(text: str) -> None:
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "unit", [".", "? ", "A.", "ab.Cd", "về.Hôm", "a@b.", "“", "về. ", "a ", ".“", "1. ", "[1]."]
)
def test_a_long_line_takes_no_time(unit: str) -> None:
    assert cpu_seconds(lambda: split_sentences(unit * (100_000 // len(unit)))) < 2


TEXTS = [
    "Ông đến. Bà đi! Ai ở lại? Không ai...",
    "GS.TS. Nam ở TP. Vinh. Ông 70 tuổi.",
    "Giá 3.500.000 đồng. Rẻ v.v. và v.v.",
    "",
]


@pytest.fixture
def fresh() -> Iterator[None]:
    proposals.load_sent_tokenize.cache_clear()
    yield
    proposals.load_sent_tokenize.cache_clear()


def front_door(text: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from underthesea import sent_tokenize

    found: list[str] = sent_tokenize(text)
    return found


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("text", TEXTS)
def test_loaded_by_path_underthesea_is_the_same(text: str) -> None:
    tokenize = proposals.load_sent_tokenize()
    assert tokenize.__module__ == "underthesea_sent_tokenize"
    assert tokenize(text) == front_door(text)


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("module", [None, "from ._nowhere import sent_tokenize", "renamed = 1"])
def test_another_layout_of_underthesea_is_entered_by_the_front_door(
    module: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [front_door(text) for text in TEXTS]
    if module is not None:
        folder = tmp_path / "pipeline" / "sent_tokenize"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(module, "utf-8")
    elsewhere = ModuleSpec("underthesea", None, is_package=True)
    elsewhere.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: elsewhere)
    tokenize = proposals.load_sent_tokenize()
    assert tokenize.__module__ != "underthesea_sent_tokenize"
    assert [tokenize(text) for text in TEXTS] == expected
