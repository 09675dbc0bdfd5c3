"""What is ordered, and what is told of its making."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobook.model.voices import Delivery

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model.sound import Sound
    from audiobook.model.text import Change, Meta, Replacement, Teaching
    from audiobook.model.voices import Cast, Voice


@dataclass(frozen=True, slots=True)
class Selection:
    """Which chapters of a book to build: all, some by their numbers, or all from a title on."""

    ranges: tuple[tuple[int, int], ...] = ()
    """First and last number, from 1; a last of 0 is the end of the book."""
    start: str = ""
    """Number or title of the first chapter; empty where ranges say it."""

    def __bool__(self) -> bool:
        """Whether anything less than the whole book is asked for."""
        return bool(self.ranges or self.start)

    @property
    def label(self) -> str:
        """How it is written in the name of a file and in a title.

        >>> Selection(((3, 7), (12, 12), (20, 0))).label
        '3-7,12,20-'
        """
        return ",".join(map(_written_range, self.ranges)) or self.start


def _written_range(numbers: tuple[int, int]) -> str:
    first, last = numbers
    return f"{first}" if first == last else f"{first}-{last or ''}"


@dataclass(frozen=True, slots=True)
class Job:
    """One book to build."""

    source: str
    """A file, an address, - for standard input, or the folder of a book in parts."""
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
    replacements: tuple[Replacement, ...] = ()
    """What is written otherwise before the text is tidied, in this order."""
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
    parts: tuple[str, ...] = ()
    """Sources that make one book together, in order; none where `source` is all of it."""
    selection: Selection = Selection()
    """Which chapters are built."""
    ocr: bool = False
    """Whether the text of scanned pages is recognised."""
    path: Path | None = None
    """The file that the book becomes, where the user named it; else its folder and source tell."""
    stem: str = ""
    """The name without an ending that is taken first, where several books go into one folder."""
    overwrite: bool = False
    """Whether files in its place are replaced that this program did not make."""
    delivery: Delivery = field(default_factory=Delivery)
    """How everybody in the cast was told to speak, and others whom the text names will be."""

    @property
    def voice(self) -> Voice:
        """The narrator."""
        return self.cast.narrator


@dataclass(frozen=True, slots=True)
class PlannedChapter:
    """A chapter that a build would record."""

    number: int
    """In the whole book, from 1."""
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
    words: int
    """Words to read in the whole book, of which `changes` tells."""
    changes: tuple[Change, ...]
    guesses: int = 0
    """How many different words, abbreviations and numbers are read by guess."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text of one more scanned page is recognised; nothing is read yet."""

    pages: int
    """How many are recognised."""
    total: int
    """How many there are to recognise."""


@dataclass(frozen=True, slots=True)
class Started:
    """The text is read; recording begins."""

    title: str
    chapters: int
    """How many are recorded."""
    total: int
    """How many the whole book has."""
    characters: int
    words: int
    """Words to read in the whole book, of which `changes` tells."""
    changes: tuple[Change, ...]
    guesses: int = 0
    """How many different words, abbreviations and numbers are read by guess."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One more passage is there."""

    chapter: int
    """Number of its chapter in the whole book, from 1."""
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
    """Number of its chapter in the whole book, from 1."""
    sentences: int
    reason: str


Event = Recognised | Started | Progress | Failed
