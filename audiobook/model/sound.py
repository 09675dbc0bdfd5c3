"""Speech, recorded and bound; positions are counted samples at the rate of the book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from audiobook.model.text import Meta


class Mark(NamedTuple):
    """Where in a clip the engine says that a word begins."""

    sample: int
    """From the beginning of the clip."""
    position: int
    """In the text the engine was given, in characters."""


@dataclass(frozen=True, slots=True)
class Audio:
    """A clip of mono sound."""

    samples: NDArray[np.int16]
    """Shape (n,)."""
    rate: int
    """Samples a second."""
    marks: tuple[Mark, ...] = ()
    """Its words in the order they are heard; none where the engine does not tell."""


@dataclass(frozen=True, slots=True)
class Sound:
    """How a book is recorded."""

    rate: int = 22050
    """Samples a second."""
    bitrate: int = 64
    """Kilobits a second: constant in MP3, an average in other formats."""
    loudness: float = -16.0
    """LUFS, integrated, as a stereo player plays it (BS.1770-4, mono counted in both ears)."""
    ceiling: float = -1.7
    """dBFS that no sample passes before MP3 rounds it; measured true peaks lie up to 0.5 dB
    above."""
    format: str = "mp3"
    """Name of the format it is encoded in."""
    room_tone: float | None = None
    """dBFS (RMS) of a faint noise everywhere, as of a room; None for true silence."""
    vbr: int | None = None
    """Quality of a variable bit rate, 0 best to 9 smallest; None for the bit rate."""


@dataclass(frozen=True, slots=True)
class Word:
    """When a word of a sentence begins to be heard."""

    at: int
    """Samples from the beginning of the passage, or of the book once bound."""
    start: int
    """Where it begins in the text of its cue, in characters."""
    end: int


@dataclass(frozen=True, slots=True)
class Cue:
    """When a sentence is heard."""

    start: int
    """Samples from the beginning of the passage, or of the book once bound."""
    end: int
    text: str
    words: tuple[Word, ...] = ()
    """Its words in the order they are heard; none where nobody could tell."""

    def shifted(self, samples: int) -> Cue:
        """Return the same sentence heard so much later."""
        words = tuple(Word(word.at + samples, word.start, word.end) for word in self.words)
        return Cue(self.start + samples, self.end + samples, self.text, words)


@dataclass(frozen=True, slots=True)
class Timing:
    """All that is known of a recording but its sound."""

    samples: int
    """Length, a whole number of the format's frames."""
    cues: tuple[Cue, ...]
    loudness: float
    """LUFS of what is heard in the end; -inf for silence."""
    syllables: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A passage as sound."""

    timing: Timing
    sound: bytes
    """What the format made of it: recordings of one Sound join end to end."""


@dataclass(frozen=True, slots=True)
class Take:
    """A recording's place in the book, without its sound."""

    chapter: int
    """Position of its chapter, from 0."""
    key: str
    """What the recording is kept under."""
    timing: Timing
    stands_in: bool = False
    """The fallback voice speaks it."""


def stood_in(takes: Iterable[Take]) -> tuple[tuple[int, int], ...]:
    """Return the runs of sentences of a book that the fallback voice speaks."""
    runs: list[tuple[int, int]] = []
    sentence = 0
    for take in takes:
        until = sentence + len(take.timing.cues)
        if take.stands_in and runs and runs[-1][1] == sentence:
            runs[-1] = (runs[-1][0], until)
        elif take.stands_in:
            runs.append((sentence, until))
        sentence = until
    return tuple(runs)


@dataclass(frozen=True, slots=True)
class BoundChapter:
    """A chapter's place in the finished book."""

    title: str
    start: int
    """Samples from the beginning of the book."""
    end: int
    level: int = 1
    """1 for the outermost division of the book."""
    picture: bytes = b""
    """A small JPEG file to show while it is heard; empty for none."""


@dataclass(frozen=True, slots=True)
class Book:
    """A finished audiobook."""

    meta: Meta
    path: Path
    rate: int
    samples: int
    chapters: tuple[BoundChapter, ...]
    sentences: int
    stood_in: tuple[tuple[int, int], ...] = ()
    """The sentences that the fallback voice spoke, as runs: the first from 0, and the first that
    it did not speak."""
    loudness: float | None = None
    """LUFS, integrated; None for silence, or where it is not known."""

    @property
    def seconds(self) -> float:
        """Length of the book."""
        return self.samples / self.rate
