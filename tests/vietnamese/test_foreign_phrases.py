"""Quotations and titles in other languages inside Vietnamese sentences."""

from __future__ import annotations

import re

import pytest
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT

from audiobook.vietnamese.foreign_phrases import foreign_phrases

LABEL = re.compile(r"⟦\w\w:([^⟧]*)⟧")


def phrases(text: str) -> list[tuple[str, str]]:
    return [(one.language, text[one.start : one.end]) for one in foreign_phrases(text)]


@pytest.mark.parametrize("name", ["kinds", "phrases"])
def test_phrases_are_found_and_names_are_left_alone(name: str) -> None:
    """Of phrases.txt the sentences were labelled before there was a rule: bench/phrases.py."""
    lines = (ROOT / f"tests/data/languages/{name}.txt").read_text("utf-8").splitlines()
    wanted, right, wrong = 0, 0, []
    for line in (one for one in lines if not one.startswith("#")):
        labelled = LABEL.findall(line)
        answers = [text for _, text in phrases(LABEL.sub(r"\1", line))]
        wanted += len(labelled)
        right += len([text for text in answers if text in labelled])
        wrong += [text for text in answers if text not in labelled]
    assert not wrong
    assert right >= 0.95 * wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Phim Gone with the Wind, rồi War of the Worlds.",
            ["Gone with the Wind", "War of the Worlds"],
        ),
        ("Ông nói “Tôi xem Gone with the Wind rồi”.", ["Gone with the Wind"]),
        ("Ông nói «Je ne sais pas» hai lần.", ["«Je ne sais pas»"]),
        ('Ông nói "We will not give up" hai lần.', ['"We will not give up"']),
        ("Phim The Catcher of the Rye.", ["The Catcher of the Rye"]),
        ("Tờ (tiếng Anh: daily paper; tiếng Pháp: journal) ấy.", ["daily paper"]),
        ("Gọi trong tiếng Anh là field hockey hay grass hockey.", ["field hockey"]),
        ("Cuốn (Angel: A Nightmare in Two Acts) ấy.", ["Angel: A Nightmare in Two Acts"]),
        ("Cuốn (năm 1900, On Liberty) ấy.", ["On Liberty"]),
        ("Album Thunder in the East hay.", ["Thunder in the East"]),
        ("Ông Smith of quê tôi.", []),
        ("Toi khong biet ai of the ai.", []),
        ("", []),
    ],
)
def test_marks_and_borders(text: str, wanted: list[str]) -> None:
    assert [phrase for _, phrase in phrases(text)] == wanted


@given(st.text(alphabet="ab“”\"«» theofwàđN'’-,"))
def test_phrases_follow_each_other(text: str) -> None:
    end = 0
    for phrase in foreign_phrases(text):
        assert end <= phrase.start < phrase.end <= len(text)
        end = phrase.end


@pytest.mark.parametrize(
    "text", ["a", "a'", "“", '"', "'a", "_a", "(", "(a, b", "tiếng Anh: ", "of the ", "Wind of "]
)
def test_the_time_grows_with_the_text(text: str) -> None:
    assert cpu_seconds(lambda: foreign_phrases(text * (200_000 // len(text)))) < 2
