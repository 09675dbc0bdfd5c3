"""The voices that speak a book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_PAUSE, LARGEST_VARIATION = 60.0, 0.5
"""The most seconds of a pause, and the most by which pauses vary, as a share."""
LOWEST_RATE, HIGHEST_RATE = 4_000, 192_000
"""The least and the most samples a second of speech, whatever a file claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Silence at each kind of boundary, in seconds: after it, except for `opening`.

    Readers of prose pause for 0.2 to 1.4 s between sentences, for 1.4 times as long between
    paragraphs, for half as long inside sentences, and up to 1.4 times as long after long sentences
    (Kazlauskienė and Kalašinskaitė, on Lithuanian); those of verse at every line end.
    """

    clause: float = 0.15
    """Where a sentence is parted, as at another voice."""
    dash: float = 0.2
    """At a dash that sets an insertion apart."""
    bracket: float = 0.2
    """Before and after several words in brackets."""
    colon: float = 0.3
    """At a colon before speech."""
    sentence: float = 0.4
    breath: float = 0.15
    """Added after a long sentence."""
    item: float = 0.5
    """Between the items of a list."""
    paragraph: float = 0.7
    section: float = 1.2
    """Before a heading inside a chapter."""
    heading: float = 1.0
    scene: float = 1.6
    chapter: float = 2.0
    opening: float = 0.0
    """Before the first word of a chapter."""
    closing: float = 0.0
    """After the last word of the book."""
    caesura: float = 0.12
    """Inside a line of verse."""
    run_on: float = 0.2
    """After a line of verse whose sentence runs on in the next."""
    line: float = 0.35
    """After a line of verse."""
    stanza: float = 0.9
    """After a stanza, and after a poem."""
    variation: float = 0.1
    """A share, not seconds: by so much pauses are longer or shorter, as the text before decides;
    all but those of chapters."""

    @staticmethod
    def highest(name: str) -> float:
        """Return the highest value of a pause, by its name."""
        return LARGEST_VARIATION if name == "variation" else LONGEST_PAUSE


class WordTimes(StrEnum):
    """How it is found when words begin where the engine of a voice does not tell."""

    ALIGN = "align"
    """By comparing the sound with the same text spoken by eSpeak NG."""
    GUESS = "guess"
    """By how long the words are."""


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """A file that a voice needs and that can be fetched."""

    name: str
    """What it is called in the voice's folder."""
    url: str
    """Where it is asked for first. After a # stands which file of an archive it is."""
    sha256: str = ""
    """Its checksum in hexadecimal; empty where nobody published one."""
    mirrors: tuple[str, ...] = ()
    """Where else it lies, in the order to try."""

    @property
    def urls(self) -> tuple[str, ...]:
        """All addresses, in the order to try."""
        return (self.url, *self.mirrors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice file: who speaks, through which engine, and how."""

    name: str
    engine: str
    model: str = ""
    """What the engine calls this voice."""
    description: str = ""
    accent: str = ""
    """north, central or south: decides number words; empty where it is not known."""
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
    """Characters a second, pauses included: for previews and limits of time only."""
    syllable: float = 0.23
    """Seconds that a syllable lasts on average: what is expected until the voice has recorded
    something, and what is much shorter or longer is not taken for speech."""
    breath: float = 0.15
    """Seconds that it pauses by itself at a mark inside a sentence, expected as `syllable` is."""
    network: bool = False
    concurrency: int = 0
    """Most processes that may speak at once, or of an online voice most requests on their way;
    0 for no limit of its own."""
    licence: str = ""
    sex: str = ""
    """female or male; empty where it is neither or not known."""
    style: str = ""
    """How it sounds, in a word or two: robotic, neural, story-telling."""
    speaks: bool = True
    """Whether it says words; a voice of tones has no accent."""
    size: float = 0.0
    """Megabytes that `audiobook voices add` fetches."""
    url: str = ""
    """The server of an engine that talks to any."""
    command: tuple[str, ...] = ()
    """The program that the engine `command` runs, with its arguments."""
    price: float = 0.0
    """US dollars that an online service takes for a million characters; 0 if it is not known."""
    sample: str = ""
    """A sentence to try the voice with; empty for the usual one."""
    files: tuple[VoiceFile, ...] = ()
    """What `audiobook voices add` fetches."""
    shared: str = ""
    """The name of the list of its files, and of their folder, where several voices share them."""
    cloned: bool = False
    """Whether it imitates a person, so that its books must say that the voice is synthetic."""
    permission: str = ""
    """How that person allowed it, in the words of whoever made the voice."""
    level: float | None = None
    """LUFS that it usually speaks at, before any gain; None where it is to be measured."""
    word_times: WordTimes = WordTimes.ALIGN
    pauses: Pauses = field(default_factory=Pauses)

    @property
    def folder(self) -> str:
        """The name of the folder of its files."""
        return self.shared or self.name

    @property
    def reads_as(self) -> str:
        """The accent whose number words it says: its own, or that of the north."""
        return self.accent or "north"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How all voices speak in a book, in addition to what their voice files say."""

    speed: float = 1.0
    """A factor on the speed of the voice."""
    pitch: float = 1.0
    """A factor on the pitch of the voice."""
    pauses: Mapping[str, float] = field(default_factory=dict)
    """Seconds by the names of `Pauses`; those not named stay those of the voice."""
    word_times: WordTimes = WordTimes.ALIGN
