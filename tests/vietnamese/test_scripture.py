"""Verses of the Bible, opus numbers, chords."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Ga 3,16", "Gioan chương ba câu mười sáu"),
        ("Mt 5:3-12", "Mátthêu chương năm câu ba đến mười hai"),
        ("Lc 1,5.8-10", "Luca chương một câu năm và tám đến mười"),
        ("1 Cr 13", "thư thứ nhất Côrintô chương mười ba"),
        ("2 Sm 7", "Samuen quyển thứ hai chương bảy"),
        ("Ep 2:1 – 3:4", "Êphêsô chương hai câu một đến chương ba câu bốn"),
        ("(Tv 23)", "(Thánh vịnh hai mươi ba)"),
        ("Tv 23,4", "Thánh vịnh hai mươi ba câu bốn"),
        ("Giăng 3:16", "Giăng chương ba câu mười sáu"),
        ("Thi thiên 23:1", "Thi thiên hai mươi ba câu một"),
        ("lúc 3:16", "lúc ba giờ mười sáu phút"),
        ("Ga 12 nằm ở cuối phố", "Ga mười hai nằm ở cuối phố"),
        ("Dt 1,2 ha", "Dt một phẩy hai héc ta"),
    ],
)
def test_verses(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Op. 67, No. 5", "opus sáu mươi bảy, số năm"),
        ("C#m", "đô thăng thứ"),
        ("B♭7", "si giáng bảy"),
        ("hợp âm C# và G#m7", "hợp âm đô thăng và son thăng thứ bảy"),
        ("lập trình C#", "lập trình xê sáp"),
    ],
)
def test_music(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
