"""Acronyms and abbreviations: said in full, as a word, or letter by letter."""

from __future__ import annotations

from typing import Literal

import pytest
from places import DATA, SHARED

from audiobook.vietnamese import normalize, roman_value
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_table

# How often capitals occur in 23 million words of news, where they have been counted.
FACTS = SHARED / "facts" / "capitals.tsv"

ROWS = load_table("acronyms.tsv")


def test_every_row_that_needs_no_words_beside_it() -> None:
    """One test, because a test of its own for each row takes longer than the check."""
    rows = [row[:3] for row in ROWS if len(row) == 3]
    assert rows
    assert [row for row in rows if not is_right(*row)] == []


def is_right(written: str, kind: str, spoken: str) -> bool:
    said = {
        "letters": spell(written),
        "english": spell(written, "english"),
        "word": written,
        "expansion": spoken,
    }[kind]
    return normalize(f"Thế {written} thì thôi") == f"Thế {said} thì thôi" and (
        kind != "word" or normalize(f"Thế {written} thì", respell=True) == f"Thế {spoken} thì"
    )


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("UBND TP. Cần Thơ", "ủy ban nhân dân thành phố Cần Thơ"),
        ("UBND TP.HCM", "ủy ban nhân dân Thành phố Hồ Chí Minh"),
        ("TP.Vinh", "thành phố Vinh"),
        ("TX. Thuận An", "thị xã Thuận An"),
        ("PGS.TS Lan và ThS. Hà", "phó giáo sư tiến sĩ Lan và thạc sĩ Hà"),
        ("GS.TS. Nguyễn Nam", "giáo sư tiến sĩ Nguyễn Nam"),
        ("TS.Nguyễn Nam", "tiến sĩ Nguyễn Nam"),
        ("NASA và ESA", "NASA và e ét a"),
        ("năm 257 TCN", "năm hai trăm năm mươi bảy trước Công nguyên"),
        ("GD&ĐT", "giáo dục và đào tạo"),
        ("xem BBC hay HTV7", "xem bê bê xê hay hát tê vê bảy"),
        ("EU, WTO.", "e u, vê kép tê o."),
    ],
)
def test_in_context(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("cam, quýt, v.v.", "cam, quýt, vân vân."),
        ("(cam, quýt, v.v.)", "(cam, quýt, vân vân.)"),
        ("cam, v.v. và quýt", "cam, vân vân và quýt"),
        ("cam, v.v. Sau đó về.", "cam, vân vân. Sau đó về."),
        ("cam, v.v…", "cam, vân vân…"),
        ("Cô ấy là TS.", "Cô ấy là tiến sĩ."),
        ("“Cô ấy là TS.”", "“Cô ấy là tiến sĩ.”"),
        ("của EU.", "của e u."),
    ],
)
def test_the_full_stop_that_ends_a_sentence_stays(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    "written",
    [
        "ANH HAI VÀ CÔ BA",
        "CHƯƠNG MỘT: ĐÊM MƯA",
        "TRUYỆN HARRY POTTER",
        "Mẹ ơi, KHÔNG!",
        "ĐẮK LẮK",
        "Anh NAM gọi",
        "A.B.C.",
        "V.I. Lê-nin",
        "AAAAAAAA",
        "XYZ's",
    ],
)
def test_words_in_capitals_are_words(written: str) -> None:
    assert normalize(written) == written


def test_acronyms_among_capitals() -> None:
    assert normalize("UBND XÃ HỌP") == "ủy ban nhân dân XÃ HỌP"
    assert normalize("ĐÀI BBC") == "ĐÀI bê bê xê"


def test_no_row_stands_behind_one_that_always_fits() -> None:
    always: set[str] = set()
    for written, _, _, *beside in ROWS:
        assert written not in always, written
        if not any(beside):
            always.add(written)


DECISIONS = [
    tuple(line.split("\t"))
    for line in (DATA / "capitals.tsv").read_text("utf-8").splitlines()
    if not line.startswith("# ")
]


@pytest.mark.parametrize(("written", "said"), DECISIONS)
def test_what_is_said_is_decided_by_the_words_beside_it(written: str, said: str) -> None:
    assert said in normalize(written)


@pytest.mark.parametrize("form", sorted({row[0] for row in ROWS if len(row) > 3}))
def test_every_sense_of_a_form_has_a_decision(form: str) -> None:
    wanted = {sense_of(row) for row in ROWS if row[0] == form}
    shown = [said.lower() for written, said in DECISIONS if form in written]
    missing = {said for said in wanted if not any(is_shown(said, there) for there in shown)}
    assert not missing


def sense_of(row: tuple[str, ...]) -> str:
    """Return what a row says of its form, in lower case."""
    written, kind, spoken = row[:3]
    names: dict[str, Literal["vietnamese", "english"]] = {
        "letters": "vietnamese",
        "english": "english",
    }
    return spell(written, names[kind]) if kind in names else spoken.lower()


def is_shown(said: str, there: str) -> bool:
    return said in there or there in said


@pytest.mark.skipif(not FACTS.exists(), reason="the counts of capitals are not here")
def test_the_400_commonest_runs_of_capitals_are_decided() -> None:
    counted = [line.split("\t")[0] for line in FACTS.read_text("utf-8").splitlines()[:400]]
    decided = {row[0] for row in ROWS}
    undecided = [
        run
        for run in counted
        if run not in decided and roman_value(run) is None and not is_vietnamese(run)
    ]
    assert undecided == []


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("VNPost", "vê en Post"),
        ("MyTV", "My ti vi"),
        ("ChatGPT", "Chat gi pi ti"),
        ("ACBank", "a xê Bank"),
        ("iPad và YouTube", "iPad và YouTube"),
        ("McDonald", "McDonald"),
        ("HifiMAX", "HifiMAX"),
        ("cảnh TOKYO về đêm", "cảnh Tokyo về đêm"),
        ("kính JAXA và ICISE", "kính Jaxa và Icise"),
        ("LĐKHTN", "lờ đê ca hát tê en"),
        ("TUAN: Chào cô", "TUAN: Chào cô"),
        ("thầy VIEN dạy", "thầy VIEN dạy"),
        ("siêu bão MANGKHUT", "siêu bão Mangkhut"),
        ("cháu H. Kh. và bà Ng. Th. M.", "cháu hát ca hát và bà en gờ tê hát em."),
        ("ông Ph. D. Nam", "ông Ph. D. Nam"),
        ("Trời mưa. (Theo T.H)", "Trời mưa. (Theo tê hát)"),
        ("Ca này là BN123-125", "Ca này là bệnh nhân một hai ba đến một hai năm"),
        ("xe BN123 chạy", "xe bê en một trăm hai mươi ba chạy"),
    ],
)
def test_words_and_initials(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
