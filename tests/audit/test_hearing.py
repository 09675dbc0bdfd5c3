"""A recogniser listens to a book, and what it hears is compared with the text."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from clock import cpu_seconds
from hearing_tones import SENTENCES, ToneRecogniser, say_wrong

from audiobook.app.build import build
from audiobook.audit.contents import read_contents
from audiobook.audit.listening_back import RATE, HeardSentence, Hearing, Kind, listen_to
from audiobook.audit.listening_back.clips import cut_clips
from audiobook.audit.listening_back.comparing import compare, syllables_of
from audiobook.audit.listening_back.fitting import BookText
from audiobook.audit.listening_back.judging import judge
from audiobook.audit.types import SyncedSentence
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Job

TEXT = "\n\n".join(SENTENCES)


def compared(expected: str, heard: str) -> tuple[int, int, int, float]:
    comparison = compare(syllables_of(expected), syllables_of(heard))
    return comparison.missing, comparison.missing_end, comparison.added, comparison.cost


def test_what_was_left_out_and_added_is_counted_apart() -> None:
    assert compared("một hai ba bốn", "một hai ba bốn") == (0, 0, 0, 0)
    assert compared("một hai ba bốn", "một hai")[:3] == (2, 2, 0)
    assert compared("một hai ba bốn", "một bốn")[:3] == (2, 0, 0)
    assert compared("một hai", "một hai một hai")[:3] == (0, 0, 2)
    assert compared("một hai", "")[:3] == (2, 2, 0)
    assert compare(syllables_of("một hai"), syllables_of("một hai một hai")).again == 1


@pytest.mark.parametrize(
    ("expected", "heard"),
    [("rải rác", "xảy sát"), ("trong", "chong"), ("giải vũ", "dãi vụ"), ("phủ", "fu")],
)
def test_what_is_misheard_costs_less_than_another_word(expected: str, heard: str) -> None:
    alike = compared(expected, heard)[3]
    other = compared(expected, "mềm kêu")[3]
    assert alike < 0.4 * len(expected.split())
    assert alike < 0.5 * other


def test_a_recogniser_in_circles_takes_no_more_time() -> None:
    expected = syllables_of(" ".join(SENTENCES[:4]))
    usual = cpu_seconds(lambda: compare(expected, ["phim"] * 1_000))
    assert cpu_seconds(lambda: compare(expected, ["phim"] * 1_000_000)) < 5 * usual + 0.1


def heard_sentence(
    number: int, heard: str | None = None, pace: float = 0.2, fit: float = 8.0
) -> HeardSentence:
    text = SENTENCES[number % len(SENTENCES)]
    expected = syllables_of(text)
    return HeardSentence(
        number=number,
        start=number * 3.0,
        text=text,
        expected=text,
        heard=text if heard is None else heard,
        seconds=pace * len(expected),
        comparison=compare(expected, syllables_of(text if heard is None else heard)),
        fit=fit,
    )


def book_of(*spoilt: HeardSentence) -> list[HeardSentence]:
    """Return what was heard of a book in which other sentences are as they should be."""
    paces = [0.19, 0.2, 0.21, 0.205]
    usual = [heard_sentence(number, pace=paces[number % 4]) for number in range(40)]
    numbers = {sentence.number for sentence in spoilt}
    return [sentence for sentence in usual if sentence.number not in numbers] + [*spoilt]


def test_a_book_without_faults_has_no_doubts() -> None:
    assert judge(book_of()) == []
    assert judge([]) == []
    assert judge([heard_sentence(0, heard="")]) == []  # nothing to compare it with


def test_each_kind_is_told_by_what_is_unusual() -> None:
    cut = heard_sentence(3, heard="Ông nhìn thuyền", pace=0.1)
    twice = heard_sentence(4, heard=f"{SENTENCES[4]} {SENTENCES[4]}", pace=0.41)
    other = heard_sentence(5, heard="Khói bếp bay trên mái rạ", fit=0.3)
    doubts = judge(book_of(cut, twice, other))
    kinds = {doubt.sentence.number: doubt.kind for doubt in doubts}
    assert kinds == {3: Kind.CUT, 4: Kind.REPEATED, 5: Kind.OTHER}
    assert [doubt.deviation for doubt in doubts] == sorted(
        (doubt.deviation for doubt in doubts), reverse=True
    )


def test_what_is_unusual_is_a_matter_of_the_book() -> None:
    """Where a recogniser mishears everything, that alone is no reason for a doubt."""
    misheard = "Không hiểu một chữ nào hết cả"
    book = [heard_sentence(number, heard=misheard) for number in range(40)]
    assert judge(book) == []
    (doubt,) = judge(book_of(heard_sentence(7, heard=misheard)))
    assert doubt.sentence.number == 7


def test_what_was_heard_fits_its_own_sentence_best() -> None:
    text = BookText({number: syllables_of(line) for number, line in enumerate(SENTENCES)})
    for number, line in enumerate(SENTENCES):
        assert text.fit(number, syllables_of(line)) > 5
        assert text.fit(number, syllables_of(SENTENCES[number - 3])) < 2
    assert BookText({0: ["mot"]}).fit(0, ["hai"]) == math.inf


def test_a_recogniser_in_circles_is_not_believed() -> None:
    assert judge(book_of(heard_sentence(7, heard="phim " * 60))) == []


@pytest.fixture
def spoilt_book(make_job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch) -> Path:
    say_wrong(
        monkeypatch,
        {
            SENTENCES[2]: lambda words: words[:4],
            SENTENCES[5]: lambda words: words * 2,
            SENTENCES[8]: lambda _: SENTENCES[3].split(),
        },
    )
    return build(make_job(TEXT, voice="tone")).path


def hearing_of(book: Path, recogniser: ToneRecogniser, earlier: Hearing | None = None) -> Hearing:
    return listen_to(book, read_contents(book).sentences, recogniser, earlier=earlier)


def test_what_is_said_wrong_in_a_book_is_found(spoilt_book: Path) -> None:
    hearing = hearing_of(spoilt_book, ToneRecogniser(TEXT))
    kinds = {doubt.sentence.text: doubt.kind for doubt in hearing.doubts}
    assert kinds == {
        SENTENCES[2]: Kind.CUT,
        SENTENCES[5]: Kind.REPEATED,
        SENTENCES[8]: Kind.OTHER,
    }
    texts = {doubt.kind: doubt.sentence.heard for doubt in hearing.doubts}
    assert texts[Kind.CUT].split() == SENTENCES[2].split()[:4]
    assert texts[Kind.OTHER].startswith("Ông nhìn thuyền")


def test_another_language_is_named(spoilt_book: Path) -> None:
    hearing = hearing_of(spoilt_book, ToneRecogniser(TEXT, language="en"))
    languages = {doubt.sentence.text: doubt.language for doubt in hearing.doubts}
    assert languages == {SENTENCES[2]: "", SENTENCES[5]: "", SENTENCES[8]: "en"}


def test_only_what_was_doubted_is_heard_again(spoilt_book: Path) -> None:
    recogniser = ToneRecogniser(TEXT)
    hearing = hearing_of(spoilt_book, recogniser)
    before = recogniser.heard
    again = hearing_of(spoilt_book, recogniser, hearing)
    assert again == hearing
    assert recogniser.heard - before == 3 + 1  # and one for its language


def test_clips_are_the_sentences_without_the_pauses(
    make_job: Callable[..., Job], tmp_path: Path
) -> None:
    job = make_job(TEXT, voice="tone")
    book = build(replace(job, format="m4b", sound=replace(job.sound, format="m4b")))
    cues = read_contents(book.path).sentences
    clips = list(cut_clips(book.path, cues))
    assert [clip.number for clip in clips] == list(range(len(SENTENCES)))
    for clip, sentence in zip(clips, SENTENCES, strict=True):
        expected = 0.15 * len(sentence.split())
        assert clip.seconds == pytest.approx(expected, abs=0.06)
        assert len(clip.samples) / RATE == pytest.approx(expected, abs=0.06)
        assert 0.05 < np.abs(clip.samples).max() <= 1
    some = list(cut_clips(book.path, cues, {3, 7}))
    assert [clip.number for clip in some] == [3, 7]
    assert np.array_equal(some[0].samples, clips[3].samples)
    noise = tmp_path / "no.mp3"
    noise.write_text("no sound")
    with pytest.raises(SourceError):
        list(cut_clips(noise, cues))


def test_cues_behind_the_end_are_silent(make_job: Callable[..., Job]) -> None:
    book = build(make_job(TEXT, voice="tone"))
    cues = (*read_contents(book.path).sentences, SyncedSentence(10_000.0, "Không có."))
    hearing = listen_to(book.path, cues, ToneRecogniser(TEXT))
    assert hearing.sentences[len(SENTENCES)].heard == ""
    (doubt,) = hearing.doubts
    assert (doubt.kind, doubt.sentence.text) == (Kind.CUT, "Không có.")
