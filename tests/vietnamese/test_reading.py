"""Written to spoken: what is read, what is left, and that nothing breaks it."""

from __future__ import annotations

import random
import re

import pytest
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese import Reading, explain, normalize
from audiobook.vietnamese.letters import unify_letters

PROSE = """\
Hôm qua Lan ra chợ mua con gà trống về cúng giỗ.
Ông Long gật đầu, rồi lặng lẽ bước ra hiên.
Bà Sim bảo: “Ngày mai trời sẽ nắng to.”
Sa Pa mùa này mây phủ trắng cả thung lũng.
Đà Nẵng, Hội An và Huế cách nhau không xa.
Thế kỷ trước, người ta đi bộ từ làng ra tỉnh.
“Anh đi đâu?” cô hỏi khẽ. – “Ra bến sông.”
Trời ơi, sao mà khổ thế này!
Con mèo nằm cuộn tròn bên bếp lửa…
Ai bảo chăn trâu là khổ?
Nguyễn Thị Hồng Nhung học lớp một trường làng.
Y tá Vân tiêm cho bé, bé không khóc.
Ở Paris, Victor Hugo viết những trang cuối cùng.
Shakespeare kể chuyện Romeo và Juliet.
Cô giáo Y Moan hát bài ca của núi.
Đắk Lắk, Kon Tum, Pleiku đều có cà phê ngon.
Lê-nin và Mác-xim Go-rơ-ki là bạn.
Ra-xun Gam-da-tốp làm thơ về quê hương.
Nước chảy đá mòn; kiến tha lâu cũng đầy tổ.
Mưa… mưa mãi… không sao ngớt được!
(Người kể chuyện ngừng lại một lát.)
Chị Í ới gọi em bên kia sông.
Ô hay, sao anh lại đứng đây?
Á à, thì ra là thế!
Ư, tôi không chịu đâu.
Mẹ tôi – người đàn bà suốt đời tần tảo – đã già.
Quyển sách này hay, nhưng hơi dày.
Khuya rồi, huyền thoại nào rồi cũng khép.
Ngoằn ngoèo, khúc khuỷu, quanh co đường đèo.
Nó kêu: “Ối! đau quá”, rồi chạy biến.
MƯA ĐÊM NGOẠI Ô
CHƯƠNG MỘT: NGƯỜI KHÁCH LẠ
Anh Hai gọi: “EM ƠI, VỀ ĂN CƠM!”
Tôi, I-van và Na-ta-sa cùng ngồi một toa.
Hà Nội, ngày tháng năm nào cũng đẹp.
Mi, Vi, Li, Xi và Di là năm chị em.
Trung úy Đỗ Văn Cư báo cáo: quân địch đã rút!
Một, hai, ba... chạy! Đứa nào cũng cười nghiêng ngả.
Thằng Cuội ngồi gốc cây đa/ để trâu ăn lúa gọi cha ời ời.
Giêng, hai rét đài, rét lộc; tháng ba rét nàng Bân.""".splitlines()


@pytest.mark.parametrize("sentence", PROSE)
def test_plain_prose_is_not_touched(sentence: str) -> None:
    assert normalize(sentence) == sentence


MIXED = "Sáng 14/10/2026, lúc 8h30, UBND TP. Vinh chi 3,5% (thế kỷ XXI: 5-7 ngày) cho BBC2, v.v."


def test_explain_tells_what_was_read_where_and_why() -> None:
    assert explain("Còn 3,5% thôi.") == [
        Reading(start=4, end=8, written="3,5%", spoken="ba phẩy năm phần trăm", rule="quantity")
    ]
    assert [reading.rule for reading in explain(MIXED)] == [
        "date",
        "time",
        "abbreviation",
        "abbreviation",
        "quantity",
        "roman numeral",
        "range",
        "code",
        "abbreviation",
    ]


