"""What an audit takes and gives: profiles, what the file says, what was measured, findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class Severity(StrEnum):
    """How bad a finding is; only notes do not make a book fall short."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    rule: str
    """A short name that stays, for programs: ``loudness``, ``cue-drift`` …"""
    severity: Severity
    what: str
    measured: str = ""
    wanted: str = ""
    remedy: str = ""
    chapter: int | None = None
    """From 1."""
    at: float | None = None
    """Seconds from the beginning of the book."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a book is measured against."""

    name: str
    source: str
    """Who asks for it."""
    loudness: tuple[float, float] | None = None
    """LUFS of the whole book, from and to."""
    chapter_loudness: tuple[float, float] | None = None
    """LUFS of every chapter."""
    rms: tuple[float, float] | None = None
    """dBFS of every chapter, silence and all."""
    true_peak: float | None = None
    """Most dBTP."""
    peak: float | None = None
    """What every sample lies below, dBFS."""
    floor: float | None = None
    """Most dBFS of the quietest half second of a chapter."""
    bitrate: int = 0
    """Least kbit/s."""
    rates: tuple[int, ...] = ()
    """Samples a second that are taken; all when empty."""
    formats: tuple[str, ...] = ()
    """Formats that are taken; all when empty."""
    constant: bool = False
    """A constant bit rate is a must, not a convenience."""
    longest: float | None = None
    """Seconds of one file."""
    head: tuple[float, float] | None = None
    """Seconds of quiet before the first sound."""
    tail: tuple[float, float] | None = None
    """Seconds of quiet after the last sound."""
    silence: float = 5.0
    """Seconds of silence between sentences that no pause explains."""


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter as the file lists it."""

    title: str
    start: float
    """Seconds."""
    end: float
    parent: str = ""
    """Title of the part of the book that it stands in."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the synced text."""

    start: float
    """Seconds."""
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A cover."""

    kind: str
    """JPEG or PNG; empty for anything else."""
    width: int
    """Pixels; 0 when it cannot be read."""
    height: int
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file says of itself, without its sound being decoded."""

    format: str
    """mp3, m4b or opus."""
    title: str
    author: str
    narrator: str
    language: str
    date: str
    rate: int
    """Samples a second."""
    channels: int
    bitrate: float
    """kbit/s on average."""
    constant: bool
    size: int
    """Bytes of the file."""
    parts: tuple[Part, ...]
    """Chapters as they stand in the file, in order or not."""
    listed: tuple[int, ...] | None
    """Positions of the chapters in the order of the table of contents; None without one."""
    lines: tuple[Line, ...]
    cover: Picture | None
    samples: int | None
    """Length that the program which made it noted, at ``rate``."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with the file as such: its frames, its index."""


@dataclass(frozen=True, slots=True)
class Level:
    """How loud something is."""

    loudness: float
    """LUFS, integrated, as two loudspeakers play it; -inf for silence."""
    true_peak: float
    """dBTP."""
    peak: float
    """dBFS, of samples."""
    rms: float
    """dBFS, silence and all."""
    floor: float
    """dBFS, RMS of the quietest half second."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch without sound."""

    start: float
    """Seconds."""
    end: float


@dataclass(frozen=True, slots=True)
class Sound:
    """What was measured while the sound was decoded."""

    seconds: float
    samples: int
    level: Level
    parts: tuple[Level, ...]
    """Of each chapter, as `Contents` lists them."""
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
    """What the decoder had to say."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How late sound begins after the cues of a stretch of the book say so."""

    where: str
    """beginning, middle or end."""
    seconds: float
    """Median; more than 0 where the sound is late."""
    cues: int
    """How many of them begin after silence, so that it can be told."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How cues and sound agree."""

    drift: tuple[Drift, ...]
    pace: float
    """Seconds a syllable, median; 0 when there is no synced text."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A finished book, measured and judged."""

    path: Path
    profile: Profile
    contents: Contents
    sound: Sound
    speech: Speech
    findings: tuple[Finding, ...]
    """Worst first, then as they come in the book."""

    @property
    def falls_short(self) -> bool:
        """Whether there is more than a note."""
        return any(finding.severity is not Severity.NOTE for finding in self.findings)
