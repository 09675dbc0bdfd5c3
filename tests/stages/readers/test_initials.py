"""Initials belong to their words, and words of one letter stand alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.model import Kind
from audiobook.stages.readers.markup import flow, parse_html
from audiobook.stages.readers.markup.initials import is_initial, join_initial


def texts(body: str) -> list[str]:
    page = flow(parse_html(f"<html><body>{body}</body></html>".encode(), "page"))
    return [paragraph.text for paragraph in page.paragraphs]


@pytest.mark.parametrize(
    "body",
    [
        "<p><span class='dropcap'>T</span>rời vừa hửng.</p>",
        "<p><span class='lettrine'>T</span>\n rời vừa hửng.</p>",
        "<p><b><font size='7'>T</font></b> rời vừa hửng.</p>",
        "<p><span style='float:left; font-size:3em'>T</span> rời vừa hửng.</p>",
        "<p class='dropcap'>T</p><p>rời vừa hửng.</p>",
        "<div class='ms'><div id='dropcap' class='dropcap_T'><span class='hidden'>T</span></div>"
        "rời vừa hửng.</div>",
        "<p>T</p><p>rời vừa hửng.</p>",
        "<table><tr><td>T</td><td>rời vừa hửng.</td></tr></table>",
        "<p><img src='t.png' alt='T'/>rời vừa hửng.</p>",
        "<p><span class='dropcap'><img src='t.png' alt='T'/></span>rời vừa hửng.</p>",
        "<p><img alt='T'></p><p>rời vừa hửng.</p>",
    ],
)
def test_an_initial_is_joined_with_its_word(body: str) -> None:
    assert texts(body) == ["Trời vừa hửng."]


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("<p><span class='dropcap'>“T</span>rời ơi!”</p>", ["“Trời ơi!”"]),
        ("<p><span class='dropcap'>T</span>RỜI vừa hửng.</p>", ["TRỜI vừa hửng."]),
        ("<p><span class='dropcap'>A</span> i đó?</p>", ["Ai đó?"]),
        ("<p><span class='dropcap'>Y</span> nhìn ra.</p>", ["Y nhìn ra."]),
        ("<p><span class='dropcap'>Ở</span>\nnhà.</p>", ["Ở nhà."]),
        ("<p class='dropcap'>Ô</p><p>hay, anh!</p>", ["Ô hay, anh!"]),
        ("<p><span class='dropcap'>À</span>, ra thế.</p>", ["À, ra thế."]),
        ("<p>A</p><p>Người thứ nhất.</p>", ["A", "Người thứ nhất."]),
        ("<p>B</p><p>bà: mẹ của mẹ.</p>", ["B", "bà: mẹ của mẹ."]),
        ("<p>Hết phần</p><p>A</p>", ["Hết phần", "A"]),
        ("<p>A</p><h2>Phần hai</h2><p>Lời.</p>", ["A", "Phần hai", "Lời."]),
        ("<p><img alt='Z'></p><p>Lời.</p>", ["Lời."]),
        ("<p>Xem <img alt='N'> này.</p>", ["Xem này."]),
    ],
)
def test_words_of_one_letter_and_letters_of_lists(body: str, paragraphs: list[str]) -> None:
    assert texts(body) == paragraphs


def test_an_initial_keeps_the_place_of_its_chapter() -> None:
    body = "<p>Trước.</p><p id='c2'>T</p><p>rời sáng.</p><p>A</p><h2 id='c3'>Phần</h2>"
    page = flow(parse_html(f"<html><body>{body}</body></html>".encode(), "page"))
    assert page.places == {"c2": 1, "c3": 3}
    assert [paragraph.kind for paragraph in page.paragraphs] == [*[Kind.PROSE] * 3, Kind.HEADING]


@given(st.sampled_from("TNĐAÔY"), st.text("aơi rờTB,.\n", min_size=1, max_size=12), st.booleans())
def test_nothing_is_lost_or_added(initial: str, text: str, loose: bool) -> None:
    assert is_initial(initial)
    text = text.lstrip() or "a"
    joined = join_initial(initial, text, loose=loose, marked=True)
    if joined is not None:
        assert joined.replace(" ", "") == (initial + text).replace(" ", "")
