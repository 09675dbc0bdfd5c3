"""Scores by the names and verbs around them; ranges elsewhere."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import explain, normalize


@pytest.mark.parametrize(
    "text",
    [
        "Đội Huế 1-2 Vinh",
        "Chelsea 0-3 Liverpool",
        "MU 1-2 Chelsea",
        "thua đậm 0-5 ngay trên sân nhà",
        "bị cầm hòa 1-1",
        "tỷ số các set là 4-6, 3-6",
        "chủ nhà gỡ hòa 2-2 ở phút cuối",
        "đội nhà thất bại 1-2 trước Lào",
    ],
)
def test_scores(text: str) -> None:
    assert "score" in [reading.rule for reading in explain(text)]


@pytest.mark.parametrize(
    "text",
    [
        "thua 5-7 triệu",
        "từ 2-3 người",
        "nhà số 2-4",
        "trang 12-15",
        "thắng trong 2-3 ngày",
        "Khoảng 2-3 Bộ",
        "lớp 1-5",
    ],
)
def test_ranges(text: str) -> None:
    assert [reading.rule for reading in explain(text)] == ["range"]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("tỷ số 6:4", "tỷ số sáu bốn"),
        ("tỷ lệ 6:4", "tỷ lệ sáu trên bốn"),
        ("tỷ số 2:10", "tỷ số hai mười"),
        ("lúc 2:10", "lúc hai giờ mười phút"),
    ],
)
def test_colons(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
