"""Makes the metadata of a book in MP4: the items of iTunes and the chapter list of Nero."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from audiobook.outputs import gains, levels, lyrics, pictures, provenance
from audiobook.outputs.m4b.boxes import box, full_box
from audiobook.outputs.sorting import sort_form
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
ALBUM = "album"
"""The title of the whole book, of which a file may be one chapter: no field of `Meta`."""
ITEMS: dict[str, tuple[str, ...]] = {
    "title": ("©nam", "sonm"),
    ALBUM: ("©alb", "soal"),
    "author": ("©ART", "aART", "soar", "soaa"),
    "narrator": ("©wrt", "©nrt"),
    "series": ("©mvn", "tvsh"),
    "volume": ("©mvi", "shwm"),
    "date": ("©day",),
    "genre": ("©gen",),
    "publisher": ("©pub",),
    "description": ("desc", "ldes"),
    "language": (),
}
"""The items that hold the fields of a book, beside those of `FREEFORM_ITEMS`."""
FREEFORM_ITEMS = {"series": "SERIES", "volume": "SERIES-PART", "language": "LANGUAGE"}
_SORTED = frozenset(("sonm", "soal", "soar", "soaa"))
_PART = frozenset(("©mvi", "shwm"))
_SHORTENED = "desc"
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
        items.append(_text_box("©lyr", lyrics.plain_text(cues)))
        items.append(freeform_box(lyrics.KEY, lyrics.to_lrc(cues, book.rate)))
    if book.loudness is not None:
        items.append(freeform_box(gains.REPLAY_GAIN, gains.replay_gain(book.loudness)))
    items += level_items(book.chapters)
    gapless = f" 00000000 {delay:08X} {padding:08X} {book.samples:016X}" + " 00000000" * 8
    items += [
        freeform_box("iTunSMPB", gapless),
        freeform_box(provenance.KEY, str(provenance.Provenance.of(book, fingerprint))),
    ]
    return box(
        "udta",
        nero_chapters(book.chapters, book.rate),
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


def nero_chapters(chapters: Sequence[BoundChapter], rate: int) -> bytes:
    """Return the chapter list of Nero, which holds the first `MOST_CHAPTERS`.

    Args:
        chapters: the chapters, in time order.
        rate: units of time a second of their times.
    """
    entries = []
    for chapter in chapters[:MOST_CHAPTERS]:
        title = _shorten(chapter.title, _NERO_TITLE)
        # Rounded up, so that a player that goes there does not land in the chapter before.
        start = -(-chapter.start * _TICKS // rate)
        entries.append(struct.pack(">QB", start, len(title)) + title)
    return full_box("chpl", struct.pack(">4xB", len(entries)), *entries, version=1)


def field_items(field: str, value: str) -> Iterator[bytes]:
    """Yield the items that hold a field of a book, a name in `ITEMS`; none for an empty value."""
    if not value:
        return
    for name in ITEMS[field]:
        text = sort_form(value) if name in _SORTED else value
        if name in _PART:
            yield from _part_item(name, value)
        elif text:
            yield _text_box(name, _shorten(text).decode() if name == _SHORTENED else text)
    if field in FREEFORM_ITEMS:
        yield freeform_box(FREEFORM_ITEMS[field], value)


def _part_item(name: str, volume: str) -> Iterator[bytes]:
    if volume.isdecimal() and int(volume) <= _LARGEST_PART:
        number = struct.pack(">H", int(volume)) if name == "©mvi" else b"\1"
        yield box(name, _data_box(_NUMBER, number))


def cover_item(cover: bytes) -> bytes:
    """Return the item of a cover."""
    return box("covr", _data_box(_PNG if pictures.is_png(cover) else _JPEG, cover))


def level_items(chapters: Sequence[BoundChapter]) -> list[bytes]:
    """Return the item that holds the levels of chapters, if they have any."""
    text = levels.write_levels(chapters)
    return [freeform_box(levels.KEY, text)] if text else []


def _metadata_items(book: Book, track: Track | None) -> list[bytes]:
    meta = book.meta
    album = track.album if track else meta.title
    items = [
        item
        for field in ITEMS
        for item in field_items(field, album if field == ALBUM else getattr(meta, field))
    ]
    items.append(_text_box("©too", f"audiobook {__version__}"))
    number, count = (track.number, track.count) if track else (1, 1)
    numbers = struct.pack(">xxHHxx", min(number, 0xFFFF), min(count, 0xFFFF))
    items += [
        box("trkn", _data_box(_BINARY, numbers)),
        box("stik", _data_box(_NUMBER, bytes([_AUDIOBOOK]))),
        box("pgap", _data_box(_NUMBER, b"\1")),
    ]
    if meta.cover:
        items.append(cover_item(meta.cover))
    return items


def _data_box(kind: int, value: bytes) -> bytes:
    return box("data", struct.pack(">I4x", kind), value)


def _text_box(name: str, value: str) -> bytes:
    return box(name, _data_box(_TEXT, _utf8(value)))


def freeform_box(name: str, value: str) -> bytes:
    """Return a freeform item: a text with a name of its own."""
    mean = full_box("mean", _MEAN.encode())
    return box("----", mean, full_box("name", name.encode()), _data_box(_TEXT, _utf8(value)))


def _utf8(text: str) -> bytes:
    return text.encode(errors="replace")


def _shorten(text: str, most: int = _SHORT) -> bytes:
    """Return text in UTF-8, cut to so many bytes."""
    return _utf8(text)[:most].decode(errors="ignore").encode()
