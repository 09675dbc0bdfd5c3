"""What a user wants built, and the plan, progress and problems of building it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from audiobook.messages import Message
from audiobook.model.voices import Delivery

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model.cast import Cast
    from audiobook.model.sound import Misfit, Sound
    from audiobook.model.text import Change, Meta, Replacement, Teaching
    from audiobook.model.voices import Voice


PLAIN = "plain"
LAYOUTS = (PLAIN, "audiobookshelf", "plex")
"""How books are placed in their folder: side by side, or as library programs expect them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which chapters of a book to build: all, some by their numbers, or all from a title on."""

    ranges: tuple[tuple[int, int], ...] = ()
    """First and last number, from 1; a last of 0 is the end of the book."""
    start: str = ""
    """Number or title of the first chapter; empty where ranges say it."""

    def __bool__(self) -> bool:
        """Whether it is less than the whole book."""
        return bool(self.ranges or self.start)

    @property
    def label(self) -> str:
        """The selection as it stands in the name of a file and in a title.

        >>> Selection(((3, 7), (12, 12), (20, 0))).label
        '3-7,12,20-'
        """
        return ",".join(map(_written_range, self.ranges)) or self.start


def _written_range(numbers: tuple[int, int]) -> str:
    first, last = numbers
    return f"{first}" if first == last else f"{first}-{last or ''}"


class MusicPlace(StrEnum):
    """Where music stands in a book."""

    INTRO = "intro"
    """Before the first chapter."""
    OUTRO = "outro"
    """After the last chapter."""
    BETWEEN = "between"
    """Between two chapters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """The music of a book."""

    intro: Path | None = None
    """A sound file, as the others; None for none."""
    outro: Path | None = None
    between: Path | None = None
    credits: str = ""
    """Whose it is and under which licence, for the description of the book."""

    @property
    def files(self) -> dict[MusicPlace, Path]:
        """The files, by where they stand."""
        paths = {place: getattr(self, place.value) for place in MusicPlace}
        return {place: path for place, path in paths.items() if path}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One book to build."""

    source: str
    """A file, an address, - for standard input, or the folder of a book in parts."""
    folder: Path
    """Where the book goes."""
    cast: Cast
    sound: Sound
    meta: Meta
    """What the user gave about the book; it wins over what the source says."""
    workers: int
    """Processes that record."""
    cache: Path
    """Folder that keeps recordings for later builds."""
    lexicon: tuple[Teaching, ...] = ()
    """How the user wants words said; of two entries for the same word the later one counts."""
    allow_private: bool = False
    """Whether addresses of the user's own network may be read."""
    keep: tuple[str, ...] = ()
    """Names of steps of tidying and dividing that are not done."""
    drop: tuple[str, ...] = ()
    """Names of steps that are done, though not by default."""
    replacements: tuple[Replacement, ...] = ()
    """Replacements in the text, made in this order before it is tidied."""
    kept_texts: tuple[str, ...] = ()
    """Beginnings of paragraphs and chapters that no step leaves out."""
    left_out: tuple[str, ...] = ()
    """Keys of chapters that are not read: see `chapter_keys`."""
    titles: tuple[tuple[str, str], ...] = ()
    """Keys of chapters, and the titles that they are given."""
    narrators: tuple[tuple[str, str], ...] = ()
    """Chapters by number, turn or title, and the names of the voices that narrate them."""
    takes: tuple[tuple[str, int], ...] = ()
    """Sentences as written, and which take of each is wanted: those of which it is not the
    first."""
    format: str = "mp3"
    """Name of the format to write."""
    split: bool = False
    """Whether each chapter is written as a file of its own, too."""
    transcripts: tuple[str, ...] = ()
    """Kinds of transcripts that are written beside the book."""
    cover: bool = True
    """Whether the book has a cover: the one given, that of the source, or a drawn one."""
    cover_size: int = 0
    """Most kilobytes of the cover inside the book; 0 for what suits the format."""
    preview: float = 0.0
    """About how many seconds of each chapter to make; 0 for the whole book."""
    fallback: Voice | None = None
    """The voice that speaks where an online voice cannot be reached."""
    pictures: tuple[tuple[str, bytes], ...] = ()
    """Titles of chapters, and for each a picture file to show."""
    parts: tuple[str, ...] = ()
    """Sources that make one book together, in order; none where `source` is all of it."""
    selection: Selection = Selection()
    """Which chapters are built."""
    ocr: bool = False
    """Whether the text of scanned pages is recognised."""
    path: Path | None = None
    """The file to write, where the user named it; None for one in `folder`, named by the source."""
    stem: str = ""
    """The file name, without an ending, to prefer where several books go into one folder."""
    layout: str = PLAIN
    """How books are placed in their folder: one of `LAYOUTS`."""
    overwrite: bool = False
    """Whether files that this program did not make are replaced."""
    verify: bool = False
    """Whether the sound of a finished book is read to see that it is as it was made."""
    timed: bool = False
    """Whether each subtitle of the source is spoken at its time."""
    delivery: Delivery = field(default_factory=Delivery)
    """Speed, pitch and pauses of all voices in the cast, and of those that the text names."""
    music: Music = Music()
    opening: str = ""
    """What is said before the first chapter, a template with the names of fields; empty for
    nothing."""
    closing: str = ""
    """What is said after the last chapter."""
    unasked_services: tuple[str, ...] = ()
    """Names of online voices that a file beside the source chose, and not the user."""

    @property
    def voice(self) -> Voice:
        """The narrator."""
        return self.cast.narrator


