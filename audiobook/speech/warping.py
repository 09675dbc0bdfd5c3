"""Warps one clip onto another that says the same, by dynamic time warping of their spectra."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiobook.model import Audio

    Floats = NDArray[np.float32]

FRAMES = 100
"""Frames a second in which clips are compared."""
_RATE = 16_000
_HOP, _WINDOW, _SPECTRUM = _RATE // FRAMES, 400, 512
_BANDS, _LOWEST, _HIGHEST = 26, 80.0, 7600.0
_COEFFICIENTS = 13
_PREEMPHASIS = 0.97
# Natural logarithms of power: what is softer than the loudest band by more is silence (52 dB).
_DEPTH = 12.0
_SILENCE = 1e-7
# How far a place may be from where an even pace has it: frames, a share of the length, and frames
# at most, so that time and memory grow no faster than the length.
_LEAST_SLACK, _SLACK, _MOST_SLACK = 100, 0.15, 1000
# The steps into a pair of frames, and by how many frames each goes back in the first clip.
_STEPS_BACK = (1, 1, 0)
_SECOND_STEPS_BACK = (1, 0, 1)


def warp(clip: Audio, reference: Audio) -> NDArray[np.float64]:
    """Return for each frame of a reference which frame of a clip sounds like it.

    The frames returned never go backwards.

    Args:
        clip: what is said by one voice.
        reference: the same, said by another.
    """
    return _matching_frames(_features(clip), _features(reference))


def _features(clip: Audio) -> Floats:
    """Return cepstra and how they change, however loud the clip is [frames, features]."""
    import soxr

    samples = soxr.resample(clip.samples.astype(np.float32) / 32_768, clip.rate, _RATE)
    emphasised = samples - _PREEMPHASIS * np.concatenate((samples[:1], samples[:-1]))
    padded = np.pad(emphasised, (_WINDOW // 2, _WINDOW // 2 + _HOP))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    weights = np.hanning(_WINDOW).astype(np.float32)
    power = np.abs(np.fft.rfft(windows * weights, _SPECTRUM)) ** 2
    bands: Floats = np.log(power.astype(np.float32) @ _filters().T + _SILENCE)
    bands = np.maximum(bands, bands.max() - _DEPTH)
    cepstra = bands @ _cosines().T
    cepstra -= cepstra.mean(axis=0)
    changes = np.zeros_like(cepstra)
    changes[1:-1] = (cepstra[2:] - cepstra[:-2]) / 2
    return np.concatenate((cepstra, changes), axis=1)


@cache
def _filters() -> Floats:
    """Return triangular filters, evenly spaced in mel [bands, bins]."""

    def mel(hertz: float) -> float:
        return 2595 * float(np.log10(1 + hertz / 700))

    mels = np.linspace(mel(_LOWEST), mel(_HIGHEST), _BANDS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    bins = np.arange(_SPECTRUM // 2 + 1) * _RATE / _SPECTRUM
    lower, centre, upper = (edges[shift : shift + _BANDS, None] for shift in range(3))
    rising, falling = (bins - lower) / (centre - lower), (upper - bins) / (upper - centre)
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)


@cache
def _cosines() -> Floats:
    """Return the rows of a discrete cosine transform [coefficients, bands]."""
    angles = np.pi * np.outer(np.arange(_COEFFICIENTS), np.arange(_BANDS) + 0.5) / _BANDS
    return np.asarray(np.cos(angles) * np.sqrt(2 / _BANDS), np.float32)


def _matching_frames(clip: Floats, reference: Floats) -> NDArray[np.float64]:
    """Return for each frame of a reference the mean of the frames of a clip that belong to it."""
    columns, rows = zip(*_cheapest_path(clip, reference), strict=True)
    counts = np.bincount(rows, minlength=len(reference))
    sums = np.bincount(rows, weights=columns, minlength=len(reference))
    return np.asarray(sums / counts, np.float64)


def _cheapest_path(clip: Floats, reference: Floats) -> list[tuple[int, int]]:
    """Return pairs of frames from the last to the first, each next to the one before.

    The pairs are reckoned by diagonals, on which both frames together make the same number.
    """
    steps = _cheapest_steps(clip, reference)
    column, row = len(clip) - 1, len(reference) - 1
    path = [(column, row)]
    while column or row:
        first, taken = steps[column + row]
        step = taken[column - first]
        column, row = column - _STEPS_BACK[step], row - _SECOND_STEPS_BACK[step]
        path.append((column, row))
    return path


def _cheapest_steps(clip: Floats, reference: Floats) -> list[tuple[int, NDArray[np.int8]]]:
    """Return for each diagonal the first frame of the clip on it, and the steps into its pairs."""
    length, height = len(clip), len(reference)
    slack = min(_LEAST_SLACK + _SLACK * length, _MOST_SLACK)
    # Of the two diagonals before, by frame of the clip; the first entry stands before all frames.
    before = two_before = np.full(length + 1, np.inf)
    steps: list[tuple[int, NDArray[np.int8]]] = []
    for diagonal in range(length + height - 1):
        centre = diagonal * length / (length + height)
        first = max(diagonal - height + 1, int(centre - slack), 0)
        end = min(int(centre + slack) + 2, length, diagonal + 1)
        others = reference[diagonal - end + 1 : diagonal - first + 1][::-1]
        costs = np.sqrt(((clip[first:end] - others) ** 2).sum(axis=1))
        ways = np.stack((two_before[first:end], before[first:end], before[first + 1 : end + 1]))
        taken = ways.argmin(axis=0)
        sums = np.full(length + 1, np.inf)
        sums[first + 1 : end + 1] = costs + (ways.min(axis=0) if diagonal else 0)
        steps.append((first, taken.astype(np.int8)))
        before, two_before = sums, before
    return steps
