"""Makes the metadata of a book in MP4: the items of iTunes and the chapter list of Nero."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from audiobook.outputs import gains, levels, lyrics, pictures, provenance
from audiobook.outputs.m4b.boxes import box, full_box
from audiobook.outputs.sorting import sort_form
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobook.model import Book, BoundChapter, Cue
    from audiobook.outputs import Track

MOST_CHAPTERS = 255
"""Chapters that the list of Nero can hold: its count is a byte."""
_AUDIOBOOK = 2
_TEXT, _JPEG, _PNG, _NUMBER, _BINARY = 1, 13, 14, 21, 0
_SHORT = 255
"""Most bytes of a short description."""
_NERO_TITLE = 127
"""Most bytes of a title in the list of Nero that players read: some take the count as signed."""
_LARGEST_PART = 0xFFFF
_TICKS = 10_000_000
_MEAN = "com.apple.iTunes"
"""Whose the names of freeform items are."""


def user_data(
    book: Book,
    cues: Sequence[Cue],
    fingerprint: str,
    delay: int,
    padding: int,
    track: Track | None = None,
) -> bytes:
    """Return the box of all metadata.

    The chapter list of Nero holds the first 255 chapters: players that know nothing else show
    these.

    Args:
        book: the book, its chapters in time order.
        cues: every sentence, in samples of the book.
        fingerprint: a hash of everything that the book was made from.
        delay: samples that a decoder must drop at the beginning.
        padding: samples that it must drop at the end.
        track: its place, where the file holds only one chapter.
    """
    handler = full_box("hdlr", struct.pack(">4x4s4s8x", b"mdir", b"appl"), b"\0")
    items = _metadata_items(book, track)
    if cues:
        items.append(box("©lyr", _data_box(_TEXT, _utf8(lyrics.plain_text(cues)))))
        items.append(_freeform_box(lyrics.KEY, lyrics.to_lrc(cues, book.rate)))
    if book.loudness is not None:
        items.append(_freeform_box(gains.REPLAY_GAIN, gains.replay_gain(book.loudness)))
    if book_levels := levels.write_levels(book.chapters):
        items.append(_freeform_box(levels.KEY, book_levels))
    gapless = f" 00000000 {delay:08X} {padding:08X} {book.samples:016X}" + " 00000000" * 8
    items += [
        _freeform_box("iTunSMPB", gapless),
        _freeform_box(provenance.KEY, str(provenance.Provenance.of(book, fingerprint))),
    ]
    return box(
        "udta",
        _nero_chapters(book.chapters[:MOST_CHAPTERS], book.rate),
        full_box("meta", handler, box("ilst", *items)),
    )


def read_note(items: Mapping[str, Any]) -> str:
    """Return what a file says of its making; empty if this program did not make it."""
    return read_freeform_texts(items).get(provenance.KEY, "")


def read_text(items: Mapping[str, Any], name: str) -> str:
    """Return the first text of an item; empty without one."""
    return str(next(iter(items.get(name, ())), ""))


def read_freeform_texts(items: Mapping[str, Any]) -> dict[str, str]:
    """Return the freeform items by their names in small letters, as mutagen reads them."""
    prefix = f"----:{_MEAN}:"
    return {
        name.removeprefix(prefix).lower(): bytes(values[0]).decode(errors="replace")
        for name, values in items.items()
        if name.startswith(prefix) and values
    }


def _nero_chapters(chapters: Sequence[BoundChapter], rate: int) -> bytes:
    entries = []
    for chapter in chapters:
        title = _shorten(chapter.title, _NERO_TITLE)
        # Rounded up, so that a player that goes there does not land in the chapter before.
        start = -(-chapter.start * _TICKS // rate)
        entries.append(struct.pack(">QB", start, len(title)) + title)
    return full_box("chpl", struct.pack(">4xB", len(entries)), *entries, version=1)


def _metadata_items(book: Book, track: Track | None) -> list[bytes]:
    meta = book.meta
    album = track.album if track else meta.title
    texts = (
        ("©nam", meta.title),
        ("©alb", album),
        ("sonm", sort_form(meta.title)),
        ("soal", sort_form(album)),
        ("soar", sort_form(meta.author)),
        ("soaa", sort_form(meta.author)),
        ("©mvn", meta.series),
        ("tvsh", meta.series),
        ("©ART", meta.author),
        ("aART", meta.author),
        ("©wrt", meta.narrator),
        ("©nrt", meta.narrator),
        ("©day", meta.date),
        ("©gen", meta.genre),
        ("©pub", meta.publisher),
        ("desc", _shorten(meta.description).decode()),
        ("ldes", meta.description),
        ("©too", f"audiobook {__version__}"),
    )
    items = [box(name, _data_box(_TEXT, _utf8(value))) for name, value in texts if value]
    number, count = (track.number, track.count) if track else (1, 1)
    numbers = struct.pack(">xxHHxx", min(number, 0xFFFF), min(count, 0xFFFF))
    freeform = (
        ("SERIES", meta.series),
        ("SERIES-PART", meta.volume),
        ("LANGUAGE", meta.language),
    )
    items += [_freeform_box(name, value) for name, value in freeform if value]
    if meta.volume.isdecimal() and int(meta.volume) <= _LARGEST_PART:
        part = struct.pack(">H", int(meta.volume))
        items += [box("©mvi", _data_box(_NUMBER, part)), box("shwm", _data_box(_NUMBER, b"\1"))]
    items += [
        box("trkn", _data_box(_BINARY, numbers)),
        box("stik", _data_box(_NUMBER, bytes([_AUDIOBOOK]))),
        box("pgap", _data_box(_NUMBER, b"\1")),
    ]
    if meta.cover:
        kind = _PNG if pictures.is_png(meta.cover) else _JPEG
        items.append(box("covr", _data_box(kind, meta.cover)))
    return items


def _data_box(kind: int, value: bytes) -> bytes:
    return box("data", struct.pack(">I4x", kind), value)


def _freeform_box(name: str, value: str) -> bytes:
    mean = full_box("mean", _MEAN.encode())
    return box("----", mean, full_box("name", name.encode()), _data_box(_TEXT, _utf8(value)))


def _utf8(text: str) -> bytes:
    return text.encode(errors="replace")


def _shorten(text: str, most: int = _SHORT) -> bytes:
    """Return text in UTF-8, cut to so many bytes."""
    return _utf8(text)[:most].decode(errors="ignore").encode()
