"""One spelling for each letter."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese import clean_letters, is_speakable
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.table import load_table

SENTENCE = "Nguyễn Thị Mưa đứng đợi người về giữa đường phố cũ."
ANYTHING = st.text(st.characters())  # surrogates too


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        (unicodedata.normalize("NFD", SENTENCE), SENTENCE),
        (SENTENCE, SENTENCE),
        ("10\u00a0000\u202fđồng", "10 000 đồng"),
        ("một  hai\tba \u3000 bốn", "một hai ba bốn"),
        ("  một  ", "một"),
        ("đư\u200bờng\u200d \u2060về\ufeff", "đường về"),
        ("\ufeffMở đầu", "Mở đầu"),
        ("thuyền\u00ad bè", "thuyền bè"),
        ("một\r\nhai\rba\u2028bốn\x0cnăm", "một\nhai\nba\nbốn\nnăm"),
        ("một \r\n hai\n\n\nba", "một\nhai\n\n\nba"),
        ("một\x00 h\x07ai", "một hai"),
        ("một\ud800 hai\udfff", "một hai"),
        ("\u202emột\u202c", "một"),
        ("vui ❤\ufe0f quá", "vui ❤ quá"),
        ("ﬁ Ａ ²", "fi A ²"),
        ("Ｎăm ２０２６", "Năm 2026"),
        ("Ðà Nẵng, Ðồng Ɖăng, ðò", "Đà Nẵng, Đồng Đăng, đò"),
        ("chương Ⅳ, H₂O, 𝐭𝐢𝐧 𝟐𝟎", "chương IV, H2O, tin 20"),
        ("٣ và ३", "3 và 3"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_clean_letters(written: str, clean: str) -> None:
    assert clean_letters(written) == clean


def test_marks_set_apart_by_a_hidden_character_are_joined() -> None:
    assert clean_letters("e\u200b\u0302\u0301") == "ế"


@given(ANYTHING)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    clean = clean_letters(text)
    assert clean_letters(clean) == clean
    clean.encode("utf-8")


@given(ANYTHING)
def test_line_ends_are_kept(text: str) -> None:
    assert clean_letters(f"một\n{text}\nhai").count("\n") >= 2


@pytest.mark.parametrize(
    ("text", "speakable"),
    [("ờ", True), ("…5!", True), ("", False), ("* * *", False), ("“…”?!", False), ("😀", False)],
)
def test_is_speakable(text: str, speakable: bool) -> None:
    assert is_speakable(text) is speakable


def test_spell() -> None:
    assert spell("ESA") == "e ét a"
    assert spell("đw&z") == "đê vê kép dét"
    assert all(is_speakable(name) for row in load_table("letters.tsv") for name in row[1:])
