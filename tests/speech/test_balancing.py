"""Voices of a passage are equally loud, and one that whispers goes on whispering."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from audiobook.config import load_voice
from audiobook.model import Audio, Voice
from audiobook.speech import loudness
from audiobook.speech.balancing import balance

NARRATOR, OTHER = load_voice("hanoi"), load_voice("saigon")
RATE = NARRATOR.rate


def clip(level: float, seconds: float = 3.0) -> Audio:
    """Return a tone of a loudness in LUFS."""
    wave = np.sin(2 * np.pi * 1000 * np.arange(int(seconds * RATE)) / RATE)
    amplitude = 1000 * 10 ** ((level - loudness.measure((1000 * wave).astype(np.int16), RATE)) / 20)
    return Audio(np.rint(amplitude * wave).astype(np.int16), RATE)


def levels(*spoken: tuple[Voice, float]) -> tuple[list[float], float]:
    """Return the loudness of each voice after balancing, and the offset of the passage."""
    clips = {voice: [clip(level)] for voice, level in spoken}
    gains, offset = balance(clips)
    return [level + 20 * math.log10(gains[voice]) for voice, level in spoken], offset


@pytest.mark.parametrize("usual", [None, -20.0, -29.0])
def test_a_voice_that_speaks_about_as_usual_is_as_loud_as_the_others(usual: float | None) -> None:
    other = replace(OTHER, level=None if usual is None else -30.0)
    narrator = replace(NARRATOR, level=usual and -20.5)
    (first, second), offset = levels((narrator, -20.0), (other, -30.5))
    assert first == pytest.approx(second, abs=0.05)
    assert offset == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("scene", [-12.0, 8.0])
def test_a_whisper_and_a_cry_stay_what_they_are(scene: float) -> None:
    narrator, other = replace(NARRATOR, level=-20.0), replace(OTHER, level=-25.0)
    (first, second), offset = levels((narrator, -20.0), (other, -25.0 + scene))
    assert second - first == pytest.approx(scene - math.copysign(2.0, scene), abs=0.05)
    # The passage differs from its target by as much as keeps the narrator where it always is.
    passage = loudness.integrated_of_parts([(first, 1), (second, 1)])
    assert first - passage + offset == pytest.approx(0, abs=0.05)


def test_no_sample_is_clipped_and_no_bit_lost_for_a_soft_voice() -> None:
    spoken = {NARRATOR: [clip(-20.0)], OTHER: [clip(-45.0)]}
    gains, _ = balance(spoken)
    peaks = [
        gains[voice] * np.abs(clips[0].samples.astype(int)).max() for voice, clips in spoken.items()
    ]
    assert max(peaks) == pytest.approx(32_767, rel=0.01)
    assert min(gains.values()) >= 1


def test_what_is_hardly_a_voice_is_turned_up_only_so_far() -> None:
    (first, second), _ = levels((NARRATOR, -20.0), (OTHER, -58.0))
    assert first - second == pytest.approx(8.0, abs=0.3)


def test_silence_has_no_gain() -> None:
    silent = Audio(np.zeros(RATE, np.int16), RATE)
    assert balance({NARRATOR: [silent], OTHER: []}).gains == {}
