"""Emoji are silent: what is said, and how, is that of the text without them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.config import load_voice
from audiobook.model import Cast, Chapter, Document, Meta, Paragraph, Sound
from audiobook.stages.record import record
from audiobook.stages.script import write_passages
from audiobook.stages.tidy import tidy
from audiobook.vietnamese import Lexicon

EMOJI = [
    *(
        "😀",
        "❤️",
        "❤",
        "👍🏿",
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇻🇳",
        "#️⃣",
        "🏴\U000e0067\U000e0062\U000e007f",
    ),
    *("☺", "✈️", "➡️", "♀️", "🤷🏽‍♀️", "🫠", "⭐", "✔️", "☎", "🀄", "👨🏻‍🦰"),
]
WORDS = ["Chúc", "mừng", "em", "nhé.", "“Vui", "quá!”", "–", "3,5%", "đi", "(ạ)"]
VOICE = load_voice("tone")


def tidied(*texts: str, keep: tuple[str, ...] = ()) -> Document:
    return tidy(Document(meta=Meta(), chapters=(Chapter("", tuple(map(Paragraph, texts))),)), keep)


def texts_of(document: Document) -> list[str]:
    return [row.text for chapter in document.chapters for row in chapter.paragraphs]


def sound_of(document: Document) -> list[bytes]:
    cast = Cast(VOICE)
    passages = write_passages(document.chapters[0], 0, cast, lambda _: None, Lexicon())
    return [record(passage, cast, Sound(rate=VOICE.rate)).sound for passage in passages]


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.lists(st.sampled_from(EMOJI))), min_size=1))
def test_a_text_sounds_as_it_does_without(pieces: list[tuple[str, list[str]]]) -> None:
    plain = "Xin chào, " + " ".join(word for word, _ in pieces)
    shown = "Xin chào, " + " ".join(" ".join([word, *emoji]) for word, emoji in pieces)
    assert texts_of(tidied(shown, "😀 🎉")) == texts_of(tidied(plain))


@pytest.mark.parametrize("emoji", EMOJI)
def test_the_sound_is_the_same_to_the_byte(emoji: str) -> None:
    shown = tidied(f"{emoji} Chúc mừng em {emoji}{emoji} nhé{emoji}. Vui quá {emoji}!", emoji)
    assert sound_of(shown) == sound_of(tidied("Chúc mừng em nhé. Vui quá!"))


def test_signs_of_texts_stay() -> None:
    signs = "Số 1 # 2 * 3 © 2020 ® ™ → ← ⇒ ↔ ➡ ♦ ♀ ★ ☆ ✓ 5 °C № ‼"
    assert texts_of(tidied(signs)) == [signs]


def test_they_are_listed_and_can_be_kept() -> None:
    (change,) = tidied("Chúc mừng em 😀 nhé.").changes
    assert (change.name, change.count) == ("emoji", 1)
    assert change.left_out[0].text == "😀"
    assert texts_of(tidied("Vui 😀 quá.", keep=("emoji",))) == ["Vui 😀 quá."]


def test_a_number_on_a_key_is_read() -> None:
    assert texts_of(tidied("Bước 1️⃣ và 2️⃣ xong.")) == ["Bước 1 và 2 xong."]


@pytest.mark.parametrize("face", [":)", ":-D", "=))", "^^", ";)", "(｡◕‿‿◕｡)"])
def test_faces_of_signs_are_silent(face: str) -> None:
    assert texts_of(tidied(f"Vui quá {face} em {face}. Thôi nhé! {face}")) == [
        "Vui quá em. Thôi nhé!"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Gồm có (xem dưới:) hai điều.",
        "Nếu a <3 thì b = (c).",
        "Tỉ số 2:3, ^ là mũ.",
        "(1) và :(2)",
        "Quẻ Ly (— =), hào Âm ở giữa.",
    ],
)
def test_signs_that_are_no_faces_stay(text: str) -> None:
    assert texts_of(tidied(text)) == [text]