def check(text: str) -> None:
    """What must hold of any text."""
    readings = explain(text)
    spoken = normalize(text)
    position = 0
    pattern = ""  # the text with its readings, and a space perhaps where they would grow together
    for reading in readings:
        assert position <= reading.start < reading.end
        assert reading.written == text[reading.start : reading.end]
        assert reading.spoken or reading.rule in ("note mark", "trade mark", "Han characters")
        pattern += re.escape(text[position : reading.start]) + " ?" + re.escape(reading.spoken)
        pattern += " ?"
        position = reading.end
    assert re.fullmatch(pattern + re.escape(text[position:]), spoken)
    assert not any(character.isdigit() for character in spoken)


@pytest.mark.parametrize("text", [*PROSE[:3], MIXED, "VTV1", "5kg6", "a1b2", "1.", "", "5%của"])
def test_normalize_is_the_text_with_its_readings(text: str) -> None:
    check(text)


TOKENS = st.sampled_from(
    "0 1 4 12 31 2024 1.000 3,5 . , : - – − / % ° °C km m² h g giờ phút ngày tháng mỗi lúc quý thứ "
    "chương TP. v.v. GS. IV XII I BBC a Đ ế (  ² ٣ 😀 \x00 \ud800 \n \u00a0 _ ' & $ +".split(" ")
)


@given(st.lists(TOKENS, max_size=12).map("".join).map(unify_letters))
def test_any_mix_of_tokens(text: str) -> None:
    check(text)


@given(st.text(st.characters()).map(unify_letters) | st.text("0123456789.,:-–/% hgaĐIVX"))
def test_any_text(text: str) -> None:
    check(text)


MIXED_UP = [
    *"0123456789012345678901234567890123456789",
    *".,:;-–—/%°+=<>()[]{}'\"“”&@#$€£*^~_|\\!?…²³¹½§№™\u00a0\t ",
    *"ABCDĐEGHIKLMNOPQRSTUVXYabcdđeghiklmnopqrstuvxyăâêôơưàáảãạ",
    *"km kg m2 UBND TP. IV XXI ngày tháng năm thứ quý số 1.000 3,5 2026 0912 24/7 A4 km/h".split(),
    *"http://a.vn a@b.vn COVID-19 USD tr v.v. GS. iPhone Thomas".split(),
]


def test_no_digit_is_left_in_random_mixes() -> None:
    pick = random.Random(1).choices
    for _ in range(10_000):
        text = "".join(pick(MIXED_UP, k=pick(range(1, 14))[0]))
        spoken = normalize(text)
        assert not any(character.isdigit() for character in spoken), (text, spoken)


def test_no_such_accent() -> None:
    with pytest.raises(ValueError, match="no such accent: 'west'"):
        normalize("5", "west")
    with pytest.raises(ValueError, match="no such accent: ''"):
        explain("", "")


def seconds(text: str) -> float:
    return cpu_seconds(lambda: normalize(text))


@pytest.mark.parametrize("unit", ["7", "A", "1-", "1.000.", "a", " "])
def test_a_long_line_is_read_in_seconds(unit: str) -> None:
    """The best of three: beside other work one run may take three times its own time."""
    assert any(seconds(unit * (50_000 // len(unit))) < 2 for _ in range(3))


def test_foreign_words_are_respelled_on_demand() -> None:
    text = "Ông Thomas Reiter (ESA) nói ngày 2/9, xem thomas@esa.int."
    assert "Thomas Reiter" in normalize(text)
    said = normalize(text, respell=True)
    assert said.startswith("Ông tô mát rai tơ (e ét a) nói ngày hai tháng chín, xem tô mát a còng")
    check_spans(text, explain(text, respell=True))


def check_spans(text: str, readings: list[Reading]) -> None:
    ends = 0
    for reading in readings:
        assert reading.written == text[reading.start : reading.end]
        assert ends <= reading.start
        ends = reading.end
    assert [r.written for r in readings if r.rule == "foreign word"] == ["Thomas", "Reiter"]
