"""Seals finished files: notes what they are like, so that damage to them is noticed later.

A file that nobody wrote to since, by its size and date, is compared by samples of its bytes. One
that was written to may have other tags, which are its owner's: only its sound must be the same.
Without the cache, and away from the place where it was made, nothing is known of a file.

What the tags of a file say of its book is noted, too, when they are first read: while nobody
writes to the file they are not read again, which takes longer than all the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from enum import Enum, auto
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self

from audiobook.model import Book, BoundChapter, Meta
from audiobook.outputs.damage import NOT_OURS
from audiobook.system import files

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.outputs import Format

_FOLDER, _SUFFIX = "seals", ".seal"
_SAMPLES, _SAMPLE = 8, 4096
"""How many samples are taken of a file, evenly from its beginning to its end, and their bytes."""
_DIGEST = 16


class Condition(Enum):
    """What a finished file is like."""

    INTACT = auto()
    DAMAGED = auto()
    """Its sound is another one than that which was written."""
    UNKNOWN = auto()
    """Nothing is noted of it here."""


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file that a build delivers, or would."""

    path: Path
    form: Format
    fingerprint: str
    """That which it has if nothing has changed since it was made."""


class _Contents(NamedTuple):
    """What the tags of a file say of its book, as a note of JSON can hold it."""

    title: str
    rate: int
    samples: int
    sentences: int
    chapters: tuple[tuple[str, int, int, int], ...]
    """Title, start, end and level of each."""
    stood_in: tuple[tuple[int, int], ...]
    music: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, book: Book) -> Self:
        """Return the contents of a book that was read from its file."""
        return cls(
            title=book.meta.title,
            rate=book.rate,
            samples=book.samples,
            sentences=book.sentences,
            chapters=tuple(
                (part.title, part.start, part.end, part.level) for part in book.chapters
            ),
            stood_in=book.stood_in,
            music=book.music,
        )

    def book_at(self, path: Path) -> Book:
        """Return the book as it is read from its file."""
        return Book(
            meta=Meta(title=self.title),
            path=path,
            rate=self.rate,
            samples=self.samples,
            chapters=tuple(
                BoundChapter(title=title, start=start, end=end, level=level)
                for title, start, end, level in self.chapters
            ),
            sentences=self.sentences,
            stood_in=tuple((first, end) for first, end in self.stood_in),
            music=tuple((start, end) for start, end in self.music),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seal:
    fingerprint: str
    """That of the book."""
    size: int
    """Bytes."""
    modified: int
    """Date of the file, in nanoseconds since 1970."""
    samples: str
    """Digest of the samples."""
    sound: str
    """Digest of the sound."""
    contents: _Contents | None = None
    """None if the tags were not read since the file was written."""


@dataclass(frozen=True, slots=True)
class Seals:
    """Keeps what finished files are like.

    Args:
        cache: the cache folder.
    """

    cache: Path

    def seal(self, finished: FinishedFile) -> None:
        """Note what a file is like that was just written."""
        with finished.path.open("rb") as file:
            self._keep(finished, file, _digest_of_sound(file, finished.form))

    def read(self, finished: FinishedFile, *, wholly: bool = False) -> Book | None:
        """Return a finished book; None if it is not there, of other content, or damaged.

        Args:
            finished: its file.
            wholly: whether all of its sound is read, even if nobody wrote to the file.
        """
        entry = self._entry(finished.path)
        seal = _read_seal(entry, finished)
        if seal is None or wholly or not _is_as_sealed(finished.path, seal):
            book = finished.form.read_book(finished.path, finished.fingerprint)
            if book and self.condition_of(finished, wholly=wholly) is Condition.DAMAGED:
                return None
            return book
        if seal.contents:
            files.note_use(entry)
            return seal.contents.book_at(finished.path)
        book = finished.form.read_book(finished.path, finished.fingerprint)
        if book:
            _write_seal(entry, replace(seal, contents=_Contents.of(book)))
        return book

    def condition_of(self, finished: FinishedFile, *, wholly: bool = False) -> Condition:
        """Return what a file is like that has the fingerprint it should have.

        Args:
            finished: the file.
            wholly: whether all of its sound is read, even if nobody wrote to the file.
        """
        entry = self._entry(finished.path)
        seal = _read_seal(entry, finished)
        if seal is None:
            return Condition.UNKNOWN
        files.note_use(entry)
        try:
            with finished.path.open("rb") as file:
                is_untouched = _is_untouched(file, seal)
                if is_untouched and _digest_of_samples(file, seal.size) != seal.samples:
                    return Condition.DAMAGED
                if is_untouched and not wholly:
                    return Condition.INTACT
                if _digest_of_sound(file, finished.form) != seal.sound:
                    return Condition.DAMAGED
                if not is_untouched:
                    self._keep(finished, file, seal.sound)
        except NOT_OURS:
            return Condition.DAMAGED
        return Condition.INTACT

    def _keep(self, finished: FinishedFile, file: IO[bytes], sound: str) -> None:
        status = os.fstat(file.fileno())
        seal = _Seal(
            fingerprint=finished.fingerprint,
            size=status.st_size,
            modified=status.st_mtime_ns,
            samples=_digest_of_samples(file, status.st_size),
            sound=sound,
        )
        _write_seal(self._entry(finished.path), seal)

    def _entry(self, path: Path) -> Path:
        place = os.fsencode(path.parent.resolve() / path.name)
        name = hashlib.blake2b(place, digest_size=20).hexdigest()
        return self.cache / _FOLDER / name[:2] / f"{name}{_SUFFIX}"


def _read_seal(entry: Path, finished: FinishedFile) -> _Seal | None:
    """Return what is noted of a file; None if nothing is, or of another content."""
    try:
        note: dict[str, Any] = json.loads(entry.read_bytes())
        contents = note.pop("contents", None)
        seal = _Seal(**note, contents=_Contents(*contents) if contents else None)
    except (OSError, ValueError, TypeError, AttributeError):
        return None  # there is none, or it is damaged itself
    return seal if seal.fingerprint == finished.fingerprint else None


def _write_seal(entry: Path, seal: _Seal) -> None:
    files.note(entry, json.dumps(asdict(seal)).encode())


def _is_untouched(file: IO[bytes], seal: _Seal) -> bool:
    """Whether nobody wrote to a file, by its size and date."""
    status = os.fstat(file.fileno())
    return (status.st_size, status.st_mtime_ns) == (seal.size, seal.modified)


def _is_as_sealed(path: Path, seal: _Seal) -> bool:
    """Whether nobody wrote to a file, and the samples of it are the same."""
    try:
        with path.open("rb") as file:
            return _is_untouched(file, seal) and _digest_of_samples(file, seal.size) == seal.samples
    except OSError:
        return False


def _digest_of_samples(file: IO[bytes], size: int) -> str:
    digest = hashlib.blake2b(digest_size=_DIGEST)
    last = max(size - _SAMPLE, 0)
    for number in range(_SAMPLES):
        file.seek(last * number // (_SAMPLES - 1))
        digest.update(file.read(_SAMPLE))
    return digest.hexdigest()


def _digest_of_sound(file: IO[bytes], form: Format) -> str:
    digest = hashlib.blake2b(digest_size=_DIGEST)
    for block in form.read_sound(file):
        digest.update(block)
    return digest.hexdigest()
