"""Measures loudness by ITU-R BS.1770-4 and EBU R128."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

DUAL_MONO = 10 * math.log10(2)
"""LU by which mono sound is louder once it comes from two loudspeakers."""

# Samples. The sound is filtered by FFT, a block at a time. Each block begins with the end of the
# one before, as long as the filter rings (38 Hz high pass: below -100 dB after 0.2 s).
_BLOCK = 32_768
_RINGING = 4_096
FULL_SCALE = 32_768.0
"""The sample that dBFS are counted from."""
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OFFSET = -0.691
# True peaks are looked for at this rate or more, four times the least rate in BS.1770-4. A point
# between samples is interpolated from _TAPS samples on each side, a window of samples at a time.
_OVERSAMPLED = 176_400
_TAPS = 12
_WINDOW = 64
# Factor: a sine exceeds its samples by 3 dB at most, at a quarter of the rate. Speech and music
# exceed them by no more.
_MOST_ABOVE = 1.5
# OpenBLAS computes products with fewer multiplications in one thread. With more threads they
# mostly wait for one another (three hours of speech: 21 s of processor time instead of 6).
_MULTIPLICATIONS = 1 << 18


def measure(samples: NDArray[np.int16], rate: int) -> float:
    """Return the integrated loudness of mono sound played by two loudspeakers, in LUFS.

    Gated over blocks of 400 ms every 100 ms; -inf when everything lies under the gate. Sound
    shorter than a block is measured as one.
    """
    return integrated(energies_of(samples, rate))


def energies_of(samples: NDArray[np.int16], rate: int) -> NDArray[np.float64]:
    """Return what a `Meter` measures in a sound; one mean if it is shorter than 0.1 s."""
    meter = Meter(rate)
    meter.add(samples)
    energies = meter.finish()
    if not len(energies):
        energies = _weighted_energies(
            np.zeros(_BLOCK, np.float32), samples, rate, max(len(samples), 1)
        )
    return energies


class Meter:
    """Measures the loudness of mono sound that comes in blocks, as `measure` does in one piece."""

    def __init__(self, rate: int) -> None:
        """Prepare for sound of a sample rate."""
        self._rate = rate
        self.hop = rate // 10
        """Samples in each of the runs that are measured: a tenth of a second."""
        self._block = np.zeros(_BLOCK, np.float32)
        self._step = (_BLOCK - _RINGING) // self.hop * self.hop
        self._rest = np.zeros(0, np.int16)
        self._energies: list[NDArray[np.float64]] = []

    def add(self, samples: NDArray[np.int16]) -> None:
        """Measure the next samples, shape (n,)."""
        samples = np.concatenate((self._rest, samples)) if len(self._rest) else samples
        measured = len(samples) // self._step * self._step
        for start in range(0, measured, self._step):
            self._measure(samples[start : start + self._step])
        self._rest = samples[measured:].copy()

    def finish(self) -> NDArray[np.float64]:
        """Return the mean square of K-weighted sound in each whole run of `hop` samples."""
        self._measure(self._rest)
        self._rest = self._rest[:0]
        return np.concatenate(self._energies)

    def _measure(self, part: NDArray[np.int16]) -> None:
        self._energies.append(_weighted_energies(self._block, part, self._rate, self.hop))
        self._block[:_RINGING] = self._block[self._step : self._step + _RINGING]


def integrated(energies: NDArray[np.float64]) -> float:
    """Return the integrated loudness, in LUFS, of energies that a `Meter` measured."""
    blocks = averaged(energies, 4) if len(energies) >= 4 else energies
    gated = blocks[blocks > _energy_at(_ABSOLUTE_GATE)]
    if not len(gated):
        return -math.inf
    gated = gated[gated > gated.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return _OFFSET + DUAL_MONO + 10 * math.log10(gated.mean())


def integrated_of_parts(parts: Iterable[tuple[float, float]]) -> float:
    """Return the integrated loudness of several parts played in a row, in LUFS; -inf for silence.

    It is the mean of their energies. Measuring them together gives the same as long as they are
    about equally loud, because then their gates are the same: within 0.1 LU for passages of a
    book.

    Args:
        parts: the integrated loudness of each in LUFS, and its length.
    """
    powers = [(10 ** (loudness / 10), length) for loudness, length in parts if loudness > -math.inf]
    total = sum(length for _, length in powers)
    if not total:
        return -math.inf
    return 10 * math.log10(sum(power * length for power, length in powers) / total)


def averaged(energies: NDArray[np.float64], hops: int) -> NDArray[np.float64]:
    """Average the energies of a `Meter` over windows of a number of tenths of a second.

    4 gives the momentary loudness of EBU R128, 30 its short-term loudness.
    """
    hops = min(hops, len(energies))
    return np.convolve(energies, np.ones(hops) / hops, "valid") if hops else energies


def in_lufs(energies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each energy as loudness in LUFS; -inf for silence."""
    with np.errstate(divide="ignore"):
        return _OFFSET + DUAL_MONO + 10 * np.log10(energies)


