"""Digit by digit: what is dialled or typed, not what is counted."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("gọi 113", "gọi một một ba"),
        ("gọi 113, 114", "gọi một một ba, một một bốn"),
        ("gọi 113 chiếc xe", "gọi một trăm mười ba chiếc xe"),
        ("gọi 160 xe", "gọi một trăm sáu mươi xe"),
        ("kêu gọi 115 người", "kêu gọi một trăm mười lăm người"),
        ("tổng đài 156", "tổng đài một năm sáu"),
        ("đầu số 8088", "đầu số tám không tám tám"),
        ("1900.xxxx", "một chín không không, ích ích ích ích"),
        ("0912 *** 678", "không chín một hai, sao sao sao, sáu bảy tám"),
        ("(024) 3936 1234", "không hai bốn, ba chín ba sáu, một hai ba bốn"),
        ("+450 đồng", "cộng bốn trăm năm mươi đồng"),
        ("+12.500.000 đồng", "cộng mười hai triệu năm trăm nghìn đồng"),
        ("(+0,3 %)", "(cộng không phẩy ba phần trăm)"),
        ("STK 19031234", "số tài khoản một chín không ba một hai ba bốn"),
        ("tài khoản: 1234 5678", "tài khoản: một hai ba bốn, năm sáu bảy tám"),
        ("tài khoản có 20000000 đồng", "tài khoản có hai mươi triệu đồng"),
        ("tài khoản 2000", "tài khoản hai nghìn"),
        ("mật khẩu là 2000", "mật khẩu là hai không không không"),
        ("1111 2222 1111 2222", ", ".join(["một một một một", "hai hai hai hai"] * 2)),
    ],
)  # fmt: skip
def test_digits_or_a_number(written: str, spoken: str) -> None:
    assert normalize(written).removeprefix(" ") == spoken
