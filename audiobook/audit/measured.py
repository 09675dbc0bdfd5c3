"""What an audit measures: the levels of a book, its silences, how cues and sound agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How loud something is."""

    loudness: float
    """LUFS, integrated, as two loudspeakers play it; -inf for silence."""
    true_peak: float
    """dBTP."""
    peak: float
    """dBFS, of samples."""
    rms: float
    """dBFS, pauses included."""
    floor: float
    """dBFS, RMS of the quietest half second."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch without sound."""

    start: float
    """Seconds."""
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSound:
    """What was measured while the sound was decoded."""

    seconds: float
    samples: int
    level: Level
    chapter_levels: tuple[Level, ...]
    """Of each chapter, in the order of `FileContents.chapters`."""
    clipped: tuple[float, ...]
    """Seconds at which runs of samples at full scale begin."""
    peaks: NDArray[np.uint16]
    """Largest sample of every window, either sign; shape (n,)."""
    window: float
    """Seconds of a window."""
    short_term: NDArray[np.float64]
    """LUFS over 3 s, every tenth of a second; the first is that of 0 to 3 s."""
    audible: int
    """Samples below this are silence here."""
    complaints: tuple[str, ...]
    """What the decoder complained of."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How much later than its cues the sound begins, in one stretch of the book."""

    where: str
    """beginning, middle or end."""
    seconds: float
    """Median; more than 0 where the sound is late."""
    cues: int
    """How many cues it was measured at: those whose sound begins after silence."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How cues and sound agree."""

    drift: tuple[Drift, ...]
    pace: float
    """Seconds a syllable, median; 0 when there is no synced text."""
