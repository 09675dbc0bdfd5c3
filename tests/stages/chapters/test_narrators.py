"""Who narrates which chapter: by number, by turns, by title; the metadata name them all."""

from __future__ import annotations

import pytest

from audiobook.errors import UsageError
from audiobook.model import Chapter, Document, Meta, Paragraph
from audiobook.stages.chapters.narrators import assign_narrators, name_narrators

TITLES = ("Lời nói đầu", "Chương 1: Bến cũ", "Chương 2: Gió nổi", "Chương 3: Kiếm gỉ", "Vĩ thanh")
CHAPTERS = tuple(Chapter(title, (Paragraph("Nước lên."),)) for title in TITLES)


def narrators(**names: str) -> list[str]:
    return [one.narrator for one in assign_narrators(CHAPTERS, names.items(), "hanoi")]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ({}, ["", "", "", "", ""]),
        ({"2": "hue"}, ["", "hue", "", "", ""]),
        ({"1-2, 4–": "hue"}, ["hue", "hue", "", "hue", "hue"]),
        ({"1-2,4": "hue", "3": "saigon"}, ["hue", "hue", "saigon", "hue", ""]),
        ({"odd": "hue"}, ["hue", "", "hue", "", "hue"]),
        ({"even": "hue", "odd": "saigon"}, ["saigon", "hue", "saigon", "hue", "saigon"]),
        ({"lời nói đầu": "hue", "even": "saigon"}, ["hue", "saigon", "", "saigon", ""]),
        ({"Chương 2": "hue"}, ["", "", "hue", "", ""]),
    ],
)
def test_chapters_get_their_narrators(names: dict[str, str], wanted: list[str]) -> None:
    assert narrators(**names) == wanted


def test_a_line_about_a_chapter_wins_over_turns_in_any_order() -> None:
    assert narrators(odd="hue", **{"3": "saigon"}) == narrators(**{"3": "saigon"}, odd="hue")
    assert narrators(odd="hue", **{"3": "saigon"})[2] == "saigon"


def test_the_narrator_of_the_book_may_be_named() -> None:
    assert narrators(odd="hue", **{"3": "hanoi"}) == ["hue", "", "", "", "hue"]


@pytest.mark.parametrize(
    ("names", "problem", "setting"),
    [
        ({"6": "hue"}, "no chapter 6 of 5", "cast.chapters.6"),
        ({"4-7": "hue"}, "no chapter 7 of 5", "cast.chapters.4-7"),
        ({"0": "hue"}, "names no chapters", "cast.chapters.0"),
        ({"3-2": "hue"}, "names no chapters", "cast.chapters.3-2"),
        ({"Hồi 9": "hue"}, "no chapter is called 'Hồi 9'", "cast.chapters.Hồi 9"),
        ({"Chương": "hue"}, "titles of chapters 2, 3, 4", "cast.chapters.Chương"),
        ({"1-3": "hue", "3": "hue"}, "two voices narrate chapter 3", "cast.chapters.3"),
        ({"Vĩ thanh": "hue", "5": "saigon"}, "chapter 5: by 'Vĩ thanh' and", "cast.chapters.5"),
    ],
)
def test_what_is_wrong_is_told_with_a_remedy(
    names: dict[str, str], problem: str, setting: str
) -> None:
    with pytest.raises(UsageError, match=problem) as raised:
        narrators(**names)
    assert raised.value.remedy
    assert raised.value.setting == setting


def test_the_metadata_name_who_narrates_unless_the_user_did() -> None:
    def named(meta: Meta, *chapters: Chapter) -> str:
        return name_narrators(Document(meta=meta, chapters=chapters), "hanoi").meta.narrator

    by_turns = assign_narrators(CHAPTERS, [("even", "hue")], "hanoi")
    assert named(Meta(), *by_turns) == "hanoi, hue"
    assert named(Meta(), *by_turns[1:]) == "hue, hanoi"
    assert named(Meta(), by_turns[1]) == "hue"
    assert named(Meta(narrator="Lan Anh, Minh"), *by_turns) == "Lan Anh, Minh"
    assert named(Meta(), *CHAPTERS) == ""
