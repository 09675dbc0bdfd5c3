"""Acronyms and abbreviations: said in full, as a word, or letter by letter."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.table import load_table


ROWS = load_table("acronyms.tsv")


@pytest.mark.parametrize(("written", "kind", "spoken"), [row[:3] for row in ROWS if len(row) == 3])
def test_every_row_that_needs_no_words_beside_it(written: str, kind: str, spoken: str) -> None:
    assert kind in ("letters", "english", "word", "expansion")
    said = {
        "letters": spell(written),
        "english": spell(written, "english"),
        "word": written,
        "expansion": spoken,
    }[kind]
    assert normalize(f"Thế {written} thì thôi") == f"Thế {said} thì thôi"
    if kind == "word":
        assert normalize(f"Thế {written} thì", respell=True) == f"Thế {spoken} thì"


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
        "Ông A và bà B",
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
