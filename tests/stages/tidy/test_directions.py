"""Marks for pauses and voices: never spoken or shown, and just what they order is done."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document as Word
from hypothesis import given
from hypothesis import strategies as st

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.app.preparing import prepare
from audiobook.app.scripting import write_script
from audiobook.config import load_voice, with_marked_voices
from audiobook.errors import VoiceError
from audiobook.model import Cast, Chapter, Delivery, Document, Meta, Paragraph, Passage, Pauses
from audiobook.stages.script import write_passages
from audiobook.stages.tidy import tidy
from audiobook.stages.tidy.directions import marked_voices, take_marks
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Job

PAUSES = Pauses(
    clause=0.1, sentence=0.2, paragraph=0.3, heading=0.4, scene=0.5, chapter=0.6, variation=0
)


def script(document: Document) -> list[Passage]:
    cast = Cast(replace(load_voice("tone"), pauses=PAUSES))
    return [
        passage
        for number, chapter in enumerate(document.chapters)
        for passage in write_passages(chapter, number, cast, lambda _: None, Lexicon())
    ]


def said(document: Document) -> list[tuple[str, float]]:
    return [
        (utterance.text, utterance.pause)
        for passage in script(document)
        for utterance in passage.utterances
    ]


def voiced(document: Document) -> list[tuple[str, str]]:
    return [
        (utterance.text, utterance.voice)
        for passage in script(document)
        for utterance in passage.utterances
    ]


@pytest.mark.parametrize(
    ("mark", "seconds"),
    [
        ("[pause 2s]", 2),
        ("[pause: 3]", 3),
        ("[Pause 1.5]", 1.5),
        ("[pause 1,5 s]", 1.5),
        ("[pause=1500ms]", 1.5),
        ("[pause 2 seconds]", 2),
        ("[nghỉ 2 giây]", 2),
        ("[ngừng 2 giây]", 2),
        ("[tạm dừng: 2s]", 2),
        ("[break 2s]", 2),
        ("[pause 1 phút]", 60),
        ("[pause]", 1),
        ('<break time="2s"/>', 2),
        ("<break time='2500ms' />", 2.5),
        ("<break time=“2s”/>", 2),
        ("<break/>", 1),
    ],
)
def test_a_pause_as_people_write_it(
    make_job: Callable[..., Job], mark: str, seconds: float
) -> None:
    text = f"Một câu. {mark} Hai{mark}, ba.\n\n{mark}\n\nBốn."
    assert said(prepare(make_job(text))) == [
        ("Một câu.", seconds),
        ("Hai,", seconds),
        ("ba.", seconds),
        ("Bốn.", 0.6),
    ]


def test_a_pause_never_shortens_and_several_add_up(make_job: Callable[..., Job]) -> None:
    text = "Một. [pause 50ms] Hai. [pause 1s][pause 2s]\n\n[pause 500ms]\n\nBa."
    assert said(prepare(make_job(text))) == [("Một.", 0.2), ("Hai.", 3.5), ("Ba.", 0.6)]


def test_a_pause_before_a_chapter_and_in_headings(make_job: Callable[..., Job]) -> None:
    text = "[pause 2s]\n\nChương 1 [pause 3s]\n\nTrời mưa.\n\nChương 2\n\n[pause 4s]\n\nTrời nắng."
    document = prepare(make_job(text))
    assert [chapter.title for chapter in document.chapters] == ["Chương 1", "Chương 2"]
    assert [passage.opening for passage in script(document)] == [2, 0]
    assert [pause for _, pause in said(document)] == [3, 0.6, 4, 0.6]


@pytest.mark.parametrize(
    "mark",
    ["[pause 90s]", "[nghỉ 2 phút]", '<break time="61s"/>', "[pause 999999s]", "[pause 12345678s]"],
)
def test_too_long_a_pause_is_listed_like_an_unknown_mark(
    make_job: Callable[..., Job], mark: str
) -> None:
    document = prepare(make_job(f"Một. {mark} Hai. [pause 2s] Ba.\n\n{mark}\n\nBốn."))
    assert said(document) == [("Một.", 0.2), ("Hai.", 2), ("Ba.", 0.3), ("Bốn.", 0.6)]
    left_out = next(change for change in document.changes if change.name == "unknown-marks")
    assert left_out.count == 2
    assert mark in left_out.left_out[0].text


def test_a_voice_until_it_ends(make_job: Callable[..., Job]) -> None:
    text = "Một. [voice: saigon]Hai, “ba.”\n\nBốn.[/voice] Năm [voice=hue]sáu[/voice] bảy.\n\nTám."
    document = prepare(make_job(text))
    assert voiced(document) == [
        ("Một.", ""),
        ("Hai, “ba.”", "saigon"),
        ("Bốn.", "saigon"),
        ("Năm", ""),
        ("sáu", "hue"),
        ("bảy.", ""),
        ("Tám.", ""),
    ]
    assert marked_voices(document) == ["saigon", "hue"]


def test_a_marked_voice_speaks_and_enters_the_key(make_job: Callable[..., Job]) -> None:
    def lines(mark: str) -> list[tuple[str, list[tuple[str, ...]]]]:
        job = make_job(f"Xin chào. {mark}Có 21.000 người.[/voice] Tạm biệt.", voice="hanoi")
        document = prepare(job)
        job = with_marked_voices(job, marked_voices(document))
        return [
            (line.key, [utterance.spoken for utterance in passage.utterances])
            for line, passage in write_script(document, job)
        ]

    (plain,), (southern,), (central,) = map(lines, ("", "[voice: saigon]", "[voice: hue]"))
    assert len({plain[0], southern[0], central[0]}) == 3
    assert southern[1][1] == ("Có hai mươi mốt ngàn người.",)
    assert lines("[voice: saigon]") == [southern]


def test_the_speed_of_the_book_is_that_of_marked_voices(make_job: Callable[..., Job]) -> None:
    job = replace(make_job("Một."), delivery=Delivery(speed=1.2))
    (marked,) = with_marked_voices(job, ["saigon"]).cast.marked
    assert marked.name == "saigon"
    assert marked.speed == pytest.approx(1.2 * load_voice("saigon").speed)


def test_a_voice_that_there_is_not(make_job: Callable[..., Job]) -> None:
    for act in (build, plan):
        with pytest.raises(VoiceError, match="khong-co"):
            act(make_job("Một. [voice: khong-co] Hai. [/voice]"))


def test_brackets_of_prose_stay(make_job: Callable[..., Job]) -> None:
    text = "Xem [1], [sic], [...] và [Ghi chú: nghỉ trưa], [chapter], [nghỉ], <3 và a < b."
    document = prepare(make_job(text))
    assert [row.text for row in document.chapters[0].paragraphs] == [text]
    assert document.changes == ()


def test_unknown_marks_are_listed(make_job: Callable[..., Job]) -> None:
    text = 'Một [pause abc] hai. [music]\n\n[sound: rain]\n\nBa <break strength="weak"/> bốn.'
    document = prepare(make_job(text))
    assert [row.text for row in document.chapters[0].paragraphs] == ["Một hai.", "Ba bốn."]
    (change,) = document.changes
    assert change.name == "unknown-marks"
    left_out = " ".join(piece.text for piece in change.left_out)
    assert [mark in left_out for mark in ("[pause abc]", "[music]", "[sound: rain]")] == [True] * 3
    prepared = prepare(replace(make_job(text), keep=("unknown-marks",)))
    assert "[music]" in prepared.chapters[0].paragraphs[0].text


def test_kept_marks_are_text(make_job: Callable[..., Job]) -> None:
    document = prepare(replace(make_job("Một [pause 2s] hai."), keep=("marks", "unknown-marks")))
    assert document.chapters[0].paragraphs[0].text == "Một [pause 2s] hai."


def test_in_markdown_and_word(make_job: Callable[..., Job], tmp_path: Path) -> None:
    markdown = tmp_path / "a.md"
    markdown.write_text(
        'Một. <break time="2s"/> *Hai* [pause 3].\n\n<break time="4s"/>\n\nBa.', "utf-8"
    )
    word, path = Word(), tmp_path / "a.docx"
    word.add_paragraph("Một. [pause 2s] Hai [pau").add_run("se 3].").bold = True
    word.add_paragraph("[pause 4s]")
    word.add_paragraph("Ba.")
    word.save(str(path))
    pauses = {
        "a.md": [2, 7, 0.6],
        "a.docx": [2, 7, 0.6],
    }
    for source in (markdown, path):
        document = prepare(replace(make_job(""), source=str(source)))
        assert [pause for _, pause in said(document)] == pauses[source.name], source


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", 'Một. <voice name="tone">Hai.</voice> Ba.\n\n<voice name="tone">\n\n'
         "Bốn.\n\n</voice>\n\nNăm."),
        ("a.md", 'Một. <voice name="tone">Hai.</voice> Ba.\n\n<voice name="tone">\n\n'
         "Bốn.\n\n</voice>\n\nNăm."),
        ("a.md", 'Một. <voice name="tone">Hai.</voice> Ba.\n\n<div><voice name="tone"><p>'
         "Bốn.</p></voice></div>\n\nNăm."),
    ],
)  # fmt: skip
def test_a_voice_as_ssml_writes_it(
    make_job: Callable[..., Job], tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    document = prepare(replace(make_job(""), source=str(tmp_path / name)))
    assert marked_voices(document) == ["tone"]
    assert voiced(document) == [
        ("Một.", ""),
        ("Hai.", "tone"),
        ("Ba.", ""),
        ("Bốn.", "tone"),
        ("Năm.", ""),
    ]


def test_a_voice_in_a_page(make_job: Callable[..., Job], tmp_path: Path) -> None:
    story = "".join(
        f"<p>Đêm thứ {number} nước lên, và ông lái đò ngồi bên bếp kể chuyện cho lũ trẻ nghe.</p>"
        for number in ("nhất", "nhì", "ba", "tư", "năm")
    )
    page = (
        f"<html><head><title>Mùa nước</title></head><body><h1>Mùa nước</h1>{story}<p>Bà hỏi: "
        '<voice name="tone">Bao giờ thì nước rút hả ông?</voice> Ông lắc đầu.</p>'
        '<voice name="tone"><p>Rồi nước cũng rút, như mọi năm, và đồng lại xanh.</p></voice>'
        f'<voice name="saigon"> </voice>{story.replace("Đêm", "Sáng")}</body></html>'
    )
    (tmp_path / "a.html").write_text(page, "utf-8")
    document = prepare(replace(make_job(""), source=str(tmp_path / "a.html")))
    assert [text for text, voice in voiced(document) if voice] == [
        "Bao giờ thì nước rút hả ông?",
        "Rồi nước cũng rút, như mọi năm, và đồng lại xanh.",
    ]
    assert marked_voices(document) == ["tone"]


def test_not_in_what_is_shown(make_job: Callable[..., Job]) -> None:
    text = "Một. [pause 2s] Hai [voice: tone]ba[/voice].\n\n[pause 1s]\n\nBốn."
    job = replace(make_job(text), transcripts=("vtt", "srt", "lrc"))
    path = build(job).path
    for form in ("vtt", "srt", "lrc"):
        shown = path.with_suffix(f".{form}").read_text("utf-8")
        assert not re.search(r"pause|voice|⟦", shown), form
    starts = re.findall(r"(\d\d\.\d{3}) -->", path.with_suffix(".vtt").read_text("utf-8"))
    assert float(starts[1]) - float(starts[0]) == pytest.approx(2.15, abs=0.01)


@given(
    st.lists(
        st.sampled_from(
            [
                "Một",
                "hai.",
                " ",
                "“",
                "”",
                "\n\n",
                ", ",
                "[pause 1s]",
                "[/voice]",
                "[voice: hue]",
                "\n",
                "!",
            ]
        ),
        max_size=25,
    )
)
def test_marks_anywhere(pieces: list[str]) -> None:
    text = "".join(pieces)
    source = Document(meta=Meta(), chapters=(Chapter("", (Paragraph("Đầu."), Paragraph(text))),))
    document = take_marks(tidy(source))
    shown = said(document)
    everything = " ".join(words for words, _ in shown)
    assert not re.search(r"pause|voice|⟦|\[", everything)
    marks = re.compile(r"\[[^\]]*\]")
    assert re.findall(r"\w+", everything) == re.findall(r"\w+", "Đầu." + marks.sub(" ", text))
    assert sum(pause for _, pause in shown) >= text.count("[pause 1s]")
