"""What an audiobook's MP4 says of itself: iTunes' metadata and Nero's chapters."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from audiobook.outputs import gains, lyrics, pictures, provenance
from audiobook.outputs.m4b.boxes import box, full_box
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Book, BoundChapter, Cue
    from audiobook.outputs import Track

MOST_CHAPTERS = 255
"""That Nero's list can hold: its count is a byte."""
_AUDIOBOOK = 2
_TEXT, _JPEG, _PNG, _NUMBER, _BINARY = 1, 13, 14, 21, 0
_SHORT = 255
"""Bytes of a short description, and of a title in Nero's list."""
_TICKS = 10_000_000


def user_data(
    book: Book,
    cues: Sequence[Cue],
    order: str,
    delay: int,
    padding: int,
    track: Track | None = None,
) -> bytes:
    """Make the box that holds all that is not sound.

    Nero's list of chapters is left out where it cannot hold them all: players that know both it
    and the track of chapters believe the list, and would show 255 of 300.

    Args:
        book: the book, its chapters in time order.
        cues: every sentence, in samples of the book.
        order: fingerprint of all the book was made from.
        delay: samples that a decoder is to leave out at the beginning.
        padding: and at the end.
        track: its place, where the book is but one chapter of a whole.
    """
    listed = len(book.chapters) <= MOST_CHAPTERS
    handler = full_box("hdlr", struct.pack(">4x4s4s8x", b"mdir", b"appl"), b"\0")
    items = _items(book, track)
    if cues:
        items.append(box("©lyr", _data(_TEXT, _utf8(lyrics.plain(cues)))))
        items.append(_free(lyrics.KEY, lyrics.synced(cues, book.rate)))
    if book.loudness is not None:
        items.append(_free(gains.REPLAY_GAIN, gains.replay_gain(book.loudness)))
    gapless = f" 00000000 {delay:08X} {padding:08X} {book.samples:016X}" + " 00000000" * 8
    items += [_free("iTunSMPB", gapless), _free(provenance.KEY, provenance.line(book, order))]
    return box(
        "udta",
        _nero(book.chapters, book.rate) if listed else b"",
        full_box("meta", handler, box("ilst", *items)),
    )


def _nero(chapters: Sequence[BoundChapter], rate: int) -> bytes:
    listed = []
    for chapter in chapters:
        title = _cut(chapter.title)
        # Up, not down: a player that goes there must not land in the chapter before.
        start = -(-chapter.start * _TICKS // rate)
        listed.append(struct.pack(">QB", start, len(title)) + title)
    return full_box("chpl", struct.pack(">4xB", len(listed)), *listed, version=1)


def _items(book: Book, track: Track | None) -> list[bytes]:
    meta = book.meta
    texts = (
        ("©nam", meta.title),
        ("©alb", track.album if track else meta.title),
        ("©ART", meta.author),
        ("aART", meta.author),
        ("©wrt", meta.narrator),
        ("©nrt", meta.narrator),
        ("©day", meta.date),
        ("©gen", meta.genre),
        ("©pub", meta.publisher),
        ("desc", _cut(meta.description).decode()),
        ("ldes", meta.description),
        ("©too", f"audiobook {__version__}"),
    )
    items = [box(name, _data(_TEXT, _utf8(value))) for name, value in texts if value]
    number, count = (track.number, track.count) if track else (1, 1)
    place = struct.pack(">xxHHxx", min(number, 0xFFFF), min(count, 0xFFFF))
    items += [
        box("trkn", _data(_BINARY, place)),
        box("stik", _data(_NUMBER, bytes([_AUDIOBOOK]))),
        box("pgap", _data(_NUMBER, b"\1")),
    ]
    if meta.cover:
        kind = _PNG if pictures.is_png(meta.cover) else _JPEG
        items.append(box("covr", _data(kind, meta.cover)))
    return items


def _data(kind: int, value: bytes) -> bytes:
    return box("data", struct.pack(">I4x", kind), value)


def _free(name: str, value: str) -> bytes:
    mean = full_box("mean", b"com.apple.iTunes")
    return box("----", mean, full_box("name", name.encode()), _data(_TEXT, _utf8(value)))


def _utf8(text: str) -> bytes:
    return text.encode(errors="replace")


def _cut(text: str) -> bytes:
    """Return text in UTF-8, as much of it as fits."""
    return _utf8(text)[:_SHORT].decode(errors="ignore").encode()
