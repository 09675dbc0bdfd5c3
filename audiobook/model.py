"""The frozen types that flow from the source to the sound, in the order they appear.

Positions in sound are counted samples at the rate of the book; pauses and limits chosen by
people are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

# --- text ---------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a paragraph is, which decides how it is paced."""

    PROSE = "prose"
    HEADING = "heading"
    VERSE = "verse"
    DIALOGUE = "dialogue"
    BREAK = "break"
    """An ornament between scenes: a silence, not speech."""
    NOTE = "note"
    """A footnote or endnote, out of the way of the text."""
    CAPTION = "caption"
    """Words under a picture or a table."""
    QUOTE = "quote"
    """A passage of somebody else's, set apart from the text."""
    FOREIGN = "foreign"
    """A sentence in another language."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the source."""

    text: str
    """As written; from the reader it may still hold the line ends of the source."""
    kind: Kind = Kind.PROSE
    level: int = 0
    """Of a heading as its source marks it, 1 for the outermost; 0 where it does not say."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled run of paragraphs; its heading is among them."""

    title: str
    """What players show; empty while unknown."""
    paragraphs: tuple[Paragraph, ...]
    level: int = 1
    """1 for the outermost division of the book."""
    picture: bytes = b""
    """A JPEG or PNG file to show while it is heard; empty for none."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known about the book; an empty string is "not known"."""

    title: str = ""
    author: str = ""
    narrator: str = ""
    date: str = ""
    """ISO 8601: a year, a month or a day."""
    language: str = ""
    """BCP 47."""
    genre: str = ""
    publisher: str = ""
    description: str = ""
    cover: bytes = b""
    """A JPEG or PNG file; empty for none."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing reading or tidying did, so that nothing disappears unreported."""

    step: str
    """Name of the step."""
    count: int
    """How often it acted."""
    example: str
    """The first thing it touched."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that putting a text in order may do, and the user may switch."""

    name: str
    """What ``--keep`` and ``--drop`` call it."""
    summary: str
    """What the summary of a build calls it."""
    help: str
    """One line that says what it does."""
    default: bool = True
    """Whether it is done unasked."""

    def is_done(self, keep: Collection[str], drop: Collection[str]) -> bool:
        """Whether it is done for a user who wants this kept and that dropped."""
        return self.name not in keep and (self.default or self.name in drop)


@dataclass(frozen=True, slots=True)
class Document:
    """A source that has been read."""

    meta: Meta
    chapters: tuple[Chapter, ...]
    changes: tuple[Change, ...] = ()
    """What was done to the text on the way here, in order."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """One entry of a lexicon: how the user wants a word or phrase said."""

    written: str
    spoken: str
    """Said as it stands: no rule reads it again."""
    case: bool = False
    """Only where capitals and small letters are those of ``written``."""
    part: bool = False
    """Also inside longer words."""


class Span(NamedTuple):
    """A place where what is said differs from what is written; all counted in characters."""

    spoken: int
    """Where it begins in what is said."""
    spoken_end: int
    written: int
    """Where it begins in the text."""
    written_end: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence as it will be said."""

    text: str
    """As written: what a transcript shows."""
    spoken: tuple[str, ...]
    """What the engine is told, in pieces no longer than its limit; empty when nothing in the
    sentence can be said (an ellipsis, a row of stars), which leaves a pause."""
    role: Kind
    pause: float
    """Silence after it, in seconds."""
    spans: tuple[Span, ...] = ()
    """Where ``spoken``, its pieces joined by one character, and ``text`` get out of step; none
    where it is said as written."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of utterances of one chapter: the unit of recording, resuming and rebuilding."""

    chapter: int
    """Position of the chapter in the document, from 0."""
    first: int
    """Position of the first utterance in the chapter, from 0."""
    utterances: tuple[Utterance, ...]
    opening: float = 0.0
    """Silence before it, in seconds."""


# --- speech -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence at each kind of boundary, in seconds: after it, but for `opening`."""

    clause: float = 0.15
    sentence: float = 0.4
    paragraph: float = 0.7
    heading: float = 1.0
    scene: float = 1.6
    chapter: float = 2.0
    opening: float = 0.0
    """Before the first word of a chapter."""
    closing: float = 0.0
    """After the last word of the book."""


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """A file that a voice needs and that can be fetched."""

    name: str
    """What it is called in the voice's folder."""
    url: str
    sha256: str = ""
    """Its checksum in hexadecimal; empty where nobody published one."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice file: who speaks, through which engine, and how."""

    name: str
    engine: str
    model: str = ""
    """What the engine calls this voice."""
    description: str = ""
    accent: str = "north"
    """north, central or south: decides number words."""
    language: str = "vi"
    foreign: str = "keep"
    """keep foreign words for an engine that speaks them, or respell them for one that does not."""
    speed: float = 1.0
    """1 is the engine's own pace."""
    pitch: float = 1.0
    """1 is the engine's own pitch."""
    rate: int = 22050
    """Samples a second that the engine delivers and the book is recorded at."""
    pace: float = 14.0
    """Characters a second, pauses included: for estimates only."""
    syllable: float = 0.23
    """Seconds that a syllable lasts on average: speech much shorter or longer is no speech."""
    network: bool = False
    concurrency: int = 0
    """Most processes that may speak at once, or of an online voice most requests on their way;
    0 for no limit of its own."""
    licence: str = ""
    sex: str = ""
    """female or male; empty where it is neither or not known."""
    url: str = ""
    """The server of an engine that talks to any."""
    sample: str = ""
    """A sentence to try the voice with; empty for the usual one."""
    files: tuple[VoiceFile, ...] = ()
    """What `audiobook voices add` fetches."""
    pauses: Pauses = field(default_factory=Pauses)


class Mark(NamedTuple):
    """Where in a clip the engine says that a word begins."""

    sample: int
    """From the beginning of the clip."""
    position: int
    """In the text the engine was given, in characters."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks a book: a narrator, and others in some roles."""

    narrator: Voice
    """Sets the pace of the book: its pauses count everywhere."""
    roles: tuple[tuple[Kind, Voice], ...] = ()
    """Who speaks what else than the narrator would."""

    def voice(self, role: Kind) -> Voice:
        """Return who speaks a role."""
        return next((voice for kind, voice in self.roles if kind is role), self.narrator)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All who speak, each once, the narrator first."""
        return tuple(dict.fromkeys((self.narrator, *(voice for _, voice in self.roles))))

    def each(self, change: Callable[[Voice], Voice]) -> Cast:
        """Return the same cast with every voice changed."""
        roles = tuple((role, change(voice)) for role, voice in self.roles)
        return Cast(change(self.narrator), roles)


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


# --- orders and reports -------------------------------------------------------------------------


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
