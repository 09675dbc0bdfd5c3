"""Cuts the sentences out of a finished book, one after the other, for a recogniser."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from audiobook.audit.listening_back.recogniser import RATE
from audiobook.errors import EngineError, SourceError
from audiobook.messages import message
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from audiobook.audit.types import SyncedSentence

_LONGEST = 120 * RATE
"""Samples of a sentence; what comes after them is not heard, nor kept in memory."""
_FRAME = RATE // 100
# A frame is silent if its largest sample is less than this share of the RMS of the clip (-20 dB),
# or than the least that is sound in any book.
_AUDIBLE = 0.1
_SOFTEST = 30
# Frames: shorter silence than this belongs to the speech, as before a closed t.
_GAP = 15
# Seconds by which MP3 smears sound into the silence before it, so that it belongs to its cue.
_EARLY = 0.03
_FULL_SCALE = 32_768


class SentenceClip(NamedTuple):
    """A sentence of a book as it sounds."""

    number: int
    """Its place among the sentences, from 0."""
    samples: NDArray[np.float32]
    """From its first sound to its last, from -1 to 1, at `RATE`; empty where it is silent."""
    seconds: float
    """How long there is sound in it, without pauses."""


def cut_clips(
    path: Path, sentences: Sequence[SyncedSentence], wanted: Collection[int] | None = None
) -> Iterator[SentenceClip]:
    """Decode a book once, and yield its sentences; no more than one is in memory.

    Args:
        path: the book.
        sentences: its synced text, in the order that it is heard.
        wanted: the places of the sentences to yield, from 0; all where it is None.

    Raises:
        SourceError: the sound cannot be decoded.
    """
    starts = [max(round((sentence.start - _EARLY) * RATE), 0) for sentence in sentences]
    bounds = [*starts, 1 << 62]
    try:
        with ffmpeg.stream(path, RATE) as stream:
            yield from _cut(stream.blocks, bounds, wanted)
    except EngineError as problem:
        raise SourceError(
            message("{path}: {problem}", path=path, problem=problem.what), problem.remedy
        ) from problem


def _cut(
    blocks: Iterator[NDArray[np.int16]], bounds: Sequence[int], wanted: Collection[int] | None
) -> Iterator[SentenceClip]:
    block, position = np.empty(0, np.int16), 0
    for number, (start, end) in enumerate(pairwise(bounds)):
        parts: list[NDArray[np.int16]] = []
        room = _LONGEST
        while True:
            piece = block[max(start - position, 0) : max(end - position, 0)][:room]
            parts.append(piece)
            room -= len(piece)
            if end <= position + len(block):
                break
            position += len(block)
            block = next(blocks, np.empty(0, np.int16))
            if not len(block):  # the book ends
                break
        if wanted is None or number in wanted:
            yield _clip(number, np.concatenate(parts))


def _clip(number: int, samples: NDArray[np.int16]) -> SentenceClip:
    frames = samples[: len(samples) // _FRAME * _FRAME].astype(np.float32).reshape(-1, _FRAME)
    rms = float(np.sqrt(np.mean(frames**2))) if len(frames) else 0.0
    peaks = np.abs(frames).max(axis=1, initial=0)
    audible = np.flatnonzero(peaks > max(_AUDIBLE * rms, _SOFTEST))
    if not len(audible):
        return SentenceClip(number, np.empty(0, np.float32), 0.0)
    steps = np.diff(audible)
    sounding = 1 + int(steps[steps < _GAP].sum()) + int((steps >= _GAP).sum())
    sound = samples[audible[0] * _FRAME : (audible[-1] + 1) * _FRAME]
    heard = sound.astype(np.float32) / np.float32(_FULL_SCALE)
    return SentenceClip(number, heard, sounding * _FRAME / RATE)
