"""Formulas in TeX become words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook.vietnamese import normalize
from audiobook.vietnamese.rules.formulas import say_tex


@pytest.mark.parametrize(
    ("tex", "spoken"),
    [
        ("a^2 = 4", "a bình phương bằng bốn"),
        (r"x^3 - 2x + 1 > 0", "ích lập phương trừ hai x cộng một lớn hơn không"),
        (r"\frac{a}{b}", "a trên b"),
        (r"\dfrac{-1}{2}", "âm một trên hai"),
        (r"\sqrt{3}", "căn ba"),
        (r"\sqrt[3]{8}", "căn bậc ba của tám"),
        (r"x_1 \cdot x_{2}", "x một nhân x hai"),
        (r"2^{-n}", "hai mũ âm n"),
        (r"90^\circ", "chín mươi độ"),
        (r"\sum_{i=1}^{n} a_i", "tổng từ i bằng một đến en của a i"),
        (r"\lim_{x \to 0} f(x)", "giới hạn khi x tiến tới không của f x"),
        (r"\int_0^1 x\,dx", "tích phân từ không đến một của x d x"),
        (r"x \in \mathbb{R}", "x thuộc R"),
        (r"\overline{z} \ne \vec{u}", "z khác véc tơ u"),
        (r"\text{nếu } x \le 1", "nếu x nhỏ hơn hoặc bằng một"),
        (r"\binom{n}{k}", "tổ hợp chập k của n"),
        (r"y' = 0", "y phẩy bằng không"),
        (r"\left( a + b \right)^2", "a cộng b bình phương"),
    ],
)
def test_formulas_are_said(tex: str, spoken: str) -> None:
    # Letters that the formula leaves are said by their names afterwards.
    wanted = f"Ta có {spoken} ạ."
    assert normalize(f"Ta có {say_tex(tex)} ạ.") in (wanted, normalize(wanted))


@pytest.mark.parametrize("tex", ["{" * 50 + "x", "x" * 3_000, r"\frac" * 60 + "1"])
def test_what_nobody_could_follow_is_refused(tex: str) -> None:
    assert say_tex(tex) == ""


@given(st.text("ab1^_{}\\frac sqrt[]+-=$&%'()\n", max_size=80))
@settings(max_examples=200, deadline=None)
def test_anything_is_read_without_signs(tex: str) -> None:
    spoken = say_tex(tex)
    assert spoken == " ".join(spoken.split())
    assert not set(spoken) & set("{}^$")
