"""The types of an audit: profiles, what the file says, findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from audiobook.messages import NOTHING, Message, message, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from audiobook.audit.measured import MeasuredSound, Speech
    from audiobook.outputs.provenance import Provenance


class Severity(StrEnum):
    """How bad a finding is; a book with nothing worse than notes does not fall short."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> Message:
        """Its name, for the user."""
        if self is Severity.ERROR:
            return message("error")
        return message("warning") if self is Severity.WARNING else message("note")

    def quantity(self, count: int) -> Message:
        """Return how many findings are so bad, for the user."""
        if self is Severity.ERROR:
            return plural("{count:,} error", "{count:,} errors", count=count)
        if self is Severity.WARNING:
            return plural("{count:,} warning", "{count:,} warnings", count=count)
        return plural("{count:,} note", "{count:,} notes", count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be."""

    rule: str
    """A short name that never changes, for programs: ``loudness``, ``cue-drift`` …"""
    severity: Severity
    what: Message
    measured: Message = NOTHING
    wanted: Message = NOTHING
    remedy: Message = NOTHING
    chapter: int | None = None
    """From 1."""
    at: float | None = None
    """Seconds from the beginning of the book."""
    setting: str = ""
    """The setting of book.toml that decides it; empty where none does."""

    def place(self, clock_time: Callable[[float], str]) -> Message:
        """Return where it is, for the user; nothing if that is the whole book.

        Args:
            clock_time: writes a time in seconds.
        """
        if self.at is None:
            if self.chapter is None:
                return NOTHING
            return message("chapter {chapter}", chapter=self.chapter)
        time = clock_time(self.at)
        if self.chapter is None:
            return message("at {time}", time=time)
        return message("chapter {chapter} at {time}", chapter=self.chapter, time=time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a book is measured against."""

    name: str
    source: Message
    """Who asks for it."""
    loudness: tuple[float, float] | None = None
    """LUFS of the whole book, from and to."""
    chapter_loudness: tuple[float, float] | None = None
    """LUFS of every chapter."""
    rms: tuple[float, float] | None = None
    """dBFS of every chapter, pauses included."""
    true_peak: float | None = None
    """Most dBTP."""
    peak: float | None = None
    """dBFS that every sample must stay below."""
    floor: float | None = None
    """Most dBFS of the quietest half second of a chapter."""
    bitrate: int = 0
    """Least kbit/s."""
    rates: tuple[int, ...] = ()
    """Samples a second that are accepted; all when empty."""
    formats: tuple[str, ...] = ()
    """Formats that are accepted; all when empty."""
    constant: bool = False
    """Whether a constant bit rate is required."""
    longest: float | None = None
    """The greatest length of one file, in seconds."""
    head: tuple[float, float] | None = None
    """Seconds of quiet before the first sound."""
    tail: tuple[float, float] | None = None
    """Seconds of quiet after the last sound."""
    silence: float = 5.0
    """Seconds: longer silence between sentences is not explained by a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChapter:
    """A chapter as the file lists it."""

    title: str
    start: float
    """Seconds."""
    end: float
    parent: str = ""
    """Title of the part of the book that it stands in."""
    level: int = 1
    """1 for the outermost division of the book."""
    picture: bytes = b""
    """A JPEG or PNG file to show while it is heard; empty for none."""


@dataclass(frozen=True, slots=True)
class SyncedSentence:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContents:
    """What a file says of itself, without its sound being decoded."""

    format: str
    """mp3, m4b, opus or wav."""
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
    chapters: tuple[FileChapter, ...]
    """Chapters as they stand in the file, in order or not."""
    toc_order: tuple[int, ...] | None
    """Positions of the chapters in the order of the table of contents; None without one."""
    sentences: tuple[SyncedSentence, ...]
    cover: Picture | None
    samples: int | None
    """Length that the program noted when it made the book, at ``rate``; None if it is not ours."""
    provenance: Provenance | None = None
    """What the program noted when it made the book; None if it is not ours."""
    genre: str = ""
    publisher: str = ""
    description: str = ""
    album: str = ""
    """The title of the whole, of which the file may be a part."""
    series: str = ""
    volume: str = ""
    encoder: str = ""
    """The program that wrote the file, and its version; empty where it does not tell."""
    loudness: float | None = None
    """LUFS that its gain tells; None where it has none."""
    seconds: float = 0.0
    """Its length, as its tables tell it."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """What was changed since it was built: see `audiobook.outputs.edits`."""
    cover_file: bytes = b""
    """The picture itself; empty without one."""
    unlisted_chapters: int = 0
    """How many chapters more the book has than its format can list."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with the file as such: its frames, its index."""

    @property
    def heard_chapters(self) -> tuple[FileChapter, ...]:
        """The chapters in the order in which they are heard: frames of an MP3 have any order."""
        return tuple(sorted(self.chapters, key=lambda chapter: chapter.start))

    @property
    def music(self) -> tuple[tuple[float, float], ...]:
        """Where music plays, as start and end in seconds."""
        note = self.provenance
        return (
            tuple((start / note.rate, end / note.rate) for start, end in note.music) if note else ()
        )

    @property
    def described_bitrate(self) -> Message:
        """The bit rate, for the user."""
        if self.constant:
            return message("{bitrate:.0f} kbit/s constant", bitrate=self.bitrate)
        return message("{bitrate:.0f} kbit/s variable", bitrate=self.bitrate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A finished book, measured and judged."""

    path: Path
    profile: Profile
    contents: FileContents
    sound: MeasuredSound
    speech: Speech
    findings: tuple[Finding, ...]
    """The worst first, then in the order of the book."""

    @property
    def falls_short(self) -> bool:
        """Whether there is more than a note."""
        return any(finding.severity is not Severity.NOTE for finding in self.findings)
