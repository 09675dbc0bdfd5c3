"""Finds where each sentence of the synced text is heard, by where sound begins and ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from audiobook.vietnamese import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from audiobook.audit.measured import MeasuredSound
    from audiobook.audit.types import SyncedSentence

# Seconds of silence after which sound counts as beginning: a closed t or k is shorter.
BEFORE = 0.1
# Seconds by which MP3 smears sound into the silence before it.
_EARLY = 0.03
# Seconds: a cue belongs to the sound that begins this near to it, not to any farther away.
_NEAR = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSentence:
    """A sentence of the synced text, and where its sound lies."""

    synced: SyncedSentence
    end: float
    """Seconds: where the next cue begins, or the book ends."""
    first: float
    """Seconds: its first sound; the cue itself when there is none."""
    last: float
    syllables: int
    onset: float | None
    """Seconds from the cue to the nearest beginning of sound; None when none is near."""

    @property
    def duration(self) -> float:
        """Seconds from its first sound to its last."""
        return self.last - self.first


def stretches(row: NDArray[np.bool_], *, of: bool = True) -> NDArray[np.int64]:
    """Return where each stretch of one value begins and ends; shape (n, 2).

    There are few, while a row of all windows of a long book takes much memory.
    """
    edges = np.flatnonzero(row[1:] != row[:-1]) + 1
    first = np.flatnonzero(row[:1] == of)
    last = np.flatnonzero(row[-1:] == of) + len(row)
    return np.concatenate((first, edges, last)).reshape(-1, 2)


def place_sentences(
    cues: Sequence[SyncedSentence], silent: NDArray[np.bool_], sound: MeasuredSound
) -> Iterator[PlacedSentence]:
    """Yield where each sentence is heard."""
    if not cues:
        return
    window = sound.window
    begins, stops = stretches(silent, of=False).T
    shortest_gap = max(round(BEFORE / window), 1)
    gaps = begins - np.concatenate((np.full(len(begins[:1]), -shortest_gap - 1), stops[:-1] - 1))
    onsets = (begins[gaps > shortest_gap] * window).astype(np.float64)
    ordered = sorted(cues, key=lambda line: line.start)
    ends = [*(cue.start for cue in ordered[1:]), sound.seconds]
    nearest_onsets = [_nearest_offset(onsets, cue.start) for cue in ordered]
    offsets = [onset for onset in nearest_onsets if onset is not None]
    # The first sound of a sentence may come a little before its cue: it belongs to that sentence,
    # not to the one before.
    early = min(float(np.median(offsets)), 0.0) - _EARLY if offsets else 0.0
    bounds = np.array([cue.start + early for cue in ordered] + [sound.seconds]) / window
    limits = np.ceil(bounds).astype(np.int64)
    following = np.searchsorted(stops, limits[:-1], "right").tolist()
    previous = (np.searchsorted(begins, limits[1:]) - 1).tolist()
    rows = zip(ordered, ends, nearest_onsets, pairwise(limits.tolist()), strict=True)
    for (cue, end, onset, (start, limit)), after, before in zip(
        rows, following, previous, strict=True
    ):
        if not any(char.isalnum() for char in cue.text):
            continue
        is_heard = after <= before
        yield PlacedSentence(
            synced=cue,
            end=end,
            first=float(max(begins[after], start) * window) if is_heard else cue.start,
            last=float(min(stops[before], limit) * window) if is_heard else cue.start,
            syllables=len(normalize(cue.text, respell=True).split()),
            onset=onset,
        )


def _nearest_offset(onsets: NDArray[np.float64], cue: float) -> float | None:
    index = int(np.searchsorted(onsets, cue))
    offsets = [float(onset) - cue for onset in onsets[max(index - 1, 0) : index + 1]]
    best = min(offsets, key=abs, default=None)
    return best if best is not None and abs(best) <= _NEAR else None
