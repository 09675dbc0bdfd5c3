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
        ("Hãng XYZ.", Teaching(written="XYZ", spoken="ích dét"), "Hãng ích dét."),
        ("Hãng xyz.", Teaching(written="XYZ", spoken="ích dét"), "Hãng ích dét."),
        ("Hãng xyz.", Teaching(written="XYZ", spoken="ích dét", case=True), "Hãng xyz."),
        ("Xyzabc, xyz!", Teaching(written="xyz", spoken="dét"), "Xyzabc, dét!"),
        ("Xyzabc, xyz!", Teaching(written="xyz", spoken="dét", part=True), "dét abc, dét!"),
        ("Bà Lò Thị Mai", Teaching(written="lò thị", spoken="lò tị"), "Bà lò tị Mai"),
        ("Bà Lò  Thị\u00a0Mai", Teaching(written="Lò Thị Mai", spoken="cô Mai"), "Bà cô Mai"),
        ("Xã Hoà Xá", Teaching(written="Hòa Xá", spoken="hoa xá"), "Xã hoa xá"),
        ("Xe A4 và A5", Teaching(written="A4", spoken="a tư"), "Xe a tư và a năm"),
        ("Đi 5 km nữa", Teaching(written="km", spoken="cây số"), "Đi năm cây số nữa"),
        (
            "Vở kịch “Tôi & anh”",
            Teaching(written="Tôi & anh", spoken="tôi với anh"),
            "Vở kịch “tôi với anh”",
        ),
        ("C++ 20", Teaching(written="C++", spoken="xi cộng cộng"), "xi cộng cộng hai mươi"),
        ("Ngày 2/9", Teaching(written="2/9", spoken="Quốc khánh"), "Ngày Quốc khánh"),
    ],
)
def test_words_and_phrases(text: str, teaching: Teaching, expected: str) -> None:
    assert said(text, teaching) == expected


def test_the_longest_and_the_latest_win() -> None:
    teachings = (
        Teaching(written="Paris", spoken="pa ri"),
        Teaching(written="Paris Hilton", spoken="cô Hin tơn"),
        Teaching(written="Paris", spoken="ba lê"),
        Teaching(written="paris", spoken="thường", case=True),
    )
    assert said("Paris, Paris Hilton, paris", *teachings) == "ba lê, cô Hin tơn, thường"


def test_explained_as_the_lexicon() -> None:
    (number, taught) = explain(
        "Có 3 ESA.", lexicon=Lexicon([Teaching(written="ESA", spoken="cơ quan vũ trụ")])
    )
    assert (number.rule, number.spoken) == ("number", "ba")
    assert (taught.start, taught.end, taught.written) == (5, 8, "ESA")
    assert (taught.spoken, taught.rule) == ("cơ quan vũ trụ", "lexicon")


def test_respelling_leaves_it_alone() -> None:
    lexicon = Lexicon([Teaching(written="Thomas", spoken="Thô-mát")])
    assert normalize("Thomas Reiter", respell=True, lexicon=lexicon) == "Thô-mát rai tơ"


def test_nothing_taught_changes_nothing() -> None:
    assert not Lexicon()
    assert Lexicon().find("Ông Thomas.") == []


LETTERS = "aăâ1. -ÀÁbB"
WRITTEN = st.text(LETTERS, min_size=1).map(str.strip).filter(bool)
TEACHINGS = st.builds(
    Teaching, written=WRITTEN, spoken=st.just("ô"), case=st.booleans(), part=st.booleans()
)


@given(
    st.lists(TEACHINGS),
    st.text("aăâ1. -ÀÁbB"),
)
def test_finds_in_order_without_overlap(teachings: list[Teaching], text: str) -> None:
    end = 0
    for taught in Lexicon(teachings).find(text):
        assert end <= taught.start < taught.end <= len(text)
        end = taught.end
