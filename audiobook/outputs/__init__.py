"""The formats of finished books; each joins recordings without encoding them again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol

from audiobook.errors import UsageError
from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from audiobook.model import Book, RecordedBook
    from audiobook.outputs.edits import TagEdit

SUFFIXES: dict[str, str] = {
    "mp3": ".mp3",
    "m4b": ".m4b",
    "opus": ".opus",
    "epub": ".readalong.epub",
    "wav": ".wav",
}
"""The endings of files by the names of their formats; a book to read along has a longer one,
because its source may be STEM.epub."""

SOUND_ENDINGS = frozenset(
    (".aac", ".flac", ".m4a", ".m4b", ".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav", ".wma")
)
"""Endings of files that library programs play, of formats of ours and others."""


@dataclass(frozen=True, slots=True)
class Track:
    """The place of a file among several, each of which holds one chapter."""

    album: str
    """Title of the whole book."""
    number: int
    """From 1."""
    count: int


class Format(Protocol):
    """The interface of a format of finished books, which is a module with these names."""

    NAME: str
    SUFFIX: str
    """The ending of its files, with the dot."""
    SOUND: str
    """The name of the format that its sound is encoded in, often its own."""
    CHAPTERS_APART: bool
    """Whether the sound of each chapter is a stream of its own within the file."""
    MOST_CHAPTERS: int
    """How many chapters a file can list; 0 for any number."""
    BITRATE: int
    """Kilobits a second of recorded speech, unless the user chooses another rate."""
    VERSION: int
    """Increased when the same book would be written differently."""

    def check(self, rate: int, bitrate: int, vbr: int | None = None) -> None:
        """Check that sound can be recorded with these settings.

        Args:
            rate: samples a second.
            bitrate: kilobits a second.
            vbr: quality of a variable bit rate instead, 0 best to 9 smallest.

        Raises:
            UsageError: the format has no such rate or quality.
            EngineError: there is no encoder for the format here.
        """
        ...

    def trimmed_samples(self, rate: int) -> int:
        """Return how many samples a stream lacks at the end of its last recording."""
        ...

    def write(
        self,
        file: IO[bytes],
        book: Book,
        recorded: RecordedBook,
        fingerprint: str,
        track: Track | None = None,
    ) -> None:
        """Write a book, holding one recording at a time.

        Args:
            file: an empty file that can seek.
            book: the book as it will be, its chapters in time order and without gaps.
            recorded: its text and its recordings.
            fingerprint: one word, a hash of everything that the book was made from.
            track: its place, where the file holds only one chapter.

        Raises:
            ValueError: the recordings do not make this book.
        """
        ...

    def read_book(self, path: Path, fingerprint: str) -> Book | None:
        """Return the book at ``path`` if it has this fingerprint, else None.

        Its meta holds only the title, and its chapters have no levels.
        """
        ...

    def read_fingerprint(self, path: Path) -> str:
        """Return the fingerprint of the book at ``path``; empty if this program did not make it."""
        ...

    def read_sound(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield the encoded sound of a file in blocks: what is the same after its tags are edited.

        It may raise anything in `audiobook.outputs.damage.NOT_OURS`.
        """
        ...


class SoundFormat(Format, Protocol):
    """The interface of a format of sound, in which recordings are encoded and joined.

    An encoded passage lasts exactly as long as its samples, wherever it stands in a book. Encoders
    begin before the sound and end after it; so passages are whole frames with a silent tail, and
    the silence makes room.
    """

    def whole_frames(self, length: int, rate: int) -> int:
        """Round a length in samples up to whole frames."""
        ...

    def silent_tail(self, rate: int) -> int:
        """Return how many samples at the end of a recording must be silent."""
        ...

    def attenuation(self, bitrate: int, vbr: int | None = None) -> float:
        """Return by how many decibels decoded sound is softer than the encoded samples."""
        ...

    def encode(
        self, samples: NDArray[np.int16], rate: int, bitrate: int, vbr: int | None = None
    ) -> bytes:
        """Encode a passage for its recording.

        Args:
            samples: mono, shape (n,), whole frames with a silent tail.
            rate: samples a second.
            bitrate: kilobits a second.
            vbr: quality of a variable bit rate instead, 0 best to 9 smallest.

        Raises:
            EngineError: the encoder failed.
            ValueError: the samples are not whole frames with a silent tail.
        """
        ...

    def read_tag(self, path: Path, name: str) -> str:
        """Return the text of one of our own tags, such as `edits.KEY`; empty without it.

        It may raise anything in `audiobook.outputs.damage.NOT_OURS`.
        """
        ...

    def retag(self, source: IO[bytes], file: IO[bytes], edit: TagEdit) -> None:
        """Write a file with other tags, its sound byte by byte the same.

        It may raise anything in `audiobook.outputs.damage.NOT_OURS`.

        Args:
            source: a file of the format, by this program or another.
            file: an empty file that can seek, and be read.
            edit: what to change.
        """
        ...


def _mp3() -> SoundFormat:
    from audiobook.outputs import mp3

    return mp3


def _m4b() -> SoundFormat:
    from audiobook.outputs import m4b

    return m4b


def _opus() -> SoundFormat:
    from audiobook.outputs import opus

    return opus


def _wav() -> SoundFormat:
    from audiobook.outputs import wav

    return wav


def _epub() -> Format:
    from audiobook.outputs import epub

    return epub


# Each is imported only when it is needed.
_SOUND_FORMATS: dict[str, Callable[[], SoundFormat]] = {"mp3": _mp3, "m4b": _m4b, "opus": _opus}
_FORMATS: dict[str, Callable[[], Format]] = {**_SOUND_FORMATS, "epub": _epub}
FORMATS = tuple(_FORMATS)
"""Names of the formats of books."""
SOUND_FORMATS = tuple(_SOUND_FORMATS)
"""Names of those of sound."""
# Sound without chapters or a cover, for programs that cut films.
_SOUND_FORMATS["wav"] = _FORMATS["wav"] = _wav
ALL_FORMATS = tuple(_FORMATS)
"""Names of all formats: those of books, and what only subtitles are spoken to."""
TIMED_FORMATS = tuple(_SOUND_FORMATS)
"""Names of the formats that subtitles are spoken to."""


def load(name: str) -> Format:
    """Return the format of a name.

    Raises:
        UsageError: there is no such format.
    """
    if name not in _FORMATS:
        raise UsageError(
            message("there is no format {name!r}", name=name),
            message("choose one of {names}", names=", ".join(FORMATS)),
        )
    return _FORMATS[name]()


def load_sound(name: str) -> SoundFormat:
    """Return the format of sound of a name.

    Raises:
        UsageError: there is no such format.
    """
    if name not in _SOUND_FORMATS:
        raise UsageError(
            message("there is no format {name!r}", name=name),
            message("choose one of {names}", names=", ".join(SOUND_FORMATS)),
        )
    return _SOUND_FORMATS[name]()
