"""How long a silence is, by what stands before and after it, and how it varies."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import pytest

from audiobook.model import Cast, Chapter, Kind, Paragraph, Pauses, StanzaEnd, Utterance, Voice
from audiobook.stages.pausing import pace, varied
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon

NAMES = [field.name for field in fields(Pauses) if field.name != "variation"]
# Each another value, so that the seconds tell which pause was chosen.
PAUSES = replace(Pauses(variation=0), **{name: place / 100 for place, name in enumerate(NAMES, 1)})
LONG = (
    "Ông lão ngồi lặng hồi lâu bên bờ sông vắng, mắt nhìn theo con đò đang khuất dần sau rặng tre"
)
LONG = f"{LONG}, nghĩ tới những người đã đi qua bến này mà chẳng bao giờ còn trở lại nữa."
SIX, EIGHT = "Chiều nay mưa ở bên sông,", "Con đò nằm đợi mà lòng ngẩn ngơ."
VERSE, HEADING = Kind.VERSE, Kind.HEADING


def spoken(*paragraphs: Paragraph, pauses: Pauses = PAUSES) -> list[Utterance]:
    cast = Cast(Voice(name="thử", engine="tone", pauses=pauses))
    passages = write_passages(Chapter("", paragraphs), 0, cast, lambda _voice: None, Lexicon())
    return [utterance for passage in passages for utterance in passage.utterances]


def name_of(seconds: float) -> str:
    return {getattr(PAUSES, name): name for name in NAMES}[round(seconds, 4)]


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (Paragraph("Một."), Paragraph("Hai."), "paragraph"),
        (Paragraph("Một."), Paragraph("* * *", Kind.BREAK), "scene"),
        (Paragraph("Một."), Paragraph("II", HEADING), "section"),
        (Paragraph("Chương 1", HEADING), Paragraph("Bến cũ", HEADING), "heading"),
        (Paragraph("Chương 1", HEADING), Paragraph("Một."), "heading"),
        (Paragraph("Hắn gắt:"), Paragraph("– Thôi đi!"), "colon"),
        (Paragraph("Hắn “nói:”"), Paragraph("– Thôi đi!"), "colon"),
        (Paragraph("1. Tắt máy."), Paragraph("2. Rút điện."), "item"),
        (Paragraph("- gạo nếp;"), Paragraph("- đậu xanh;"), "item"),
        (Paragraph("– Anh đi đâu?"), Paragraph("– Tôi về."), "paragraph"),
        (Paragraph("2. Rút điện."), Paragraph("Thế là xong."), "paragraph"),
        (Paragraph(SIX, VERSE), Paragraph(EIGHT, VERSE), "line"),
        (StanzaEnd(SIX, VERSE), Paragraph(EIGHT, VERSE), "stanza"),
        (Paragraph(EIGHT, VERSE), Paragraph("Hát xong, bà im."), "stanza"),
        (Paragraph("Tôi đi trên cánh đồng", VERSE), Paragraph("và gió", VERSE), "run_on"),
    ],
)
def test_which_pause_parts_two_paragraphs(before: Paragraph, after: Paragraph, name: str) -> None:
    # Lines around them, so that one stanza alone does not look like single-spaced lines.
    around = [Paragraph(SIX, VERSE)] * 3 if before.kind is VERSE else []
    chapter = Chapter("", (*around, before, after, Paragraph("Hết.")))
    paced = list(pace(chapter, PAUSES))
    assert name_of(paced[len(around)].pause) == name


def test_a_line_that_ends_a_sentence_has_at_least_the_pause_of_one() -> None:
    pauses = replace(PAUSES, line=0.3, sentence=0.5)
    six, eight, *_ = pace(
        Chapter("", tuple(Paragraph(line, VERSE) for line in (SIX, EIGHT, SIX))), pauses
    )
    assert (six.pause, eight.pause) == (0.3, 0.5)


def test_lines_without_any_marks_do_not_run_on() -> None:
    """Only in a poem that has marks does a line without one run on."""
    lines = [Paragraph(line.rstrip(".,"), VERSE) for line in (SIX, EIGHT, SIX, EIGHT)]
    paced = list(pace(Chapter("", (*lines, Paragraph("Hết."))), PAUSES))
    assert [name_of(one.pause) for one in paced[:3]] == ["line"] * 3


def test_single_lines_are_no_stanzas() -> None:
    lines = [StanzaEnd(line, VERSE) for line in (SIX, SIX, SIX, SIX)]
    paced = list(pace(Chapter("", (*lines, Paragraph("Hết."))), PAUSES))
    assert [name_of(one.pause) for one in paced[:3]] == ["line"] * 3


def test_a_breath_follows_a_long_sentence() -> None:
    long, short, *_ = spoken(Paragraph(f"{LONG} Rồi ông đứng lên. Trời tối."))
    assert long.pause == pytest.approx(PAUSES.sentence + PAUSES.breath)
    assert short.pause == PAUSES.sentence
    alone, *_ = spoken(Paragraph(LONG), Paragraph("Hết."))
    assert alone.pause == pytest.approx(PAUSES.paragraph + PAUSES.breath)
    ended, *_ = pace(Chapter("", (Paragraph(f"{LONG} Tối."), Paragraph("Hết."))), PAUSES)
    assert ended.pause == PAUSES.paragraph


@pytest.mark.parametrize(
    ("text", "kind", "pieces", "names"),
    [
        ("Ông Ba – bạn cũ – nói: “Mưa.”", Kind.PROSE,
         ("Ông Ba –", "bạn cũ –", "nói:", "“Mưa.”"), ["dash", "dash", "colon"]),
        ("Lúc 8h30 (theo giờ máy) họp.", Kind.PROSE,
         ("Lúc tám giờ ba mươi phút", "(theo giờ máy)", "họp."), ["bracket", "bracket"]),
        ("Từ năm 1945 - 1954, dân đói.", Kind.PROSE, None, []),
        ("Mưa rồi.", Kind.PROSE, ("Mưa rồi.",), []),
        ("Ôi mùa thu, sao buồn thế!", VERSE, ("Ôi mùa thu,", "sao buồn thế!"), ["caesura"]),
    ],
)  # fmt: skip
def test_pieces_and_the_silences_between_them(
    text: str, kind: Kind, pieces: tuple[str, ...] | None, names: list[str]
) -> None:
    (utterance,) = spoken(Paragraph(text, kind))
    assert pieces is None or utterance.spoken == pieces
    assert [name_of(gap) for gap in utterance.gaps] == names


def test_without_a_pause_nothing_is_parted() -> None:
    (utterance,) = spoken(Paragraph("Ông Ba – bạn cũ – đến."), pauses=replace(PAUSES, dash=0))
    assert (utterance.spoken, utterance.gaps) == (("Ông Ba – bạn cũ – đến.",), ())


def test_what_the_limit_of_an_engine_cuts_stays_a_clause() -> None:
    cast = Cast(Voice(name="thử", engine="tone", pauses=PAUSES))
    story = Chapter("", (Paragraph("Một hai, ba bốn – năm sáu, bảy tám."),))
    (passage,) = write_passages(story, 0, cast, lambda _voice: 10, Lexicon())
    (utterance,) = passage.utterances
    assert utterance.spoken == ("Một hai,", "ba bốn –", "năm sáu,", "bảy tám.")
    assert [name_of(gap) for gap in utterance.gaps] == ["clause", "dash", "clause"]


def test_pauses_vary_with_the_text_alone() -> None:
    pauses = Pauses()
    texts = [f"Câu thứ {number} của bài." for number in range(400)]
    seconds = [varied(0.5, text, pauses) for text in texts]
    assert seconds == [varied(0.5, text, pauses) for text in texts]
    assert 0.45 <= min(seconds) < 0.455
    assert 0.545 < max(seconds) <= 0.55
    assert sum(seconds) / len(seconds) == pytest.approx(0.5, abs=0.005)
    assert sum(a == b for a, b in pairwise(seconds)) <= 2


def test_pauses_of_chapters_do_not_vary() -> None:
    """Shops have rules for how long it is quiet where a file ends."""
    (only,) = pace(Chapter("", (Paragraph("Một."),)), Pauses())
    (last,) = pace(Chapter("", (Paragraph("Một."),)), Pauses(closing=2), last=True)
    assert (only.pause, last.pause) == (Pauses().chapter, 2)
