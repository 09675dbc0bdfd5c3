"""What is ordered, and what is told of its making."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobook.model.voices import Delivery

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model.sound import Sound
    from audiobook.model.text import Change, Meta, Teaching
    from audiobook.model.voices import Cast, Voice


@dataclass(frozen=True, slots=True)
class Job:
    """One book to build."""

    source: str
    """A file, or - for standard input."""
    folder: Path
    """Where the book goes."""
    cast: Cast
    sound: Sound
    meta: Meta
    """What the user said about the book; it wins over what the source says."""
    workers: int
    """Processes that record."""
    cache: Path
    """Folder of recordings that are remembered."""
    lexicon: tuple[Teaching, ...] = ()
    """What the user taught; of two entries for the same thing the later one counts."""
    allow_private: bool = False
    """Whether addresses of the user's own network may be read."""
    keep: tuple[str, ...] = ()
    """Names of the steps of tidying and dividing not to do."""
    drop: tuple[str, ...] = ()
    """Names of those to do that are not done unasked."""
    format: str = "mp3"
    """What is written: a format of sound, or epub."""
    split: bool = False
    """Whether each chapter is written as a file of its own, too."""
    transcripts: tuple[str, ...] = ()
    """Kinds of transcripts that are written beside the book."""
    cover: bool = True
    """Whether the book has a cover: the one given, that of the source, or a drawn one."""
    preview: float = 0.0
    """Seconds of each chapter to make, about; 0 for the whole book."""
    fallback: Voice | None = None
    """Who speaks what an online voice could not be reached for."""
    pictures: tuple[tuple[str, bytes], ...] = ()
    """Titles of chapters, and for each a JPEG or PNG file to show."""
    delivery: Delivery = field(default_factory=Delivery)
    """How everybody in the cast was told to speak, and others whom the text names will be."""

    @property
    def voice(self) -> Voice:
        """The narrator."""
        return self.cast.narrator


@dataclass(frozen=True, slots=True)
class PlannedChapter:
    """A chapter that a build would record."""

    title: str
    level: int
    sentences: int
    characters: int
    seconds: float
    """Expected length."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build would do."""

    title: str
    chapters: tuple[PlannedChapter, ...]
    requests: int
    """Online requests needed for what is not recorded yet."""
    requested: int
    """Characters in them: what paid servers count."""
    seconds: float
    """Expected length."""
    recorded: int
    """Passages that are recorded already."""
    passages: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """The text is read; recording begins."""

    title: str
    chapters: int
    characters: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """One more passage is there."""

    chapter: int
    """Position of its chapter, from 0."""
    title: str
    sentences: int
    characters: int
    seconds: float
    remembered: bool
    """It was recorded in an earlier run."""
    chapter_done: bool
    """It was the last one missing from its chapter."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A passage could not be recorded as ordered; the fallback voice will speak it."""

    chapter: int
    """Position of its chapter, from 0."""
    sentences: int
    reason: str


Event = Started | Progress | Failed
