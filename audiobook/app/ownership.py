"""Whose a file is: of which source this program made it, or that somebody else did.

A book says itself what it was made from: behind the fingerprint of its order stands the identity
of its source. Whoever has corrected a transcript by hand would not want it replaced: a remark in
it holds a digest of the rest. SubRip has no remarks. There it is known by its content, of which
the cache keeps a digest, or by its date, which is that of the book beside it to the nanosecond;
without the cache, and away from its book, it counts as somebody else's.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from audiobook import outputs
from audiobook.outputs import transcripts
from audiobook.system import files

_FOLDER, _SUFFIX = "written", ".written"
_BETWEEN = "."
# By the ending of a transcript: what it begins with, and the remark that follows.
_REMARKS = {
    ".vtt": ("WEBVTT\n\n", "NOTE audiobook {}\n\n"),
    ".lrc": ("", "[re:audiobook {}]\n"),
}
_REMARK_BYTES = 8
EPUB_SUFFIXES = (".readalong.epub", ".epub")


class Owner(Enum):
    """Whose the file is in the place of a book."""

    NOBODY = auto()
    """There is none."""
    SOURCE = auto()
    """It is the book of this very source."""
    NAMESAKE = auto()
    """It is the book of a source of the same name in another folder."""
    OTHER = auto()
    """It is a book of ours, of a source of another name."""
    STRANGER = auto()
    """This program did not make it."""


def mark(fingerprint: str, identity: str) -> str:
    """Return what a book says of its making: one word.

    Args:
        fingerprint: of all that decides what it holds.
        identity: of its source, see `audiobook.app.naming`.
    """
    return f"{fingerprint}{_BETWEEN}{identity}"


def order_of(path: Path) -> str:
    """Return what the book at ``path`` says of its making; empty if it is none of ours."""
    if not files.is_file(path):
        return ""  # nothing to read; or a pipe, which would be waited for
    if path.suffix.lower() == ".epub":
        from audiobook.outputs import epub

        return epub.read_fingerprint(path)
    name = path.suffix[1:].lower()
    return outputs.load(name).read_fingerprint(path) if name in outputs.NAMES else ""


def identity_in(path: Path) -> str | None:
    """Return the identity of the source that a book was made from.

    It is empty where an earlier version made the book, None if it is none of ours.
    """
    order = order_of(path)
    # A chapter by itself has its number behind it.
    return order.partition(_BETWEEN)[2].partition("-")[0] if order else None


def sign(transcript: str, ending: str) -> str:
    """Return a transcript with the remark that this program wrote it, where its format has any.

    Args:
        transcript: as it was rendered.
        ending: of its file, as ``.vtt``.
    """
    if ending not in _REMARKS:
        return transcript
    head, remark = _REMARKS[ending]
    return head + remark.format(_digest(transcript)) + transcript.removeprefix(head)


def _is_signed(data: bytes, ending: str) -> bool:
    """Whether a transcript is one that `sign` returned, and nobody has changed it since."""
    head, remark = _REMARKS.get(ending, ("", ""))
    text = data.decode("utf-8", "replace")
    begin = len(head) + len(remark.format("0" * 2 * _REMARK_BYTES))
    return bool(remark) and text == sign(head + text[begin:], ending)


def _digest(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_REMARK_BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Remembers of the files that were written what they cannot say themselves.

    Args:
        cache: folder of all that is remembered.
    """

    cache: Path

    def note_book(self, path: Path, source: str) -> None:
        """Remember which file a book was made from; of other sources nothing is to be remembered.

        Raises:
            OutputError: the folder does not take it.
        """
        origin = Path(source)
        if files.is_file(origin):
            files.put(self._path(_place(path)), os.fsencode(origin.resolve()))

    def note_transcript(self, data: bytes) -> None:
        """Remember a transcript that is about to be written.

        Raises:
            OutputError: the folder does not take it.
        """
        files.put(self._path(data), b"")

    def owner_of(self, path: Path, source: str, identity: str) -> Owner:
        """Tell whose the file is in the place of a book.

        Of two sources of the same name in different folders, the book is that of the one it was
        last made from, as long as that is there.

        Args:
            path: where the book would go.
            source: what it is made from.
            identity: of that source.
        """
        if files.is_folder(path) or not os.path.lexists(path):
            return Owner.NOBODY
        known = identity_in(path)
        if known is None:
            return Owner.STRANGER
        if known not in ("", identity):
            return Owner.OTHER
        origin = self.origin_of(path)
        if origin is None or not files.is_file(origin) or not files.is_file(source):
            return Owner.SOURCE
        return Owner.SOURCE if origin.samefile(source) else Owner.NAMESAKE

    def origin_of(self, path: Path) -> Path | None:
        """Return the file that a book was made from, as far as it is known."""
        try:
            return Path(os.fsdecode(self._path(_place(path)).read_bytes()))
        except (OSError, ValueError):
            return None

    def is_own_transcript(self, path: Path) -> bool:
        """Whether this program wrote a transcript, and nobody has changed it since."""
        try:
            data = path.read_bytes()
            if _is_signed(data, path.suffix.lower()):
                return True
            known = self._path(data)
            if known.is_file():
                files.note_use(known)
                return True
            date = path.stat().st_mtime_ns
            return any(book.stat().st_mtime_ns == date for book in books_beside(path))
        except OSError:
            return False

    def is_own(self, path: Path) -> bool:
        """Whether a file is a book or a transcript of ours, and so no text for another book."""
        ending = path.suffix.lower()
        if ending == ".epub":
            return path.name.endswith(EPUB_SUFFIXES[0]) or bool(order_of(path))
        if ending[1:] not in transcripts.KINDS:
            return False
        if self.is_own_transcript(path):
            return True
        from audiobook.app.naming import identity_of

        own = identity_of(path.name)  # the book beside it may be the one that is made from it
        return any(identity_in(book) != own for book in books_beside(path))

    def _path(self, content: bytes) -> Path:
        name = hashlib.blake2b(content, digest_size=20).hexdigest()
        return self.cache / _FOLDER / name[:2] / f"{name}{_SUFFIX}"


def books_beside(transcript: Path) -> list[Path]:
    """Return the books of ours whose transcript would have this name."""
    endings = (*(outputs.load(name).SUFFIX for name in outputs.NAMES), *EPUB_SUFFIXES)
    beside = (transcript.with_name(transcript.stem + ending) for ending in endings)
    return [path for path in beside if order_of(path)]


def _place(path: Path) -> bytes:
    return b"book " + os.fsencode(path.parent.resolve() / path.name)
