"""Transcripts, read back by readers that are not ours."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
import srt
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import UsageError
from audiobook.model import Book, BoundChapter, Cue, Meta, Word
from audiobook.outputs import transcripts
from audiobook.system import ffmpeg

RATE = 22050
HOSTILE = "Câu <b>một</b> & hai --> ba <00:00:01.000> &lt; NOTE x"
LONG = "Sáng sớm, sương còn giăng trên mặt hồ, người bán hoa đã gánh hàng ra phố. " * 6
LONG = LONG.strip()


def book(*chapters: tuple[str, int], samples: int = 1000 * RATE) -> Book:
    ends = [*(start for _, start in chapters), samples][1:]
    bound = tuple(
        BoundChapter(title=title, start=start, end=end)
        for (title, start), end in zip(chapters, ends, strict=True)
    )
    meta = Meta(title="Tắt [đèn]\nmới", author="Ngô Tất Tố")
    return Book(
        meta=meta, path=Path("x.mp3"), rate=RATE, samples=samples, chapters=bound, sentences=0
    )


def cue(start: float, end: float, text: str, *words: Word) -> Cue:
    return Cue(round(start * RATE), round(end * RATE), text, words)


def vtt(text: str) -> list[webvtt.Caption]:
    return list(webvtt.from_buffer(StringIO(text)).captions)


def plain(caption: webvtt.Caption) -> str:
    text = re.sub(r"<[\d:.]+>", "", caption.raw_text).replace("\n", " ")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_vtt() -> None:
    spoken = cue(0.5, 2.0, "Trời xanh quá.", Word(11025, 0, 4), Word(22050, 5, 9))
    text = transcripts.render("vtt", book(("Chương --> 1", 0)), [spoken])
    assert text == ("WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nTrời <00:00:01.000>xanh quá.\n")


def test_srt() -> None:
    cues = [cue(0, 1.5, "Một."), cue(360_000, 360_001.25, "Hai & <3>")]
    text = transcripts.render("srt", book(samples=361_000 * RATE), cues)
    caption, second = srt.parse(text)
    assert (caption.start, caption.end, caption.content) == (
        timedelta(0),
        timedelta(seconds=1.5),
        "Một.",
    )
    assert second.start == timedelta(hours=100)
    assert "100:00:01,250" in text
    assert (second.index, second.content) == (2, "Hai & <3>")


def test_lrc() -> None:
    spoken = cue(61.5, 63, "Trời xanh.", Word(61 * RATE + 11025, 0, 4), Word(62 * RATE, 5, 10))
    long_book = book(samples=6100 * RATE)
    assert transcripts.render(
        "lrc", long_book, [spoken, cue(6000, 6001, "[x] Xa")]
    ).splitlines() == [
        "[ti:Tắt (đèn) mới]",
        "[ar:Ngô Tất Tố]",
        "[al:Tắt (đèn) mới]",
        "[length:101:40]",
        "[01:01.50]<01:01.50>Trời <01:02.00>xanh. <01:03.00>",
        "[100:00.00]<100:00.00>[x] <100:00.41>Xa <100:01.00>",
    ]
    assert transcripts.render("lrc", long_book, [cue(1, 2, "[x] Xa")], words=False).splitlines()[
        -1
    ] == ("[00:01.00] [x] Xa")


def test_ffmpeg_reads_all_of_them(tmp_path: Path) -> None:
    cues = [cue(0.25, 2, "Trời xanh."), cue(2.5, 5, "Mây & gió."), cue(7000.75, 7001, "Hết rồi.")]
    for kind in transcripts.KINDS:
        path = tmp_path / f"t.{kind}"
        path.write_text(
            transcripts.render(kind, book(("Một", 0)), cues, words=kind == "vtt"), "utf-8"
        )
        command = [ffmpeg.find(), "-v", "error", "-i", str(path), "-f", "srt", "-"]
        done = subprocess.run(command, capture_output=True, check=True)
        read = list(srt.parse(done.stdout.decode()))
        assert [caption.content for caption in read] == ["Trời xanh.", "Mây & gió.", "Hết rồi."], (
            kind
        )
        starts = [caption.start.total_seconds() for caption in read]
        assert starts == [0.25, 2.5, 7000.75], kind


def test_hostile_text_comes_back() -> None:
    (caption,) = vtt(transcripts.render("vtt", book((HOSTILE, 0)), [cue(0, 9, HOSTILE)]))
    assert plain(caption) == HOSTILE
    (step, *more) = srt.parse(transcripts.render("srt", book(), [cue(0, 9, HOSTILE)]))
    # SubRip has no escapes.
    harmless = HOSTILE.replace("<b>", "‹b>").replace("</b>", "‹/b>").replace("-->", "→")
    assert " ".join(subtitle.content.replace("\n", " ") for subtitle in (step, *more)) == harmless


def test_long_sentences_are_wrapped_not_cut() -> None:
    (caption,) = vtt(transcripts.render("vtt", book(), [cue(0, 60, LONG)], words=False))
    lines = caption.raw_text.split("\n")
    assert " ".join(lines) == LONG
    assert 40 < min(map(len, lines)) <= max(map(len, lines)) <= 65
    steps = list(srt.parse(transcripts.render("srt", book(), [cue(0, 60, LONG)])))
    assert " ".join(step.content.replace("\n", " ") for step in steps) == LONG
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        assert all(len(line) <= 32 for line in step.content.split("\n"))
        assert len(step.content.split("\n")) <= 2
        assert following is None or step.end == following.start
    # Each is shown when its words are heard: as long a text, as long a time.
    assert max(step.end - step.start for step in steps) < timedelta(seconds=10)
    address = "https://example.org/" + "x" * 100
    (caption,) = vtt(transcripts.render("vtt", book(), [cue(0, 9, f"Xem {address} nhé")]))
    assert address in caption.raw_text.split("\n")[1]


def test_times_are_rounded_from_samples() -> None:
    cues = [Cue(n * 7_777, n * 7_777 + 7_000, f"Câu {n}.") for n in range(100_000)]
    last = transcripts.render("srt", book(samples=10**9), cues[-1:])
    (caption,) = srt.parse(last)
    assert caption.start == timedelta(milliseconds=round(cues[-1].start * 1000 / RATE))
    assert caption.end == timedelta(milliseconds=round(cues[-1].end * 1000 / RATE))


def test_what_nobody_says_stays_until_the_next() -> None:
    cues = [cue(1, 2, "Một."), cue(2.5, 2.5, "* * *"), cue(4, 5, "Hai.")]
    stars = list(srt.parse(transcripts.render("srt", book(), cues)))[1]
    assert (stars.start, stars.end) == (timedelta(seconds=2.5), timedelta(seconds=4))
    assert stars.content == "* * *"


def test_vtt_has_no_notes_at_which_parsers_stop() -> None:
    cues = [cue(0, 1, "Một."), cue(1, 2, "NOTE Hai."), cue(2, 3, "Ba.")]
    chapters = (("A", 0), ("B", RATE), ("B\n\nphụ", RATE))
    text = transcripts.render("vtt", book(*chapters), cues, words=False)
    assert [block.partition("\n")[2] for block in text.split("\n\n")[1:]] == [
        "Một.",
        "NOTE Hai.",
        "Ba.\n",
    ]


def test_words_of_a_cue_are_guessed_from_what_is_said() -> None:
    spoken = Cue(RATE, 3 * RATE, "Năm 1945, ông Thomas về.")
    words = transcripts.guess_word_times(spoken)
    assert [spoken.text[word.start : word.end] for word in words] == [
        "Năm",
        "1945,",
        "ông",
        "Thomas",
        "về.",
    ]
    lengths = [b.at - a.at for a, b in pairwise(words)]
    assert words[0].at == RATE
    assert lengths[1] > 4 * lengths[0]
    assert lengths[3] > 1.5 * lengths[2]


def test_nothing_to_render() -> None:
    assert vtt(transcripts.render("vtt", book(), [])) == []
    assert list(srt.parse(transcripts.render("srt", book(), []))) == []
    with pytest.raises(UsageError, match="no transcript called ass"):
        transcripts.render("ass", book(), [])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9_000),
            st.integers(-50, 3_000),
            st.text("ab <>&[]-\n\x00\x0b😀đ,.\u2028", max_size=90),
        ),
        max_size=6,
    )
)
def test_no_cue_overlaps_or_is_lost(made: list[tuple[int, int, str]]) -> None:
    made.sort()
    cues = [Cue(start, start + length, text) for start, length, text in made]
    shown = [" ".join(re.sub("[\x00]", "", text).split()) for _, _, text in made]
    shown = [text for text in shown if text]
    captions = vtt(transcripts.render("vtt", book(samples=20_000), cues))
    assert [plain(caption) for caption in captions] == shown
    steps = list(srt.parse(transcripts.render("srt", book(samples=20_000), cues)))
    end = timedelta(0)
    for step in steps:
        assert end <= step.start < step.end
        end = step.end
    latest = 0.0
    for caption in captions:
        times = [_seconds(time) for time in (caption.start, *_times(caption), caption.end)]
        assert times == sorted(set(times))
        assert times[0] >= latest
        latest = times[-1]


def _times(caption: webvtt.Caption) -> list[str]:
    return re.findall(r"<(\d\d:\d\d:\d\d\.\d{3})>", caption.raw_text)


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