class TruePeak:
    """Finds the highest point of sound that comes in blocks, between its samples too.

    BS.1770-4, annex 2: the sound is oversampled by a polyphase filter, four times at 44.1 and
    48 kHz and more at lower rates. Windows that cannot exceed the peak so far are skipped.
    """

    def __init__(self, rate: int) -> None:
        """Prepare for sound of a sample rate."""
        self._filter = _interpolation(-(-_OVERSAMPLED // rate))
        self._rest = np.zeros(_TAPS, np.int16)
        self._peak = 0.0

    def add(self, samples: NDArray[np.int16]) -> None:
        """Measure the next samples, shape (n,)."""
        pending = np.concatenate((self._rest, samples))
        count = max(len(pending) - 2 * _TAPS, 0) // _WINDOW
        if count:
            length = _WINDOW + 2 * _TAPS
            windows = np.lib.stride_tricks.sliding_window_view(pending, length)[::_WINDOW][:count]
            self._measure(windows)
        self._rest = pending[count * _WINDOW :]

    def pop_peak(self) -> float:
        """Return the peak since the last call, in dBTP; -inf for silence."""
        self.add(np.zeros(2 * _TAPS + _WINDOW, np.int16))
        self._rest = np.zeros(_TAPS, np.int16)
        peak, self._peak = self._peak, 0.0
        return 20 * math.log10(peak / FULL_SCALE) if peak else -math.inf

    def _measure(self, windows: NDArray[np.int16]) -> None:
        peaks = np.maximum(windows.max(axis=1), -windows.min(axis=1).astype(np.int32))
        self._peak = max(self._peak, float(peaks.max()))
        higher = windows[peaks * _MOST_ABOVE > self._peak].astype(np.float32)
        step = max(_MULTIPLICATIONS // self._filter.size, 1)
        for start in range(0, len(higher), step):
            between = higher[start : start + step] @ self._filter
            self._peak = max(self._peak, float(between.max()), -float(between.min()))


def _energy_at(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET - DUAL_MONO) / 10))


def _weighted_energies(
    block: NDArray[np.float32], part: NDArray[np.int16], rate: int, hop: int
) -> NDArray[np.float64]:
    """Return the mean square of K-weighted sound in each whole run of ``hop`` samples of a part.

    Args:
        block: begins with the `_RINGING` samples before the part; the part is written after them.
        part: shape (n,), no longer than the rest of the block.
        rate: samples a second.
        hop: samples of a run.
    """
    block[_RINGING : _RINGING + len(part)] = part
    block[_RINGING + len(part) :] = 0
    filtered = np.fft.irfft(np.fft.rfft(block, _BLOCK) * _k_weighting(rate))
    hops = len(part) // hop
    runs = filtered[_RINGING : _RINGING + hops * hop].reshape(hops, hop)
    energies: NDArray[np.float64] = np.einsum("ij,ij->i", runs, runs, dtype=np.float64)
    return energies / hop


@cache
def _interpolation(factor: int) -> NDArray[np.float32]:
    """Return the matrix that a window is multiplied by to get the points between its samples.

    The filter is a sinc under a Hann window.
    """
    points = np.arange(_WINDOW)[:, None] + np.arange(1, factor) / factor + _TAPS
    distances = np.arange(_WINDOW + 2 * _TAPS)[:, None] - points.ravel()
    is_near = np.abs(distances) < _TAPS
    taps = np.where(is_near, np.sinc(distances) * np.cos(np.pi * distances / (2 * _TAPS)) ** 2, 0)
    return taps.astype(np.float32)


@cache
def _k_weighting(rate: int) -> NDArray[np.complex64]:
    """Return the response of the two filters of BS.1770-4 to int16 sound, at the bins of a block.

    The standard gives coefficients for 48 kHz only; for other rates both analogue prototypes
    are transformed again (bilinear, with their own corner frequencies).
    """
    z = np.exp(-2j * np.pi * np.arange(_BLOCK // 2 + 1) / _BLOCK)
    shelf_gain, shelf_corner, shelf_q = 3.999843853973347, 1681.974450955533, 0.7071752369554196
    k = math.tan(math.pi * shelf_corner / rate)
    high = 10 ** (shelf_gain / 20)
    band = high**0.4996667741545416
    shelf = _biquad(
        z,
        (high + band * k / shelf_q + k * k, 2 * (k * k - high), high - band * k / shelf_q + k * k),
        (1 + k / shelf_q + k * k, 2 * (k * k - 1), 1 - k / shelf_q + k * k),
    )
    pass_corner, pass_q = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * pass_corner / rate)
    low = (1 + k / pass_q + k * k, 2 * (k * k - 1), 1 - k / pass_q + k * k)
    # The standard leaves the numerator of the high pass unscaled.
    high_pass = _biquad(z, (low[0], -2 * low[0], low[0]), low)
    response: NDArray[np.complex64] = (shelf * high_pass / FULL_SCALE).astype(np.complex64)
    return response


def _biquad(
    z: NDArray[np.complex128], above: tuple[float, ...], below: tuple[float, ...]
) -> NDArray[np.complex128]:
    powers = np.stack((np.ones_like(z), z, z * z))
    response: NDArray[np.complex128] = (np.array(above) @ powers) / (np.array(below) @ powers)
    return response
