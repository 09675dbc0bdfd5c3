"""The frozen types of a podcast: a library, its volumes, and the addresses of their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from audiobook.podcast.division import Division

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model import BoundChapter, Cue, Meta


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The settings of a library: from library.toml, or guessed without it."""

    title: str
    author: str = ""
    owner: str = ""
    email: str = ""
    description: str = ""
    category: tuple[str, ...] = ("Arts", "Books")
    """A category of Apple's, and a part of it if wanted."""
    language: str = "vi"
    licence: str = ""
    guid: str = ""
    """The GUID of the feed, which never changes; empty for one made from its address."""
    artwork: bytes = b""
    """A JPEG or PNG; empty if the picture is to be drawn."""
    explicit: bool = False
    """Whether the library is not for children."""
    episodes: Division = Division.AUTO
    """What makes an episode of the own feed of a book."""
    url: str = ""
    """The address of the site on the web; empty for the one that was used last."""
    target: str = ""
    """Where the site is published; empty if that is told each time."""
    follow: tuple[str, ...] = ()
    """The feeds, pages and folders whose articles become episodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A book of a library as read from its file: all that feeds and pages need but the sound."""

    path: Path
    """The MP3."""
    name: str
    """The name in addresses: ASCII, unique in the library, never changing."""
    meta: Meta
    rate: int
    """Samples a second, the unit of chapters and cues."""
    samples: int
    """The length of the sound."""
    size: int
    """The size of the file in bytes."""
    digest: str
    """SHA-256 of the file, hexadecimal."""
    chapters: tuple[BoundChapter, ...]
    cues: tuple[Cue, ...] = ()
    """Every sentence; empty, like the cover, in a volume that is read without them."""
    paragraphs: frozenset[int] = frozenset()
    """The positions, from 0, of the sentences that paragraphs begin with; empty where the file
    does not tell."""
    synthetic: bool = True
    """A machine speaks: the book was made by this program."""
    changed: int = 0
    """When the file was changed, in nanoseconds since 1970."""
    sample: str = ""
    """The hash of samples of the file, by which damage is noticed; see `stamps`."""
    place: str = ""
    """Its path in the library, with slashes; empty where that is the name of its file."""

    @property
    def file(self) -> str:
        """What stands for its file in the state of a site."""
        return self.place or self.path.name

    @property
    def seconds(self) -> float:
        """The length of the sound in seconds."""
        return self.samples / self.rate


class Thumbnail(NamedTuple):
    """The address of a small picture of a cover."""

    address: str
    """A path from the root of the site; its ending tells WebP from JPEG."""
    side: int
    """Its width and height in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The addresses of the files of a book, or of a chapter.

    Each is a path from the root of the site with slashes, ASCII and safe in an address as it
    stands; empty if there is no such file.
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
    """The book's own feed if it has several chapters, else the library's."""
    page: str
    """The page to listen on."""
    thumbnails: tuple[Thumbnail, ...] = ()
    """The cover in small, as WebP of each size and as JPEG of the largest."""
    subscribe: str = ""
    """The page that tells how to subscribe to the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """The site that a book is written into."""

    folder: Path
    """The folder of the site."""
    library: Library
    """The settings of the library, without its picture."""
    root: str
    """The address at which the site is served, without a slash at the end."""
    cover: str
    """The path of the picture that is shown for books without a cover."""
    has_moved: bool = False
    """Clients may still ask for its feeds at another address."""
