"""Numbers: cardinals, decimals, signs and runs of digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese import normalize
from audiobook.vietnamese.rules.numbers import cardinal

CARDINALS = {
    0: "không",
    4: "bốn",
    5: "năm",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi tư",
    25: "hai mươi lăm",
    35: "ba mươi lăm",
    44: "bốn mươi tư",
    55: "năm mươi lăm",
    91: "chín mươi mốt",
    100: "một trăm",
    101: "một trăm linh một",
    104: "một trăm linh bốn",
    105: "một trăm linh năm",
    110: "một trăm mười",
    115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt",
    1000: "một nghìn",
    1001: "một nghìn không trăm linh một",
    1015: "một nghìn không trăm mười lăm",
    2005: "hai nghìn không trăm linh năm",
    2026: "hai nghìn không trăm hai mươi sáu",
    10_000: "mười nghìn",
    1_000_000: "một triệu",
    1_000_005: "một triệu không trăm linh năm",
    1_005_000: "một triệu không trăm linh năm nghìn",
    1_234_567_890: "một tỷ hai trăm ba mươi tư triệu "
    "năm trăm sáu mươi bảy nghìn tám trăm chín mươi",
    10**12: "một nghìn tỷ",
    10**15: "một triệu tỷ",
    -7: "âm bảy",
}


@pytest.mark.parametrize(("number", "spoken"), CARDINALS.items())
def test_cardinals(number: int, spoken: str) -> None:
    assert cardinal(number) == spoken


@pytest.mark.parametrize("accent", ["north", "central", "south"])
@pytest.mark.parametrize(
    ("written", "north", "south"),
    [
        ("105", "một trăm linh năm", "một trăm lẻ năm"),
        ("24", "hai mươi tư", "hai mươi bốn"),
        ("14", "mười bốn", "mười bốn"),
        ("3.004", "ba nghìn không trăm linh bốn", "ba ngàn không trăm lẻ bốn"),
        ("1.024", "một nghìn không trăm hai mươi tư", "một ngàn không trăm hai mươi bốn"),
    ],
)
def test_accents(written: str, north: str, south: str, accent: str) -> None:
    assert normalize(written, accent) == (north if accent == "north" else south)


DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()
ONES = {
    **{word: digit for digit, word in enumerate(DIGITS)},
    "mốt": 1,
    "tư": 4,
    "lăm": 5,
}


def read_back(spoken: str) -> int:
    """Turn words into the number they mean, knowing nothing of how they were made."""
    total = group = ones = 0
    for word in spoken.replace("ngàn", "nghìn").split():
        if word in ONES:
            ones = ONES[word]
        elif word == "trăm":
            group, ones = ones * 100, 0
        elif word == "mươi":
            group, ones = group + ones * 10, 0
        elif word == "mười":
            group, ones = group + 10, 0
        elif word in ("nghìn", "triệu"):
            total += (group + ones) * {"nghìn": 10**3, "triệu": 10**6}[word]
            group = ones = 0
        elif word == "tỷ":
            total, group, ones = (total + group + ones) * 10**9, 0, 0
        else:
            assert word in ("linh", "lẻ")
    return total + group + ones


@given(st.integers(0, 10**15), st.sampled_from(["north", "central", "south"]))
def test_every_cardinal_reads_back(number: int, accent: str) -> None:
    assert read_back(cardinal(number, accent)) == number  # type: ignore[arg-type]


def test_small_cardinals_read_back() -> None:
    assert [read_back(cardinal(number)) for number in range(20_000)] == list(range(20_000))


@given(st.integers(1000, 10**15 - 1), st.sampled_from([".", " ", "\u00a0", ""]))
def test_grouping_does_not_change_a_number(number: int, separator: str) -> None:
    written = f"{number:,}".replace(",", separator)
    assert normalize(written) == cardinal(number)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("12 000 người", "mười hai nghìn người"),
        ("12\u202f000 người", "mười hai nghìn người"),
        ("1.000.000 đồng", "một triệu đồng"),
        ("1.000.005", "một triệu không trăm linh năm"),
        ("1.234.567.890", CARDINALS[1_234_567_890]),
        ("1,234,567", "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy"),
        ("1500000 người", "một triệu năm trăm nghìn người"),
        # One comma is a decimal in Vietnamese, whatever follows.
        ("1,234", "một phẩy hai ba bốn"),
        ("3,5", "ba phẩy năm"),
        ("0,05", "không phẩy không năm"),
        ("3.14", "ba chấm mười bốn"),
        ("0.123", "không chấm một hai ba"),
        ("1,25", "một phẩy hai mươi lăm"),
        ("1.234,56", "một nghìn hai trăm ba mươi tư phẩy năm mươi sáu"),
        ("1,234.56", "một nghìn hai trăm ba mươi tư chấm năm mươi sáu"),
        ("12 000,5", "mười hai nghìn phẩy năm"),
        # A list of numbers is no grouping.
        ("15 100 1000", "mười lăm một trăm một nghìn"),
        ("năm 2005 120 người", "năm hai nghìn không trăm linh năm một trăm hai mươi người"),
        ("1, 2, 3", "một, hai, ba"),
        ("3,5,7", "ba, năm, bảy"),
        # Sections, versions, addresses of machines.
        ("mục 2.5.1", "mục hai chấm năm chấm một"),
        ("192.168.1.1", "một trăm chín mươi hai chấm một trăm sáu mươi tám chấm một chấm một"),
        ("1.000.00", "một chấm không không không chấm không không"),
        ("007", "không không bảy"),
        ("00", "không không"),
        ("0123456", "không một hai ba bốn năm sáu"),
        ("Còn 10.", "Còn mười."),
        ("(5)", "(năm)"),
    ],
)
def test_written_numbers(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Nhiệt độ −10 độ", "Nhiệt độ âm mười độ"),
        ("Nhiệt độ -10 độ", "Nhiệt độ âm mười độ"),
        ("từ -5 đến 5", "từ âm năm đến năm"),
        ("(-3,5)", "(âm ba phẩy năm)"),
        ("−1.000.000", "âm một triệu"),
        ("COVID-19", "COVID mười chín"),
        ("Su-30", "Su-ba mươi"),
    ],
)
def test_minus(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("024.3825.4321", "không hai bốn, ba tám hai năm, bốn ba hai một"),
        ("0912 345 678", "không chín một hai, ba bốn năm, sáu bảy tám"),
        ("0912-345-678", "không chín một hai, ba bốn năm, sáu bảy tám"),
        ("0912345678", "không chín một hai ba bốn năm sáu bảy tám"),
    ],
)
def test_digits_in_groups_are_no_quantities(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("a1b2", "a một b hai"),
        ("iPhone15", "iPhone mười lăm"),
        ("B52", "bê năm mươi hai"),
        ("5G", "năm gờ"),
        ("1A", "một a"),
        ("VTV3", "vê tê vê ba"),
        ("H5N1", "hát năm en một"),
        ("8h75", "tám h bảy mươi lăm"),
        ("thứ2và3", "thứ hai và ba"),
    ],
)
def test_letters_next_to_digits_are_kept_and_stand_apart(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


def test_digits_of_other_scripts() -> None:
    assert normalize("có ٣ và ３") == "có ba và ba"


def test_python_refuses_to_convert_so_many_digits_but_we_say_them() -> None:
    assert normalize("7" * 5000) == " ".join(["bảy"] * 5000)
    assert normalize("0," + "7" * 5000).endswith("bảy bảy")


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("900K", "chín trăm nghìn"),
        ("4K", "bốn ca"),
        ("vàng 18K", "vàng mười tám ca"),
        ("4,5M lượt xem", "bốn phẩy năm triệu lượt xem"),
        ("đoạn 12M", "đoạn mười hai em"),
        ("$2.7B", "hai chấm bảy tỷ đô la"),
        ("12M USD", "mười hai triệu đô la Mỹ"),
        ("giá 500 tr", "giá năm trăm triệu"),
        ("sách 200 tr", "sách hai trăm tr"),
        ("làng nộp 20,25$", "làng nộp hai mươi phẩy hai mươi lăm đồng"),
        ("gói 20,25$", "gói hai mươi phẩy hai mươi lăm đô la"),
        ("vé 3$50", "vé ba đồng năm mươi"),
        ("ISO 9001:2015", "i ét o chín nghìn không trăm linh một, hai nghìn không trăm mười lăm"),
        ("DDR4-3200", "đê đê rờ bốn ba nghìn hai trăm"),
        ("Boeing 737-800", "Boeing bảy trăm ba mươi bảy tám trăm"),
        ("42-NQ/TW", "bốn mươi hai en quy trên trung ương"),
        ("đường ĐT741", "đường tỉnh bảy trăm bốn mươi mốt"),
        ("P12, Q3", "phường mười hai, quận ba"),
        ("NaCl", "en a xê lờ"),
        ("SO₄²⁻", "ét o bốn hai trừ"),
        ("Ca(OH)2", "xê a o hát hai"),
        ("YouTube", "YouTube"),
        ("x² − 4", "x bình phương trừ bốn"),
        ("A ∩ B", "A giao bê"),
        ("góc α", "góc anpha"),
        ("λόγος", "λόγος"),
        ("3.10⁸ m/s", "ba nhân mười mũ tám mét trên giây"),
        ("1½ bát", "một và một phần hai bát"),
        ("a -> b", "a – bê"),
        ("2H2 + O2 → 2H2O", "hai hát hai cộng o hai tạo thành hai hát hai o"),
        ("x → 0", "ích tiến tới không"),
        ("chia 50/50", "chia năm mươi năm mươi"),
        ("Mega 6/45", "Mega sáu trên bốn mươi lăm"),
    ],
)
def test_numbers_with_signs_and_letters(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
