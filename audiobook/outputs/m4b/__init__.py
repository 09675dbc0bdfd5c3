"""M4B: AAC in MP4, with chapters as Nero, QuickTime and iTunes have them.

The movie's description comes first, so that a player can begin before it has the whole file.
All that it says is known beforehand but the bytes of each frame: it is written twice.
"""

from __future__ import annotations

import struct
from array import array
from itertools import repeat
from typing import IO, TYPE_CHECKING

from mutagen.mp4 import MP4

from audiobook.outputs import languages, provenance
from audiobook.outputs.damage import DAMAGED
from audiobook.outputs.m4b import aac, boxes, tags
from audiobook.outputs.m4b.aac import FRAME, TAIL, check, encode, whole_frames
from audiobook.outputs.m4b.reading import read_chapters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from audiobook.model import Book, Cue
    from audiobook.outputs import Track

__all__ = [
    "BITRATE",
    "NAME",
    "SUFFIX",
    "VERSION",
    "attenuation",
    "check",
    "cut",
    "encode",
    "read_book",
    "read_chapters",
    "read_order",
    "tail",
    "whole_frames",
    "write",
]

NAME = "m4b"
SUFFIX = ".m4b"
BITRATE = 64
VERSION = 2

# About a second and a half: what a player reads at once.
_FRAMES_PER_CHUNK = 32
_SOUND, _CHAPTERS = 1, 2


def tail(rate: int) -> int:  # noqa: ARG001 (frames count samples)
    """Return how many samples at the end of a recording must be silent."""
    return TAIL


def cut(rate: int) -> int:  # noqa: ARG001
    """Return by how many samples a book ends before its recordings do: none, see `write`."""
    return 0


def attenuation(bitrate: int, vbr: int | None = None) -> float:  # noqa: ARG001
    """Return by how many decibels decoded sound is softer than what was encoded: none."""
    return 0.0


def write(
    file: IO[bytes],
    book: Book,
    cues: Sequence[Cue],
    order: str,
    sounds: Iterable[bytes],
    track: Track | None = None,
) -> None:
    """Write a book; see `audiobook.outputs.Format`.

    Its last frame, which is silent, comes twice, so that the sound does not end a frame before
    its recordings because a decoder begins a frame late.
    """
    sizes = array("I")
    frames = book.samples // FRAME + 1
    padding = frames * FRAME - aac.DELAY - book.samples
    about = tags.user_data(book, cues, order, aac.DELAY, padding, track)
    texts = [boxes.text_sample(chapter.title) for chapter in book.chapters]
    for sound in sounds:
        parts = aac.frames(sound)
        if not sizes:  # the first
            configuration = aac.configuration(sound)
            expected = array("I", repeat(0, frames))
            file.write(_head(book, about, texts, expected, configuration))
        sizes.extend(map(len, parts))
        file.writelines(parts)
    file.write(parts[-1])
    sizes.append(len(parts[-1]))
    if len(sizes) != frames:
        raise ValueError(f"{len(sizes)} frames for a book of {frames}")
    file.seek(0)
    file.write(_head(book, about, texts, sizes, configuration))


def read_book(path: Path, order: str) -> Book | None:
    """Return the book at ``path`` if made from this order; see `audiobook.outputs.Format`."""
    try:
        known = MP4(path)
        (said,) = known[f"----:com.apple.iTunes:{provenance.KEY}"]
        (title,) = known["©nam"]
        with path.open("rb") as file:
            chapters = read_chapters(file)
        return provenance.read(bytes(said).decode(), order, path, title, chapters)
    except (OSError, *DAMAGED):
        return None  # not there, or not ours


def read_order(path: Path) -> str:
    """Return what the book at ``path`` was made from; empty if it is none of ours."""
    try:
        (said,) = MP4(path)[f"----:com.apple.iTunes:{provenance.KEY}"]
        return bytes(said).decode().split()[0]
    except (OSError, *DAMAGED):
        return ""


def _head(
    book: Book,
    about: bytes,
    texts: Sequence[bytes],
    sizes: array[int],
    configuration: bytes,
) -> bytes:
    """Make all that comes before the sound; how long it is does not depend on the sizes."""
    kind = boxes.box("ftyp", b"M4B ", bytes(4), b"M4B M4A mp42isom")
    most = len(sizes) * aac.MOST_BYTES + sum(map(len, texts))
    far = most > 0xF0000000
    # Places are needed to make the movie, and its length to know the places.
    movie = _movie(book, about, texts, sizes, configuration, 0, far=far)
    before = len(kind) + len(movie) + (16 if far else 8)
    movie = _movie(book, about, texts, sizes, configuration, before, far=far)
    data = sum(sizes) + sum(map(len, texts))
    header = (
        struct.pack(">I4sQ", 1, b"mdat", data + 16)
        if far
        else struct.pack(">I4s", data + 8, b"mdat")
    )
    return b"".join((kind, movie, header, *texts))


def _movie(
    book: Book,
    about: bytes,
    texts: Sequence[bytes],
    sizes: array[int],
    configuration: bytes,
    start: int,
    *,
    far: bool,
) -> bytes:
    rate, frames = book.rate, len(sizes)
    text_sizes = [len(text) for text in texts]
    bits = sum(sizes) * 8 * rate // max(book.samples, 1)
    sound = boxes.Media(
        _SOUND,
        "soun",
        boxes.sound_description(rate, configuration, aac.MOST_BYTES * 8, bits),
        boxes.sound_header(),
        boxes.Samples(
            sizes, [(frames, FRAME)], _FRAMES_PER_CHUNK, start + sum(text_sizes), far=far
        ),
        length=frames * FRAME,
        plays=book.samples,
        skips=aac.DELAY,
        more_tables=boxes.roll() + boxes.rolls(frames),
        refers=boxes.box("tref", boxes.box("chap", struct.pack(">I", _CHAPTERS))),
    )
    chapters = boxes.Media(
        _CHAPTERS,
        "text",
        boxes.text_description(),
        boxes.text_header(),
        boxes.Samples(
            text_sizes,
            [(1, chapter.end - chapter.start) for chapter in book.chapters],
            len(texts),
            start,
            far=far,
        ),
        length=book.samples,
        plays=book.samples,
        enabled=False,
    )
    language = languages.three_letters(book.meta.language)
    return boxes.box(
        "moov",
        boxes.movie_header(rate, book.samples),
        sound.track(rate, language),
        chapters.track(rate, language),
        about,
    )
