"""Thirty traps that other normalizers fall into, each with words of its own."""

from __future__ import annotations

import unicodedata

import pytest

from audiobook.vietnamese import normalize, split_sentences


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        # Few marks do not make it English.
        ("Nam mua 2 con tem, 6 cái can.", "Nam mua hai con tem, sáu cái can."),
        ("Vua Minh Mạng (1791–1841)", "Vua Minh Mạng (một nghìn bảy trăm chín mươi mốt đến "
         "một nghìn tám trăm bốn mươi mốt)"),
        # Not every pair of numbers is a date.
        ("mưa suốt 5-7 ngày", "mưa suốt năm đến bảy ngày"),
        ("Có tới 2/3 nhân viên", "Có tới hai phần ba nhân viên"),
        ("Rót 1/4 cốc", "Rót một phần tư cốc"),
        # Signs between.
        ("22.000đ/con vịt", "hai mươi hai nghìn đồng một con vịt"),
        ("40%–45%", "bốn mươi phần trăm đến bốn mươi lăm phần trăm"),
        ("Trời −3 độ, kho -18 độ", "Trời âm ba độ, kho âm mười tám độ"),
        ("Hơn 2700000 dân", "Hơn hai triệu bảy trăm nghìn dân"),
        ("Ý hạ Pháp 4-1", "Ý hạ Pháp bốn một"),
        ("Gọi 115", "Gọi một một năm"),
        ("028.3930.1234", "không hai tám, ba chín ba không, một hai ba bốn"),
        ("6:45 – 15:30", "sáu giờ bốn mươi lăm phút đến mười lăm giờ ba mươi phút"),
        ("từ 7h-9h", "từ bảy giờ đến chín giờ"),
        ("80-120mm", "tám mươi đến một trăm hai mươi mi li mét"),
        ("15 : 5 = 3", "mười lăm chia năm bằng ba"),
        # Words that numbers turn into.
        ("tháng 4", "tháng tư"),
        ("Ngày 20.11", "Ngày hai mươi tháng mười một"),
        ("năm 111 TCN", "năm một trăm mười một trước Công nguyên"),
        ("Gioan XXIII", "Gioan hai mươi ba"),
        ("ban III", "ban ba"),
        ("US$250", "hai trăm năm mươi đô la Mỹ"),
        ("TP. Huế", "thành phố Huế"),
        ("TX. Phú Mỹ", "thị xã Phú Mỹ"),
        ("Ths. Mai và Bs Tú", "thạc sĩ Mai và bác sĩ Tú"),
        ("250 người/km2", "hai trăm năm mươi người trên ki lô mét vuông"),
        ("720p", "bảy trăm hai mươi pê"),
        ("BTC lao dốc, mất giá", "bê tê xê lao dốc, mất giá"),
        ("tỷ giá 1.0850", "tỷ giá một chấm không tám năm không"),
        # Names and headings.
        ("Sa Đéc, Sa Pa", "Sa Đéc, Sa Pa"),
        ("ANH VÀ EM TRONG MƯA", "ANH VÀ EM TRONG MƯA"),
        ("4² là bình phương", "bốn bình phương là bình phương"),
        ("Ông Long lắc đầu, bà Sim cười", "Ông Long lắc đầu, bà Sim cười"),
        ("2031", "hai nghìn không trăm ba mươi mốt"),
        ("1016", "một nghìn không trăm mười sáu"),
        ("8.200.000", "tám triệu hai trăm nghìn"),
        ("4,5%", "bốn phẩy năm phần trăm"),
        ("05/2024/QĐ-UBND", "không năm trên hai nghìn không trăm hai mươi tư trên quy đê ủy ban "
         "nhân dân"),
        ("tr. 27", "trang hai mươi bảy"),
        ("14\u00a0000 hộ", "mười bốn nghìn hộ"),
    ],
)  # fmt: skip
def test_what_others_misread(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
    assert normalize(unicodedata.normalize("NFD", written)) == spoken


def test_titles_do_not_end_sentences() -> None:
    assert split_sentences("Sáng nay PGS.TS. Lê Bình ghé thăm. Ông vui.") == [
        "Sáng nay PGS.TS. Lê Bình ghé thăm.",
        "Ông vui.",
    ]


def test_a_long_text_without_an_end() -> None:
    text = "một hai ba " * 3_500
    assert normalize(text) == text
    assert "".join(split_sentences(text)) == text.strip()
