"""A book in the queue of a studio, and how far it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobook.errors import AudiobookError
    from audiobook.model import Converted


class Stage(StrEnum):
    """How far a build is."""

    WAITING = "waiting"
    READING = "reading"
    RECORDING = "recording"
    CONVERTING = "converting"
    BINDING = "binding"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"


ENDED = (Stage.DONE, Stage.FAILED)
AT_WORK = (Stage.READING, Stage.RECORDING, Stage.CONVERTING, Stage.BINDING)


@dataclass(slots=True, kw_only=True)
class ChapterProgress:
    """How much of a chapter is recorded."""

    title: str
    characters: int
    recorded: int = 0


@dataclass(slots=True, kw_only=True)
class Build:
    """A book in the queue, and how far it is."""

    id: str
    title: str
    form: str = ""
    """The format that is wanted; empty for that of book.toml."""
    stage: Stage = Stage.WAITING
    chapters: dict[int, ChapterProgress] = field(default_factory=dict)
    """By their numbers in the whole book."""
    pages: tuple[int, int] | None = None
    """Scanned pages that are recognised, and all of them."""
    began: float = 0.0
    """When recording began, by a clock that only goes on."""
    last: float = 0.0
    """When something was heard of it for the last time."""
    fresh: int = 0
    """Characters that were recorded in this run."""
    spoken: float = 0.0
    """Seconds of speech that were recorded in this run."""
    conversion: Converted | None = None
    """How much is converted, where the book is not recorded."""
    stood_in: int = 0
    """Sentences that the fallback voice will speak."""
    failure: AudiobookError | None = None

    @property
    def characters(self) -> int:
        """How many characters the book has; 0 while that is not known."""
        return sum(chapter.characters for chapter in self.chapters.values())

    @property
    def recorded(self) -> int:
        """How many of them are recorded."""
        return sum(chapter.recorded for chapter in self.chapters.values())

    @property
    def share(self) -> float:
        """How much is recorded, or converted, from 0 to 1."""
        if self.conversion:
            return self.conversion.seconds / max(self.conversion.total, 1.0)
        return self.recorded / self.characters if self.characters else 0.0

    @property
    def speed(self) -> float | None:
        """Seconds of speech recorded in a second; None until something is."""
        elapsed = self.last - self.began
        return self.spoken / elapsed if self.spoken and elapsed > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long recording will still take; None while that cannot be told."""
        elapsed = time.monotonic() - self.began
        if self.stage is not Stage.RECORDING or not self.fresh or elapsed < 1:
            return None
        return (self.characters - self.recorded) * elapsed / self.fresh
