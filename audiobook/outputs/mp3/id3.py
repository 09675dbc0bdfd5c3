"""Writes and reads the ID3v2.3 tag of a book: metadata, chapters and synced text."""

from __future__ import annotations

import io
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from mutagen.id3 import (
    APIC,
    CHAP,
    ID3,
    SYLT,
    TIT2,
    TRCK,
    TSSE,
    TXXX,
    USLT,
    Encoding,
    Frame,
    PictureType,
)

from audiobook.model import BoundChapter
from audiobook.outputs import gains, languages, lyrics, pictures, provenance
from audiobook.outputs.mp3 import fields, toc
from audiobook.outputs.tag_reading import read_id3
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from audiobook.model import Book, Cue
    from audiobook.outputs import Track

VERSION = 6
"""Increased when the same book would get another tag."""

# Only these frames are parsed: the synced text of a long book takes longer than all others.
_READ_BACK = {frame.__name__: frame for frame in (TXXX, TIT2, CHAP)}
_UNUSED_OFFSET = 0xFFFFFFFF
_HEADER = 10
_MILLISECONDS = 2
"""The unit of times in synced text; the other, 1, counts frames."""


class ChapterMark(NamedTuple):
    """A chapter as a CHAP frame gives it."""

    name: str
    """The element, by which tables of contents name it."""
    title: str
    start: int
    """Milliseconds."""
    end: int
    picture: bytes = b""
    """A JPEG or PNG file to show while it is heard; empty for none."""


def render(
    book: Book,
    cues: Sequence[Cue],
    fingerprint: str,
    track: Track | None = None,
    *,
    paragraphs: Collection[int] = (),
) -> bytes:
    """Return the tag of a book.

    Args:
        book: the book, its chapters in time order.
        cues: every sentence, in samples of the book.
        fingerprint: a hash of everything that the book was made from.
        track: its place, where the file holds only one chapter.
        paragraphs: the positions of the sentences that paragraphs begin with, where known.
    """
    meta, rate = book.meta, book.rate
    language = languages.three_letters(meta.language)
    text = Encoding.UTF16
    tag = ID3()
    texts = {field: getattr(meta, field) for field in fields.FRAMES if field != fields.ALBUM}
    texts |= {fields.ALBUM: track.album if track else meta.title, "language": language}
    for field, value in texts.items():
        for frame in fields.field_frames(field, value, language):
            tag.add(frame)
    tag.add(TRCK(encoding=text, text=[f"{track.number}/{track.count}" if track else "1/1"]))
    tag.add(TSSE(encoding=text, text=[f"audiobook {__version__}"]))
    if meta.cover:
        tag.add(cover_frame(meta.cover))
    add_chapters(tag, book.chapters, rate)
    lines = [(cue.text, _milliseconds(cue.start, rate)) for cue in cues]
    tag.add(SYLT(encoding=text, lang=language, format=_MILLISECONDS, type=1, desc="", text=lines))
    unsynced = lyrics.plain_text(cues, paragraphs)
    tag.add(USLT(encoding=text, lang=language, desc="", text=unsynced))
    if book.loudness is not None:
        gain = gains.replay_gain(book.loudness)
        tag.add(TXXX(encoding=Encoding.LATIN1, desc=gains.REPLAY_GAIN, text=[gain]))
    note = str(provenance.Provenance.of(book, fingerprint))
    tag.add(TXXX(encoding=Encoding.LATIN1, desc=provenance.KEY, text=[note]))
    tag.update_to_v23()
    for field in fields.SORT_FRAMES:
        for frame in fields.sort_frames(field, texts[field]):
            tag.add(frame)
    file = io.BytesIO()
    tag.save(file, v2_version=3, padding=lambda _info: 0)
    return _sort_chapters(file.getbuffer())


def read_book(path: Path, fingerprint: str) -> Book | None:
    """Return the book at ``path`` if it has this fingerprint; see `audiobook.outputs.Format`."""
    return provenance.read_book(path, fingerprint, _read_tags)


def read_fingerprint(path: Path) -> str:
    """Return the fingerprint of the book at ``path``; empty if this program did not make it."""
    return provenance.read_fingerprint(path, lambda path: read_tag(path, provenance.KEY))


