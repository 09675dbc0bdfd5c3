"""M4B: AAC in MP4, with chapters in the ways of Nero, QuickTime and iTunes.

The movie box comes first, so that a player can begin before it has the whole file. Only the sizes
of the frames are not known beforehand, so the box is written twice.
"""

from __future__ import annotations

import struct
from array import array
from itertools import repeat
from typing import IO, TYPE_CHECKING, Any

from mutagen.mp4 import MP4

from audiobook.messages import message
from audiobook.outputs import SUFFIXES, languages, provenance
from audiobook.outputs.m4b import aac, boxes, tags
from audiobook.outputs.m4b.aac import FRAME, TAIL, check, encode, whole_frames
from audiobook.outputs.m4b.reading import read_chapters, read_language
from audiobook.outputs.m4b.retagging import retag
from audiobook.outputs.m4b.tree import read_sound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from audiobook.model import Book, BoundChapter, RecordedBook
    from audiobook.outputs import Track

__all__ = [
    "BITRATE",
    "CHAPTERS_APART",
    "MOST_CHAPTERS",
    "NAME",
    "SOUND",
    "SUFFIX",
    "VERSION",
    "attenuation",
    "check",
    "encode",
    "read_book",
    "read_chapters",
    "read_fingerprint",
    "read_language",
    "read_sound",
    "read_tag",
    "retag",
    "silent_tail",
    "trimmed_samples",
    "whole_frames",
    "write",
]

NAME = SOUND = "m4b"
SUFFIX = SUFFIXES[NAME]
CHAPTERS_APART = False
MOST_CHAPTERS = 0
BITRATE = 64
VERSION = 3

# About a second and a half of sound, which a player reads at once.
_FRAMES_PER_CHUNK = 32
_SOUND, _CHAPTERS = 1, 2


def silent_tail(rate: int) -> int:  # noqa: ARG001 (frames count samples)
    """Return how many samples at the end of a recording must be silent."""
    return TAIL


def trimmed_samples(rate: int) -> int:  # noqa: ARG001
    """Return how many samples at the end a book lacks: none, see `write`."""
    return 0


def attenuation(bitrate: int, vbr: int | None = None) -> float:  # noqa: ARG001
    """Return by how many decibels decoded sound is softer than the encoded samples: none."""
    return 0.0


def write(
    file: IO[bytes],
    book: Book,
    recorded: RecordedBook,
    fingerprint: str,
    track: Track | None = None,
) -> None:
    """Write a book; see `audiobook.outputs.Format`.

    The last frame, which is silent, is written twice, so that the sound does not end a frame too
    early, because a decoder begins a frame late.
    """
    sizes = array("I")
    frames = book.samples // FRAME + 1
    padding = frames * FRAME - aac.DELAY - book.samples
    user_data = tags.user_data(book, recorded.cues(), fingerprint, aac.DELAY, padding, track)
    texts = [boxes.text_sample(chapter.title) for chapter in book.chapters]
    for sound in recorded.sounds():
        parts = aac.frames(sound)
        if not sizes:  # the first
            configuration = aac.configuration(sound)
            expected = array("I", repeat(0, frames))
            file.write(_file_head(book, user_data, texts, expected, configuration))
        sizes.extend(map(len, parts))
        file.writelines(parts)
    file.write(parts[-1])
    sizes.append(len(parts[-1]))
    if len(sizes) != frames:
        raise ValueError(
            message("{frames} frames for a book of {needed}", frames=len(sizes), needed=frames)
        )
    file.seek(0)
    file.write(_file_head(book, user_data, texts, sizes, configuration))


def read_book(path: Path, fingerprint: str) -> Book | None:
    """Return the book at ``path`` if it has this fingerprint; see `audiobook.outputs.Format`."""
    return provenance.read_book(path, fingerprint, _read_tags)


def read_fingerprint(path: Path) -> str:
    """Return the fingerprint of the book at ``path``; empty if this program did not make it."""
    return provenance.read_fingerprint(path, lambda path: tags.read_note(_read_items(path)))


def read_tag(path: Path, name: str) -> str:
    """Return the text of one of our own tags; see `audiobook.outputs.SoundFormat`."""
    return tags.read_freeform_texts(_read_items(path)).get(name, "")


def _read_tags(path: Path) -> provenance.BookTags:
    items = _read_items(path)

    def chapters(book: provenance.Provenance) -> list[BoundChapter]:
        with path.open("rb") as file:
            return read_chapters(file, book.rate)

    return provenance.BookTags(tags.read_note(items), tags.read_text(items, "©nam"), chapters)


def _read_items(path: Path) -> Mapping[str, Any]:
    return MP4(path).tags or {}


def _file_head(
    book: Book,
    user_data: bytes,
    texts: Sequence[bytes],
    sizes: array[int],
    configuration: bytes,
) -> bytes:
    """Return all that comes before the sound; its length does not depend on the sizes."""
    kind = boxes.box("ftyp", b"M4B ", bytes(4), b"M4B M4A mp42isom")
    largest = len(sizes) * aac.MOST_BYTES + sum(map(len, texts))
    far = largest > 0xF0000000
    # The movie box holds positions in the file, which depend on the length of the box.
    movie = _movie_box(book, user_data, texts, sizes, configuration, 0, far=far)
    start = len(kind) + len(movie) + (16 if far else 8)
    movie = _movie_box(book, user_data, texts, sizes, configuration, start, far=far)
    data_size = sum(sizes) + sum(map(len, texts))
    header = (
        struct.pack(">I4sQ", 1, b"mdat", data_size + 16)
        if far
        else struct.pack(">I4s", data_size + 8, b"mdat")
    )
    return b"".join((kind, movie, header, *texts))


def _movie_box(
    book: Book,
    user_data: bytes,
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
        number=_SOUND,
        handler="soun",
        description=boxes.sound_description(rate, configuration, aac.MOST_BYTES * 8, bits),
        header=boxes.sound_header(),
        samples=boxes.Samples(
            sizes=sizes,
            lengths=[(frames, FRAME)],
            per_chunk=_FRAMES_PER_CHUNK,
            start=start + sum(text_sizes),
            far=far,
        ),
        length=frames * FRAME,
        played=book.samples,
        skipped=aac.DELAY,
        more_tables=boxes.roll_description() + boxes.roll_groups(frames),
        references=boxes.box("tref", boxes.box("chap", struct.pack(">I", _CHAPTERS))),
    )
    chapters = boxes.Media(
        number=_CHAPTERS,
        handler="text",
        description=boxes.text_description(),
        header=boxes.text_header(),
        samples=boxes.Samples(
            sizes=text_sizes,
            lengths=[(1, chapter.end - chapter.start) for chapter in book.chapters],
            per_chunk=1,  # some players read one title from each chunk
            start=start,
            far=far,
        ),
        length=book.samples,
        played=book.samples,
        enabled=False,
    )
    language = languages.three_letters(book.meta.language)
    return boxes.box(
        "moov",
        boxes.movie_header(rate, book.samples),
        sound.track(rate, language),
        chapters.track(rate, language),
        user_data,
    )
