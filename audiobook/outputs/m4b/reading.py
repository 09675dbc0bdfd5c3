"""Reads the chapters of an MP4 from its text track."""

from __future__ import annotations

import struct
from itertools import accumulate
from typing import IO, TYPE_CHECKING

from audiobook.model import BoundChapter
from audiobook.outputs.m4b import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.outputs.m4b.tree import Box


def read_chapters(file: IO[bytes], rate: int) -> list[BoundChapter]:
    """Return the chapters of a file from its text track.

    Args:
        file: an MP4.
        rate: samples a second of the times to return.

    Raises:
        ValueError: the file has another form.
        KeyError: it has no track of chapters.
        struct.error: it is cut off.
    """
    track = chapter_track(tree.read_movie(file))
    if track is None:
        raise KeyError("text")
    ticks = timescale(track.take(b"mdia", b"mdhd"))
    table = track.take(b"mdia", b"minf", b"stbl")
    runs = struct.iter_unpack(">II", table.take(b"stts").body[8:])
    lengths = [length for count, length in runs for _ in range(min(count, _MOST))]
    ends = [*accumulate(lengths)]
    chapters: list[BoundChapter] = []
    for (position, size), start, end in zip(sample_places(table), [0, *ends], ends, strict=False):
        file.seek(position)
        sample = file.read(size)
        title = sample[2 : 2 + int.from_bytes(sample[:2])]
        encoding = "utf-16" if title[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8"
        chapters.append(
            BoundChapter(
                title=title.decode(encoding, "replace"),
                start=round(start * rate / ticks),
                end=round(end * rate / ticks),
            )
        )
    return chapters


_MOST = 100_000
"""Chapters of one length that are believed."""


def chapter_track(movie: Box) -> Box | None:
    """Return the text track that the sound names as its chapters, else the first; None for none."""
    texts = [track for track in movie.all(b"trak") if handler(track) in (b"text", b"sbtl")]
    named = {number for track in movie.all(b"trak") for number in chapter_references(track)}
    return next((track for track in texts if track_number(track) in named), next(iter(texts), None))


def chapter_references(track: Box) -> list[int]:
    """Return the numbers of the tracks that a track names as its chapters."""
    reference = track.find(b"tref", b"chap")
    return [number for (number,) in struct.iter_unpack(">I", reference.body)] if reference else []


def handler(track: Box) -> bytes:
    """Return what kind of media a track holds: ``soun`` for sound."""
    return track.take(b"mdia", b"hdlr").body[8:12]


def track_number(track: Box) -> int:
    """Return the number by which other tracks name a track."""
    header = track.take(b"tkhd").body
    return int(struct.unpack_from(">I", header, 20 if header[0] else 12)[0])


def timescale(header: Box) -> int:
    """Return the units of time a second of an mvhd or mdhd box.

    Raises:
        ValueError: there are none.
    """
    ticks = int(struct.unpack_from(">I", header.body, 20 if header.body[0] else 12)[0])
    if not ticks:
        raise ValueError("timescale")
    return ticks


def language_place(header: Box) -> int:
    """Return at which byte of an mdhd box the language stands."""
    return 32 if header.body[0] else 20


def sample_places(table: Box) -> Iterator[tuple[int, int]]:
    """Yield the position in the file and the size of each sample of a track, in bytes."""
    sizes = iter(_sizes(table))
    runs = [*struct.iter_unpack(">III", table.take(b"stsc").body[8:])]
    positions = chunk_positions(table)
    run = 0
    for number, start in enumerate(positions, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        position = start
        for _, size in zip(range(runs[run][1]), sizes, strict=False):
            yield position, size
            position += size


def _sizes(table: Box) -> list[int]:
    body = table.take(b"stsz").body
    size, count = struct.unpack_from(">II", body, 4)
    if size:
        return [size] * min(count, _MOST)
    return [size for (size,) in struct.iter_unpack(">I", body[12:])]


def chunk_positions(table: Box) -> list[int]:
    """Return the positions in the file of the chunks of a track."""
    far = table.find(b"co64")
    box, form = (far, ">Q") if far else (table.take(b"stco"), ">I")
    return [position for (position,) in struct.iter_unpack(form, box.body[8:])]


def read_language(file: IO[bytes]) -> str:
    """Return the language of the sound as an ISO 639-2 code; empty where it is not known.

    Raises:
        ValueError: the file has another form.
        struct.error: it is cut off.
    """
    for track in tree.read_movie(file).all(b"trak"):
        if handler(track) == b"soun":
            header = track.take(b"mdia", b"mdhd")
            (packed,) = struct.unpack_from(">H", header.body, language_place(header))
            letters = (chr((packed >> shift & 31) + 0x60) for shift in (10, 5, 0))
            code = "".join(letters)
            return code if code.isalpha() and code != "und" else ""
    return ""
