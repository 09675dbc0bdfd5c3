"""Marks of notes are silent, and what only looks like them is not."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("bến Mơ[3], nay", "bến Mơ, nay"),
        ("bến Mơ [27].", "bến Mơ ."),
        ("về.[12] Rồi", "về. Rồi"),
        ("năm 1945[2] ấy", "năm một nghìn chín trăm bốn mươi lăm ấy"),
        ("chữ này(*) có", "chữ này có"),
        ("chữ này(**) có", "chữ này có"),
        ("ông mất.*", "ông mất."),
        ("ông mất†", "ông mất"),
        ("“Về đi!”¹", "“Về đi!”"),
        ("a[3]", "a[ba]"),
        ("khách sạn 5* ở biển", "khách sạn năm sao ở biển"),
        ("trang 5* ở dưới", "trang năm* ở dưới"),
        ("[5] ngày", "[năm] ngày"),
    ],
)
def test_marks(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
