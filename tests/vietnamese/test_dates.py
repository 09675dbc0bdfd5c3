"""Dates: days, months and years in digits."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize

Y2026 = "năm hai nghìn không trăm hai mươi sáu"
Y2024 = "năm hai nghìn không trăm hai mươi tư"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("22/11/2026", f"ngày hai mươi hai tháng mười một {Y2026}"),
        ("Ngày 22/11/2026.", f"Ngày hai mươi hai tháng mười một {Y2026}."),
        ("ngày 2-9-1945", "ngày hai tháng chín năm một nghìn chín trăm bốn mươi lăm"),
        ("01.02.2024", f"ngày một tháng hai {Y2024}"),
        ("2024-11-05", f"ngày năm tháng mười một {Y2024}"),
        ("29/2/2024", f"ngày hai mươi chín tháng hai {Y2024}"),
        ("mùng 1/4/2024", f"mùng một tháng tư {Y2024}"),
        ("2024/11/05", f"ngày năm tháng mười một {Y2024}"),
        ("03.11.24", f"ngày ba tháng mười một {Y2024}"),
        ("ngày 3-5-68", "ngày ba tháng năm năm sáu mươi tám"),
        ("(22/11/2026)", f"(ngày hai mươi hai tháng mười một {Y2026})"),
    ],
)
def test_whole_dates(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("ngày 8.3", "ngày tám tháng ba"),
        ("ngày 20-11", "ngày hai mươi tháng mười một"),
        ("sáng 14/10", "sáng mười bốn tháng mười"),
        ("hôm nay (30/4)", "hôm nay (ngày ba mươi tháng tư)"),
        ("mồng 2/1", "mồng hai tháng một"),
        ("hôm 9/3", "hôm chín tháng ba"),
        ("đêm 30-4", "đêm ba mươi tháng tư"),
        ("sáng 14 - 2", "sáng mười bốn tháng hai"),
        ("hôm nay (7-8)", "hôm nay (ngày bảy tháng tám)"),
        ("sáng nay 12-5 họ đi", "sáng nay ngày mười hai tháng năm họ đi"),
        ("từ 15-3 đến 20-4", "từ ngày mười lăm tháng ba đến ngày hai mươi tháng tư"),
        ("Từ 1-7, vé tăng", "Từ ngày một tháng bảy, vé tăng"),
        ("đến 1/7 tới", "đến ngày một tháng bảy tới"),
        ("ngày 28, 29-3", "ngày hai mươi tám, hai mươi chín tháng ba"),
        ("19h 5/3", "mười chín giờ ngày năm tháng ba"),
        ("phiên cuối tuần (9-5)", "phiên cuối tuần (ngày chín tháng năm)"),
        ("thắng trận cuối tuần (3-1)", "thắng trận cuối tuần (ba một)"),
        ("dịp 30.4 và 1.5", "dịp ba mươi tháng tư và ngày một tháng năm"),
        ("nghỉ 2.5 và 3.5 ngày", "nghỉ hai chấm năm và ba chấm năm ngày"),
        ("nhà máy 8-3", "nhà máy tám tháng ba"),
        ("nhà máy 1-5 tầng", "nhà máy một đến năm tầng"),
        ("nhà máy 4-7", "nhà máy bốn đến bảy"),
    ],
)
def test_day_and_month(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("tháng 4", "tháng tư"),
        ("Tháng 4 năm ấy", "Tháng tư năm ấy"),
        ("tháng 12", "tháng mười hai"),
        ("tháng 4/2024", f"tháng tư {Y2024}"),
        ("4/2024", f"tháng tư {Y2024}"),
        ("tháng 4-2024", f"tháng tư {Y2024}"),
        ("quý 4/2024", f"quý bốn {Y2024}"),
        ("tháng 4.2024", f"tháng tư {Y2024}"),
        ("tháng 3-4/2024", f"tháng ba đến tháng tư {Y2024}"),
        ("quý 3-4", "quý ba đến quý bốn"),
        ("quý I-II/2024", f"quý một đến quý hai {Y2024}"),
        ("Q3/2024", f"quý ba {Y2024}"),
        ("T4/2024", f"tháng tư {Y2024}"),
        ("6T/2024", f"sáu tháng đầu {Y2024}"),
        ("lãi Q3 tăng", "lãi quý ba tăng"),
        ("30 tháng 4 năm 1975", "ba mươi tháng tư năm một nghìn chín trăm bảy mươi lăm"),
    ],
)
def test_months(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("12-15/3/2024", f"ngày mười hai đến ngày mười lăm tháng ba {Y2024}"),
        ("ngày 12–15/3", "ngày mười hai đến ngày mười lăm tháng ba"),
        ("ngày 12-15.3", "ngày mười hai đến ngày mười lăm tháng ba"),
        ("từ 28/2-3/3", "từ ngày hai mươi tám tháng hai đến ngày ba tháng ba"),
        (
            "12/3/2024 - 15/4/2024",
            f"ngày mười hai tháng ba {Y2024} đến ngày mười lăm tháng tư {Y2024}",
        ),
    ],
)
def test_ranges_of_days(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("31/2/2024", "ba mươi mốt trên hai trên hai nghìn không trăm hai mươi tư"),
        ("2024-02-30", "hai nghìn không trăm hai mươi tư-không hai-ba mươi"),
        ("tháng 13", "tháng mười ba"),
        ("13/2024", "mười ba trên hai nghìn không trăm hai mươi tư"),
        # The number of a decision, with its own year.
        ("số 12/2024", "số mười hai trên hai nghìn không trăm hai mươi tư"),
        (
            "12/2024/QĐ-UBND",
            "mười hai trên hai nghìn không trăm hai mươi tư trên quy đê ủy ban nhân dân",
        ),
        ("số 2-1990", "số hai năm một nghìn chín trăm chín mươi"),
        ("1.10.24", "một chấm mười chấm hai mươi tư"),
        ("tỷ số từ 2-1 lên 3-1", "tỷ số từ hai một lên ba một"),
        ("lớp 6/4", "lớp sáu trên bốn"),
        ("1/3-1/2 số hộ", "một phần ba đến một phần hai số hộ"),
        ("mở 24/7", "mở hai mươi tư trên bảy"),
        ("xong 12/7 km", "xong mười hai trên bảy ki lô mét"),
        ("tăng từ 1/4 lên 1/3 số hộ", "tăng từ một phần tư lên một phần ba số hộ"),
        ("tỷ lệ 1/2000", "tỷ lệ một trên hai nghìn"),
        ("1/1000 giây", "một phần một nghìn giây"),
        ("tỷ giá 1.1200", "tỷ giá một chấm một hai không không"),
        # How much in a day or a month.
        ("kéo dài 4-6 ngày", "kéo dài bốn đến sáu ngày"),
        ("uống ngày 2-3 lần", "uống ngày hai đến ba lần"),
        ("mỗi ngày 2-3 cốc", "mỗi ngày hai đến ba cốc"),
        ("hôm nay 5-7 người", "hôm nay năm đến bảy người"),
        ("các ngày 4-6 tháng 5", "các ngày bốn đến sáu tháng năm"),
        ("mỗi tháng 4 triệu", "mỗi tháng bốn triệu"),
        ("một tháng 4 lần", "một tháng bốn lần"),
        ("lương tháng 4,5 triệu", "lương tháng bốn phẩy năm triệu"),
        ("lương tháng 10.000 đồng", "lương tháng mười nghìn đồng"),
        ("ngày 1.000 người đến", "ngày một nghìn người đến"),
        ("Có tới 4/5 học sinh", "Có tới bốn phần năm học sinh"),
    ],
)
def test_what_only_looks_like_a_date(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
