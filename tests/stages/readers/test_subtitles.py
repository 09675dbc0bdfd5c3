"""Subtitles and lyrics: what is said, without numbers, times and tags."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import srt
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import SourceError
from audiobook.model import Kind
from audiobook.stages import readers
from audiobook.stages.readers import subtitles


def said(text: str, name: str = "phim.srt") -> list[str]:
    document = subtitles.read(text.encode(), name)
    return [
        paragraph.text
        for paragraph in document.chapters[0].paragraphs
        if paragraph.kind is not Kind.NOTE
    ]


def cue(number: int, start: str, end: str, *lines: str) -> str:
    return f"{number}\n00:00:{start} --> 00:00:{end}\n" + "\n".join(lines) + "\n\n"


def test_what_is_spoken() -> None:
    text = (
        cue(1, "01,600", "04,200", "<i>Chào buổi sáng,</i>", "bác sĩ.")
        + cue(2, "04,900", "07,800", "- Anh ấy đâu rồi?", "- Tôi không biết.")
        + cue(3, "08,100", "11,000", r"{\an8}Biên dịch: Nhóm Cá Voi")
        + cue(4, "12,000", "13,000", '<font color="#ff0">Năm 1975</font>')
    )
    assert said(text) == [
        "Chào buổi sáng, bác sĩ.",
        "- Anh ấy đâu rồi?",
        "- Tôi không biết.",
        "Năm 1975",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("Phụ đề bởi: Nhóm Cá Voi",),
        ("Dịch bởi Mai An",),
        ("-= Subtitles by Whale =-",),
        ("Sync & corrections by Whale", "whale.example"),
    ],
)
def test_who_made_the_subtitles_is_left_out_and_listed(lines: tuple[str, ...]) -> None:
    text = cue(1, "01,0", "02,0", "Nước lên.") + cue(2, "02,0", "03,0", *lines)
    document = subtitles.read(text.encode(), "a.srt")
    assert [paragraph.text for paragraph in document.chapters[0].paragraphs] == ["Nước lên."]
    (piece,) = document.changes[0].left_out
    assert (piece.text, piece.after) == ("\n".join(lines), "Nước lên.")


@pytest.mark.parametrize("line", ["Dịch bệnh lan rồi.", "Phụ đề đâu rồi?", "Bởi vì dịch."])
def test_what_is_said_of_other_things_is_read(line: str) -> None:
    assert said(cue(1, "01,0", "02,0", line)) == [line]


def test_a_sentence_of_several_cues_is_one() -> None:
    text = (
        cue(1, "01,0", "02,0", "Tôi đã gặp")
        + cue(2, "02,5", "03,0", "Hùng ở chợ,")
        + cue(3, "03,5", "04,0", "sáng nay.")
        + cue(4, "05,0", "06,0", "Thế à?")
    )
    assert said(text) == ["Tôi đã gặp Hùng ở chợ, sáng nay.", "Thế à?"]


def test_cues_without_marks_are_sentences_unless_they_go_on_in_small_letters() -> None:
    lines = ["Chào anh", "Anh đi đâu", "vào giờ này", "Ra sông", "Trời sắp mưa"]
    text = "".join(cue(n, f"{n:02},0", f"{n:02},8", line) for n, line in enumerate(lines, 1))
    assert said(text) == ["Chào anh", "Anh đi đâu vào giờ này", "Ra sông", "Trời sắp mưa"]


def test_captions_that_roll_up_are_read_once() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nNước lên\n\n"
        "00:02.000 --> 00:02.010\nNước lên\n\n"
        "00:02.010 --> 00:03.000\nNước lên\ntừ đêm<00:02.500><c> rằm.</c>\n\n"
        "00:03.000 --> 00:04.000\ntừ đêm rằm.\nTrời mưa.\n"
    )
    assert said(text, "a.vtt") == ["Nước lên từ đêm rằm.", "Trời mưa."]


def test_what_is_said_twice_is_read_twice() -> None:
    assert said(cue(1, "01,0", "02,0", "Không!") + cue(2, "03,0", "04,0", "Không!")) == [
        "Không!",
        "Không!",
    ]


def test_webvtt_has_names_notes_and_styles() -> None:
    text = (
        "\ufeffWEBVTT - Phim\nKind: captions\n\nSTYLE\n::cue { color: red }\n\n"
        "NOTE Người dịch tự ghi\n\nmo-dau\n00:01.000 --> 00:02.000 align:start position:0%\n"
        "<v An>Nước lên.</v>\n\nNOTE\nKhông ai nói\ncâu này.\n\n"
        "1:00:03.000 --> 1:00:04.000\n<v.to Bình>Nước &amp; trời.\n"
    )
    assert said(text, "a.vtt") == ["Nước lên.", "Nước & trời."]


def test_sounds_are_notes() -> None:
    document = subtitles.read(cue(1, "01,0", "02,0", "[tiếng cửa mở]", "Ai đấy?").encode(), "a.srt")
    assert [(paragraph.text, paragraph.kind) for paragraph in document.chapters[0].paragraphs] == [
        ("tiếng cửa mở", Kind.NOTE),
        ("Ai đấy?", Kind.PROSE),
    ]


@pytest.mark.parametrize(
    ("lines", "spoken"),
    [
        (("(cười)", "Ai đấy?"), ["Ai đấy?"]),
        (("♪ (nhạc) ♪",), []),
        (
            (
                "(tiếng mưa",
                "rơi)",
            ),
            [],
        ),
        (("(Tôi đã biết từ trước.)",), ["(Tôi đã biết từ trước.)"]),
        (("(cười) Ai đấy?",), ["(cười) Ai đấy?"]),
        (("♪ Trăng lên ♫", "♪"), ["Trăng lên"]),
    ],
)
def test_sounds_in_round_brackets_and_signs_of_song(
    lines: tuple[str, ...], spoken: list[str]
) -> None:
    assert said(cue(1, "01,0", "02,0", *lines) + cue(2, "05,0", "06,0", "Ừ.")) == [*spoken, "Ừ."]


def test_another_voice_of_a_song_is_sung() -> None:
    assert said("[00:01.00]Nước lên\n[00:02.00](nước lên)\n", "a.lrc")[-1].endswith("(nước lên)")


SCRIPT = """[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def ass(*events: tuple[str, str]) -> str:
    return SCRIPT + "".join(
        f"Dialogue: 0,0:{start}.00,0:{start}.90,Default,,0,0,0,,{text}\n" for start, text in events
    )


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        (r"{\i1}Xin chào{\i0} các bạn.{ghi chú: xem lại}", "Xin chào các bạn."),
        ("{*bằng*3}Trái Đất cứ quay.", "Trái Đất cứ quay."),
        (r"{\an8\p1}m 0 0 l 100 0{\p0}Có biển báo.", "Có biển báo."),
        (r"{\p1}m 0 0 l 9 0{\c&HFF&} b 1 2{\p0} Xa. {\p2}m 1 1", "Xa."),
        (r"{\pos(10,20)}Mẹ về.", "Mẹ về."),
        ("Mẹ {về.", "Mẹ {về."),
    ],
)
def test_of_substation_what_is_shown(line: str, spoken: str) -> None:
    assert said(ass(("00:01", line)), "phim.ass") == [spoken]


