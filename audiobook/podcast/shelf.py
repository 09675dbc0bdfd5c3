"""The frozen types of a library: what is known of it, and of each book as its file tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model import BoundChapter, Cue, Meta


@dataclass(frozen=True, slots=True)
class Library:
    """What the owner says about a library: library.toml, or what can be guessed without it."""

    title: str
    author: str = ""
    owner: str = ""
    email: str = ""
    description: str = ""
    category: tuple[str, ...] = ("Arts", "Books")
    """Apple's name of it, and of the part of it, if any."""
    language: str = "vi"
    licence: str = ""
    guid: str = ""
    """Of the feed, once and for all; empty for one made from its address."""
    artwork: bytes = b""
    """JPEG or PNG; empty for a drawn one."""
    explicit: bool = False
    """Whether it is not for children."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A book of a library, as its file tells: all that feeds and pages need but the sound."""

    path: Path
    """Where the MP3 is."""
    name: str
    """What it is called in addresses: ASCII, unique in the library, never changing."""
    meta: Meta
    rate: int
    """Samples a second: what chapters and cues are counted in."""
    samples: int
    size: int
    """Bytes of the file."""
    digest: str
    """Hash of the file's bytes, hexadecimal."""
    chapters: tuple[BoundChapter, ...]
    cues: tuple[Cue, ...] = ()
    """Every sentence; empty where they were left out to save memory, as is the cover then."""
    synthetic: bool = True
    """A machine speaks it: it was made by this program."""
    changed: int = 0
    """When its file was, in nanoseconds since 1970."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.samples / self.rate


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where in the site the things of a book, or of a chapter, are.

    Each is a path from the root of the site with slashes, ASCII and safe in an address as it
    stands; empty where there is no such thing.
    """

    media: str
    """The MP3."""
    cover: str
    """A square JPEG or PNG."""
    vtt: str
    """Transcript as WebVTT."""
    srt: str
    """Transcript as SubRip."""
    chapters: str
    """Chapters as JSON."""
    feed: str
    """The feed it is in: of a book of several chapters its own, else the library's."""
    page: str
    """The page to listen on."""
