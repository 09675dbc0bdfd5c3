"""Recorded speech and finished books; positions are samples at the rate of the book."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from audiobook.model.text import Chapter, Meta, Slot


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
    """When its words begin, in the order they are heard; empty where the engine does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The format, rate and loudness that a book is recorded with."""

    rate: int = 22050
    """Samples a second."""
    bitrate: int = 64
    """Kilobits a second: constant in MP3, an average in other formats."""
    loudness: float | None = -16.0
    """LUFS, integrated, as a stereo player plays it (BS.1770-4, mono counted in both ears); None
    for as loud as the voices speak by themselves."""
    ceiling: float = -1.7
    """dBFS that no sample exceeds before MP3 encodes it; measured true peaks lie up to 0.5 dB
    above."""
    format: str = "mp3"
    """Name of the format it is encoded in."""
    room_tone: float | None = None
    """dBFS (RMS) of a faint noise under the whole book; None for digital silence in pauses."""
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
    """When its words begin, in the order they are heard; empty where that is not known."""

    def shifted(self, samples: int) -> Cue:
        """Return the same cue, a number of samples later."""
        words = tuple(Word(word.at + samples, word.start, word.end) for word in self.words)
        return Cue(self.start + samples, self.end + samples, self.text, words)


@dataclass(frozen=True, slots=True)
class Timing:
    """All that is known of a recording except its sound."""

    samples: int
    """Length, a whole number of the format's frames."""
    cues: tuple[Cue, ...]
    loudness: float
    """LUFS of the finished sound; -inf for silence."""
    syllables: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A passage, spoken and encoded."""

    timing: Timing
    sound: bytes
    """The encoded sound; recordings of one Sound can be joined end to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPassage:
    """A passage of a book that is recorded: what is known of its recording except its sound."""

    chapter: int
    """Position of its chapter, from 0."""
    key: str
    """The key that the recording is stored under."""
    timing: Timing
    stands_in: bool = False
    """Whether the fallback voice speaks it."""
    paragraphs: tuple[int, ...] = ()
    """The positions, from 0, of the sentences that paragraphs begin with."""
    slots: tuple[Slot, ...] = ()
    """Those of its utterances, if they have any."""
    is_music: bool = False
    """Whether it is music, in which nothing is said."""


class Misfit(NamedTuple):
    """A subtitle whose text takes longer to say than there is time for."""

    slot: Slot
    seconds: float
    """How much longer, when it is spoken as fast as it may be."""


def fallback_runs(passages: Iterable[RecordedPassage]) -> tuple[tuple[int, int], ...]:
    """Return the runs of sentences that the fallback voice speaks, as first and end, from 0."""
    runs: list[tuple[int, int]] = []
    sentence = 0
    for passage in passages:
        end = sentence + len(passage.timing.cues)
        if passage.stands_in and runs and runs[-1][1] == sentence:
            runs[-1] = (runs[-1][0], end)
        elif passage.stands_in:
            runs.append((sentence, end))
        sentence = end
    return tuple(runs)


def music_runs(passages: Iterable[RecordedPassage]) -> tuple[tuple[int, int], ...]:
    """Return where music plays if passages are laid end to end, as first sample and end."""
    runs: list[tuple[int, int]] = []
    position = 0
    for passage in passages:
        end = position + passage.timing.samples
        if passage.is_music:
            runs.append((position, end))
        position = end
    return tuple(runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedBook:
    """A book whose passages are all recorded: what a file of any format is written from."""

    meta: Meta
    chapters: Sequence[Chapter]
    """All of them, those too of which nothing was recorded."""
    passages: Sequence[RecordedPassage]
    """In the order of the book."""
    sound: Sound
    """How they were recorded."""
    sound_of: Callable[[str], bytes]
    """Returns the encoded sound of a recording by its key; may be called again for the same."""
    making: tuple[tuple[str, str], ...] = ()
    """How it was recorded, for those who ask later: names such as ``voice``, and values."""

    @property
    def samples(self) -> int:
        """Length of the recordings, laid end to end."""
        return sum(passage.timing.samples for passage in self.passages)

    def sounds(self) -> Iterator[bytes]:
        """Yield the encoded sound of every recording, with one in memory at a time."""
        return (self.sound_of(passage.key) for passage in self.passages)

    def cues(self) -> list[Cue]:
        """Return when each sentence is heard if the recordings are laid end to end."""
        cues: list[Cue] = []
        position = 0
        for passage in self.passages:
            cues += (cue.shifted(position) for cue in passage.timing.cues)
            position += passage.timing.samples
        return cues

    def spoken_slots(self) -> Iterator[tuple[Slot, float]]:
        """Yield the slots in which something is said, and when that ends, in seconds."""
        slots = (slot for passage in self.passages for slot in passage.slots)
        for slot, cue in zip(slots, self.cues(), strict=False):
            if cue.end > cue.start:
                yield slot, cue.end / self.sound.rate

    def paragraphs(self) -> frozenset[int]:
        """Return the positions in `cues` of the sentences that paragraphs begin with."""
        positions: list[int] = []
        first = 0
        for passage in self.passages:
            positions += (first + position for position in passage.paragraphs)
            first += len(passage.timing.cues)
        return frozenset(positions)

    def by_chapter(self) -> dict[int, RecordedBook]:
        """Return the recorded chapters by their positions, each with its passages alone."""
        return {
            number: replace(self, passages=tuple(passages))
            for number, passages in groupby(self.passages, attrgetter("chapter"))
        }


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A finished audiobook."""

    meta: Meta
    path: Path
    rate: int
    samples: int
    chapters: tuple[BoundChapter, ...]
    sentences: int
    stood_in: tuple[tuple[int, int], ...] = ()
    """Runs of sentences that the fallback voice spoke: the first, from 0, and the one after the
    last."""
    music: tuple[tuple[int, int], ...] = ()
    """Where music plays, the silence around it included: the first sample, and the end."""
    loudness: float | None = None
    """LUFS, integrated; None for silence, or where it is not known."""
    misfits: tuple[Misfit, ...] = ()
    """The subtitles that are too long for their time; not known of a book that was there before."""
    making: tuple[tuple[str, str], ...] = ()
    """How it was recorded: see `RecordedBook.making`."""

    @property
    def seconds(self) -> float:
        """Length of the book, in seconds."""
        return self.samples / self.rate
