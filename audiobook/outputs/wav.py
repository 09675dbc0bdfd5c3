"""WAV: plain samples, for programs that lay speech under a film. No chapters, no cover."""

from __future__ import annotations

import os
import struct
from typing import IO, TYPE_CHECKING

from audiobook.errors import OutputError, UsageError
from audiobook.messages import message
from audiobook.model import BoundChapter
from audiobook.outputs import SUFFIXES, provenance
from audiobook.outputs.blocks import read_blocks
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from audiobook.model import Book, RecordedBook
    from audiobook.outputs import Track
    from audiobook.outputs.edits import TagEdit

NAME = SOUND = "wav"
SUFFIX = SUFFIXES[NAME]
CHAPTERS_APART = False
MOST_CHAPTERS = 0
BITRATE = 0
VERSION = 1

_BYTES = 2
# Sizes have 32 bits (RIFF): 27 hours at 22,050 samples a second.
_LARGEST = 0xFFFFFFFF
# Bytes of the file that hold what it says of itself, before its sound.
_HEAD = 1 << 20
# The list INFO (Multimedia Programming Interface and Data Specifications 1.0, 2-14).
_TITLE, _ARTIST, _PROGRAM, _COMMENT = b"INAM", b"IART", b"ISFT", b"ICMT"


def check(rate: int, bitrate: int, vbr: int | None = None) -> None:  # noqa: ARG001 (any rate)
    """Check that nobody wants a bit rate, which WAV does not have.

    Raises:
        UsageError: somebody does.
    """
    if bitrate or vbr is not None:
        raise UsageError(
            message("WAV has no bit rate to choose"), message("leave out --bitrate and --vbr")
        )


def whole_frames(length: int, rate: int) -> int:  # noqa: ARG001
    """Return the length: a frame is a sample."""
    return length


def silent_tail(rate: int) -> int:  # noqa: ARG001
    """Return how many samples at the end of a recording must be silent: none."""
    return 0


def trimmed_samples(rate: int) -> int:  # noqa: ARG001
    """Return how many samples at the end a file lacks: none."""
    return 0


def attenuation(bitrate: int, vbr: int | None = None) -> float:  # noqa: ARG001
    """Return by how many decibels decoded sound is softer than the samples: none."""
    return 0.0


def encode(
    samples: NDArray[np.int16],
    rate: int,  # noqa: ARG001
    bitrate: int,  # noqa: ARG001
    vbr: int | None = None,  # noqa: ARG001
) -> bytes:
    """Return samples as bytes, the lower one first."""
    return samples.astype("<i2").tobytes()


def write(
    file: IO[bytes],
    book: Book,
    recorded: RecordedBook,
    fingerprint: str,
    track: Track | None = None,  # noqa: ARG001
) -> None:
    """Write a sound; see `audiobook.outputs.Format`.

    Raises:
        OutputError: it is longer than a WAV file can be.
    """
    form = struct.pack("<HHIIHH", 1, 1, book.rate, book.rate * _BYTES, _BYTES, 8 * _BYTES)
    head = _chunk(b"fmt ", form) + _info(book, fingerprint)
    size = book.samples * _BYTES
    if len(head) + size + 12 > _LARGEST:
        raise OutputError(
            message("{path} would be larger than 4 GB, more than WAV can hold", path=book.path),
            message("choose --format mp3, or divide the subtitles"),
        )
    file.write(struct.pack("<4sI4s", b"RIFF", 4 + len(head) + 8 + size, b"WAVE"))
    file.write(head + struct.pack("<4sI", b"data", size))
    written = sum(file.write(sound) for sound in recorded.sounds())
    if written != size:
        raise ValueError(
            message("{bytes} bytes for a sound of {needed}", bytes=written, needed=size)
        )


def read_book(path: Path, fingerprint: str) -> Book | None:
    """Return the sound at ``path`` if it has this fingerprint; see `audiobook.outputs.Format`."""
    return provenance.read_book(path, fingerprint, _read_tags)


def read_fingerprint(path: Path) -> str:
    """Return the fingerprint of the sound at ``path``; empty if this program did not make it."""
    return provenance.read_fingerprint(path, lambda path: _read_info(path).get(_COMMENT, ""))


def read_sound(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the samples of a file in blocks; see `audiobook.outputs.Format`."""
    file.seek(0)
    if file.read(12)[8:] != b"WAVE":
        raise ValueError(message("it is no WAV file"))
    while len(head := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            yield from read_blocks(file, file.tell(), file.tell() + size)
            return
        file.seek(size + size % 2, os.SEEK_CUR)


def read_texts(path: Path) -> tuple[str, str, str, str]:
    """Return the title, the author, the program and the note of a file; each may be empty."""
    texts = _read_info(path)
    title, author, program, note = (
        texts.get(name, "") for name in (_TITLE, _ARTIST, _PROGRAM, _COMMENT)
    )
    return title, author, program, note


def read_tag(path: Path, name: str) -> str:  # noqa: ARG001
    """Return the text of one of our own tags: none, because nothing changes those of WAV."""
    return ""


def retag(source: IO[bytes], file: IO[bytes], edit: TagEdit) -> None:  # noqa: ARG001
    """Refuse to write a file with other tags.

    Raises:
        ValueError: always.
    """
    raise ValueError(message("programs that cut films read no tags of WAV files"))


def _info(book: Book, fingerprint: str) -> bytes:
    texts = {
        _TITLE: book.meta.title,
        _ARTIST: book.meta.author,
        _PROGRAM: f"audiobook {__version__}",
        _COMMENT: str(provenance.Provenance.of(book, fingerprint)),
    }
    entries = (
        _chunk(name, text.encode("utf-8", "replace") + b"\0")
        for name, text in texts.items()
        if text
    )
    return _chunk(b"LIST", b"INFO" + b"".join(entries))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", name, len(data)) + data + b"\0" * (len(data) % 2)


def _read_tags(path: Path) -> provenance.BookTags:
    texts = _read_info(path)
    title = texts.get(_TITLE, "")

    def chapters(note: provenance.Provenance) -> list[BoundChapter]:
        return [BoundChapter(title=title, start=0, end=note.samples)]

    return provenance.BookTags(texts.get(_COMMENT, ""), title, chapters)


def _read_info(path: Path) -> dict[bytes, str]:
    """Return the texts of the list INFO before the sound, by their names."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return {}
    lists = (data for name, data in _chunks(head[12:]) if name == b"LIST" and data[:4] == b"INFO")
    return {
        name: text.rstrip(b"\0").decode("utf-8", "replace")
        for entries in lists
        for name, text in _chunks(entries[4:])
    }


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the names and contents of chunks; the last one may be cut off."""
    position = 0
    while position + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, position)
        yield name, data[position + 8 : position + 8 + size]
        position += 8 + size + size % 2
