"""Lists of chapters in files: what each form means."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.app.chapter_lists import Form, ListedChapter, parse_list, read_list, write_list
from audiobook.audit.types import FileChapter
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


def parsed(text: str) -> list[tuple[str, float | None]]:
    chapters = parse_list(text, "list.txt")
    return [(one.title, None if one.start is None else float(one.start)) for one in chapters]


def test_a_title_holds_nothing_that_would_end_it() -> None:
    assert parsed("Một\0hai\x1b[1m\x85ba\n") == [("Một hai [1m ba", None)]


def test_titles() -> None:
    assert parsed("Một\r\n\n  Hai  ba \n12. Bốn\n") == [
        ("Một", None),
        ("Hai ba", None),
        ("12. Bốn", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "0.000000\t1.500000\tMột\n1.500000\t1.500000\tHai\tba\n",
        "0,000000\t1,500000\tMột\n1,500000\t1,500000\tHai\tba\n",
        "0\t1.5\tMột\n\\\t100.0\t2000.0\n1.5\t3\tHai\tba\n\\\t1\t2\n",
    ],
)
def test_labels_of_audacity(text: str) -> None:
    assert parsed(text) == [("Một", 0.0), ("Hai ba", 1.5)]


def test_metadata_of_ffmpeg() -> None:
    text = """;FFMETADATA1
title=Sách
; a remark
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1500
title=A \\= B\\; C \\# D \\\\ E
[CHAPTER]
START=1500000000
END=2000000000
title=hai\\
dòng
[STREAM]
title=no chapter
"""
    assert parsed(text) == [("A = B; C # D \\ E", 0.0), ("hai dòng", 1.5)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0\t1\tA\nB\n", "line 2 is not a label"),
        (";FFMETADATA1\n[CHAPTER]\ntitle=A\n", "line 2: the chapter has no right START"),
        (";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/0\nSTART=1\n", "line 2"),
        ("0\t1\t\n", "chapter 1 of .* has no title"),
        ("\n\n", "lists no chapters"),
        ("\ud800", "not a text in UTF-8"),
    ],
)
def test_what_is_not_right(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SourceError, match=told):
        read_list(path)


titles = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda title: title == " ".join(title.split())
)


@given(st.lists(titles, min_size=1, max_size=5), st.sampled_from([Form.LABELS, Form.FFMETADATA]))
def test_what_is_written_is_read_again(names: list[str], form: Form) -> None:
    chapters = [
        FileChapter(title=name, start=number * 1.25, end=number * 1.25 + 1.25)
        for number, name in enumerate(names)
    ]
    assert parse_list(write_list(chapters, form), "") == [
        ListedChapter(one.title, Fraction(one.start)) for one in chapters
    ]


@pytest.mark.parametrize(
    ("base", "start"),
    [("1/1", "9" * 4000), ("1e9999999", "1"), ("1/1000", "9" * 6000), ("1/" + "9" * 6000, "1")],
)
def test_times_of_thousands_of_digits_are_told(base: str, start: str) -> None:
    text = f";FFMETADATA1\n[CHAPTER]\nTIMEBASE={base}\nSTART={start}\nEND=1\ntitle=x"
    with pytest.raises(SourceError, match="line 2: the chapter has no right START"):
        parse_list(text, "a")


def test_a_label_of_thousands_of_digits_is_no_label() -> None:
    with pytest.raises(SourceError, match="line 2 is not a label"):
        parse_list(f"0\t1\tA\n{'9' * 6000}\t1\tB", "a")
