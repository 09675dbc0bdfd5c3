"""A recogniser listens to a book, and what it hears is compared with the text."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hearing_tones import SENTENCES, ToneRecogniser, say_wrong

from audiobook.app.build import build
from audiobook.audit.contents import read_contents
from audiobook.audit.listening_back import (
    RATE,
    Heard,
    HeardSentence,
    Hearing,
    Kind,
    count_syllables,
    listen_to,
)
from audiobook.audit.listening_back.clips import cut_clips
from audiobook.audit.listening_back.judging import judge
from audiobook.audit.types import SyncedSentence
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from audiobook.model import Job

TEXT = "\n\n".join(SENTENCES)


def heard_sentence(
    number: int, pace: float = 0.2, support: Sequence[float] = (2.5, 2.0, 3.0)
) -> HeardSentence:
    """Return a sentence said with so many seconds a syllable, and what speaks for its pieces."""
    text = SENTENCES[number % len(SENTENCES)]
    return HeardSentence(
        number=number,
        start=number * 3.0,
        text=text,
        expected=text,
        heard=text,
        seconds=pace * count_syllables(text),
        syllables=count_syllables(text),
        support=tuple(support),
    )


def book_of(*spoilt: HeardSentence) -> list[HeardSentence]:
    """Return what was heard of a book in which other sentences are as they should be."""
    paces = [0.19, 0.2, 0.21, 0.205]
    supports = [(2.0, 1.5, 3.0), (2.5, 2.0), (1.5, 2.5, 2.0), (3.0, 2.5)]
    usual = [
        heard_sentence(number, paces[number % 4], supports[number % 4]) for number in range(40)
    ]
    numbers = {sentence.number for sentence in spoilt}
    return [sentence for sentence in usual if sentence.number not in numbers] + [*spoilt]


def test_a_book_without_faults_has_no_doubts() -> None:
    assert judge(book_of()) == []
    assert judge([]) == []
    assert judge([heard_sentence(0, support=())]) == []  # nothing to compare it with


def test_each_kind_is_told_by_what_is_unusual() -> None:
    cut = heard_sentence(3, pace=0.11, support=(3.0, 2.5, -0.5))
    twice = heard_sentence(4, pace=0.41)
    other = heard_sentence(5, support=(-0.5, 0.5, -0.7))
    doubts = judge(book_of(cut, twice, other))
    kinds = {doubt.sentence.number: doubt.kind for doubt in doubts}
    assert kinds == {3: Kind.CUT, 4: Kind.REPEATED, 5: Kind.OTHER}
    assert [doubt.deviation for doubt in doubts] == sorted(
        (doubt.deviation for doubt in doubts), reverse=True
    )


def test_what_is_unusual_is_a_matter_of_the_book() -> None:
    """Where a recogniser understands nothing, that alone is no reason for a doubt."""
    little = (0.2, -0.1, 0.1)
    book = [heard_sentence(number, support=little) for number in range(40)]
    assert judge(book) == []
    (doubt,) = judge(book_of(heard_sentence(7, support=little)))
    assert doubt.sentence.number == 7


def test_words_that_nothing_speaks_for_make_a_short_sentence_surer() -> None:
    short = heard_sentence(3, pace=0.13)
    shorter = heard_sentence(4, pace=0.13, support=(2.5, 2.0, -0.5))
    doubts = judge(book_of(short, shorter))
    deviations = {doubt.sentence.number: doubt.deviation for doubt in doubts}
    assert deviations[4] > deviations.get(3, 0)


def test_a_sentence_that_is_understood_after_another_is_not_doubted() -> None:
    alone = heard_sentence(7, support=(-0.5, 0.4, 0.1))
    assert [doubt.kind for doubt in judge(book_of(alone))] == [Kind.OTHER]
    assert judge(book_of(replace(alone, context_support=(2.5, 0.7, 1.9)))) == []
    other = replace(alone, context_support=(-1.0, -0.2, 0.1))
    assert [doubt.kind for doubt in judge(book_of(other))] == [Kind.OTHER]


def test_many_bad_sentences_do_not_hide_each_other() -> None:
    spoilt = [
        *(heard_sentence(number, pace=0.1, support=(2.5, -0.5)) for number in range(8)),
        *(heard_sentence(number, support=(-0.5, -0.3)) for number in range(8, 16)),
    ]
    assert {doubt.sentence.number for doubt in judge(book_of(*spoilt))} == set(range(16))


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


def test_what_is_not_understood_alone_is_heard_after_another(
    spoilt_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recogniser that understands no sentence alone if it begins with a certain word."""
    recogniser, hear = ToneRecogniser(TEXT), ToneRecogniser.hear

    def hear_badly(
        self: ToneRecogniser, samples: NDArray[np.float32], language: str, expected: str = ""
    ) -> Heard:
        heard = hear(self, samples, language, expected)
        if expected.startswith(SENTENCES[10].split()[0]):
            return replace(heard, text="", support=(-0.4,) * len(heard.support))
        return heard

    monkeypatch.setattr(ToneRecogniser, "hear", hear_badly)
    hearing = hearing_of(spoilt_book, recogniser)
    assert fmean(hearing.sentences[10].support) < 0 < fmean(hearing.sentences[10].context_support)
    assert {doubt.sentence.number for doubt in hearing.doubts} == {2, 5, 8}


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
    assert (
        recogniser.heard - before == 3 + 2
    )  # one after another sentence, too, and for its language


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
