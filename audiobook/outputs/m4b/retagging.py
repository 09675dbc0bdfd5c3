"""Writes an MP4 anew with other tags and chapters, and the same sound.

The boxes with the sound are copied as they are; only where they stand in the file may change, and
with it the positions in the tables of their tracks. The titles of chapters are media as well: they
get a box of their own beside the movie box.
"""

from __future__ import annotations

import struct
from array import array
from typing import IO, TYPE_CHECKING, NamedTuple

from audiobook.messages import message
from audiobook.model import BoundChapter
from audiobook.outputs import edits, languages, levels, provenance
from audiobook.outputs.m4b import boxes, reading, tags, tree
from audiobook.outputs.m4b.tree import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.outputs.edits import TagEdit
    from audiobook.outputs.m4b.tree import Place

_FAR = 0xFFFF_0000
"""Bytes from which on positions need 64 bits, with room for what headers add."""
_FRAGMENTS = frozenset((b"moof", b"sidx", b"mfra"))
_META_HEADER = bytes(4)
_BLOCK = 1 << 20


class _Piece(NamedTuple):
    """A part of the new file: copied from the old one, or new."""

    start: int
    """In the old file; of a new part nothing is copied."""
    end: int
    data: bytes = b""

    @property
    def size(self) -> int:
        return len(self.data) or self.end - self.start


def retag(source: IO[bytes], file: IO[bytes], edit: TagEdit) -> None:
    """Write a file with other tags; see `audiobook.outputs.SoundFormat`."""
    places = [*tree.places(source)]
    if any(place.name in _FRAGMENTS for place in places):
        raise ValueError(message("its sound is in fragments, as streams have it"))
    movie = tree.read_movie(source)
    _edit_items(movie, edit)
    if "language" in edit.texts:
        _set_language(movie, languages.three_letters(edit.texts["language"]))
    texts: list[bytes] = []
    dropped: Place | None = None
    is_far = places[-1].end > _FAR
    if edit.chapters is not None:
        dropped = _own_place(movie, places)
        chapters = _in_ticks(edit.chapters, edit.rate, movie.take(b"mvhd"))
        texts = [boxes.text_sample(chapter.title) for chapter in chapters]
        _set_chapters(movie, chapters, texts, far=is_far)
    if is_far:
        _widen(movie)
    titles = boxes.box("mdat", *texts) if texts else b""
    pieces = [*_lay_out(places, dropped, bytes(movie), titles)]
    _move(movie, pieces, texts)
    for piece in _lay_out(places, dropped, bytes(movie), titles):
        if piece.data:
            file.write(piece.data)
        else:
            source.seek(piece.start)
            _copy(source, file, piece.size)


def _lay_out(
    places: Sequence[Place], dropped: Place | None, movie: bytes, titles: bytes
) -> Iterator[_Piece]:
    for place in places:
        if place.name == b"moov":
            yield _Piece(0, 0, movie)
            if titles:
                yield _Piece(0, 0, titles)
        elif place != dropped:
            yield _Piece(place.start, place.end)


def _copy(source: IO[bytes], file: IO[bytes], size: int) -> None:
    while size:
        block = source.read(min(size, _BLOCK))
        if not block:
            raise ValueError(message("it is cut off"))
        file.write(block)
        size -= len(block)


# --- tags ----------------------------------------------------------------------------------------


def _edit_items(movie: Box, edit: TagEdit) -> None:
    user_data = movie.make(b"udta")
    meta = user_data.make(b"meta", _META_HEADER)
    if meta.find(b"hdlr") is None:
        kind = struct.pack(">8x4s4s9x", b"mdir", b"appl")
        meta.children.insert(0, Box(b"hdlr", kind))
    items = meta.make(b"ilst")
    removed, added = set[str](), list[bytes]()
    for field, value in edit.texts.items():
        removed.update(tags.ITEMS[field])
        removed.update([tags.FREEFORM_ITEMS[field]] if field in tags.FREEFORM_ITEMS else [])
        removed.update(["gnre"] if field == "genre" else [])
        added += tags.field_items(field, value)
    if edit.cover is not None:
        removed.add("covr")
        added += [tags.cover_item(edit.cover)] if edit.cover else []
    if edit.chapters is not None:
        removed.add(levels.KEY.upper())
        added += tags.level_items(edit.chapters)
    if edit.note:
        removed.add(edits.KEY.upper())
        added.append(tags.freeform_box(edits.KEY, edit.note))
    items.children = [item for item in items.children if _item_name(item) not in removed]
    items.children += [Box(item[4:8], item[8:]) for item in added]
    _keep_provenance_last(items)


def _keep_provenance_last(items: Box) -> None:
    """Let the note of the making stand at the end, as where a book is built."""
    items.children.sort(key=lambda item: _item_name(item) == provenance.KEY.upper())


def _item_name(item: Box) -> str:
    """Return the name of an item; of a freeform item the one that its text has, in capitals."""
    if item.name != b"----":
        return item.name.decode("latin-1")
    position = 0
    while position + 12 <= len(item.body):
        size, name = struct.unpack_from(">I4s", item.body, position)
        if name == b"name":
            return item.body[position + 12 : position + size].decode(errors="replace").upper()
        position += max(size, 8)
    return ""


def _set_language(movie: Box, code: str) -> None:
    packed = sum(ord(letter) - 0x60 << 10 - 5 * index for index, letter in enumerate(code))
    for track in movie.all(b"trak"):
        header = track.take(b"mdia", b"mdhd")
        place = reading.language_place(header)
        header.body = header.body[:place] + struct.pack(">H", packed) + header.body[place + 2 :]


