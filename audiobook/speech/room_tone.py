"""Makes the faint noise of a quiet room, which some shops want instead of digital silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FADE = 0.02
"""Seconds."""


def add_room_tone(
    samples: NDArray[np.int16], rate: int, level: float | None, tail: int
) -> NDArray[np.int16]:
    """Return sound with the noise of a quiet room under it, always the same.

    Args:
        samples: shape (n,).
        rate: samples a second.
        level: dBFS (RMS) of the noise; None for none.
        tail: samples at the end that stay silent.
    """
    if level is None:
        return samples
    end = len(samples) - tail
    return np.concatenate((samples[:end] + _room_tone(end, rate, level), samples[end:]))


def _room_tone(length: int, rate: int, level: float) -> NDArray[np.int16]:
    """Return noise that gets softer as it gets higher.

    It fades in and out, so that no edge is heard where the encoder needs silence between passages.
    """
    noise = np.random.default_rng(0).standard_normal(length + 2)
    noise = np.convolve(noise, (0.25, 0.5, 0.25), "valid")
    noise *= 10 ** (level / 20) * 32_768 / np.sqrt(np.mean(noise**2))
    fade = min(int(_FADE * rate), length // 2)
    ramp = np.linspace(0, 1, fade)
    noise[:fade] *= ramp
    noise[length - fade :] *= ramp[::-1]
    return np.rint(noise).astype(np.int16)
