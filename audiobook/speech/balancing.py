"""Finds the gains that make the voices of a passage equally loud, as far as they speak as usual."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from audiobook.speech import loudness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobook.model import Audio, Voice

_MOST_CORRECTION = 2.0
"""LU between what a voice is in a passage and what it usually is that are made up for. Twenty
sentences of four voices differ from the usual level by up to 1.1; more is a whisper or a cry, which
shall stay one."""
_MOST_GAIN = 30.0
"""dB that a voice is turned up above the loudest: what is softer is noise more than speech."""


class Balance(NamedTuple):
    """How the voices of a passage are brought together."""

    gains: dict[Voice, float]
    """The factor for each; none makes a sample exceed the full scale."""
    offset: float
    """LU by which the passage is to differ from its target, because a voice keeps its scene."""


def balance(spoken: Mapping[Voice, Sequence[Audio]]) -> Balance:
    """Return the gains that make voices equally loud.

    Each is measured in the passage itself. Where its usual level is known, it is taken to be at
    most 2 LU softer or louder than that.

    Args:
        spoken: the clips of each voice.
    """
    sounds = {
        voice: np.concatenate([clip.samples for clip in clips])
        for voice, clips in spoken.items()
        if clips
    }
    levels = {
        voice: level
        for voice, samples in sounds.items()
        if (level := loudness.measure(samples, voice.rate)) > -math.inf
    }
    if not levels:
        return Balance({}, 0.0)
    assumed = {voice: _assumed_level(level, voice.level) for voice, level in levels.items()}
    floor = max(assumed.values()) - _MOST_GAIN
    assumed = {voice: max(level, floor) for voice, level in assumed.items()}
    common = min(level - _peak(sounds[voice]) for voice, level in assumed.items())
    gains = {voice: common - level for voice, level in assumed.items()}
    reached = loudness.integrated_of_parts(
        (levels[voice] + gain, len(sounds[voice]) / voice.rate) for voice, gain in gains.items()
    )
    return Balance({voice: 10 ** (gain / 20) for voice, gain in gains.items()}, reached - common)


def _assumed_level(level: float, usual: float | None) -> float:
    if usual is None:
        return level
    return min(max(level, usual - _MOST_CORRECTION), usual + _MOST_CORRECTION)


def _peak(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> float:
    """Return the largest sample in dBFS; the sound is not silent."""
    return 20 * math.log10(int(np.abs(samples.astype(np.int32)).max()) / 32_767)
