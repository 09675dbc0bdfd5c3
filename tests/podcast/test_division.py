"""How a book becomes the episodes of its own feed."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.model import BoundChapter, Meta
from audiobook.podcast.division import MOST_CHAPTERS, Division, divide, unique_titles
from audiobook.podcast.model import Volume

PARTS = ("Lời tựa", "Phần 1", "  Chương 1", "  Chương 2", "Phần 2", "  Chương 1", "Vĩ thanh")
MANY = [f"Chương {number}" for number in range(1, MOST_CHAPTERS + 2)]
TITLES = st.lists(
    st.tuples(
        st.sampled_from(["Chương 1", "chương 1", "Phần 1", "Một (2)", ""]), st.integers(1, 3)
    ),
    min_size=1,
    max_size=30,
)


def volume(titles: list[str] | tuple[str, ...], seconds: int = 600) -> Volume:
    """Two spaces before a title put it a level deeper; each chapter has the same length."""
    chapters = tuple(
        BoundChapter(
            title=title.strip(" "),
            start=number * seconds,
            end=(number + 1) * seconds,
            level=1 + (len(title) - len(title.lstrip(" "))) // 2,
        )
        for number, title in enumerate(titles)
    )
    return Volume(
        path=Path("b.mp3"),
        name="b",
        meta=Meta(title="b"),
        rate=1,
        samples=len(titles) * seconds,
        size=1,
        digest="0",
        chapters=chapters,
    )


def keys(book: Volume, division: Division = Division.AUTO, published: list[str] = []) -> list[str]:  # noqa: B006
    return [section.key for section in divide(book, division, published)]


@given(TITLES, st.sampled_from(Division), st.integers(1, 9000))
def test_each_chapter_is_in_one_section_and_titles_are_unique(
    titles: list[tuple[str, int]], division: Division, seconds: int
) -> None:
    book = volume(["  " * (level - 1) + title for title, level in titles], seconds)
    sections = divide(book, division)
    assert tuple(chain.from_iterable(section.chapters for section in sections)) == book.chapters
    shown = [section.title.casefold() for section in sections]
    assert len(set(shown)) == len(shown)
    seasons = [section.season for section in sections]
    assert seasons == sorted(seasons)


def test_parts_are_seasons_and_name_chapters_that_are_called_alike() -> None:
    sections = divide(volume(PARTS))
    assert [(section.season, section.title) for section in sections] == [
        (1, "Lời tựa"),
        (1, "Phần 1"),
        (1, "Phần 1 – Chương 1"),
        (1, "Phần 1 – Chương 2"),
        (2, "Phần 2"),
        (2, "Phần 2 – Chương 1"),
        (2, "Vĩ thanh"),
    ]
    assert [section.season_title for section in sections] == ["", *["Phần 1"] * 3, *["Phần 2"] * 3]


def test_parts_are_not_named_where_titles_differ() -> None:
    titles = [section.title for section in divide(volume(("A", "  Một", "B", "  Hai")))]
    assert titles == ["A", "Một", "B", "Hai"]


def test_a_book_without_parts_has_no_seasons() -> None:
    sections = divide(volume(("Thơ", "Thơ", "thơ")))
    assert [section.title for section in sections] == ["Thơ", "Thơ (2)", "thơ (3)"]
    assert {section.season for section in sections} == {0}


def test_a_long_book_is_heard_by_the_hour() -> None:
    sections = divide(volume(MANY))
    assert [len(section.chapters) for section in sections] == [6] * 25 + [1]
    assert [section.title for section in sections][:2] == [
        "Chương 1 – Chương 6",
        "Chương 7 – Chương 12",
    ]
    assert keys(volume(MANY[:-1])) == MANY[:-1]


def test_a_season_ends_a_run_of_half_an_hour() -> None:
    titles = ["A", *["  Một"] * 3, "B", *["  Hai"] * 3]
    sections = divide(volume(titles), Division.HOURS)
    assert [len(section.chapters) for section in sections] == [4, 4]
    assert [section.title for section in sections] == ["A – Một", "B – Hai"]


def test_a_run_of_several_parts_is_called_after_them() -> None:
    titles = ["Lời tựa", "A", "  Một", "B", "  Một", "C", "  Một"]
    assert keys(volume(titles, 60), Division.HOURS) == ["Lời tựa – C"]


def test_a_published_book_stays_divided_as_it_is() -> None:
    by_chapter = MANY[:-1]
    assert keys(volume(MANY), published=by_chapter) == MANY
    by_hour = keys(volume(MANY))
    shorter = volume(MANY[:-10])
    assert keys(shorter, published=by_hour) == [*by_hour[:-3], "Chương 139 – Chương 141"]


@pytest.mark.parametrize("seconds", [1, 600])
def test_a_published_book_of_chapters_called_alike_stays_as_it_is(seconds: int) -> None:
    book = volume(["Gió"] * len(MANY), seconds)
    by_hour = keys(book)
    assert len(by_hour) < len(MANY)
    assert keys(book, published=by_hour) == by_hour
    assert keys(book, published=["Gió"] * len(MANY)) == ["Gió"] * len(MANY)


@pytest.mark.parametrize("division", [Division.CHAPTERS, Division.HOURS])
def test_what_was_said_decides(division: Division) -> None:
    wanted = keys(volume(MANY), division)
    assert keys(volume(MANY), division, MANY) == wanted
    assert (wanted == MANY) is (division is Division.CHAPTERS)


def test_the_best_title_that_is_free() -> None:
    assert unique_titles([["A", "A – x"], ["a", "a – y"], ["A", "A – x"], ["A", "A – x"]]) == (
        "A",
        "a – y",
        "A – x",
        "A – x (2)",
    )
