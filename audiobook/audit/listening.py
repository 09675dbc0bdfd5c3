"""Decodes a book once and measures its sound on the way."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from audiobook.audit.measured import Level, MeasuredSound
from audiobook.speech import loudness
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from audiobook.audit.types import FileChapter

_WINDOWS_A_SECOND = 200
"""Only the largest sample of each window is kept: it tells to 5 ms where sound begins."""
_GROUP = 10
"""Windows, 50 ms together, of which only the mean energy is kept."""
_HALF_SECOND = 10
"""Groups."""
_FULL_SCALE = 32_768
_CLIPPED, _RUN = 32_767, 3
"""A sample at full scale, and how many of them in a row are no accident."""
_MOST_CLIPPED = 1_000
# dB under the loudness of the book below which nothing is heard, and the least 16-bit sample
# that counts as sound in any book.
_AUDIBLE = -30.0
_SOFTEST = 30
_TIMES = 10
"""How often the length of a book all its chapters together may be measured. Only those of a damaged
file lie over one another, and they could be so many that measuring them takes days."""
_UNMEASURED = Level(
    loudness=-math.inf, true_peak=-math.inf, peak=-math.inf, rms=-math.inf, floor=-math.inf
)
# Tenths of a second: the 3 s of EBU Tech 3341.
_SHORT_TERM = 30


def listen(
    path: Path,
    rate: int,
    chapters: Sequence[FileChapter],
    music: Sequence[tuple[float, float]] = (),
) -> MeasuredSound:
    """Decode a book and measure it, in 4 MB of memory for each hour of sound.

    Args:
        path: the book.
        rate: its samples a second.
        chapters: its chapters, in any order.
        music: where music plays, in seconds; loudness is that of the rest.

    Raises:
        EngineError: ffmpeg cannot decode it.
    """
    meter, gauge = loudness.Meter(rate), _Gauge(rate)
    peak = loudness.TruePeak(rate)
    starts = sorted({round(chapter.start * rate) for chapter in chapters if chapter.start > 0})
    runs: list[tuple[int, float]] = []
    position = reached = 0
    with ffmpeg.stream(path, rate) as stream:
        for block in stream.blocks:
            meter.add(block)
            gauge.add(block)
            for piece in _split_block(block, position, starts):
                if reached < len(starts) and position == starts[reached]:
                    runs.append((position, peak.pop_peak()))
                    reached += 1
                peak.add(piece)
                position += len(piece)
        complaints = tuple(stream.complaints)
    runs.append((position, peak.pop_peak()))
    energies = meter.finish()
    peaks, squares = gauge.finish()
    is_speech = ~mask_of(music, len(energies), meter.hop / rate)

    def loudness_of(rows: slice) -> float:
        speech = energies[rows][is_speech[rows]]
        return loudness.integrated(speech if len(speech) else energies[rows])

    loudness_of_book = loudness_of(slice(None))
    begins = np.array([0, *(until for until, _ in runs[:-1])])
    ends = np.array([until for until, _ in runs])
    highest = np.array([value for _, value in runs])
    # Runs that overlap by less than this, in samples, do so only by rounding.
    near = rate // 100

    def level_between(start: float, end: float) -> Level:
        def rows_within(row: NDArray[np.generic], seconds: float) -> slice:
            first = min(math.ceil(round(start / seconds, 3)), max(len(row) - 1, 0))
            return slice(first, max(math.floor(round(end / seconds, 3)), first + 1))

        window = gauge.window / rate
        mean_squares = squares[rows_within(squares, window * _GROUP)]
        first, last = round(start * rate), round(end * rate)
        overlapping = highest[
            np.searchsorted(ends, first + near, "right") : np.searchsorted(begins, last - near)
        ]
        return Level(
            loudness=loudness_of(rows_within(energies, meter.hop / rate)),
            true_peak=float(overlapping.max(initial=-math.inf)),
            peak=_decibels(float(peaks[rows_within(peaks, window)].max(initial=0)) / _FULL_SCALE),
            rms=_decibels(math.sqrt(mean_squares.mean()) / _FULL_SCALE if len(mean_squares) else 0),
            floor=_noise_floor(mean_squares),
        )

    def levels_of_chapters() -> tuple[Level, ...]:
        levels, measured = [], 0.0
        for chapter in chapters:
            start, end = max(chapter.start, 0), min(chapter.end, seconds)
            measured += max(end - start, 0)
            is_measured = measured <= _TIMES * seconds
            levels.append(level_between(start, end) if is_measured else _UNMEASURED)
        return tuple(levels)

    seconds = position / rate
    audible = _AUDIBLE + loudness_of_book
    return MeasuredSound(
        seconds=seconds,
        samples=position,
        level=level_between(0, seconds),
        chapter_levels=levels_of_chapters(),
        clipped=tuple(sample / rate for sample in gauge.clipped),
        peaks=peaks,
        window=gauge.window / rate,
        short_term=loudness.in_lufs(loudness.averaged(energies, _SHORT_TERM)),
        audible=max(round(_FULL_SCALE * 10 ** (audible / 20)), _SOFTEST),
        complaints=complaints,
    )


def mask_of(
    stretches: Sequence[tuple[float, float]], length: int, step: float
) -> NDArray[np.bool_]:
    """Return which of the steps of a sound lie in one of the stretches.

    Args:
        stretches: start and end of each, in seconds.
        length: the number of steps.
        step: seconds of each.
    """
    mask = np.zeros(length, np.bool_)
    for steps in steps_of(stretches, step):
        mask[steps] = True
    return mask


def steps_of(stretches: Sequence[tuple[float, float]], step: float) -> Iterator[slice]:
    """Yield which steps of a sound lie in each stretch of it.

    Args:
        stretches: start and end of each, in seconds.
        step: seconds of each step.
    """
    for start, end in stretches:
        yield slice(math.floor(start / step), math.ceil(end / step))


def _split_block(
    block: NDArray[np.int16], position: int, starts: Sequence[int]
) -> list[NDArray[np.int16]]:
    """Split a block where chapters begin in it."""
    first, end = bisect_left(starts, position), bisect_left(starts, position + len(block))
    offsets = [start - position for start in starts[first:end]]
    return np.split(block, offsets)


class _Gauge:
    """Measures the largest sample of each window, energies, and where sound is clipped."""

    def __init__(self, rate: int) -> None:
        self.window = max(rate // _WINDOWS_A_SECOND, 1)
        self.clipped: list[int] = []
        # Bytes grow in place; a list of arrays would have to be copied to become one.
        self._peaks, self._squares = bytearray(), bytearray()
        self._rest = np.zeros(0, np.int16)
        self._position = 0

    def add(self, block: NDArray[np.int16]) -> None:
        samples = np.concatenate((self._rest, block)) if len(self._rest) else block
        group = self.window * _GROUP
        measured = len(samples) // group * group
        self._measure(samples[:measured].reshape(-1, self.window))
        self._position += measured
        self._rest = samples[measured:].copy()

    def finish(self) -> tuple[NDArray[np.uint16], NDArray[np.float64]]:
        """Return the largest sample of every window and the mean square of every group."""
        unmeasured = len(self._rest)
        if unmeasured:
            missing = -unmeasured % (self.window * _GROUP)
            self._measure(np.pad(self._rest, (0, missing)).reshape(-1, self.window))
        return np.frombuffer(self._peaks, np.uint16), np.frombuffer(self._squares, np.float64)

    def _measure(self, windows: NDArray[np.int16]) -> None:
        if not len(windows):
            return
        lowest = -windows.min(axis=1).astype(np.int32)
        peaks = np.maximum(windows.max(axis=1), lowest).astype(np.uint16)
        if peaks.max() >= _CLIPPED and len(self.clipped) < _MOST_CLIPPED:
            self._find_clipped(windows.ravel())
        self._peaks += peaks.tobytes()
        groups = windows.reshape(-1, self.window * _GROUP).astype(np.float32)
        sums = np.einsum("ij,ij->i", groups, groups)
        self._squares += (sums.astype(np.float64) / groups.shape[1]).tobytes()

    def _find_clipped(self, samples: NDArray[np.int16]) -> None:
        positions = np.flatnonzero((samples >= _CLIPPED) | (samples <= -_CLIPPED))
        breaks = np.flatnonzero(np.diff(positions) > 1) + 1
        for run in np.split(positions, breaks):
            if len(run) >= _RUN:
                self.clipped.append(self._position + int(run[0]))


def _noise_floor(squares: NDArray[np.float64]) -> float:
    """Return the RMS of the quietest half second in dBFS."""
    count = min(_HALF_SECOND, len(squares))
    if not count:
        return -math.inf
    sums = np.convolve(squares, np.ones(count) / count, "valid")
    return _decibels(math.sqrt(max(float(sums.min()), 0)) / _FULL_SCALE)


def _decibels(amplitude: float) -> float:
    # The sum of squares of silence may differ from 0 by rounding.
    return 20 * math.log10(amplitude) if amplitude > 1e-6 else -math.inf
