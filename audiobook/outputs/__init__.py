"""The formats a book is written in; each joins recordings without encoding them again."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import IO, TYPE_CHECKING, Protocol, cast

from audiobook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from audiobook.model import Book, Cue

NAMES = ("mp3", "m4b", "opus")
"""Of sound."""
EPUB = "epub"
"""A book to read along; its sound is MP3."""
FORMATS = (*NAMES, EPUB)


@dataclass(frozen=True, slots=True)
class Track:
    """The place of a file that is one of several: a chapter by itself."""

    album: str
    """Title of the whole."""
    number: int
    """From 1."""
    count: int


class Format(Protocol):
    """What a format promises; each is a module of these names.

    What `encode` makes of a passage lasts exactly as long as its samples, wherever it comes to
    stand: encoders begin before the sound and end after it, so passages are whole frames with a
    silent tail, and the silence makes room.
    """

    NAME: str
    SUFFIX: str
    """Of its files, with the dot."""
    BITRATE: int
    """Kilobits a second that speech is recorded at unless the user says otherwise."""
    VERSION: int
    """Goes up when the same book would be written differently."""

    def check(self, rate: int, bitrate: int, vbr: int | None = None) -> None:
        """Make sure that sound can be recorded like this.

        Args:
            rate: samples a second.
            bitrate: kilobits a second.
            vbr: quality of a variable bit rate instead, 0 best to 9 smallest.

        Raises:
            UsageError: the format has no such rate.
            EngineError: there is no encoder for it here.
        """
        ...

    def whole_frames(self, length: int, rate: int) -> int:
        """Round a length in samples up to whole frames."""
        ...

    def tail(self, rate: int) -> int:
        """Return how many samples at the end of a recording must be silent."""
        ...

    def cut(self, rate: int) -> int:
        """Return by how many samples a book ends before its recordings do."""
        ...

    def attenuation(self, bitrate: int, vbr: int | None = None) -> float:
        """Return by how many decibels decoded sound is softer than what was encoded."""
        ...

    def encode(
        self, samples: NDArray[np.int16], rate: int, bitrate: int, vbr: int | None = None
    ) -> bytes:
        """Encode a passage, mono, shape (n,): what a recording keeps.

        Raises:
            EngineError: the encoder failed.
            ValueError: these are not whole frames with a silent tail.
        """
        ...

    def write(
        self,
        file: IO[bytes],
        book: Book,
        cues: Sequence[Cue],
        order: str,
        sounds: Iterable[bytes],
        track: Track | None = None,
    ) -> None:
        """Write a book, holding one recording at a time.

        Args:
            file: an empty file that can seek.
            book: the book, its chapters in time order and without gaps.
            cues: every sentence, in samples of the book.
            order: fingerprint of all the book was made from, one word, for `read_book`.
            sounds: what `encode` made of every passage, in order.
            track: its place, where the book is but one chapter of a whole.
        """
        ...

    def read_book(self, path: Path, order: str) -> Book | None:
        """Return the book at ``path`` if it was made from this order, else None.

        Of its meta only the title is filled in, of its chapters all but the levels.
        """
        ...

    def read_order(self, path: Path) -> str:
        """Return what the book at ``path`` was made from; empty if it is none of ours."""
        ...


def load(name: str) -> Format:
    """Return the format of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in NAMES:
        raise UsageError(f"there is no format {name!r}", f"choose one of {', '.join(NAMES)}")
    return cast("Format", import_module(f"{__name__}.{name}"))