def read_tag(path: Path, name: str) -> str:
    """Return the text of one of our own tags; see `audiobook.outputs.SoundFormat`."""
    return str(read_id3(path, {"TXXX": TXXX}).get(f"TXXX:{name}", ""))


def read_note(tag: ID3) -> str:
    """Return what a tag says of the making of its file; empty if this program did not make it."""
    return str(tag.get(f"TXXX:{provenance.KEY}", ""))


def read_chapters(tag: ID3) -> list[ChapterMark]:
    """Return the chapters of a tag in the order of the file."""
    return [
        ChapterMark(
            frame.element_id,
            str(frame.sub_frames.get("TIT2", "")),
            int(frame.start_time),
            int(frame.end_time),
            pictures.front_cover(frame.sub_frames.getall("APIC")) or b"",
        )
        for frame in tag.getall("CHAP")
    ]


def read_synced_texts(tag: ID3) -> Iterator[list[tuple[int, str]]]:
    """Yield each synced text of a tag: its lines, and when they begin, in milliseconds."""
    for synced in tag.getall("SYLT"):
        if synced.format == _MILLISECONDS:
            yield [(time, text) for text, time in synced.text]


def read_paragraphs(tag: ID3) -> frozenset[int]:
    """Return the positions of the lines of the first synced text that paragraphs begin with.

    They are none where the tag does not tell.
    """
    lines = [text for _, text in next(read_synced_texts(tag), [])]
    unsynced = next(iter(tag.getall("USLT")), "")
    return lyrics.paragraph_starts(str(unsynced), lines)


def _read_tags(path: Path) -> provenance.BookTags:
    tag = read_id3(path, _READ_BACK)

    def chapters(book: provenance.Provenance) -> list[BoundChapter]:
        return [
            BoundChapter(
                title=mark.title,
                start=mark.start * book.rate // 1000,
                end=mark.end * book.rate // 1000,
            )
            for mark in sorted(read_chapters(tag), key=attrgetter("start"))
        ]

    return provenance.BookTags(read_note(tag), str(tag.get("TIT2", "")), chapters)


def read_freeform(tag: ID3, *names: str) -> str:
    """Return the first text with one of these names, in letters of either case; else empty."""
    texts = {frame.desc.casefold(): str(frame) for frame in tag.getall("TXXX")}
    return next((texts[name.casefold()] for name in names if name.casefold() in texts), "")


def _milliseconds(samples: int, rate: int) -> int:
    return round(samples * 1000 / rate)


def _picture(picture: bytes, kind: int) -> APIC:
    mime = pictures.mime(picture)
    return APIC(encoding=Encoding.LATIN1, mime=mime, type=kind, data=picture)


def cover_frame(picture: bytes) -> APIC:
    """Return the frame of a cover."""
    return _picture(picture, PictureType.COVER_FRONT)


def add_chapters(tag: ID3, chapters: Sequence[BoundChapter], rate: int) -> None:
    """Add chapters and their tables to a tag.

    Args:
        tag: the tag.
        chapters: the chapters, in time order.
        rate: samples a second of their times.
    """
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
    toc.add_tables(tag, names, chapters)


def _sort_chapters(tag: memoryview) -> bytes:
    """Return a tag with its CHAP frames sorted by their start.

    Mutagen writes the shortest titles first, and some players list chapters in the order of the
    file. The text of a long book is copied no more than once.
    """
    frames: list[memoryview] = []
    position = _HEADER
    while position < len(tag):
        end = position + _HEADER + int.from_bytes(tag[position + 4 : position + 8])
        frames.append(tag[position:end])
        position = end
    return b"".join([tag[:_HEADER], *sorted(frames, key=chapter_start)])


def chapter_start(frame: bytes | memoryview) -> int:
    """Return the start in milliseconds of a CHAP frame of v2.3 or v2.4; -1 for another frame."""
    if frame[:4] != b"CHAP":
        return -1
    whole = bytes(frame)
    start = whole.index(b"\0", _HEADER) + 1
    return int.from_bytes(whole[start : start + 4])