@dataclass(frozen=True, slots=True, kw_only=True)
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
    narrator: str
    """The name of the voice that narrates it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a build would do, without doing it."""

    title: str
    chapters: tuple[PlannedChapter, ...]
    requests: int
    """Online requests needed for what is not recorded yet."""
    requested: int
    """Characters in them: what paid servers count."""
    cost: float
    """US dollars that they cost by the prices of the voices; 0 if no voice has one."""
    seconds: float
    """Expected length."""
    recorded: int
    """Passages that are recorded already."""
    passages: int
    words: int
    """Words to read in the whole book, which `changes` describes too."""
    changes: tuple[Change, ...]
    guesses: int = 0
    """How many different words, abbreviations and numbers have a guessed reading."""
    misfits: tuple[Misfit, ...] = ()
    """Subtitles that are too long: as recorded, or as expected of what is not recorded."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Event: the text of one more scanned page is recognised, before the source is read."""

    pages: int
    """How many are recognised."""
    total: int
    """How many there are to recognise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Event: the text is read, and recording begins."""

    title: str
    chapters: int
    """How many are recorded."""
    total: int
    """How many the whole book has."""
    characters: int
    words: int
    """Words to read in the whole book, which `changes` describes too."""
    changes: tuple[Change, ...]
    guesses: int = 0
    """How many different words, abbreviations and numbers have a guessed reading."""
    parts: tuple[tuple[int, str, int], ...] = ()
    """Number, title and characters of each chapter that is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Event: one more passage is recorded."""

    chapter: int
    """Number of its chapter in the whole book, from 1."""
    title: str
    sentences: int
    characters: int
    seconds: float
    remembered: bool
    """Whether it was recorded in an earlier run."""
    chapter_done: bool
    """Whether it was the last one missing from its chapter."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Event: a passage could not be recorded in its own voice; the fallback voice will speak it."""

    chapter: int
    """Number of its chapter in the whole book, from 1."""
    sentences: int
    reason: Message


@dataclass(frozen=True, slots=True)
class Converted:
    """How much of a finished book is encoded in another format."""

    seconds: float
    total: float
    """Seconds of the whole book, as far as that is known beforehand."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Event: something that the user should know, and that stops nothing."""

    text: Message


Event = Recognised | Started | Progress | Failed | Remark


def ignore_event(_event: Event) -> None:
    """Do nothing with an event."""
