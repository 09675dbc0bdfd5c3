"""Brings sound to a loudness by one gain, and limits its peaks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from audiobook.speech.loudness import FULL_SCALE, integrated

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The limiter sets its gain once in so many seconds; the gain sinks and rises over so many steps.
_STEP = 0.001
_REACH = 8
_ROUNDS = 6
# Steps that are in memory as floats: two seconds.
_STEPS_AT_ONCE = 2_000


def adjust(
    samples: NDArray[np.int16],
    energies: NDArray[np.float64],
    target: float,
    ceiling: float,
    rate: int,
) -> tuple[NDArray[np.int16], float]:
    """Bring sound to a loudness by one gain, and limit what would exceed the ceiling.

    Args:
        samples: shape (n,).
        energies: those of `energies_of`; silence stays as it is.
        target: loudness in LUFS.
        ceiling: greatest sample in dBFS.
        rate: samples a second.

    Returns:
        The sound, and its loudness in LUFS. That is right within 0.02 LU: what the limiter took
        off is known as energy of the whole spectrum, without the weighting by frequency.
    """
    loudness = integrated(energies)
    if loudness == -math.inf:
        return samples, loudness
    gain = 10 ** ((target - loudness) / 20)
    top = 10 ** (ceiling / 20) * FULL_SCALE
    step = max(int(rate * _STEP), 1)
    peaks, squares = _peaks_and_squares(samples, step)
    curve = None
    if peaks.max(initial=0.0) * gain > top:
        gain, curve = _limit(peaks, squares, gain, top)
        runs = np.arange(len(energies)) * (rate // 10) // step
        power_before, limited_power = (
            np.add.reduceat(energy, runs) for energy in (squares, squares * curve**2)
        )
        energies = energies * limited_power / np.maximum(power_before, 1.0)
    return _turned_up(samples, gain, top, step, curve), integrated(energies * gain**2)


def _peaks_and_squares(
    samples: NDArray[np.int16], step: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the largest sample, of either sign, and the sum of squares of each whole step."""
    peaks, squares = np.empty((2, len(samples) // step), np.float32)
    steps = samples[: len(peaks) * step].reshape(-1, step)
    for first in range(0, len(peaks), _STEPS_AT_ONCE):
        run = slice(first, first + _STEPS_AT_ONCE)
        blocks = steps[run].astype(np.float32)
        squares[run] = np.einsum("ij,ij->i", blocks, blocks)
        # Columns of many steps are compared in a quarter of the time that rows of one step take.
        peaks[run] = np.ascontiguousarray(np.abs(blocks, out=blocks).T).max(axis=0)
    return peaks, squares


def _turned_up(
    samples: NDArray[np.int16],
    gain: float,
    top: float,
    step: int,
    curve: NDArray[np.float64] | None,
) -> NDArray[np.int16]:
    """Return sound with a gain.

    Args:
        samples: shape (n,).
        gain: the factor for all samples.
        top: the greatest sample allowed.
        step: samples in each part that the limiter has a factor for.
        curve: these factors; None for none.
    """
    louder = np.empty_like(samples)
    edges = None
    if curve is not None:
        padded = np.pad(curve, 1, mode="edge")
        edges = np.minimum(padded[:-1], padded[1:])  # between two steps the smaller factor
    for first in range(0, len(samples), _STEPS_AT_ONCE * step):
        run = slice(first, first + _STEPS_AT_ONCE * step)
        part = samples[run].astype(np.float32)
        if edges is not None:
            blocks = part[: len(part) // step * step].reshape(-1, step)
            _ramp(blocks, edges[first // step :][: len(blocks) + 1])
        part *= gain
        np.clip(np.rint(part, out=part), -top, top, out=part)
        louder[run] = part
    return louder


def _limit(
    peaks: NDArray[np.float32], energies: NDArray[np.float32], gain: float, top: float
) -> tuple[float, NDArray[np.float64]]:
    """Return the gain of the whole sound, and the factor by which each block is turned down.

    The gain makes up for what the limiter takes off the peaks. That makes more peaks, so it is
    found in a few rounds.

    Args:
        peaks: largest sample of each block, either sign.
        energies: sum of squares of each block.
        gain: the gain that would be right without the limiter.
        top: the greatest sample allowed.
    """
    total = float(energies.sum())
    target_gain, curve = gain, np.ones(len(peaks))
    for _ in range(_ROUNDS):
        curve = _gain_curve(np.minimum(1.0, top / np.maximum(peaks * gain, 1.0)))
        needed = target_gain * math.sqrt(total / float(energies @ curve**2))
        if needed < gain * 1.005:
            break
        gain = needed
    return gain, curve


def _gain_curve(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth gains over their neighbours, without exceeding any of them.

    Each becomes the least gain within reach of its block, averaged over the same reach.
    """
    reach = _REACH
    least = _least_within(np.pad(gains, reach, mode="edge"), 2 * reach + 1)
    window = np.hanning(2 * reach + 3)[1:-1]
    return np.convolve(np.pad(least, reach, mode="edge"), window / window.sum(), "valid")


def _least_within(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return the least of each run of so many values: of n, n - length + 1 runs."""
    covered = 1
    while covered < length:  # two runs make one of up to twice the length
        step = min(covered, length - covered)
        values = np.minimum(values[:-step], values[step:])
        covered += step
    return values


def _ramp(blocks: NDArray[np.float32], edges: NDArray[np.float64]) -> None:
    """Turn blocks down in place, from each edge to the next, with ramps instead of steps."""
    limited = np.flatnonzero((edges[:-1] < 1) | (edges[1:] < 1))
    ramp = np.arange(blocks.shape[1], dtype=np.float32) / blocks.shape[1]
    slopes = edges[limited, None] + (edges[limited + 1] - edges[limited])[:, None] * ramp
    blocks[limited] *= slopes.astype(np.float32)
