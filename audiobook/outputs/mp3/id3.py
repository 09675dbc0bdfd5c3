"""ID3v2.3 tags of an audiobook: chapters in time order under a table of contents, synced text."""

from __future__ import annotations

import io
from operator import itemgetter
from typing import TYPE_CHECKING

from mutagen.id3 import (
    APIC,
    CHAP,
    COMM,
    CTOC,
    ID3,
    SYLT,
    TALB,
    TCON,
    TDRC,
    TIT2,
    TLAN,
    TPE1,
    TPE2,
    TPUB,
    TRCK,
    TSSE,
    TXXX,
    USLT,
    CTOCFlags,
    Encoding,
    Frame,
    PictureType,
)

from audiobook.model import Book, BoundChapter
from audiobook.outputs import gains, languages, lyrics, pictures, provenance
from audiobook.outputs.damage import DAMAGED
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobook.model import Cue
    from audiobook.outputs import Track

VERSION = 4
"""Goes up when the same book would get another tag."""

# The synced text of a long book takes longer to parse than all else together.
_READ_BACK = {frame.__name__: frame for frame in (TXXX, TIT2, CHAP)}
# One table of contents holds at most 255 entries: its count is a byte.
_MOST_CHILDREN = 255
_UNUSED_OFFSET = 0xFFFFFFFF
_HEADER = 10


def render(book: Book, cues: Sequence[Cue], order: str, track: Track | None = None) -> bytes:
    """Render a book's tag.

    Args:
        book: the book, its chapters in time order.
        cues: every sentence, in samples of the book.
        order: fingerprint of all the book was made from, for `read_book`.
        track: its place, where the book is but one chapter of a whole.
    """
    meta, rate = book.meta, book.rate
    language = languages.three_letters(meta.language)
    text = Encoding.UTF16
    tag = ID3()
    for frame, value in (
        (TIT2, meta.title),
        (TPE1, meta.author),
        (TALB, track.album if track else meta.title),
        (TPE2, meta.narrator),
        (TRCK, f"{track.number}/{track.count}" if track else "1/1"),
        (TDRC, meta.date),
        (TLAN, language),
        (TCON, meta.genre),
        (TPUB, meta.publisher),
        (TSSE, f"audiobook {__version__}"),
    ):
        if value:
            tag.add(frame(encoding=text, text=[value]))
    if meta.description:
        tag.add(COMM(encoding=text, lang=language, desc="", text=[meta.description]))
    if meta.cover:
        tag.add(_picture(meta.cover, PictureType.COVER_FRONT))
    _add_chapters(tag, book.chapters, rate)
    lines = [(cue.text, _milliseconds(cue.start, rate)) for cue in cues]
    tag.add(SYLT(encoding=text, lang=language, format=2, type=1, desc="", text=lines))
    tag.add(USLT(encoding=text, lang=language, desc="", text=lyrics.plain(cues)))
    if book.loudness is not None:
        gain = gains.replay_gain(book.loudness)
        tag.add(TXXX(encoding=Encoding.LATIN1, desc=gains.REPLAY_GAIN, text=[gain]))
    made_from = provenance.line(book, order)
    tag.add(TXXX(encoding=Encoding.LATIN1, desc=provenance.KEY, text=[made_from]))
    tag.update_to_v23()
    file = io.BytesIO()
    tag.save(file, v2_version=3, padding=lambda _info: 0)
    return _in_time_order(file.getvalue())


def read_book(path: Path, order: str) -> Book | None:
    """Return the book at ``path`` if it was made from this order, else None.

    Of its meta only the title is filled in, of its chapters all but the levels.
    """
    try:
        tag = ID3(path, known_frames=_READ_BACK)
        said = str(tag[f"TXXX:{provenance.KEY}"])
        rate = int(said.split()[1])
        chapters = sorted(tag.getall("CHAP"), key=lambda chapter: int(chapter.start_time))
        bound = [
            BoundChapter(
                str(chapter.sub_frames.get("TIT2", "")),
                chapter.start_time * rate // 1000,
                chapter.end_time * rate // 1000,
            )
            for chapter in chapters
        ]
        return provenance.read(said, order, path, str(tag.get("TIT2", "")), bound)
    except DAMAGED:
        return None  # not there, or not ours


