"""Chat spellings: read where a line is chat, left alone elsewhere."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import explain, normalize
from audiobook.vietnamese.table import load_table


@pytest.mark.parametrize(("written", "said", "where"), [row[:3] for row in load_table("chat.tsv")])
def test_every_spelling_is_read_in_chat(written: str, said: str, where: str) -> None:
    assert where in ("always", "chat")
    readings = [row[1] for row in load_table("chat.tsv") if row[0] == written]
    spoken = normalize(f"ko ngờ lại {written} nhé, đc")
    assert spoken in [f"không ngờ lại {reading} nhé, được" for reading in readings]
    assert said in readings


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Mai đi đc k?", "Mai đi được không?"),
        ("K biết nữa.", "Không biết nữa."),
        ("Ck tiền cho shop nhé", "Chuyển khoản tiền cho shop nhé"),
        ("Ck mình về chưa?", "Chồng mình về chưa?"),
        ("Quên mk đăng nhập rồi", "Quên mật khẩu đăng nhập rồi"),
        ("E rằng ko kịp", "E rằng không kịp"),
        ("E chào a ạ, ko thấy ai", "E chào anh ạ, không thấy ai"),
    ],
)
def test_in_context(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    "written",
    [
        "Đôi bít tất và con bò thui.",
        "Chữ k và chữ g.",
        "Học vần “ng” và “ngh” nhé.",
        "Với k là hằng số bất kỳ nhé.",
        "The k of it",
        "Ng im lặng.",
    ],
)
def test_elsewhere_they_are_left(written: str) -> None:
    assert not [reading for reading in explain(written) if reading.rule == "chat"]