def test_substation_is_read_by_time() -> None:
    script = ass(("90:00", "Hát lần cuối."), ("00:02", "Mẹ đi."), ("00:01", "Mẹ về."))
    assert said(script, "phim.ass") == ["Mẹ về.", "Mẹ đi.", "Hát lần cuối."]


def test_many_open_drawings_are_read_in_time() -> None:
    for flood in ("{\\p1" * 100_000, "{" + "\\p1" * 100_000, "{\\p1}m" * 50_000, "{" * 100_000):
        script = ass(("00:01", f"Mẹ về. {flood}"))
        assert cpu_seconds(partial(said, script, "phim.ass")) < 5


def test_files_that_are_not_quite_right() -> None:
    """Without empty lines or numbers, with empty lines inside, with Windows line ends."""
    text = "1\n00:00:01,0 --> 00:00:02,0\nNước lên.\n2\n00:00:03,0-->00:00:04,0\n\nNước rút.\n\n\n"
    text += "00:00:05.000 --> 00:00:06.000\nHết.\n3\n00:00:07,0 --> 00:00:08,0\n"
    for ends in ("\n", "\r\n", "\r"):
        assert said(text.replace("\n", ends)) == ["Nước lên.", "Nước rút.", "Hết."]


def test_lyrics() -> None:
    text = (
        "[ti:Sông quê]\n[ar:Nguyễn Mây]\n[length: 03:20]\n\n[00:20.50]Nước lên\n"
        "[00:10.00][00:30.00]<00:10.00>Sông <00:10.50>quê\n[00:25]\n"
    )
    document = subtitles.read(text.encode(), "a.lrc")
    assert [paragraph.text for paragraph in document.chapters[0].paragraphs] == [
        "Sông quê",
        "Nước lên",
        "Sông quê",
    ]
    assert (document.meta.title, document.meta.author) == ("Sông quê", "Nguyễn Mây")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", cue(1, "01,0", "02,0", "Nước lên.")),
        ("a", "\ufeff\n" + cue(1, "01,0", "02,0", "Nước lên.")),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nNước lên.\n"),
        ("a.lrc", "[ar: Mây]\n[00:01]Nước lên.\n"),
        ("a.txt", "[00:01.50] Nước lên.\n"),
    ],
)
def test_the_content_tells(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    document = readers.read(str(path))
    assert [paragraph.text for paragraph in document.chapters[0].paragraphs] == ["Nước lên."]


def test_a_list_of_hours_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("[08:30] Họp lớp\n[10:00] Về", "utf-8")
    assert "[08:30]" in readers.read(str(path)).chapters[0].paragraphs[0].text


def test_old_encodings(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    line = "Nước non vạn dặm, trời đất một màu, người đi không về."
    path.write_bytes(cue(1, "01,0", "02,0", line).encode("utf-16"))
    assert readers.read(str(path)).chapters[0].paragraphs[0].text == line


def test_no_cue_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\n\n", "utf-8")
    with pytest.raises(SourceError, match="holds no text"):
        readers.read(str(path))


words = st.text(st.sampled_from("abcđêướ"), min_size=1, max_size=6)
lines = st.lists(words, min_size=1, max_size=6).map(
    lambda parts: " ".join(parts).capitalize() + "."
)


@given(st.lists(st.lists(lines, min_size=1, max_size=2), min_size=1, max_size=8))
def test_every_word_of_every_cue_is_read(cues: list[list[str]]) -> None:
    from datetime import timedelta

    subtitles = [
        srt.Subtitle(n, timedelta(seconds=2 * n), timedelta(seconds=2 * n + 1), "\n".join(body))
        for n, body in enumerate(cues, 1)
    ]
    assert " ".join(said(srt.compose(subtitles))) == " ".join(
        line for body in cues for line in body
    )
