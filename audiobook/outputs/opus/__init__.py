"""Opus in Ogg (RFC 7845), with chapters and cover in its comments."""

from __future__ import annotations

import base64
import re
import struct
from typing import IO, TYPE_CHECKING

from mutagen.flac import Picture
from mutagen.oggopus import OggOpus

from audiobook.model import BoundChapter
from audiobook.outputs import gains, lyrics, pictures, provenance
from audiobook.outputs.damage import DAMAGED
from audiobook.outputs.opus import ogg, packets
from audiobook.outputs.opus.packets import check, encode, tail, whole_frames
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
    "read_order",
    "tail",
    "whole_frames",
    "write",
]

NAME = "opus"
SUFFIX = ".opus"
BITRATE = 48
VERSION = 2

_SERIAL = 0x61756462
_PACKETS_PER_PAGE = 50
"""A second: what a player reads to find its place."""
_MOST_CHAPTERS = 1000
"""Numbers of chapters have three digits."""
_FRONT_COVER = 3
_START = re.compile(r"chapter(\d{3})")


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

    Its last packet, which is silent, comes twice, so that there is sound to the end though a
    decoder leaves out what it is late by.
    """
    stream = ogg.Writer(file, _SERIAL)
    head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, packets.DELAY, book.rate, 0, 0)
    stream.write([head], 0)
    stream.write([_comments(book, cues, order, track)], 0)
    position, waiting = 0, list[bytes]()
    for sound in sounds:
        waiting += packets.split(sound)
        # Of the last page it is known only at the end that it is the last.
        while len(waiting) > _PACKETS_PER_PAGE:
            position += _PACKETS_PER_PAGE * packets.PACKET
            stream.write(waiting[:_PACKETS_PER_PAGE], position)
            del waiting[:_PACKETS_PER_PAGE]
    position += (len(waiting)) * packets.PACKET + packets.DELAY
    if position - packets.DELAY != book.samples * packets.CLOCK // book.rate:
        raise ValueError(f"{position} samples for a book of {book.samples} at {book.rate} Hz")
    stream.write([*waiting, waiting[-1]], position, last=True)


def read_book(path: Path, order: str) -> Book | None:
    """Return the book at ``path`` if made from this order; see `audiobook.outputs.Format`."""
    try:
        tags: list[tuple[str, str]] = OggOpus(path).tags or []
        known = {key.lower(): value for key, value in tags}
        said = known[provenance.KEY]
        rate, samples = map(int, said.split()[1:3])
        keys = sorted(key for key in known if _START.fullmatch(key))
        starts = [_samples(known[key], rate) for key in keys]
        chapters = [
            BoundChapter(known[f"{key}name"], start, end)
            for key, start, end in zip(keys, starts, [*starts[1:], samples], strict=False)
        ]
        return provenance.read(said, order, path, known["title"], chapters)
    except (OSError, *DAMAGED):
        return None  # not there, or not ours


def read_order(path: Path) -> str:
    """Return what the book at ``path`` was made from; empty if it is none of ours."""
    try:
        return str(OggOpus(path)[provenance.KEY][0]).split()[0]
    except (OSError, *DAMAGED):
        return ""


def _comments(book: Book, cues: Sequence[Cue], order: str, track: Track | None) -> bytes:
    """Make the packet of comments; each has its length before it, so any text is safe in it."""
    vendor = f"audiobook {__version__}".encode()
    comments = [f"{key}={value}".encode(errors="replace") for key, value in _facts(book, track)]
    if cues:
        text = f"LYRICS={lyrics.plain(cues)}", f"{lyrics.KEY}={lyrics.synced(cues, book.rate)}"
        comments += (comment.encode(errors="replace") for comment in text)
    comments.append(f"{provenance.KEY}={provenance.line(book, order)}".encode())
    if book.meta.cover:
        picture = Picture()
        picture.type = _FRONT_COVER
        picture.mime = pictures.mime(book.meta.cover)
        picture.data = book.meta.cover
        comments.append(b"METADATA_BLOCK_PICTURE=" + base64.b64encode(picture.write()))
    listed = (struct.pack("<I", len(comment)) + comment for comment in comments)
    counts = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(comments))
    return b"".join((b"OpusTags", counts, *listed))


def _facts(book: Book, track: Track | None) -> Iterator[tuple[str, str]]:
    meta = book.meta
    for key, value in (
        ("TITLE", meta.title),
        ("ALBUM", track.album if track else meta.title),
        ("ARTIST", meta.author),
        ("ALBUMARTIST", meta.author),
        ("PERFORMER", meta.narrator),
        ("DATE", meta.date),
        ("GENRE", meta.genre),
        ("ORGANIZATION", meta.publisher),
        ("LANGUAGE", meta.language),
        ("DESCRIPTION", meta.description),
        ("TRACKNUMBER", str(track.number) if track else "1"),
        ("TRACKTOTAL", str(track.count) if track else "1"),
        (gains.R128, "" if book.loudness is None else gains.r128(book.loudness)),
    ):
        if value:
            yield key, value
    for number, chapter in enumerate(_listed(book.chapters)):
        yield f"CHAPTER{number:03}", _clock(chapter.start, book.rate)
        yield f"CHAPTER{number:03}NAME", chapter.title


def _listed(chapters: Sequence[BoundChapter]) -> Sequence[BoundChapter]:
    """Return as many chapters as there are numbers for, leaving out the innermost first."""
    while len(chapters) > _MOST_CHAPTERS:
        deepest = max(chapter.level for chapter in chapters)
        outer = [chapter for chapter in chapters if chapter.level < deepest]
        chapters = outer or chapters[:_MOST_CHAPTERS]
    return chapters


def _clock(samples: int, rate: int) -> str:
    # Up, not down: a player that goes there must not land in the chapter before.
    seconds, milliseconds = divmod(-(-samples * 1000 // rate), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"


def _samples(clock: str, rate: int) -> int:
    hours, minutes, seconds = clock.split(":")
    milliseconds = round((int(hours) * 60 + int(minutes)) * 60_000 + float(seconds) * 1000)
    return milliseconds * rate // 1000
