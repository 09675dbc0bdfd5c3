"""What a file says of its own making, so that a book is built only once: written and read here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import quote, unquote

from audiobook.messages import message
from audiobook.model import Book, BoundChapter, Meta
from audiobook.outputs.damage import NOT_OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

KEY = "audiobook-order"
"""The name of the tag, in every format."""
# What follows the fingerprint of a book in the file of one of its chapters.
_NUMBER = re.compile(r"-\d+$")
_MUSIC = "music:"
_UNQUOTED = "/:,+@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The tag `KEY` of a book."""

    fingerprint: str
    """One word, a hash of everything that the book was made from."""
    rate: int
    """Samples a second."""
    samples: int
    """The length of the book."""
    sentences: int
    stood_in: tuple[tuple[int, int], ...] = ()
    """The runs of sentences that the fallback voice spoke, as first and end, from 0."""
    music: tuple[tuple[int, int], ...] = ()
    """Where music plays: the first sample, and the end."""
    making: tuple[tuple[str, str], ...] = ()
    """How it was recorded: names and values, each pair a word, quoted as in addresses."""

    @property
    def is_of_chapter(self) -> bool:
        """Whether the file holds one chapter of a book that was written as many files."""
        return _NUMBER.search(self.fingerprint) is not None

    @classmethod
    def of(cls, book: Book, fingerprint: str) -> Self:
        """Return the provenance of a book that is about to be written."""
        return cls(
            fingerprint=fingerprint,
            rate=book.rate,
            samples=book.samples,
            sentences=book.sentences,
            stood_in=book.stood_in,
            music=book.music,
            making=book.making,
        )

    @classmethod
    def parse(cls, note: str) -> Self:
        """Read the text of the tag.

        Raises:
            ValueError: it has another form.
        """
        fingerprint, rate, samples, sentences, *words = note.split()
        if int(rate) <= 0 or int(samples) < 0:
            raise ValueError(message("it has no sound"))
        return cls(
            fingerprint=fingerprint,
            rate=int(rate),
            samples=int(samples),
            sentences=int(sentences),
            stood_in=tuple(
                _parse_run(word) for word in words if "=" not in word and _MUSIC not in word
            ),
            music=tuple(_parse_music(word) for word in words if word.startswith(_MUSIC)),
            making=tuple(_parse_word(word) for word in words if "=" in word),
        )

    def music_at(self, rate: int) -> tuple[tuple[int, int], ...]:
        """Return where music plays in samples of another rate."""
        return tuple(
            (round(start * rate / self.rate), round(end * rate / self.rate))
            for start, end in self.music
        )

    def __str__(self) -> str:
        """Return the text of the tag, in which sentences are counted from 1."""
        words = [f"{first + 1}-{end}" for first, end in self.stood_in]
        words += (f"{_MUSIC}{start}-{end}" for start, end in self.music)
        words += (f"{name}={quote(value, safe=_UNQUOTED)}" for name, value in self.making)
        numbers = f"{self.fingerprint} {self.rate} {self.samples} {self.sentences}"
        return " ".join((numbers, *words))


class BookTags(NamedTuple):
    """What the file of a book says of it, in any format."""

    note: str
    """The text of the tag `KEY`; empty without one."""
    title: str
    chapters: Callable[[Provenance], Iterable[BoundChapter]]
    """Returns the chapters in time order, in samples of the book."""


def read_book(path: Path, fingerprint: str, read_tags: Callable[[Path], BookTags]) -> Book | None:
    """Return the book at ``path`` if it has this fingerprint, else None.

    Args:
        path: a file, or the place of one that is not there.
        fingerprint: the one that the book must have.
        read_tags: reads a file of the format; may raise anything in `NOT_OURS`.
    """
    try:
        tags = read_tags(path)
        provenance = Provenance.parse(tags.note)
        if provenance.fingerprint != fingerprint:
            return None
        return Book(
            meta=Meta(title=tags.title),
            path=path,
            rate=provenance.rate,
            samples=provenance.samples,
            chapters=tuple(tags.chapters(provenance)),
            sentences=provenance.sentences,
            stood_in=provenance.stood_in,
            music=provenance.music,
        )
    except NOT_OURS:
        return None


def read_fingerprint(path: Path, read_note: Callable[[Path], str]) -> str:
    """Return the fingerprint of the book at ``path``; empty if this program did not make it.

    Args:
        path: a file, or the place of one that is not there.
        read_note: returns the text of the tag `KEY`; may raise anything in `NOT_OURS`.
    """
    try:
        return read_note(path).split()[0]
    except NOT_OURS:
        return ""


def _parse_word(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, unquote(value)


def _parse_run(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first) - 1, int(last)


def _parse_music(text: str) -> tuple[int, int]:
    start, _, end = text.removeprefix(_MUSIC).partition("-")
    return int(start), int(end)
