"""Decides whose a file is: from which source this program made it, or that somebody else did.

The tag of a book holds its provenance: a fingerprint of its content and the identity of its source.
A transcript that was corrected by hand must not be replaced, so it holds a remark with a digest of
its text. SubRip has no remarks: such a transcript is recognised by its content, of which the cache
keeps a digest, or by its date, which is that of the book beside it to the nanosecond. Without the
cache, and away from its book, it counts as somebody else's.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from audiobook import outputs
from audiobook.app.layouts import SIDE_FILES
from audiobook.outputs import SOUND_ENDINGS, edits, signatures, transcripts
from audiobook.outputs.damage import NOT_OURS
from audiobook.system import files

_FOLDER, _SUFFIX = "written", ".written"
_SEPARATOR = "."


class Owner(Enum):
    """Whose the file at the path of a book is."""

    NOBODY = auto()
    """There is no file."""
    SOURCE = auto()
    """The file is the book of this very source."""
    NAMESAKE = auto()
    """The file is the book of a source of the same name in another folder."""
    OTHER = auto()
    """The file is the book of a source of another name."""
    STRANGER = auto()
    """The file was not made by this program."""


def provenance_of(fingerprint: str, identity: str) -> str:
    """Return the provenance that is written into a book, as one word.

    Args:
        fingerprint: the hash of all that decides the content of the book.
        identity: the identity of its source, see `audiobook.app.naming`.
    """
    return f"{fingerprint}{_SEPARATOR}{identity}"


def read_provenance(path: Path) -> str:
    """Return the provenance of the book at ``path``; empty if it is not a book of ours."""
    if not files.is_file(path):
        return ""  # there is no file, or a pipe, which would block
    name = path.suffix[1:].lower()
    if name not in outputs.ALL_FORMATS:
        return ""
    return outputs.load(name).read_fingerprint(path)


def read_changes(path: Path) -> dict[str, str]:
    """Return what `audiobook retag` changed in the book at ``path`` since it was built."""
    name = path.suffix[1:].lower()
    if name not in outputs.SOUND_FORMATS or not files.is_file(path):
        return {}
    try:
        return edits.read_note(outputs.load_sound(name).read_tag(path, edits.KEY))
    except NOT_OURS:
        return {}


def read_identity(path: Path) -> str | None:
    """Return the identity of the source that a book was made from.

    It is empty if an earlier version made the book, and None if the file is not a book of ours.
    """
    provenance = read_provenance(path)
    # A chapter in a file of its own has its number behind the identity.
    return provenance.partition(_SEPARATOR)[2].partition("-")[0] if provenance else None


@dataclass(frozen=True, slots=True)
class OutputLedger:
    """Keeps what the written files cannot tell: the paths of sources, transcripts and samples.

    Args:
        cache: the cache folder.
    """

    cache: Path

    def note_book(self, path: Path, source: str) -> None:
        """Keep the path of the file that a book was made from, if it was made from a file."""
        origin = Path(source)
        if files.is_file(origin):
            files.note(self.entry_of(path), os.fsencode(origin.resolve()))

    def note_place(self, source: str, folder: Path, kind: str, path: Path) -> None:
        """Keep where the book of a source was placed in a library.

        Args:
            source: the source.
            folder: the folder of the library.
            kind: what else tells books of one source apart, such as their format.
            path: the place.
        """
        place = self._path(_place_entry(source, folder, kind))
        files.note(place, os.fsencode(path.resolve()))

    def place_of(self, source: str, folder: Path, kind: str) -> Path | None:
        """Return where the book of a source was placed; None if it is not known, or not there."""
        try:
            entry = self._path(_place_entry(source, folder, kind))
            inside = Path(os.fsdecode(entry.read_bytes())).relative_to(folder.resolve())
        except (OSError, ValueError):
            return None
        files.note_use(entry)
        path = folder / inside
        return path if files.is_file(path) else None

    def note_transcript(self, data: bytes) -> None:
        """Keep a digest of a transcript that is about to be written."""
        files.note(self._path(data), b"")

    def note_sample(self, path: Path) -> None:
        """Keep a digest of a sample of a voice that was written."""
        files.note(self._path(_sample_entry(path)), b"")

    def is_own_sample(self, path: Path) -> bool:
        """Return whether this program wrote a sample, and nobody has changed it since."""
        try:
            return files.is_file(path) and self._path(_sample_entry(path)).is_file()
        except OSError:
            return False

    def owner_of(self, path: Path, source: str, identity: str) -> Owner:
        """Return whose the file at the path of a book is.

        If two sources in different folders have the same name, the book belongs to the one that it
        was last made from, as long as that source exists.

        Args:
            path: the path at which the book would be written.
            source: the source of the book.
            identity: the identity of the source.
        """
        if files.is_folder(path) or not os.path.lexists(path):
            return Owner.NOBODY
        book_identity = read_identity(path)
        if book_identity is None:
            return Owner.STRANGER
        if book_identity not in ("", identity):
            return Owner.OTHER
        return Owner.SOURCE if self.is_source_of(path, source) else Owner.NAMESAKE

    def is_source_of(self, path: Path, source: str) -> bool:
        """Return whether a book of a source of this name was made from this very one."""
        origin = self.origin_of(path)
        if origin is None or not files.is_file(origin) or not files.is_file(source):
            return True
        return origin.samefile(source)

    def origin_of(self, path: Path) -> Path | None:
        """Return the file that a book was made from; None if it is not known."""
        try:
            return Path(os.fsdecode(self.entry_of(path).read_bytes()))
        except (OSError, ValueError):
            return None

    def entry_of(self, path: Path) -> Path:
        """Return where it is kept from which file a book was made."""
        return self._path(_book_entry(path))

    def is_own_transcript(self, path: Path) -> bool:
        """Return whether this program wrote a transcript, and nobody has changed it since."""
        try:
            data = path.read_bytes()
            if signatures.is_signed(data, path.suffix.lower()):
                return True
            note = self._path(data)
            if note.is_file():
                files.note_use(note)
                return True
            date = path.stat().st_mtime_ns
            return any(book.stat().st_mtime_ns == date for book in books_beside(path))
        except OSError:
            return False

    def is_own(self, path: Path) -> bool:
        """Return whether a file is a book or a transcript of ours, and so not a source."""
        ending = path.suffix.lower()
        if ending[1:] in outputs.ALL_FORMATS:
            return _has_own_ending(path) or bool(read_provenance(path))
        if is_side_file(path):
            return True
        if ending[1:] not in transcripts.KINDS:
            return False
        if self.is_own_transcript(path):
            return True
        from audiobook.app.naming import identity_of

        # The book beside it may be the one that is made from it.
        text_identity = identity_of(path.name)
        return any(read_identity(book) != text_identity for book in books_beside(path))

    def _path(self, content: bytes) -> Path:
        name = hashlib.blake2b(content, digest_size=20).hexdigest()
        return self.cache / _FOLDER / name[:2] / f"{name}{_SUFFIX}"


def is_side_file(path: Path) -> bool:
    """Return whether a file is one that a layout puts beside a book, and a book of ours is."""
    if path.name not in SIDE_FILES:
        return False
    try:
        beside = sorted(path.parent.iterdir())
    except OSError:
        return False
    return any(
        bool(read_provenance(book)) for book in beside if book.suffix.lower() in SOUND_ENDINGS
    )


def books_beside(transcript: Path) -> list[Path]:
    """Return the books of ours beside a transcript whose transcript may have its name."""
    endings = (
        ending for name, suffix in outputs.SUFFIXES.items() for ending in ("", suffix, f".{name}")
    )
    candidates = (
        transcript.with_name(transcript.stem + ending) for ending in dict.fromkeys(endings)
    )
    return [path for path in candidates if read_provenance(path)]


def is_of_another(transcript: Path, book: Path) -> bool:
    """Return whether a transcript was written for another book beside it, as its date tells."""
    try:
        date = transcript.stat().st_mtime_ns
        others = (other for other in books_beside(transcript) if other.name != book.name)
        return any(other.stat().st_mtime_ns == date for other in others)
    except OSError:
        return False  # there is no transcript, or the other book is gone again


def transcript_apart(book: Path, kind: str) -> Path:
    """Return the path of a transcript where another book has the usual one: ``a.opus.vtt``."""
    return book.with_name(files.fit_name(book.name, f".{kind}"))


def _has_own_ending(path: Path) -> bool:
    """Return whether a file has an ending that sources do not have, as ``.readalong.epub``."""
    own_ending = outputs.SUFFIXES[path.suffix[1:].lower()]
    return own_ending.count(".") > 1 and path.name.endswith(own_ending)


def _book_entry(path: Path) -> bytes:
    return b"book " + os.fsencode(path.parent.resolve() / path.name)


def _place_entry(source: str, folder: Path, kind: str) -> bytes:
    origin = os.fsencode(Path(source).resolve()) if files.is_there(source) else source.encode()
    return b"\0".join((b"place", origin, os.fsencode(folder.resolve()), kind.encode()))


def _sample_entry(path: Path) -> bytes:
    with path.open("rb") as file:
        return b"sample " + hashlib.file_digest(file, "blake2b").digest()
