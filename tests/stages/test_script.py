from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audiobook.model import Cast, Chapter, Kind, Paragraph, Passage, Pauses, Teaching, Voice
from audiobook.stages.script import sentences, write_passages
from audiobook.vietnamese import Lexicon

PAUSES = Pauses(
    clause=0.1,
    sentence=0.2,
    paragraph=0.3,
    heading=0.4,
    scene=0.5,
    chapter=0.6,
    stanza=0.2,
    variation=0,
)
VOICE = Voice(
    name="thử",
    engine="tone",
    pauses=PAUSES,
)


def no_limit(_voice: Voice) -> None:
    """Any voice takes any length."""


def chapter(*paragraphs: str | Paragraph) -> Chapter:
    return Chapter("", tuple(p if isinstance(p, Paragraph) else Paragraph(p) for p in paragraphs))


def passages(*paragraphs: str | Paragraph, limit: int | None = None) -> list[Passage]:
    return list(
        write_passages(chapter(*paragraphs), 0, Cast(VOICE), lambda _voice: limit, Lexicon())
    )


def test_text_as_written_and_as_spoken() -> None:
    (passage,) = passages("Lúc 8h30, ESA họp. Ông về.")
    assert [(u.text, u.spoken) for u in passage.utterances] == [
        ("Lúc 8h30, ESA họp.", ("Lúc tám giờ ba mươi phút, e ét a họp.",)),
        ("Ông về.", ("Ông về.",)),
    ]


def test_pauses_by_boundary() -> None:
    (passage,) = passages(
        Paragraph("Chương 1", Kind.HEADING),
        "Một. Hai.",
        "Ba.",
        Paragraph("***", Kind.BREAK),
        Paragraph("Câu thơ,", Kind.VERSE),
        "Hết.",
    )
    assert [(u.text, u.pause) for u in passage.utterances] == [
        ("Chương 1", 0.4),
        ("Một.", 0.2),
        ("Hai.", 0.3),
        ("Ba.", 0.5),
        ("Câu thơ,", 0.2),
        ("Hết.", 0.6),
    ]


def test_the_last_sentence_of_a_book_leaves_no_pause() -> None:
    (passage,) = write_passages(chapter("Hết."), 0, Cast(VOICE), no_limit, Lexicon(), last=True)
    assert passage.utterances[-1].pause == 0


def test_what_cannot_be_said_is_a_pause() -> None:
    (passage,) = passages("“…”", "Rồi im.")
    assert [u.spoken for u in passage.utterances] == [(), ("Rồi im.",)]


def test_pieces_fit_the_engine() -> None:
    sentence = "Một hai ba bốn, " * 20 + "hết."
    (passage,) = passages(sentence, limit=40)
    (utterance,) = passage.utterances
    assert all(len(piece) <= 40 for piece in utterance.spoken)
    assert " ".join(utterance.spoken) == utterance.text


def test_an_endless_sentence_becomes_many_utterances() -> None:
    several = passages("một hai ba " * 2_000)
    assert max(len(u.text) for passage in several for u in passage.utterances) <= 600
    assert max(sum(len(u.text) for u in p.utterances) for p in several) <= 4_000
    assert all(u.pause == 0.1 for passage in several for u in passage.utterances[:-1])


@given(st.lists(st.integers(1, 40), min_size=1, max_size=80))
def test_passages_hold_every_sentence_once(lengths: list[int]) -> None:
    paragraphs = [f"Đoạn {n} " + "chữ " * 10 * length for n, length in enumerate(lengths)]
    several = passages(*paragraphs)
    sentences_said = [u.text for passage in several for u in passage.utterances]
    assert " ".join(sentences_said).split() == " ".join(paragraphs).split()
    assert [p.first for p in several] == [
        sum(len(p.utterances) for p in several[:n]) for n in range(len(several))
    ]


def test_an_edit_touches_its_neighbourhood_only() -> None:
    text = [f"Đoạn văn thứ {n} kể tiếp câu chuyện dài." * (3 + n * 7 % 11) for n in range(400)]
    original = passages(*text)
    text[100] = "Đoạn này đã được viết lại cho dài hơn trước rất nhiều. " * 9
    edited = passages(*text)
    old = {passage.utterances for passage in original}
    assert len(original) > 20
    assert sum(passage.utterances not in old for passage in edited) <= 2


def test_order_of_place_does_not_matter_for_what_is_said() -> None:
    text = chapter("Một.", "Hai.")
    first, eighth = (
        next(iter(write_passages(text, n, Cast(VOICE), no_limit, Lexicon()))) for n in (0, 7)
    )
    assert first == replace(eighth, chapter=0)


def test_sentences_but_no_ornaments() -> None:
    text = chapter("Có 24 con. Hết.", Paragraph("* * *", Kind.BREAK), "Ông Thomas.")
    assert list(sentences(text)) == ["Có 24 con.", "Hết.", "Ông Thomas."]


def test_spoken_as_the_voice_and_the_lexicon_want() -> None:
    southern = replace(VOICE, accent="south", foreign="respell")
    lexicon = Lexicon([Teaching(written="Reiter", spoken="rít tơ")])
    text = chapter("Có 24 con của Thomas Reiter.")
    (passage,) = write_passages(text, 0, Cast(southern), no_limit, lexicon)
    assert passage.utterances[0].spoken == ("Có hai mươi bốn con của tô mát rít tơ.",)


def test_a_take_is_of_a_whole_sentence() -> None:
    cast = Cast(VOICE, ((Kind.DIALOGUE, replace(VOICE, name="khác")),))
    long = "rất " * 200 + "dài."
    story = chapter("Ông nói: “Mưa  rồi”, và cười. Mưa rồi.", f"Đường {long}")
    takes = {"Ông nói: “Mưa rồi”, và cười.": 3, f"Đường {long}": 2}
    (passage,) = write_passages(story, 0, cast, no_limit, Lexicon(), takes=takes)
    untaken = write_passages(story, 0, cast, no_limit, Lexicon())
    assert [replace(one, take=1) for one in passage.utterances] == list(next(untaken).utterances)
    assert [one.take for one in passage.utterances] == [3, 3, 3, 1, 2, 2]
