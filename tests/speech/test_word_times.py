from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from clock import cpu_seconds

from audiobook.config import load_voice
from audiobook.model import Audio, Mark, Voice, WordTimes
from audiobook.speech.speak import speak
from audiobook.speech.warping import FRAMES, warp
from audiobook.speech.word_times import version, with_word_times
from audiobook.vietnamese.alignment import guess_marks

TEXT = "Sáng sớm, sương còn giăng trên mặt hồ, người bán hoa đã gánh hàng ra phố."
# Some voice of the user's own: its program tells no words.
STRANGER = Voice(name="stranger", engine="command", accent="north")


@pytest.fixture(scope="module")
def told() -> Audio:
    """A clip of another region, slower and lower, which tells its own words."""
    (clip,) = speak([TEXT], replace(load_voice("saigon"), speed=0.8, pitch=0.8))
    return clip


@pytest.fixture(scope="module")
def untold(told: Audio) -> Audio:
    return replace(told, marks=())


def seconds_off(marks: tuple[Mark, ...], told: Audio) -> list[float]:
    truth = {mark.position: mark.sample for mark in told.marks}
    return [abs(mark.sample - truth[mark.position]) / told.rate for mark in marks]


def test_words_are_found_where_they_are_heard(told: Audio, untold: Audio) -> None:
    found = with_word_times(untold, TEXT, STRANGER)
    assert found.samples is untold.samples
    assert [mark.position for mark in found.marks] == [mark.position for mark in told.marks]
    off = seconds_off(found.marks, told)
    assert np.mean(off) < 0.06
    assert max(off) < 0.12


def test_a_long_pause_moves_only_the_words_after_it(told: Audio, untold: Audio) -> None:
    comma = next(mark.sample for mark in told.marks if mark.position == TEXT.index("người"))
    pause = np.zeros(told.rate // 2, np.int16)
    halves = (untold.samples[:comma], pause, untold.samples[comma:])
    found = with_word_times(Audio(np.concatenate(halves), told.rate), TEXT, STRANGER)
    later = tuple(
        mark if mark.sample < comma else mark._replace(sample=mark.sample + len(pause))
        for mark in told.marks
    )
    off = np.mean(seconds_off(found.marks, replace(told, marks=later)))
    guessed = guess_marks(TEXT, len(found.samples))
    assert off < 0.06
    assert np.mean(seconds_off(guessed, replace(told, marks=later))) > 1.5 * off


def test_loudness_does_not_matter(untold: Audio) -> None:
    soft = replace(untold, samples=(untold.samples // 16).astype(np.int16))
    loud = with_word_times(untold, TEXT, STRANGER).marks
    for mark, other in zip(with_word_times(soft, TEXT, STRANGER).marks, loud, strict=True):
        assert abs(mark.sample - other.sample) <= 0.03 * untold.rate


@pytest.mark.parametrize("seconds", [0.001, 0.5, 5.0, 60.0])
def test_what_does_not_say_the_text_has_times_in_order_within_it(seconds: float) -> None:
    noise = np.random.default_rng(1).normal(0, 3000, round(seconds * 22050)).astype(np.int16)
    found = with_word_times(Audio(noise, 22050), TEXT, STRANGER)
    samples = [mark.sample for mark in found.marks]
    assert len(samples) == len(TEXT.split())
    assert samples == sorted(samples)
    assert samples[0] >= 0
    assert samples[-1] <= len(noise)


@pytest.mark.parametrize(
    ("voice", "text"),
    [
        (replace(STRANGER, language="xx"), TEXT),
        (STRANGER, "bốn năm"),  # a fifth as long as the clip
    ],
    ids=["no such language", "another text"],
)
def test_what_cannot_be_compared_is_guessed(untold: Audio, voice: Voice, text: str) -> None:
    marks = with_word_times(untold, text, voice).marks
    assert marks == guess_marks(text, len(untold.samples))


def test_other_languages_are_compared_with_their_own() -> None:
    text = "The road was long, and the night was cold."
    (told,) = speak([text], replace(load_voice("english"), speed=0.8))
    british = replace(STRANGER, language="en-GB")
    found = with_word_times(replace(told, marks=()), text, british)
    assert np.mean(seconds_off(found.marks, told)) < 0.06


@pytest.mark.parametrize(
    "voice",
    [
        load_voice("hanoi"),
        load_voice("sano"),
        load_voice("tone"),
        replace(STRANGER, word_times=WordTimes.GUESS),
    ],
    ids=["embedded", "neural", "no words", "guess"],
)
def test_who_needs_no_comparison(untold: Audio, voice: Voice) -> None:
    assert with_word_times(untold, TEXT, voice) is untold
    assert version(voice) == ()


def test_what_the_engine_tells_is_kept(told: Audio) -> None:
    assert with_word_times(told, TEXT, STRANGER) is told


def test_the_version_tells_that_words_are_looked_for() -> None:
    assert version(STRANGER)


def test_time_grows_with_the_length() -> None:
    noise = np.random.default_rng(2).normal(0, 3000, 22050 * 60).astype(np.int16)
    short, long = (Audio(noise[: 22050 * seconds], 22050) for seconds in (20, 60))
    lengths = []
    once = cpu_seconds(lambda: warp(short, short), attempts=3)
    assert cpu_seconds(lambda: lengths.append(len(warp(long, long)))) < 9 * once
    assert lengths == [pytest.approx(60 * FRAMES, abs=3)]
