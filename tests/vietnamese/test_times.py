"""Times of day and durations on a clock."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("8h30", "tám giờ ba mươi phút"),
        ("8h5", "tám giờ năm phút"),
        ("08:05", "tám giờ năm phút"),
        ("17h", "mười bảy giờ"),
        ("18h.", "mười tám giờ."),
        ("10g15", "mười giờ mười lăm phút"),
        ("5g chiều", "năm giờ chiều"),
        ("lúc 5g", "lúc năm giờ"),
        ("8 giờ 30", "tám giờ ba mươi phút"),
        ("8 giờ 5 phút", "tám giờ năm phút"),
        ("22:15", "hai mươi hai giờ mười lăm phút"),
        ("16:00", "mười sáu giờ"),
        ("10:00:05", "mười giờ không phút năm giây"),
        ("10:20:00", "mười giờ hai mươi phút"),
        ("24h", "hai mươi tư giờ"),
        ("48h", "bốn mươi tám giờ"),
        ("1,5h", "một phẩy năm giờ"),
        ("9:45am", "chín giờ bốn mươi lăm phút sáng"),
        ("7pm tối nay", "bảy giờ tối nay"),
        ("8am-5pm", "tám giờ sáng đến năm giờ chiều"),
        ("từ 19g đến 22g", "từ mười chín giờ đến hai mươi hai giờ"),
        ("từ 3g đến 5g muối", "từ ba gam đến năm gam muối"),
        ("19h30’ tối", "mười chín giờ ba mươi phút tối"),
        ("còn 3’ nữa", "còn ba phút nữa"),
        ("‘năm 55’", "‘năm năm mươi lăm’"),
    ],
)
def test_clock(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("7:30 – 16:00", "bảy giờ ba mươi phút đến mười sáu giờ"),
        ("từ 9h-11h", "từ chín giờ đến mười một giờ"),
        ("13h - 15h30", "mười ba giờ đến mười lăm giờ ba mươi phút"),
        ("8-10h", "tám đến mười giờ"),
        ("2,5-3 giờ", "hai phẩy năm đến ba giờ"),
    ],
)
def test_ranges(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("20g đường", "hai mươi gam đường"),
        ("5 g muối", "năm gam muối"),
        ("lúc 8h 5 người đến", "lúc tám giờ năm người đến"),
        ("tỉ lệ 1:10", "tỉ lệ một trên mười"),
        ("12:3", "mười hai trên ba"),
        ("25:30", "hai mươi lăm trên ba mươi"),
        ("1:2:30", "một:hai:ba mươi"),
    ],
)
def test_what_is_no_time(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("T2-T6", "thứ hai đến thứ sáu"),
        ("T7 & CN", "thứ bảy và chủ nhật"),
        ("T3, T5 và T7", "thứ ba, thứ năm và thứ bảy"),
        ("từ T2 đến CN", "từ thứ hai đến chủ nhật"),
        ("sáng T4", "sáng thứ tư"),
        ("nhà ga T2", "nhà ga tê hai"),
        ("nhà ga T2, T3", "nhà ga tê hai, tê ba"),
        ("xe T54", "xe tê năm mươi tư"),
    ],
)
def test_days_of_the_week(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
