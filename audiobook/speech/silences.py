"""Finds the silences of a sound of speech, between which something is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FRAME = 0.005  # seconds
# Silence is at least this much softer than loud speech, or at most this much louder than the
# softest sound.
_BELOW_SPEECH, _ABOVE_NOISE = 10 ** (-28 / 20), 10 ** (6 / 20)
SHORTEST_SILENCE = 0.05
"""Seconds."""


class Silences(NamedTuple):
    """Where nobody speaks; the first and the last are the ends of the sound."""

    middle: NDArray[np.int64]
    """In samples."""
    length: NDArray[np.float64]
    """In seconds."""
    spoken: NDArray[np.float64]
    """Seconds of speech before it."""


def find_silences(samples: NDArray[np.int16], rate: int) -> Silences | None:
    """Return the silences of a sound, or None where there is no speech.

    Args:
        samples: shape (n,).
        rate: samples a second.
    """
    step = max(round(_FRAME * rate), 1)
    frames = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    if not len(frames):
        return None
    level = np.sqrt(np.mean(frames**2, axis=1))
    speech, noise = np.percentile(level, [90, 3])
    quiet = level <= max(speech * _BELOW_SPEECH, min(noise * _ABOVE_NOISE, speech / 4))
    edges = np.flatnonzero(np.diff(quiet, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    is_silence = (
        ((ends - starts) * step >= SHORTEST_SILENCE * rate) & (starts > 0) & (ends < len(level))
    )
    first = ends[0] if quiet[0] else 0
    last = starts[-1] if quiet[-1] else len(level)
    if first >= last:
        return None
    starts = np.concatenate(([first], starts[is_silence], [last]))
    ends = np.concatenate(([first], ends[is_silence], [last]))
    silent_before = np.concatenate(([0], np.cumsum(ends - starts)[:-1]))
    seconds = np.float64(step / rate)
    return Silences(
        (starts + ends) * step // 2,
        (ends - starts) * seconds,
        (starts - first - silent_before) * seconds,
    )