# --- chapters ------------------------------------------------------------------------------------


def _in_ticks(chapters: Sequence[BoundChapter], rate: int, header: Box) -> list[BoundChapter]:
    """Return chapters in the units of time of the movie, the last one to its end."""
    ticks, wide = reading.timescale(header), header.body[0]
    (length,) = struct.unpack_from(">Q" if wide else ">I", header.body, 24 if wide else 16)
    starts = [round(chapter.start * ticks / rate) for chapter in chapters]
    ends = [*starts[1:], max(length, starts[-1] + 1)]
    return [
        BoundChapter(title=chapter.title, start=start, end=end)
        for chapter, start, end in zip(chapters, starts, ends, strict=True)
    ]


def _own_place(movie: Box, places: Sequence[Place]) -> Place | None:
    """Return the box that holds the titles of the chapters and nothing else; None if none does."""
    track = reading.chapter_track(movie)
    if track is None:
        return None
    samples = [*reading.sample_places(track.take(b"mdia", b"minf", b"stbl"))]
    size = sum(size for _, size in samples)
    for place in places:
        if place.name == b"mdat" and place.end - place.content == size:
            within = all(place.content <= position < place.end for position, _ in samples)
            return place if within else None
    return None


def _set_chapters(
    movie: Box, chapters: Sequence[BoundChapter], texts: Sequence[bytes], *, far: bool
) -> None:
    header = movie.take(b"mvhd")
    ticks = reading.timescale(header)
    sound = next(track for track in movie.all(b"trak") if reading.handler(track) == b"soun")
    old = reading.chapter_track(movie)
    number = reading.track_number(old) if old else _next_number(header)
    length = chapters[-1].end
    media = boxes.Media(
        number=number,
        handler="text",
        description=boxes.text_description(),
        header=boxes.text_header(),
        samples=boxes.Samples(
            sizes=[*map(len, texts)],
            lengths=[(1, chapter.end - chapter.start) for chapter in chapters],
            per_chunk=1,
            start=0,
            far=far,
        ),
        length=length,
        played=length,
        enabled=False,
    )
    track = tree.parse(media.track(ticks, "und"))
    language = sound.take(b"mdia", b"mdhd")
    place = reading.language_place(language)
    header = track.take(b"mdia", b"mdhd")
    own_place = reading.language_place(header)
    code = language.body[place : place + 2]
    header.body = header.body[:own_place] + code + header.body[own_place + 2 :]
    if old:
        movie.children[next(i for i, box in enumerate(movie.children) if box is old)] = track
    else:
        last = max(i for i, box in enumerate(movie.children) if box.name == b"trak")
        movie.children.insert(last + 1, track)
    named = reading.chapter_references(sound)
    if number not in named:
        reference = sound.make(b"tref").make(b"chap")
        reference.body += struct.pack(">I", number)
    user_data = movie.make(b"udta")
    user_data.children = [box for box in user_data.children if box.name != b"chpl"]
    user_data.children.insert(0, Box(b"chpl", tags.nero_chapters(chapters, ticks)[8:]))


def _next_number(header: Box) -> int:
    """Return the number of a new track, and let the movie know that it is taken."""
    number = int.from_bytes(header.body[-4:])
    header.body = header.body[:-4] + (number + 1).to_bytes(4)
    return number


# --- positions -----------------------------------------------------------------------------------


def _widen(movie: Box) -> None:
    """Write the positions of all tracks in 64 bits."""
    for track in movie.all(b"trak"):
        table = track.take(b"mdia", b"minf", b"stbl")
        if near := table.find(b"stco"):
            positions = reading.chunk_positions(table)
            near.name, near.body = b"co64", _position_table(positions, far=True)


def _move(movie: Box, pieces: Sequence[_Piece], texts: Sequence[bytes]) -> None:
    """Let the tables of all tracks tell where their sound and their titles stand now."""
    starts, start = list[int](), 0
    for piece in pieces:
        starts.append(start)
        start += piece.size
    titles = reading.chapter_track(movie) if texts else None
    for track in movie.all(b"trak"):
        table = track.take(b"mdia", b"minf", b"stbl")
        if track is titles:
            # The titles stand behind the movie box, each in a chunk of its own.
            first = next(index for index, piece in enumerate(pieces) if piece.data) + 1
            position, positions = starts[first] + 8, list[int]()
            for text in texts:
                positions.append(position)
                position += len(text)
        else:
            positions = _moved(reading.chunk_positions(table), pieces, starts)
        far = table.find(b"co64")
        (far or table.take(b"stco")).body = _position_table(positions, far=far is not None)


def _moved(positions: Sequence[int], pieces: Sequence[_Piece], starts: Sequence[int]) -> list[int]:
    moves = [
        (piece.start, piece.end, start - piece.start)
        for piece, start in zip(pieces, starts, strict=True)
        if not piece.data
    ]
    moved = []
    for position in positions:
        for start, end, distance in moves:
            if start <= position < end:
                moved.append(position + distance)
                break
        else:
            raise ValueError(message("no box at byte {position}", position=position))
    return moved


def _position_table(positions: Sequence[int], *, far: bool) -> bytes:
    table = boxes.big_endian(array("Q" if far else "I", positions))
    return struct.pack(">II", 0, len(positions)) + table
