"""Opus in Ogg (RFC 7845), with chapters and cover in its comments."""

from __future__ import annotations

import re
import struct
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from mutagen.oggopus import OggOpus

from audiobook.messages import message
from audiobook.model import BoundChapter
from audiobook.outputs import SUFFIXES, gains, lyrics, provenance
from audiobook.outputs.opus import comments, ogg, packets
from audiobook.outputs.opus.comments import MOST_CHAPTERS
from audiobook.outputs.opus.ogg import read_sound
from audiobook.outputs.opus.packets import check, encode, silent_tail, whole_frames
from audiobook.outputs.opus.retagging import retag
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from audiobook.model import Book, Cue, RecordedBook
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
    "count_chapters",
    "encode",
    "read_book",
    "read_chapters",
    "read_comments",
    "read_fingerprint",
    "read_note",
    "read_sound",
    "read_tag",
    "retag",
    "silent_tail",
    "trimmed_samples",
    "whole_frames",
    "write",
]

NAME = SOUND = "opus"
SUFFIX = SUFFIXES[NAME]
CHAPTERS_APART = False
BITRATE = 48
VERSION = 3

_SERIAL = 0x61756462
_PACKETS_PER_PAGE = 50
"""One second of sound: what a player reads when it seeks."""
_START = re.compile(r"chapter(\d{3})")


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

    The last packet, which is silent, is written twice, so that there is sound to the end although
    a decoder drops the delay at the beginning.
    """
    stream = ogg.Writer(file, _SERIAL)
    head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, packets.DELAY, book.rate, 0, 0)
    stream.write([head], 0)
    stream.write([_comments(book, recorded.cues(), fingerprint, track)], 0)
    position, pending = 0, list[bytes]()
    for sound in recorded.sounds():
        pending += packets.split(sound)
        # A last page must be marked, so some packets are kept back.
        while len(pending) > _PACKETS_PER_PAGE:
            position += _PACKETS_PER_PAGE * packets.PACKET
            stream.write(pending[:_PACKETS_PER_PAGE], position)
            del pending[:_PACKETS_PER_PAGE]
    position += (len(pending)) * packets.PACKET + packets.DELAY
    if position - packets.DELAY != book.samples * packets.CLOCK // book.rate:
        raise ValueError(
            message(
                "{samples} samples for a book of {needed} at {rate} Hz",
                samples=position,
                needed=book.samples,
                rate=book.rate,
            )
        )
    stream.write([*pending, pending[-1]], position, last=True)


def read_book(path: Path, fingerprint: str) -> Book | None:
    """Return the book at ``path`` if it has this fingerprint; see `audiobook.outputs.Format`."""
    return provenance.read_book(path, fingerprint, _read_tags)


def read_fingerprint(path: Path) -> str:
    """Return the fingerprint of the book at ``path``; empty if this program did not make it."""
    return provenance.read_fingerprint(path, lambda path: read_tag(path, provenance.KEY))


def read_tag(path: Path, name: str) -> str:
    """Return the text of one of our own tags; see `audiobook.outputs.SoundFormat`."""
    return read_comments(OggOpus(path)).get(name, "")


def read_comments(file: OggOpus) -> dict[str, str]:
    """Return the comments of a file by their names in small letters, the last of each name."""
    tags: list[tuple[str, str]] = file.tags or []
    return {key.lower(): value for key, value in tags}


def read_note(texts: Mapping[str, str]) -> str:
    """Return what a file says of its making; empty if this program did not make it."""
    return texts.get(provenance.KEY, "")


def read_chapters(texts: Mapping[str, str]) -> list[tuple[float, str]]:
    """Return the chapters of a file in the order of their numbers: start in seconds, and title.

    Raises:
        ValueError: a time has another form.
    """
    keys = sorted(key for key in texts if _START.fullmatch(key))
    return [(_parse_clock(texts[key]), texts.get(f"{key}name", "")) for key in keys]


def count_chapters(texts: Mapping[str, str]) -> int:
    """Return how many chapters a file says that its book has; 0 where it lists them all."""
    count = texts.get(comments.ALL_CHAPTERS, "")
    return int(count) if count.isdecimal() and len(count) < 10 else 0


def _read_tags(path: Path) -> provenance.BookTags:
    texts = read_comments(OggOpus(path))

    def chapters(book: provenance.Provenance) -> Iterator[BoundChapter]:
        marks = read_chapters(texts)
        starts = [round(start * 1000) * book.rate // 1000 for start, _ in marks]
        bounds = pairwise([*starts, book.samples])
        for (_, title), (start, end) in zip(marks, bounds, strict=True):
            yield BoundChapter(title=title, start=start, end=end)

    return provenance.BookTags(read_note(texts), texts.get("title", ""), chapters)


def _comments(book: Book, cues: Sequence[Cue], fingerprint: str, track: Track | None) -> bytes:
    """Return the packet of comments; each follows its length, so that it may hold any text."""
    vendor = f"audiobook {__version__}".encode()
    texts = [*_text_comments(book, track)]
    if cues:
        texts.append(("LYRICS", lyrics.plain_text(cues)))
        texts.append((lyrics.KEY, lyrics.to_lrc(cues, book.rate)))
    texts.append((provenance.KEY, str(provenance.Provenance.of(book, fingerprint))))
    if book.meta.cover:
        texts.append(comments.cover_comment(book.meta.cover))
    lines = [f"{key}={value}".encode(errors="replace") for key, value in texts]
    framed = (struct.pack("<I", len(line)) + line for line in lines)
    counts = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(lines))
    return b"".join((b"OpusTags", counts, *framed))


def _text_comments(book: Book, track: Track | None) -> Iterator[tuple[str, str]]:
    album = track.album if track else book.meta.title
    for field in comments.COMMENTS:
        value = album if field == comments.ALBUM else getattr(book.meta, field)
        yield from comments.field_comments(field, value)
    yield "TRACKNUMBER", str(track.number) if track else "1"
    yield "TRACKTOTAL", str(track.count) if track else "1"
    if book.loudness is not None:
        yield gains.R128, gains.r128(book.loudness)
    yield from comments.chapter_comments(book.chapters, book.rate)


def _parse_clock(text: str) -> float:
    seconds = 0.0
    for digits in text.split(":"):
        seconds = seconds * 60 + float(digits)
    return seconds