def read_order(path: Path) -> str:
    """Return what the book at ``path`` was made from; empty if it is none of ours."""
    try:
        return str(ID3(path, known_frames={"TXXX": TXXX})[f"TXXX:{provenance.KEY}"]).split()[0]
    except DAMAGED:
        return ""


def _milliseconds(samples: int, rate: int) -> int:
    return round(samples * 1000 / rate)


def _picture(picture: bytes, kind: int) -> APIC:
    mime = pictures.mime(picture)
    return APIC(encoding=Encoding.LATIN1, mime=mime, type=kind, data=picture)


def _add_chapters(tag: ID3, chapters: Sequence[BoundChapter], rate: int) -> None:
    names = []
    for number, chapter in enumerate(chapters, 1):
        names.append(f"chp{number}")
        shown: list[Frame] = [TIT2(encoding=Encoding.UTF16, text=[chapter.title])]
        if chapter.picture:
            shown.append(_picture(chapter.picture, PictureType.OTHER))
        tag.add(
            CHAP(
                element_id=names[-1],
                start_time=_milliseconds(chapter.start, rate),
                end_time=_milliseconds(chapter.end, rate),
                start_offset=_UNUSED_OFFSET,
                end_offset=_UNUSED_OFFSET,
                sub_frames=shown,
            )
        )
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    entries = list(zip(names, chapters, strict=True))
    tag.add(CTOC(element_id="toc", flags=flags, child_element_ids=_add_tables(tag, entries)))


def _add_tables(tag: ID3, entries: Sequence[tuple[str, BoundChapter]]) -> list[str]:
    """Add the tables below one, and return its children: chapters, and parts with chapters in them.

    Args:
        tag: what the tables are added to.
        entries: the names of chapters and the chapters, in order, all of one part.
    """
    top = min((chapter.level for _, chapter in entries), default=1)
    starts = [n for n, (_, one) in enumerate(entries) if not n or one.level == top]
    children = []
    for start, end in zip(starts, [*starts[1:], len(entries)], strict=True):
        name, chapter = entries[start]
        if end == start + 1:
            children.append(name)
            continue
        below = [name, *_add_tables(tag, entries[start + 1 : end])]
        title = [TIT2(encoding=Encoding.UTF16, text=[chapter.title])]
        _add_table(tag, f"toc-{name}", _packed(tag, f"toc-{name}", below), title)
        children.append(f"toc-{name}")
    return _packed(tag, f"toc-{entries[0][0]}-of" if entries else "", children)


def _packed(tag: ID3, name: str, children: list[str]) -> list[str]:
    """Put children into tables of their own until one table holds them all."""
    level = 0
    while len(children) > _MOST_CHILDREN:
        level += 1
        runs = [
            children[at : at + _MOST_CHILDREN] for at in range(0, len(children), _MOST_CHILDREN)
        ]
        children = [f"{name}{level}-{number}" for number in range(1, len(runs) + 1)]
        for child, run in zip(children, runs, strict=True):
            _add_table(tag, child, run, [])
    return children


def _add_table(tag: ID3, name: str, children: list[str], title: list[TIT2]) -> None:
    tag.add(
        CTOC(
            element_id=name,
            flags=CTOCFlags.ORDERED,
            child_element_ids=children,
            sub_frames=title,
        )
    )


def _in_time_order(tag: bytes) -> bytes:
    """Sort the CHAP frames by their start: mutagen writes the shortest titles first.

    Some players list chapters as they stand in the file.
    """
    frames: list[tuple[int, bytes]] = []
    position = _HEADER
    while position < len(tag):
        end = position + _HEADER + int.from_bytes(tag[position + 4 : position + 8])
        frame = tag[position:end]
        frames.append((_start(frame), frame))
        position = end
    return tag[:_HEADER] + b"".join(frame for _, frame in sorted(frames, key=itemgetter(0)))


def _start(frame: bytes) -> int:
    if not frame.startswith(b"CHAP"):
        return -1
    start = frame.index(b"\0", _HEADER) + 1
    return int.from_bytes(frame[start : start + 4])
