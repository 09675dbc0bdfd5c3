"""Verse is known by counts of syllables, rhymes and tones, and prose in short lines is not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from clock import cpu_seconds

from audiobook.vietnamese.joined_verse import part_joined
from audiobook.vietnamese.phrasing import inner_pauses, line_pauses
from audiobook.vietnamese.rhyme import is_level, rhymes
from audiobook.vietnamese.verse import Metre, find_poems, metre_of

SIX_EIGHT = [
    "Chiều nay mưa ở bên sông,",
    "Con đò nằm đợi mà lòng ngẩn ngơ.",
    "Bến xưa ai đứng mong chờ,",
    "Nghe con nước lớn vỗ bờ cỏ may.",
]
DOUBLE_SEVEN = [
    "Ngày anh đi gió lùa cửa vắng,",
    "Em ngồi trông bóng nắng qua sân,",
    "Bao giờ mới thấy người thân,",
    "Cho lòng đỡ nhớ cho gần đường xa.",
]
SEVEN = [
    "Trăng lên đầu núi sáng như gương,",
    "Gió thổi qua sông lạnh khói sương.",
    "Một chiếc thuyền câu neo bến vắng,",
    "Ai đem tiếng sáo gửi đêm trường.",
]
FIVE = [
    "Em đi qua đồng cỏ",
    "Gió thổi tóc bay bay",
    "Con diều nằm trên đó",
    "Ngủ quên trong bóng mây",
]
FREE = [
    "Mùa thu rơi trên vai áo mẹ",
    "Con đường làng rất nhẹ",
    "Tiếng ai gọi đò ngang",
    "Chiều tan chợ nắng vàng",
    "Rơm rạ thơm đầu làng",
]


@pytest.mark.parametrize(
    ("syllable", "other"),
    [
        ("ta", "hoa"),
        ("lòng", "chung"),
        ("mây", "tay"),
        ("tình", "anh"),
        ("thuyền", "bên"),
        ("trời", "rồi"),
        ("Sơn", "nguồn"),
        ("vắng", "nắng"),
    ],
)
def test_rhymes_of_verse(syllable: str, other: str) -> None:
    assert rhymes(syllable, other)
    assert rhymes(other, syllable)


@pytest.mark.parametrize(
    ("syllable", "other"),
    [("ta", "tá"), ("lòng", "lan"), ("mây", "mưa"), ("Paris", "gì"), ("", "a")],
)
def test_what_does_not_rhyme(syllable: str, other: str) -> None:
    assert not rhymes(syllable, other)


def test_level_tones_are_two_of_six() -> None:
    assert [is_level(word) for word in "ma mà má mả mã mạ".split()] == [True, True] + [False] * 4


@pytest.mark.parametrize(
    ("lines", "metre"),
    [
        (SIX_EIGHT, Metre.SIX_EIGHT),
        (SIX_EIGHT[:2], Metre.SIX_EIGHT),
        (SIX_EIGHT[1:], Metre.SIX_EIGHT),
        (DOUBLE_SEVEN, Metre.DOUBLE_SEVEN),
        (DOUBLE_SEVEN[2:] + DOUBLE_SEVEN, Metre.DOUBLE_SEVEN),
        (SEVEN, Metre.SEVEN),
        (FIVE, Metre.EQUAL),
        (FREE, Metre.FREE),
        ([line.upper() for line in SIX_EIGHT], Metre.SIX_EIGHT),
        ([f"{line}[1]" for line in SIX_EIGHT], Metre.SIX_EIGHT),
        ([f"“{SIX_EIGHT[0]}", f"{SIX_EIGHT[1]}”"], Metre.SIX_EIGHT),
    ],
)
def test_metres(lines: list[str], metre: Metre) -> None:
    assert metre_of(lines) == [metre] * len(lines)


def test_verse_among_prose_is_found_alone() -> None:
    prose = ["Bà ngồi bên hiên, khe khẽ hát ru cháu ngủ.", "Hát xong, bà quay lại hỏi:"]
    lines = [prose[0], *SIX_EIGHT, prose[1], "– Cháu ngủ chưa?"]
    assert [poem[:2] for poem in find_poems(lines)] == [(1, 5)]


def test_a_line_that_announces_speech_is_prose() -> None:
    """Six syllables that happen to rhyme with the verse above."""
    assert [p[:2] for p in find_poems([*SIX_EIGHT, "Bà lão run rẩy cầm tay:"])] == [(0, 4)]


@pytest.mark.parametrize("mark", ".:")
def test_two_sentences_are_no_couplet(mark: str) -> None:
    """Though they have its syllables, its rhyme and its tones."""
    assert find_poems([SIX_EIGHT[0].replace(",", mark), SIX_EIGHT[1]]) == []


def test_a_misprint_does_not_end_a_poem() -> None:
    lines = [*SIX_EIGHT, "Bến xưa ai đứng mong", *SIX_EIGHT[1:]]
    assert [poem[:2] for poem in find_poems(lines)] == [(0, len(lines))]


@pytest.mark.parametrize(
    "lines",
    [
        ["Nguyễn Thị Hoa", "Trần Văn Bình", "Lê Thị Thu Hà", "Phạm Văn Nam", "Hồ Thị Lan"],
        ["Chương 1: Bến cũ", "Chương 2: Người về", "Chương 3: Mưa đêm", "Chương 4: Bến mới"],
        [
            "– Hai cân gạo nếp thơm",
            "– Một cân đậu xanh ngon",
            "– Ba lạng thịt mỡ tươi",
            "– Lá dong",
        ],
        ["12 phố Hàng Bài", "Quận Hoàn Kiếm", "Thành phố Hà Nội", "Việt Nam"],
        [
            "Ông cụ già đứng dậy.",
            "Chị Hai nhìn theo, chẳng nói năng gì nữa.",
            "Mưa rơi.",
            "Rồi về.",
        ],
        ["Gió thổi qua cánh đồng.", "Chị đi về phía bờ sông tìm con.", "Không ai hay biết gì."],
        ["Anh Ba lặng lẽ quay đi", "Tờ mờ sáng hôm sau đã lên đường rồi", "mà chẳng một ai hay"],
        ["Gà luộc lá chanh", "Canh măng mọc", "Xôi gấc", "Nem rán Hà thành", "Chè kho", "Rượu nếp"],
    ],
)
def test_short_lines_of_prose_are_no_verse(lines: list[str]) -> None:
    assert find_poems(lines) == []


def test_verse_that_runs_on_in_a_paragraph() -> None:
    quoted = f"Bà thường ru: “{' '.join(SIX_EIGHT)}” (Ca dao)"
    joined = part_joined(quoted)
    assert joined is not None
    assert joined.lead == "Bà thường ru:"
    assert list(joined.lines) == [f"“{SIX_EIGHT[0]}", *SIX_EIGHT[1:3], f"{SIX_EIGHT[3]}”"]
    assert joined.rest == "(Ca dao)"
    spoken = part_joined(f"Bà ru: “{' '.join(SIX_EIGHT[:2])}” Ru xong, bà thiếp đi.")
    assert spoken is not None
    assert (len(spoken.lines), spoken.rest) == (2, "Ru xong, bà thiếp đi.")
    parted = part_joined(" / ".join(DOUBLE_SEVEN))
    assert parted is not None
    assert list(parted.lines) == DOUBLE_SEVEN


@pytest.mark.parametrize(
    "text",
    [
        f"{' '.join(SIX_EIGHT)} Nói rồi bà bước vào trong nhà, không nhìn lại.",
        "Chiều nay mưa ở bên sông, con đò nằm đợi, ông Ba ngồi hút thuốc, chẳng nói chẳng rằng.",
        "Hà Nội / Huế / Sài Gòn / Cần Thơ / Đà Nẵng / Hải Phòng / Vinh / Nam Định / Hội An",
    ],
)
def test_prose_that_holds_verse_stays_whole(text: str) -> None:
    assert part_joined(text) is None


def test_the_time_it_takes_grows_with_the_text() -> None:
    line = "Ông nói: " + " ".join(SIX_EIGHT) + " Nhưng rồi: "
    once = min(cpu_seconds(lambda: part_joined(line * 50)) for _ in range(3))
    eight = min(cpu_seconds(lambda: part_joined(line * 400)) for _ in range(3))
    assert eight < max(once, 0.001) * 40


def test_a_long_poem_is_one_and_long_lists_take_no_longer_a_line() -> None:
    assert [poem[:2] for poem in find_poems(SIX_EIGHT * 100)] == [(0, 400)]
    words = ["Nước trong khe", "Đất bên kia đồi", "Lửa", "Mây trên núi cao xa", "Gió bấc"]
    once = min(cpu_seconds(lambda: find_poems(words * 100)) for _ in range(3))
    eight = min(cpu_seconds(lambda: find_poems(words * 800)) for _ in range(3))
    assert eight < max(once, 0.001) * 24


@pytest.mark.parametrize(
    ("line", "metre", "parts"),
    [
        (SIX_EIGHT[1], Metre.SIX_EIGHT, ["Con đò nằm đợi", "mà lòng ngẩn ngơ."]),
        (SIX_EIGHT[0], Metre.SIX_EIGHT, [SIX_EIGHT[0]]),
        ("Người quét lá, kẻ xe tơ,", Metre.SIX_EIGHT, ["Người quét lá,", "kẻ xe tơ,"]),
        ("Người quét lá kẻ xe tơ,", Metre.SIX_EIGHT, ["Người quét lá", "kẻ xe tơ,"]),
        (DOUBLE_SEVEN[0], Metre.DOUBLE_SEVEN, ["Ngày anh đi", "gió lùa cửa vắng,"]),
        (SEVEN[0], Metre.SEVEN, ["Trăng lên đầu núi", "sáng như gương,"]),
        (FIVE[0], Metre.EQUAL, [FIVE[0]]),
        ("Ôi, mùa thu đã về trên bến", Metre.FREE, ["Ôi, mùa thu đã về trên bến"]),
    ],
)
def test_where_a_line_breathes(line: str, metre: Metre, parts: list[str]) -> None:
    places = [0, *(pause.position for pause in line_pauses(line, metre)), len(line)]
    assert [line[a:b].strip() for a, b in pairwise(places)] == parts


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Ông Ba – bạn cũ của tôi – đến chơi.", ["dash", "dash"]),
        ("– Anh đi đâu? – chị hỏi.", ["dash"]),
        ("Tàu Hà Nội – Huế chạy từ 1945 – 1954.", []),
        ("Ông Ba (bạn cũ của tôi) đến chơi.", ["bracket", "bracket"]),
        ("Ông Ba (Huế) đến chơi.", []),
        ("Ông nói: “Mưa rồi.”", ["colon"]),
        ("Chị gắt: – Thôi đi!", ["colon"]),
        ("Nhà có ba thứ: gạo, muối, dầu.", []),
        ("“Mưa rồi.” – ông nói.", ["dash"]),
        ("", []),
    ],
)
def test_where_a_sentence_of_prose_is_parted(sentence: str, names: list[str]) -> None:
    assert [pause.name for pause in inner_pauses(sentence)] == names
