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


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("thắng 3-0 (25/14, 25/20, 26/24)", "thắng ba không (hai mươi lăm mười bốn, hai mươi lăm "
         "hai mươi, hai mươi sáu hai mươi tư)"),
        ("thua 6/4, 7/5", "thua sáu bốn, bảy năm"),
        ("tỷ số 7-6 (7/2)", "tỷ số bảy sáu (bảy hai)"),
        # No set ends so, and no set is told of.
        ("tỷ lệ thắng là 1/6, 5/6", "tỷ lệ thắng là một phần sáu, năm phần sáu"),
        ("nghỉ ngày 6/4, 7/5", "nghỉ ngày sáu tháng tư, ngày bảy tháng năm"),
        ("thua 0-3 (0-2)", "thua không ba (không hai)"),
        ("mùa 2019/20", "mùa hai nghìn không trăm mười chín hai mươi"),
    ],
)  # fmt: skip
def test_sets_and_seasons(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize("text", ["88 - 60 - 90", "vòng 88 – 60 – 90 (cm)", "01 - 12 - 25 - 33"])
def test_three_numbers_in_a_row_are_a_list(text: str) -> None:
    assert not {"range", "score"} & {reading.rule for reading in explain(text)}
