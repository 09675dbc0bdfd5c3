"""Subtitles that are spoken at their times."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook.errors import SourceError
from audiobook.model import Document, Kind, Subtitle
from audiobook.stages import readers
from audiobook.stages.readers import timed
from audiobook.stages.readers.cues import parse_cues
from audiobook.stages.tidy import tidy


def cue(number: int | str, start: str, end: str, *lines: str) -> str:
    return f"{number}\n00:00:{start} --> 00:00:{end}\n" + "\n".join(lines) + "\n\n"


def read(text: str, name: str = "phim.srt") -> Document:
    return timed.read(text.encode(), name)


def subtitles(document: Document) -> list[Subtitle]:
    paragraphs = document.chapters[0].paragraphs
    return [paragraph for paragraph in paragraphs if isinstance(paragraph, Subtitle)]


def spoken(text: str, name: str = "phim.srt") -> list[tuple[float, str]]:
    document = tidy(read(text, name))
    return [(paragraph.slot.start, paragraph.text) for paragraph in subtitles(document)]


def test_each_subtitle_is_said_at_its_time_even_in_the_middle_of_a_sentence() -> None:
    text = cue(1, "01,000", "02,000", "<i>Tôi đã gặp</i>") + cue(2, "02,5", "03,0", r"{\an8}Hùng.")
    assert spoken(text) == [(1.0, "Tôi đã gặp"), (2.5, "Hùng.")]


def test_lines_of_one_speaker_are_joined_and_dashes_are_speakers() -> None:
    text = cue(1, "01,0", "03,0", "Nước năm nay", "về sớm.") + cue(
        2, "04,0", "06,0", "- Ừ.", "- À?"
    )
    assert spoken(text) == [(1.0, "Nước năm nay về sớm."), (4.0, "- Ừ."), (4.0, "- À?")]


def test_what_is_said_twice_or_runs_on_in_small_letters_stays() -> None:
    """Steps that suit books would join these, or leave them out as repeats."""
    line = "và nước cứ lên mãi cho đến khi không còn thấy bờ ruộng nào ở phía bên kia con kênh nữa,"
    text = "".join(cue(n, f"{n:02},0", f"{n:02},9", line) for n in range(1, 9))
    assert spoken(text) == [(float(n), line) for n in range(1, 9)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[tiếng cửa mở]", []),
        ("(cười)", []),
        ("♪ (nhạc) ♪", []),
        ("(thở dài) Thôi về.", ["Thôi về."]),
        ("- [Nam] Thôi về.", ["- Thôi về."]),
        ("♪ Nước ròng ♪", ["Nước ròng"]),
        ("(Tôi biết từ trước.)", ["(Tôi biết từ trước.)"]),
        ("(A Phủ) về rồi.", ["(A Phủ) về rồi."]),
    ],
)
def test_descriptions_of_sounds_are_notes_that_can_be_kept(line: str, said: list[str]) -> None:
    text = cue(1, "01,0", "02,0", line)
    assert [text for _, text in spoken(text)] == said
    kept = subtitles(tidy(read(text), keep=("notes",)))
    assert (len(kept) > len(said)) == (kept[0].kind is Kind.NOTE)


def test_subtitles_come_in_the_order_of_their_times() -> None:
    text = cue(2, "09,0", "10,0", "Sau.") + cue(1, "01,0", "02,0", "Trước.")
    document = read(text)
    assert spoken(text) == [(1.0, "Trước."), (9.0, "Sau.")]
    assert [change.count for change in document.changes] == [2]
    assert [subtitle.slot.number for subtitle in subtitles(document)] == [1, 2]


def test_subtitles_of_the_same_time_share_a_slot() -> None:
    text = cue(1, "01,000", "02,000", "Biển hiệu") + cue(2, "01,050", "04,000", "Vào đi.")
    first, second = subtitles(read(text))
    assert (first.slot.start, second.slot.start, second.slot.end) == (1.0, 1.0, 4.0)
    assert first.slot.number == second.slot.number == 1


@pytest.mark.parametrize(
    "times",
    ["00:00:0x,000 --> 00:00:04,000", "00:00:03,000 -->", "--> 00:00:04,000", "3 --> 4"],
)
def test_a_broken_subtitle_is_listed_with_its_line_and_the_others_are_said(times: str) -> None:
    text = cue(1, "01,0", "02,0", "Một.") + f"2\n{times}\nHai.\n\n" + cue(3, "05,0", "06,0", "Ba.")
    assert spoken(text) == [(1.0, "Một."), (5.0, "Ba.")]
    (change,) = read(text).changes
    assert change.left_out[0].text == f"6: {times}\nHai."
    untimed = readers.read_bytes(text.encode(), "phim.srt").chapters[0].paragraphs
    assert [paragraph.text for paragraph in untimed] == ["Một.", "Hai.", "Ba."]


def test_files_that_are_not_quite_right() -> None:
    """No numbers, empty cues, no length, backwards, hours of three digits, all line ends."""
    text = (
        "00:00:00,000 --> 00:00:00,000\nKhông.\n\n7\n00:00:02,000 --> 00:00:01,000\nHai.\n\n"
        "00:00:03,000 --> 00:00:04,000\n\n\n005:00:00,000 --> 005:00:01,000\nCuối.\n"
    )
    for ends in ("\n", "\r\n", "\r"):
        said = spoken(text.replace("\n", ends))
        assert said == [(0.0, "Không."), (2.0, "Hai."), (18000.0, "Cuối.")]
    slots = [(slot.number, slot.end) for slot in (one.slot for one in subtitles(read(text)))]
    assert slots == [(1, 0.0), (7, 2.0), (4, 18001.0)]


def test_hours_of_three_digits_are_hours() -> None:
    (only,) = parse_cues("101:00:00,000 --> 101:00:01,000\nCuối.\n")
    assert (only.start, only.end) == (363600.0, 363601.0)


@pytest.mark.parametrize(
    ("times", "told"),
    [
        ("100:00:00,000 --> 01:00:03,000", "more than 6 hours before subtitle 2"),
        ("10:00:00,000 --> 10:00:03,000", "more than 6 hours before subtitle 2"),
        ("01:59:00,000 --> 100:00:03,000", "subtitle 2 is shown for more than 6 hours"),
    ],
)
def test_a_mistyped_hour_is_told_with_its_line_and_does_not_become_silence(
    times: str, told: str
) -> None:
    text = (
        cue(1, "01,0", "03,0", "Một.")
        + f"2\n{times}\nHai.\n\n3\n01:59:00,000 --> 01:59:03,000\nBa.\n"
    )
    with pytest.raises(SourceError) as caught:
        read(text)
    assert f"phim.srt, line 6: {'' if 'shown' in told else 'nothing is said for '}{told}" in str(
        caught.value
    )
    assert f"({times})" in str(caught.value)
    assert readers.read_bytes(text.encode(), "phim.srt").chapters[0].paragraphs  # as a text


def test_a_sign_that_is_shown_until_the_end_of_time_is_no_mistake() -> None:
    text = "1\n00:00:00,000 --> 23:59:59,999\nNhóm dịch A\n\n" + cue(2, "01,0", "03,0", "Một.")
    assert spoken(text) == [(0.0, "Nhóm dịch A"), (1.0, "Một.")]


def test_a_day_of_talks_with_a_break_at_noon_is_spoken() -> None:
    text = "".join(
        f"{hour}\n{hour:02}:00:00,000 --> {hour:02}:00:05,000\nGiờ.\n\n"
        for hour in (1, 4, 7, 13, 19, 24)
    )
    assert [start for start, _ in spoken(text)] == [h * 3600.0 for h in (1, 4, 7, 13, 19, 24)]


@pytest.mark.parametrize("digits", [7, 400, 5000])
def test_an_hour_or_a_number_of_very_many_digits_is_no_fault(digits: int) -> None:
    many = "9" * digits
    text = cue(1, "01,0", "02,0", "Một.") + f"2\n{many}:00:00,000 --> 00:00:04,000\nHai.\n\n"
    assert spoken(text) == [(1.0, "Một.")]
    assert spoken(cue(many, "01,0", "02,0", "Một.")) == [(1.0, "Một.")]


def test_webvtt_and_lyrics() -> None:
    vtt = "WEBVTT\n\nmo-dau\n00:01.000 --> 00:02.000 align:start\n<v An>Nước &amp; trời.</v>\n"
    assert spoken(vtt, "a.vtt") == [(1.0, "Nước & trời.")]
    assert spoken("[00:02.50]Hai.\n[00:01.00]Một.\n", "a.lrc") == [(1.0, "Một."), (2.5, "Hai.")]


ASS = r"""[Script Info]
Title: Phim

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,Ghi chú của người dịch
Dialogue: 0,0:00:01.50,0:00:03.00,Default,,0,0,0,,{\an8}Ừ, tôi về,\Nmai đi.
Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\p1}m 0 0 l 100 0
Dialogue: 0,0:0x:05.00,0:00:06.00,Default,,0,0,0,,Hỏng.
"""


def test_substation_alpha(tmp_path: Path) -> None:
    assert spoken(ASS, "a.ass") == [(1.5, "Ừ, tôi về, mai đi.")]
    assert read(ASS).changes[0].left_out[0].text.startswith("9: Dialogue: 0,0:0x")
    (tmp_path / "a.ass").write_text(ASS, "utf-8")
    text = readers.read(str(tmp_path / "a.ass")).chapters[0].paragraphs
    assert [paragraph.text for paragraph in text] == ["Ừ, tôi về, mai đi.", "Hỏng."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "phim.srt"
    text = cue(1, "01,0", "02,0", "Anh đi, em về.") + cue(2, "03,0", "04,0", "Ai hay?")
    # Windows-1258 has the tone as a sign of its own.
    path.write_bytes(text.replace("ề", "ê\u0300").encode(encoding))
    texts = [one.text for one in subtitles(tidy(readers.read_timed(str(path))))]
    assert texts == ["Anh đi, em về.", "Ai hay?"]


def test_captions_that_roll_up_are_said_once_and_what_is_said_twice_twice() -> None:
    rolling = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nNước lên\n\n"
        "00:02.000 --> 00:03.000\nNước lên\ntừ đêm.\n\n00:03.000 --> 00:04.000\ntừ đêm.\nMưa.\n"
    )
    assert spoken(rolling, "a.vtt") == [(1.0, "Nước lên"), (2.0, "từ đêm."), (3.0, "Mưa.")]
    others = "".join(cue(n, f"{n:02},0", f"{n:02},9", f"Câu {n}.") for n in range(10, 16))
    twice = cue(1, "01,0", "02,0", "Không!") + cue(2, "02,0", "03,0", "Không! Thôi.") + others
    assert spoken(twice)[:2] == [(1.0, "Không!"), (2.0, "Không! Thôi.")]


def test_credits_are_left_out() -> None:
    text = cue(1, "01,0", "02,0", "Phụ đề bởi: Nhóm Cá") + cue(2, "03,0", "04,0", "Nước lên.")
    assert spoken(text) == [(3.0, "Nước lên.")]


@pytest.mark.parametrize("text", ["Chỉ là văn xuôi.", "", "%PDF-1.7\n"])
def test_what_has_no_times_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError):
        readers.read_timed(str(path))
