"""What the user taught goes before the rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.model import Teaching
from audiobook.vietnamese import Lexicon, explain, normalize


def said(text: str, *teachings: Teaching) -> str:
    return normalize(text, lexicon=Lexicon(teachings))


@pytest.mark.parametrize(
    ("text", "teaching", "expected"),
    [
        ("Hãng XYZ.", Teaching("XYZ", "ích dét"), "Hãng ích dét."),
        ("Hãng xyz.", Teaching("XYZ", "ích dét"), "Hãng ích dét."),
        ("Hãng xyz.", Teaching("XYZ", "ích dét", case=True), "Hãng xyz."),
        ("Xyzabc, xyz!", Teaching("xyz", "dét"), "Xyzabc, dét!"),
        ("Xyzabc, xyz!", Teaching("xyz", "dét", part=True), "dét abc, dét!"),
        ("Bà Lò Thị Mai", Teaching("lò thị", "lò tị"), "Bà lò tị Mai"),
        ("Bà Lò  Thị\u00a0Mai", Teaching("Lò Thị Mai", "cô Mai"), "Bà cô Mai"),
        ("Xã Hoà Xá", Teaching("Hòa Xá", "hoa xá"), "Xã hoa xá"),
        ("Xe A4 và A5", Teaching("A4", "a tư"), "Xe a tư và a năm"),
        ("Đi 5 km nữa", Teaching("km", "cây số"), "Đi năm cây số nữa"),
        ("Vở kịch “Tôi & anh”", Teaching("Tôi & anh", "tôi với anh"), "Vở kịch “tôi với anh”"),
        ("C++ 20", Teaching("C++", "xi cộng cộng"), "xi cộng cộng hai mươi"),
        ("Ngày 2/9", Teaching("2/9", "Quốc khánh"), "Ngày Quốc khánh"),
    ],
)
def test_words_and_phrases(text: str, teaching: Teaching, expected: str) -> None:
    assert said(text, teaching) == expected


def test_the_longest_and_the_latest_win() -> None:
    teachings = (
        Teaching("Paris", "pa ri"),
        Teaching("Paris Hilton", "cô Hin tơn"),
        Teaching("Paris", "ba lê"),
        Teaching("paris", "thường", case=True),
    )
    assert said("Paris, Paris Hilton, paris", *teachings) == "ba lê, cô Hin tơn, thường"


def test_explained_as_the_lexicon() -> None:
    (number, taught) = explain("Có 3 ESA.", lexicon=Lexicon([Teaching("ESA", "cơ quan vũ trụ")]))
    assert (number.rule, number.spoken) == ("number", "ba")
    assert (taught.start, taught.end, taught.written) == (5, 8, "ESA")
    assert (taught.spoken, taught.rule) == ("cơ quan vũ trụ", "lexicon")


def test_respelling_leaves_it_alone() -> None:
    lexicon = Lexicon([Teaching("Thomas", "Thô-mát")])
    assert normalize("Thomas Reiter", respell=True, lexicon=lexicon) == "Thô-mát rai tơ"


def test_nothing_taught_changes_nothing() -> None:
    assert not Lexicon()
    assert Lexicon().find("Ông Thomas.") == []


LETTERS = "aăâ1. -ÀÁbB"
WRITTEN = st.text(LETTERS, min_size=1).map(str.strip).filter(bool)
TEACHINGS = st.builds(Teaching, WRITTEN, st.just("ô"), st.booleans(), st.booleans())


@given(
    st.lists(st.builds(Teaching, WRITTEN, st.just("ô"), st.booleans(), st.booleans())),
    st.text("aăâ1. -ÀÁbB"),
)
def test_finds_in_order_without_overlap(teachings: list[Teaching], text: str) -> None:
    end = 0
    for taught in Lexicon(teachings).find(text):
        assert end <= taught.start < taught.end <= len(text)
        end = taught.end
