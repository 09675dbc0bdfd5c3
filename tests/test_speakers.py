"""Speakers found in real books, against labels made by reading them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from places import SHARED

import audiobook
from audiobook.stages.speakers import attributed_speech, people_of

if TYPE_CHECKING:
    from audiobook.vietnamese.attribution import Speaker

LABELS = Path(__file__).parent / "data/speakers/labels.tsv"
MALE, FEMALE = {"man", "boy", "old-man"}, {"woman", "girl", "old-woman"}
BOOKS = SHARED / "books"


class Label(NamedTuple):
    """A speech, and who says it by the judgment of a reader."""

    part: str
    book: str
    chapter: str
    paragraph: str
    speech: str
    role: str
    name: str
    words: str


ROWS = [
    Label(*line.split("\t"))
    for line in LABELS.read_text("utf-8").splitlines()
    if not line.startswith("# ")
]


def test_the_labels_are_many_and_whole() -> None:
    assert len(ROWS) >= 400
    assert len({row.book for row in ROWS}) >= 6
    assert {row.role for row in ROWS} <= MALE | FEMALE | {"unknown"}
    parts = [row.part for row in ROWS]
    assert parts.count("kept") == parts.count("dev") == 210
    assert parts.count("fresh") == 70
    assert parts.count("modern") == 56
    assert len({row[:5] for row in ROWS}) == len(ROWS)
    assert max(len(row.words) for row in ROWS) < 60


@pytest.mark.skipif(not BOOKS.exists(), reason=f"there is no {BOOKS}")
def test_a_wrong_sex_is_rare_in_a_real_book() -> None:
    right = wrong = 0
    for book in ("tat-den", "chi-pheo"):
        speakers = _speakers(BOOKS / f"{book}.epub")
        for row in (row for row in ROWS if row.book == book):
            sex = speakers[row.chapter, row.paragraph, row.speech].sex
            if sex:
                expected = FEMALE if sex == "female" else MALE
                right, wrong = right + (row.role in expected), wrong + (row.role not in expected)
    assert right >= 75
    assert wrong <= 0.08 * (right + wrong)


def _speakers(path: Path) -> dict[tuple[str, str, str], Speaker]:
    document = audiobook.read(str(path))
    people = people_of(document)
    return {
        (str(chapter_number), str(number), str(place)): speech.speaker
        for chapter_number, chapter in enumerate(document.chapters, 1)
        for number, paragraph in enumerate(attributed_speech(chapter, people), 1)
        for place, speech in enumerate(paragraph, 1)
    }
