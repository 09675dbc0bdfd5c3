"""Cuts long sound into pieces that can be encoded one by one: each ends in silence."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_LONGEST = 180.0
"""Seconds of the longest piece; a few times as much sound is held in memory."""
_NEAR = 0.04
"""Seconds around the beginning of a chapter in which a piece may end instead."""
_QUIET = 10**-2.5
"""A stretch is quiet whose mean square is so much of that of the sound around it: -25 dB."""
_SOFTEST = 33
"""The largest sample that passes for silence at the end of the whole sound: -60 dBFS."""
_FADE = 0.005
"""Seconds."""


class Piece(NamedTuple):
    """A stretch of sound, whole frames with a silent tail."""

    start: int
    """Samples from the beginning of the sound, a whole number of frames."""
    samples: NDArray[np.int16]
    is_cut_in_sound: bool
    """Whether no silence was found to end it in, so that sound was faded out and in again."""


class Grid(NamedTuple):
    """Where pieces may end."""

    rate: int
    """Samples a second."""
    frame: int
    """Samples in a frame: pieces begin and end between frames."""
    tail: int
    """Samples at the end of a piece that are silent."""


def cut(
    blocks: Iterator[NDArray[np.int16]],
    grid: Grid,
    chapters: Sequence[int],
    sentences: Sequence[int],
) -> Iterator[Piece]:
    """Cut sound into pieces of at most three minutes.

    A piece ends where a chapter begins, if it is quiet there; else before the sentence that has the
    quietest pause before it; else, in sound without sentences, where it is quietest.

    Args:
        blocks: mono sound, one block after the other.
        grid: where pieces may end.
        chapters: the samples at which chapters begin, in order.
        sentences: those at which sentences begin, in order.
    """
    longest = int(_LONGEST * grid.rate) // grid.frame * grid.frame
    start, fade_in = 0, False
    pending: NDArray[np.int16] = np.zeros(0, np.int16)
    is_over = False
    while not is_over or len(pending):
        if not is_over and len(pending) < longest + grid.rate:
            pending, is_over = _filled(pending, blocks, 2 * longest)
            continue
        end, is_quiet = _end_of_piece(pending, start, grid, longest, chapters, sentences)
        is_last = is_over and end == len(pending)
        samples = _with_silent_tail(pending[:end], grid, is_last=is_last, fade_in=fade_in)
        yield Piece(start, samples, not is_quiet)
        fade_in = not is_quiet
        start += end
        pending = pending[end:]


def _filled(
    pending: NDArray[np.int16], blocks: Iterator[NDArray[np.int16]], wanted: int
) -> tuple[NDArray[np.int16], bool]:
    """Return the sound with as many blocks after it as are wanted, and whether they are over."""
    parts, length = [pending], len(pending)
    for block in blocks:
        parts.append(block)
        length += len(block)
        if length >= wanted:
            return np.concatenate(parts), False
    return np.concatenate(parts), True


def _end_of_piece(
    pending: NDArray[np.int16],
    start: int,
    grid: Grid,
    longest: int,
    chapters: Sequence[int],
    sentences: Sequence[int],
) -> tuple[int, bool]:
    """Return how many of the pending samples make the next piece, and whether it ends quietly."""
    limit = min(longest, len(pending))
    quiet = _mean_square(pending[:limit]) * _QUIET
    for border in _between(chapters, start, start + limit):
        near = int(_NEAR * grid.rate)
        ends = _frames_in(grid, border - start - near, min(border - start + near, len(pending)))
        for end in _nearest_first(ends, border - start):
            if _tail_energy(pending, end, grid) <= quiet:
                return end, True
    if len(pending) <= longest:
        return len(pending), True
    before = [
        (sentence - start) // grid.frame * grid.frame
        for sentence in _between(sentences, start + longest // 2, start + longest)
    ]
    for ends in (before, _frames_in(grid, longest // 2, longest)):
        if ends:
            energy, end = min((_tail_energy(pending, end, grid), end) for end in ends)
            if energy <= quiet:
                return end, True
    return end, False


def _between(places: Sequence[int], start: int, end: int) -> Sequence[int]:
    """Return the places after a start and up to an end; they are in order."""
    return places[bisect_right(places, start) : bisect_right(places, end)]


def _frames_in(grid: Grid, first: int, last: int) -> list[int]:
    """Return the borders of frames between two places, where a piece has room for its tail."""
    first = max(first, grid.tail + grid.frame)
    return list(range(-(-first // grid.frame) * grid.frame, last + 1, grid.frame))


def _nearest_first(ends: list[int], place: int) -> list[int]:
    return sorted(ends, key=lambda end: abs(end - place))


def _tail_energy(pending: NDArray[np.int16], end: int, grid: Grid) -> float:
    return _mean_square(pending[end - grid.tail : end])


def _mean_square(samples: NDArray[np.int16]) -> float:
    values = samples.astype(np.float32)
    return float(np.dot(values, values)) / max(len(values), 1)


def _with_silent_tail(
    samples: NDArray[np.int16], grid: Grid, *, is_last: bool, fade_in: bool
) -> NDArray[np.int16]:
    """Return a copy with a silent tail; the last piece gets one after it, unless it has one."""
    fade, length = int(_FADE * grid.rate), len(samples)
    if is_last:
        is_silent = length > grid.tail and np.abs(samples[-grid.tail :]).max() <= _SOFTEST
        length = -(-(length if is_silent else length + grid.tail) // grid.frame) * grid.frame
    result = np.zeros(length, np.int16)
    result[: len(samples)] = samples
    end = min(length - grid.tail, len(samples))
    result[end:] = 0
    if fade_in:
        result[:fade] = result[:fade] * np.linspace(0, 1, fade)
    if end >= fade:
        result[end - fade : end] = result[end - fade : end] * np.linspace(1, 0, fade)
    return result
