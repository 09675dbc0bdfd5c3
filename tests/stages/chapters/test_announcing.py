"""What is said about the book before its first chapter and after its last."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from audiobook.errors import UsageError
from audiobook.model import Chapter, Direction, Document, Kind, Meta, Paragraph, Selection
from audiobook.stages.chapters.announcing import AUTO, FIELDS, announce, check_template, fill_in
from audiobook.stages.chapters.selection import select

OPENING = "{title} của {author}. Giọng đọc: {narrator}."
CLOSING = "Bạn vừa nghe {title} của {author}, do {narrator} đọc. Hết."
KNOWN = {"title": "Lão Hạc", "author": "Nam Cao", "narrator": "Thu Hà"}


def book(**meta: Any) -> Document:
    chapters = tuple(Chapter(f"Chương {n}", (Paragraph(f"Lời {n}."),)) for n in (1, 2, 3))
    return Document(meta=replace(Meta(language="vi"), **meta), chapters=chapters)


def texts(document: Document) -> list[list[str]]:
    return [[one.text for one in chapter.paragraphs] for chapter in document.chapters]


@pytest.mark.parametrize(
    ("template", "unknown", "spoken"),
    [
        (OPENING, "", "Lão Hạc của Nam Cao. Giọng đọc: Thu Hà."),
        (OPENING, "author", "Lão Hạc. Giọng đọc: Thu Hà."),
        (OPENING, "narrator", "Lão Hạc của Nam Cao."),
        (OPENING, "author narrator", "Lão Hạc."),
        (CLOSING, "narrator", "Bạn vừa nghe Lão Hạc của Nam Cao. Hết."),
        (CLOSING, "author", "Bạn vừa nghe Lão Hạc, do Thu Hà đọc. Hết."),
        ("Tác giả {author}, giọng đọc {narrator}.", "author", "Giọng đọc Thu Hà."),
        ("{series}, tập {volume}: {title}!", "", "Lão Hạc!"),
        ("Chào bạn.", "title", "Chào bạn."),
        ("Do {narrator} đọc.", "narrator", ""),
    ],
)
def test_what_is_not_known_leaves_no_broken_sentence(
    template: str, unknown: str, spoken: str
) -> None:
    values = {name: value for name, value in KNOWN.items() if name not in unknown.split()}
    assert fill_in(template, values) == spoken


def test_no_field_stays_and_no_word_hangs_before_a_mark() -> None:
    for count in range(len(KNOWN) + 1):
        for names in itertools.combinations(KNOWN, count):
            spoken = fill_in(OPENING, {name: KNOWN[name] for name in names})
            assert "{" not in spoken
            assert all(not spoken.rstrip(".").endswith(end) for end in ("của", ":", "đọc"))
            assert all(KNOWN[name] in spoken for name in names)


def test_the_book_begins_and_ends_with_them() -> None:
    announced = announce(book(**KNOWN), OPENING, "Hết.")
    assert texts(announced) == [
        ["Lão Hạc của Nam Cao. Giọng đọc: Thu Hà.", "", "Lời 1."],
        ["Lời 2."],
        ["Lời 3.", "", "Hết."],
    ]
    assert announced.chapters[0].paragraphs[1].kind is Kind.BREAK


def test_nothing_is_said_unasked_nor_of_what_is_not_known() -> None:
    assert announce(book(**KNOWN), "", "") == book(**KNOWN)
    assert announce(book(), "Giọng đọc: {narrator}.", "") == book()


@pytest.mark.parametrize(
    ("chapters", "first", "last"),
    [((1, 2), True, False), ((2, 2), False, False), ((2, 3), False, True)],
)
def test_some_chapters_have_them_only_at_the_ends_of_the_book(
    chapters: tuple[int, int], *, first: bool, last: bool
) -> None:
    announced = texts(announce(select(book(**KNOWN), Selection((chapters,))), "{title}.", "Hết."))
    assert (announced[0][0] == "Lão Hạc.") is first  # without the numbers of the chapters
    assert (announced[-1][-1] == "Hết.") is last


def test_a_pause_before_the_book_stays_before_it() -> None:
    pause, voice = Direction(0, pause=2.0), Direction(0, voice="saigon")
    chapter = Chapter("Chương 1", (Paragraph("Lời 1.", directions=(pause, voice)),))
    announced = announce(Document(meta=Meta(title="Lão Hạc"), chapters=(chapter,)), "{title}.", "")
    assert announced.chapters[0].paragraphs[0].directions == (pause,)
    assert announced.chapters[0].paragraphs[2] == chapter.paragraphs[0]


def test_the_usual_words_are_in_the_language_of_the_book() -> None:
    told = announce(book(**KNOWN), AUTO, AUTO)
    assert texts(told)[0][0] == "Lão Hạc của Nam Cao. Giọng đọc: Thu Hà."
    assert texts(told)[-1][-1].endswith("Hết.")
    english = Document(meta=Meta(title="Dubliners", language="en"), chapters=book().chapters)
    assert texts(announce(english, AUTO, AUTO))[-1][-1] == (
        "You have been listening to Dubliners. The end."
    )


@pytest.mark.parametrize("template", ["{tựa}", "{}", "{title", "title}", "{title}}"])
def test_what_no_book_has_is_refused(template: str) -> None:
    with pytest.raises(UsageError):
        check_template(template)


def test_all_fields_are_taken() -> None:
    check_template(" ".join(f"{{{name}}}" for name in FIELDS))
