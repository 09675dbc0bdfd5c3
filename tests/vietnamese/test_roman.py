"""Roman numerals, where the word before says that they are numbers."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize, roman_value

TENS = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")
ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def test_values_up_to_ninety_nine() -> None:
    written = [ten + one for ten in TENS for one in ONES][1:]
    assert [roman_value(numeral) for numeral in written] == list(range(1, 100))


@pytest.mark.parametrize(
    ("written", "number"), [("MCMXLV", 1945), ("MMXXVI", 2026), ("CD", 400), ("MMMCMXCIX", 3999)]
)
def test_larger_values(written: str, number: int) -> None:
    assert roman_value(written) == number


@pytest.mark.parametrize("written", ["", "IIX", "IIII", "VX", "IC", "MMMM", "xxi", "A", "X I"])
def test_not_well_formed(written: str) -> None:
    assert roman_value(written) is None


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("thế kỷ XXI", "thế kỷ hai mươi mốt"),
        ("Chương IV.", "Chương bốn."),
        ("chương V", "chương năm"),
        ("khu II", "khu hai"),
        ("lớp I", "lớp một"),
        ("tổ II", "tổ hai"),
        ("thế kỷ thứ I", "thế kỷ thứ nhất"),
        ("lần thứ IV", "lần thứ tư"),
        ("quý III/2025", "quý ba năm hai nghìn không trăm hai mươi lăm"),
        ("giữa thế kỷ XIX-XX", "giữa thế kỷ mười chín đến hai mươi"),
        ("vua Louis XIV", "vua Louis mười bốn"),
        ("Piô XII", "Piô mười hai"),
        ("CHƯƠNG IX", "CHƯƠNG chín"),
        ("quý I-II/2025", "quý một đến quý hai năm hai nghìn không trăm hai mươi lăm"),
        ("nữ hoàng Elizabeth I", "nữ hoàng Elizabeth một"),
        ("III", "ba"),
        ("V", "năm"),
        ("LXXI.", "bảy mươi mốt."),
        ("XIV.-", "mười bốn.-"),
        ("VI – CÔ BẢY", "sáu – CÔ BẢY"),
        ("II/ Kết quả", "hai/ Kết quả"),
        ("I. Mở đầu", "một. Mở đầu"),
        ("(Luận ngữ, II)", "(Luận ngữ, hai)"),
        ("(Luận ngữ, X)", "(Luận ngữ, mười)"),
        ("theo Kinh Thi, I, 3", "theo Kinh Thi, một, ba"),
        ("chương I, II và V", "chương một, hai và năm"),
        ("nhóm IIA", "nhóm hai a"),
        ("sách in năm MCMXLV", "sách in năm một nghìn chín trăm bốn mươi lăm"),
    ],
)
def test_in_context(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("chữ I và chữ V", "chữ I và chữ vê"),
        ("vitamin C", "vitamin xê"),
        ("Chiến khu D", "Chiến khu đê"),
        ("loại C", "loại xê"),
        ("nhóm M", "nhóm em"),
        ("lớp L", "lớp lờ"),
        ("chương Vì sao", "chương Vì sao"),
        ("Vi và Xi", "Vi và Xi"),
        ("V. Hugo", "V. Hugo"),
        ("V - hình chữ ấy", "vê - hình chữ ấy"),
    ],
)
def test_letters_that_are_no_numbers(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


def test_no_numeral_without_a_unit_letter() -> None:
    assert normalize("điều MC nói") == "điều em xi nói"
