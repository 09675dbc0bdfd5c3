"""Loudness by ITU-R BS.1770-4 and EBU R128: measuring it, and bringing sound to a target."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DUAL_MONO = 10 * math.log10(2)
"""LU by which mono sound is louder once it comes from two loudspeakers."""

# Filtering by FFT, a block at a time; of each block the beginning, as long as the filter
# rings (38 Hz high pass: below -100 dB after 0.2 s), is the end of the one before.
_BLOCK = 32_768
_RINGING = 4_096
_FULL_SCALE = 32_768.0
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OFFSET = -0.691
# The limiter decides in steps of so many seconds, and its gain sinks and rises over so many.
_LIMITER_STEP = 0.001
_LIMITER_REACH = 8
_LIMITER_ROUNDS = 6


def measure(samples: NDArray[np.int16], rate: int) -> float:
    """Return the integrated loudness of mono sound played by two loudspeakers, in LUFS.

    Gated over blocks of 400 ms every 100 ms; -inf when everything lies under the gate. Sound
    shorter than a block is measured as one.
    """
    hop = rate // 10
    energies = _weighted_energies(samples, rate, hop)
    blocks = np.convolve(energies, np.ones(4), "valid") / 4 if len(energies) >= 4 else energies
    if not len(blocks):
        return -math.inf
    gated = blocks[blocks > _power(_ABSOLUTE_GATE)]
    if not len(gated):
        return -math.inf
    gated = gated[gated > gated.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return _OFFSET + DUAL_MONO + 10 * math.log10(gated.mean())


def level(
    samples: NDArray[np.int16], loudness: float, target: float, ceiling: float, rate: int
) -> NDArray[np.int16]:
    """Bring sound to a loudness by one gain, and round off what would pass the ceiling.

    Args:
        samples: shape (n,).
        loudness: what `measure` says of it, in LUFS; -inf leaves it alone.
        target: LUFS.
        ceiling: dBFS.
        rate: samples a second.
    """
    if loudness == -math.inf:
        return samples
    gain = 10 ** ((target - loudness) / 20)
    top = 10 ** (ceiling / 20) * _FULL_SCALE
    step = max(int(rate * _LIMITER_STEP), 1)
    louder = samples.astype(np.float32)
    blocks = louder[: len(samples) // step * step].reshape(-1, step)
    peaks = np.maximum(blocks.max(axis=1), -blocks.min(axis=1))
    if peaks.max(initial=0.0) * gain > top:
        gain, curve = _limited(peaks, np.einsum("ij,ij->i", blocks, blocks), gain, top)
        _ramp(blocks, curve)
    louder *= gain
    np.clip(np.rint(louder, out=louder), -top, top, out=louder)
    return louder.astype(np.int16)


def _power(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET - DUAL_MONO) / 10))


def _weighted_energies(samples: NDArray[np.int16], rate: int, hop: int) -> NDArray[np.float64]:
    """Mean square of K-weighted sound in each whole run of ``hop`` samples (at least one)."""
    response = _k_weighting(rate)
    step = (_BLOCK - _RINGING) // hop * hop
    block = np.zeros(_RINGING + step, np.float32)
    energies = []
    for start in range(0, len(samples), step):
        part = samples[start : start + step]
        block[:_RINGING] = block[step:]
        block[_RINGING : _RINGING + len(part)] = part
        block[_RINGING + len(part) :] = 0
        filtered = np.fft.irfft(np.fft.rfft(block, _BLOCK) * response)
        # Of the last hop of all, which is hardly ever whole, only what there is.
        hops = max(len(part) // hop, 0 if start else 1)
        runs = filtered[_RINGING : _RINGING + hops * hop].reshape(hops, hop)
        energies.append(np.einsum("ij,ij->i", runs, runs, dtype=np.float64))
    return np.concatenate(energies) / min(hop, len(samples))


@cache
def _k_weighting(rate: int) -> NDArray[np.complex64]:
    """Response of the two filters of BS.1770-4 for int16 sound, at the bins of one block.

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
    response: NDArray[np.complex64] = (shelf * high_pass / _FULL_SCALE).astype(np.complex64)
    return response


def _biquad(
    z: NDArray[np.complex128], above: tuple[float, ...], below: tuple[float, ...]
) -> NDArray[np.complex128]:
    powers = np.stack((np.ones_like(z), z, z * z))
    response: NDArray[np.complex128] = (np.array(above) @ powers) / (np.array(below) @ powers)
    return response


def _limited(
    peaks: NDArray[np.float32], energies: NDArray[np.float32], gain: float, top: float
) -> tuple[float, NDArray[np.float64]]:
    """Find how much each block is turned down, and the gain that makes up for it.

    What the limiter takes off the peaks is given back to the whole, which makes more peaks.

    Args:
        peaks: largest sample of each block, either sign.
        energies: sum of squares of each block.
        gain: what would do without the limiter.
        top: what no sample may pass.
    """
    whole = float(energies.sum())
    wanted, curve = gain, np.ones(len(peaks))
    for _ in range(_LIMITER_ROUNDS):
        curve = _gain_curve(np.minimum(1.0, top / np.maximum(peaks * gain, 1.0)))
        needed = wanted * math.sqrt(whole / float(energies @ curve**2))
        if needed < gain * 1.005:
            break
        gain = needed
    return gain, curve


def _gain_curve(needed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth gains over their neighbours, nowhere above what a block needs.

    It is the least gain within reach of each block, averaged over the same reach.
    """
    reach = _LIMITER_REACH
    least = np.lib.stride_tricks.sliding_window_view(
        np.pad(needed, reach, mode="edge"), 2 * reach + 1
    ).min(axis=1)
    window = np.hanning(2 * reach + 3)[1:-1]
    return np.convolve(np.pad(least, reach, mode="edge"), window / window.sum(), "valid")


def _ramp(blocks: NDArray[np.float32], curve: NDArray[np.float64]) -> None:
    """Turn blocks down in place, with ramps from each to the next instead of steps."""
    padded = np.pad(curve, 1, mode="edge")
    edges = np.minimum(padded[:-1], padded[1:])  # at the border of two blocks the smaller gain
    touched = np.flatnonzero((edges[:-1] < 1) | (edges[1:] < 1))
    ramp = np.arange(blocks.shape[1], dtype=np.float32) / blocks.shape[1]
    slopes = edges[touched, None] + (edges[touched + 1] - edges[touched])[:, None] * ramp
    blocks[touched] *= slopes.astype(np.float32)
