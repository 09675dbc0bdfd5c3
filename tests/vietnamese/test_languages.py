"""Sentences in other languages than Vietnamese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese import foreign_language


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "To be or not to be, that is the question."),
        ("en", "He can do no harm to me."),
        ("en", "The Nguyen family lives in Ha Noi."),
        ("fr", "Je ne sais pas où il est allé."),
        ("fr", "C’est la vie, mon ami."),
        ("fr", "Vous êtes très gentil."),
        ("de", "Ich weiß nicht, was soll es bedeuten."),
        ("es", "No me gusta este libro, pero es muy bueno."),
        ("la", "Pater noster, qui es in caelis."),
        ("ru", "Я вас любил."),
        ("zh", "天行健，君子以自強不息。"),
        ("ja", "私は日本人です。"),
        ("und", "Liberté, égalité, fraternité!"),
    ],
)
def test_foreign_sentences(language: str, sentence: str) -> None:
    assert foreign_language(sentence) == language


@pytest.mark.parametrize(
    "sentence",
    [
        "Ông Thomas Reiter bay lên trạm Mir.",
        "Barack Obama gặp Donald Trump.",
        "Cô ấy bảo: “I love you” rồi đi.",
        "Anh nghe album Thriller của Michael Jackson.",
        "Toi khong biet noi gi ca.",
        "Em to, anh no.",
        "Nguyen Van A, Tran Thi B.",
        "NATO, WHO, UNESCO.",
        "Messi, Ronaldo, Neymar.",
        "Ha ha ha!",
        "3,14",
        "",
    ],
)
def test_vietnamese_sentences(sentence: str) -> None:
    assert foreign_language(sentence) == ""


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert foreign_language(text) in {
        *("", "und", "en", "fr", "de", "es", "it", "pt", "la"),
        *("ru", "el", "ko", "ja", "zh", "th", "lo", "km", "ar", "he", "hi"),
    }
