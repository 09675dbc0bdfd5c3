"""Eight real books, where they lie beside the checkout: read whole, divided right, said right."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from places import SHARED

from audiobook.app import preparing
from audiobook.config import make_job
from audiobook.model import Document, Kind
from audiobook.stages.script import sentences
from audiobook.vietnamese import explain, say
from audiobook.vietnamese.letters import unify_letters
from audiobook.vietnamese.syllables import is_vietnamese

BOOKS = SHARED / "books"
NAMES = sorted(path.stem for path in BOOKS.glob("*.epub"))
pytestmark = pytest.mark.skipif(not NAMES, reason=f"there are no books in {BOOKS}")


# Of names as Hôtel de la Gare, which foreign words beside them tell.
PARTICLES = {"de", "la"}


@cache
def book(name: str) -> Document:
    return preparing.prepare(make_job(str(BOOKS / f"{name}.epub"), folder=Path()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("respell", [False, True])
def test_not_one_syllable_of_prose_is_changed(name: str, respell: bool) -> None:
    """What is read aloud are numbers, signs and foreign words; syllables among them stay."""
    checked = 0
    for chapter in book(name).chapters:
        for sentence in map(unify_letters, sentences(chapter)):
            readings = explain(sentence, respell=respell)
            for reading in readings:
                written = re.sub(r"[0-9]\s?[^\W\d_]+", "", reading.written)  # 5 ha
                words = re.findall(r"[^\W\d_]+", written)
                syllables = [
                    word
                    for word in words
                    if is_vietnamese(word) and not word.isupper() and word not in PARTICLES
                ]
                kept = reading.spoken.split()
                assert all(syllable in kept for syllable in syllables), (sentence, reading)
            spoken = say(sentence, readings)
            position = heard = 0
            for reading in readings:  # what was not read is said as it stands, in order
                between = sentence[position : reading.start].strip()
                heard = spoken.index(between, heard) + len(between)
                position = reading.end
            assert spoken.endswith(sentence[position:].strip())
            checked += len(sentence)
    assert checked > 3_000


# Checked by eye against the table of contents of each book: how many chapters on each level, the
# first ones and the last.
CHAPTERS = {
    "chi-pheo": ([3], ["Phần 1", "Phần 2", "Phần 3"]),  # one long story: divided for the ear
    "giong-to": ([32], ["Chương 1", "Chương 2", "Chương 3", "Dư Luận"]),
    "kinh-dich": (
        [7, 63],
        ["Kinh Dịch Trọn Bộ", "NHỮNG ĐIỀU NÊN BIẾT", "TỰA CỦA TRÌNH DI", "QUẺ VỊ TẾ"],
    ),
    "luan-ly-giao-khoa-thu": (
        [4, 5, 96],
        [
            "Giới thiệu",
            "Tựa",
            "LỚP ĐỒNG ẤU – CHƯƠNG 1: BỔN PHẬN ĐỐI VỚI GIA TỘC – Gia tộc",
            "Ta nên thương loài vật",
        ],
    ),
    "tat-den": ([29], ["TÁC GIẢ", "LỜI GIỚI THIỆU", "CHƯƠNG 1", "CHƯƠNG 27"]),
    "truyen-kieu": ([4], ["Một", "Hai", "Ba", "Bốn"]),
    "van-te-nghia-si-can-giuoc": ([1], ["Văn Tế Nghĩa Sĩ Cần Giuộc"]),
    "viec-lang": (
        [17],
        ["LỚP NGƯỜI BỊ BỎ SÓT", "MỘT ĐÁM VÀO NGÔI", "CÁI ÁN ÔNG CỤ", "MỘT CÁI THẢM TRẠNG"],
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_chapters_are_those_of_the_book(name: str) -> None:
    chapters = book(name).chapters
    levels = Counter(chapter.level for chapter in chapters)
    titles = [chapter.title for chapter in chapters]
    shown = titles if len(titles) < 5 else [*titles[:3], titles[-1]]
    assert ([levels[level] for level in sorted(levels)], shown) == CHAPTERS[name]


def test_numbered_chapters_are_all_there() -> None:
    novel = [chapter.title for chapter in book("tat-den").chapters]
    assert novel[2:] == [f"CHƯƠNG {number}" for number in range(1, 28)]
    storm = [chapter.title for chapter in book("giong-to").chapters]
    assert storm[:30] == [f"Chương {number}" for number in range(1, 31)]


def test_verse_stays_verse() -> None:
    chapters = book("truyen-kieu").chapters
    kinds = Counter(one.kind for chapter in chapters for one in chapter.paragraphs)
    assert kinds[Kind.VERSE] == 3_269
    assert kinds[Kind.PROSE] == 0


def test_what_the_source_says_of_the_book() -> None:
    meta = book("tat-den").meta
    assert (meta.title, meta.author, meta.language) == ("Tắt Đèn", "Ngô Tất Tố", "vi")
    assert meta.cover.startswith(b"\xff\xd8\xff")
