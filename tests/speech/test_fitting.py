"""Speech that is made to fit the time until the next subtitle."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook.errors import VoiceError
from audiobook.model import Audio, Kind, Mark, Slot, TimedPassage, Utterance
from audiobook.speech import fitting
from audiobook.speech.fitting import FASTEST, GAP, TOLERANCE, Room, Speech

RATE = 16_000
SECOND = RATE


def hum(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    time = np.arange(round(seconds * RATE)) / RATE
    return (9000 * np.sin(2 * np.pi * 180 * time)).astype(np.int16)


def clip(*seconds: float) -> Audio:
    """Return a clip of sound and silence by turns."""
    parts = [hum(length) if not n % 2 else hum(length) * 0 for n, length in enumerate(seconds)]
    return Audio(np.concatenate(parts), RATE)


def speech(*clips: Audio, pause: float = 0.4) -> Speech:
    return Speech(clips, [round(pause * RATE)] * (len(clips) - 1))


def room(start: float, limit: float | None) -> Room:
    return Room(range(1), round(start * RATE), None if limit is None else round(limit * RATE))


def test_what_fits_is_left_alone() -> None:
    said = speech(clip(1.0))
    assert fitting.fit(said, SECOND, RATE) is said


def test_what_is_too_long_is_spoken_only_as_fast_as_needed() -> None:
    said = fitting.fit(speech(clip(1.0)), round(0.9 * SECOND), RATE)
    assert said.length == pytest.approx(0.9 * SECOND, abs=1)
    assert np.abs(said.clips[0].samples).mean() > 5000


def test_it_is_spoken_no_faster_than_that_and_then_its_pauses_are_shortened() -> None:
    said = fitting.fit(speech(clip(1.0, 0.5, 1.0), clip(1.0)), round(2.9 * SECOND), RATE)
    assert said.length == pytest.approx(2.9 * SECOND, abs=2)
    sounding = [np.abs(part.samples) > 1000 for part in said.clips]
    assert sum(map(np.count_nonzero, sounding)) / RATE == pytest.approx(3 / FASTEST, rel=0.1)
    assert said.pauses[0] < 0.4 * SECOND


def test_what_cannot_fit_keeps_all_its_sound_and_short_pauses() -> None:
    said = fitting.fit(speech(clip(1.0, 0.5, 1.0), clip(1.0)), SECOND, RATE)
    assert said.length == pytest.approx((3 / FASTEST + 2 * 0.08) * SECOND, rel=0.02)


def test_marks_stay_with_their_words() -> None:
    long = replace(clip(1.0, 0.5, 1.0), marks=(Mark(0, 0), Mark(round(1.5 * SECOND), 4)))
    (shorter,) = fitting.fit(speech(long), round(1.8 * SECOND), RATE).clips
    start = shorter.marks[1].sample
    assert not np.abs(shorter.samples[start - 400 : start - 100]).max() > 300
    assert np.abs(shorter.samples[start + 100 : start + 400]).max() > 5000


def test_it_begins_earlier_only_where_it_is_silent_and_only_a_little() -> None:
    long, short = speech(clip(1.0)), speech(clip(0.2))
    (alone,) = fitting.lay([long], [room(1.0, 1.75)], RATE)
    assert alone.start == pytest.approx(0.95 * SECOND, abs=1)
    (much,) = fitting.lay([long], [room(1.0, 1.5)], RATE)
    assert much.start == (1.0 - TOLERANCE) * SECOND
    before, after = fitting.lay([short, long], [room(0.72, 0.9), room(1.0, 1.5)], RATE)
    assert after.start == before.start + before.speech.length + GAP * SECOND


def test_what_is_too_long_delays_the_next_one_and_the_last_has_no_limit() -> None:
    first, second = fitting.lay(
        [speech(clip(2.0)), speech(clip(2.0))], [room(0.0, 0.9), room(1.0, None)], RATE
    )
    assert second.start == first.start + first.speech.length + GAP * SECOND
    assert second.speech.length == 2 * SECOND


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(0.1, 0.6), st.floats(0.1, 0.8)), min_size=1, max_size=5))
def test_nothing_ever_overlaps_or_is_cut_off(lines: list[tuple[float, float]]) -> None:
    starts = np.cumsum([0.0, *(gap for gap, _ in lines)])
    places = [room(a, b - GAP) for a, b in pairwise(starts)]
    speeches = [speech(clip(length)) for _, length in lines]
    placed = fitting.lay(speeches, places, RATE)
    for said, before in zip(placed, speeches, strict=True):
        assert said.speech.length >= int(before.length / FASTEST)
    for earlier, later in pairwise(placed):
        assert earlier.start + earlier.speech.length + round(GAP * RATE) <= later.start
    for said, place in zip(placed, places, strict=True):
        assert said.start >= max(place.start - round(TOLERANCE * RATE), 0)


def passage(*texts: tuple[float, str], begin: int = 0) -> TimedPassage:
    utterances = tuple(
        Utterance(
            text=text,
            spoken=(text,) if text != "…" else (),
            role=Kind.PROSE,
            pause=0.4,
            slot=Slot(number, start, start + 1),
        )
        for number, (start, text) in enumerate(texts, 1)
    )
    return TimedPassage(0, 0, utterances, begin=begin, samples=10 * SECOND)


def test_there_is_time_until_something_else_is_said() -> None:
    said = passage((1.0, "Một."), (1.0, "Hai."), (3.0, "…"), (5.0, "Ba."), begin=SECOND // 2)
    assert list(fitting.rooms(said, RATE, 100)) == [
        Room(range(3), SECOND // 2, round((4.5 - GAP) * SECOND)),
        Room(range(3, 4), round(4.5 * SECOND), 10 * SECOND - 100),
    ]
    last = replace(said, is_last=True)
    assert [place.limit for place in fitting.rooms(last, RATE, 100)][-1] is None


def test_what_makes_the_next_one_late_is_a_misfit() -> None:
    slots = [Slot(number, float(number), number + 0.5) for number in range(1, 5)]
    ends = [2.0 - GAP, 3.0 - GAP + TOLERANCE - 0.001, 4.0 - GAP + 0.25, 90.0]
    (misfit,) = fitting.find_misfits(zip(slots, ends, strict=True))
    assert misfit.slot.number == 3
    assert misfit.seconds == pytest.approx(0.25)


def test_what_makes_speech_faster_is_asked_for_before_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fitting.check_ready()
    monkeypatch.setitem(sys.modules, "parselmouth", None)
    with pytest.raises(VoiceError, match="praat-parselmouth"):
        fitting.check_ready()
