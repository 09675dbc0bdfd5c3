"""Any text at all is said: alone, first, last, in every kind of paragraph, by every engine here."""

from __future__ import annotations

import random
import subprocess
import sys
from unicodedata import digit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from audiobook.config import load_voice, voice_names
from audiobook.engines.espeak import harmless
from audiobook.model import Cast, Chapter, Kind, Paragraph, Sound
from audiobook.stages.record import record
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon

sys.path.append(str(ROOT / "bench"))
import fuzz_voices

NASTY = [
    *("Đây là câu. ¹", "¹", "²", "(²)", "“Chào anh.” ¹", "¹ ² ³", "…²", "m²", "10⁻³", "x²y³ ⁴"),
    *("“…” ¹", "Hết.²¹", "¹Đầu câu", "½", "①", "Ⅳ", "a\u0301\u0323\u0301", "\u0301", "\u0301a"),
    *("nói:-Ừ", "“-A cậu", "–-Thôi", "…-Thì", "(-Ô", ",-Ừ", '"-Ừ', "-‑-a", "²-đ", "жđ-c", "--a"),
    *(
        "٣'`",
        "१२३",
        "ᎠᏣ",
        "ꯀ",
        "ᚠ",
        "你好",
        "안녕",
        "שלום",
        "𝒳",
        "😀",
        "🇻🇳",
        "🇻",
        "\x01\x02",
        "\x00a",
    ),
    *("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.x.y", "A.B.C", "....a", "a" * 300, "1" * 300),
    *("\u200b", "\u00ad-a", "\ufeff", "\u2028", "a\tb", "[[a]]", "<a>", "&amp;", "\\x", "{a}", "`"),
    *("\ud800", "\U000e0001", "\U0010ffff", "\ue000", "ﬃ", "ǅ", "İ", "ſt", "ß", "ʼn", "ª", "°"),
]
KINDS = [kind for kind in Kind if kind is not Kind.BREAK]


def record_all(voice: str, *paragraphs: Paragraph) -> None:
    speaker = load_voice(voice)
    cast = Cast(speaker)
    chapter = Chapter("", paragraphs)
    for passage in write_passages(chapter, 0, cast, lambda _: 2_000, Lexicon()):
        fuzz_voices.check(record(passage, cast, Sound(rate=speaker.rate)))


@pytest.mark.parametrize("voice", ["tone", "hanoi"])
def test_what_broke_something_once(voice: str) -> None:
    for number, text in enumerate(NASTY):
        row = Paragraph(text, KINDS[number % len(KINDS)])
        record_all(voice, row)
        record_all(voice, Paragraph("Một câu."), row, Paragraph("Hai câu."), row)


@given(st.text(max_size=12), st.sampled_from(KINDS), st.sampled_from(["", " ¹", "²", " (³)"]))
@settings(max_examples=60)
def test_any_text(text: str, kind: Kind, mark: str) -> None:
    row = Paragraph(text + mark, kind)
    record_all("tone", row)
    record_all("tone", row, Paragraph("Một câu."), row)


@given(st.text(max_size=8))
@settings(max_examples=30)
def test_any_text_by_espeak(text: str) -> None:
    record_all("saigon", Paragraph(f"Một câu. {text} ¹"))


@given(st.lists(st.sampled_from("-–“ .,:;aỪ1²ж\u0301\x01"), max_size=12).map("".join))
def test_harmless_text_is_as_long_and_has_the_same_words(text: str) -> None:
    safe = harmless(text)
    assert len(safe) == len(text)
    assert [sign for sign in safe if sign.isalnum()] == [
        str(digit(sign, sign)) for sign in text if sign.isalnum()
    ]
    assert harmless(safe) == safe


@pytest.mark.parametrize(
    "text", ["Xô-viết", "Gia-tĩnh", "anh - em", "8-10", "-5", "A.B.C", "anh--em"]
)
def test_hyphens_of_words_stay(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    "voice", [name for name in voice_names() if load_voice(name).engine == "espeak"]
)
def test_no_text_ends_a_process(voice: str) -> None:
    """A few of those that ``make fuzz`` tries by the thousand."""
    chance = random.Random(voice)
    speaker = fuzz_voices.Speaker(voice)
    try:
        speaker.say([text for text in NASTY if text.isprintable()], chance)
        speaker.say([fuzz_voices.invented(chance)[:200] for _ in range(60)], chance)
    finally:
        speaker.close()


def test_the_text_that_ends_a_process_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many on their way, it is the first without an answer."""
    answers = "; ".join(
        ("import sys", 'print(\'["", ""]\', flush=True)', "sys.stdin.readline()", "sys.exit(9)")
    )
    begin = subprocess.Popen
    monkeypatch.setattr(
        subprocess,
        "Popen",
        lambda _command, **pipes: begin([sys.executable, "-c", answers], **pipes),
    )
    speaker = fuzz_voices.Speaker("hanoi")
    with pytest.raises(AssertionError, match=r"^'hai' ended the process \(9\)"):
        speaker.say(["một", "hai", "ba"], random.Random(1))
    speaker.close()
