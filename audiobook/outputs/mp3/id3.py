"""Writes and reads the ID3v2.3 tag of a book: metadata, chapters and synced text."""

from __future__ import annotations

import io
from operator import itemgetter
from typing import TYPE_CHECKING

from mutagen.id3 import (
    APIC,
    CHAP,
    COMM,
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
    Encoding,
    Frame,
    PictureType,
)

from audiobook.model import Book, BoundChapter
from audiobook.outputs import gains, languages, lyrics, pictures, provenance
from audiobook.outputs.damage import DAMAGED
from audiobook.outputs.mp3 import toc
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobook.model import Cue
    from audiobook.outputs import Track

VERSION = 4
"""Increased when the same book would get another tag."""

# Only these frames are parsed: the synced text of a long book takes longer than all others.
_READ_BACK = {frame.__name__: frame for frame in (TXXX, TIT2, CHAP)}
_UNUSED_OFFSET = 0xFFFFFFFF
_HEADER = 10


def render(book: Book, cues: Sequence[Cue], fingerprint: str, track: Track | None = None) -> bytes:
    """Return the tag of a book.

    Args:
        book: the book, its chapters in time order.
        cues: every sentence, in samples of the book.
        fingerprint: a hash of everything that the book was made from.
        track: its place, where the file holds only one chapter.
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
    tag.add(USLT(encoding=text, lang=language, desc="", text=lyrics.plain_text(cues)))
    if book.loudness is not None:
        gain = gains.replay_gain(book.loudness)
        tag.add(TXXX(encoding=Encoding.LATIN1, desc=gains.REPLAY_GAIN, text=[gain]))
    note = provenance.format_note(book, fingerprint)
    tag.add(TXXX(encoding=Encoding.LATIN1, desc=provenance.KEY, text=[note]))
    tag.update_to_v23()
    file = io.BytesIO()
    tag.save(file, v2_version=3, padding=lambda _info: 0)
    return _sort_chapters(file.getvalue())


def read_book(path: Path, fingerprint: str) -> Book | None:
    """Return the book at ``path`` if it has this fingerprint, else None.

    Its meta holds only the title, and its chapters have no levels.
    """
    try:
        tag = ID3(path, known_frames=_READ_BACK)
        note = str(tag[f"TXXX:{provenance.KEY}"])
        rate = int(note.split()[1])
        chapters = sorted(tag.getall("CHAP"), key=lambda chapter: int(chapter.start_time))
        bound = [
            BoundChapter(
                str(chapter.sub_frames.get("TIT2", "")),
                chapter.start_time * rate // 1000,
                chapter.end_time * rate // 1000,
            )
            for chapter in chapters
        ]
        return provenance.parse_note(note, fingerprint, path, str(tag.get("TIT2", "")), bound)
    except DAMAGED:
        return None  # not there, or not ours


def read_fingerprint(path: Path) -> str:
    """Return the fingerprint of the book at ``path``; empty if this program did not make it."""
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
    toc.add_tables(tag, names, chapters)


def _sort_chapters(tag: bytes) -> bytes:
    """Return a tag with its CHAP frames sorted by their start.

    Mutagen writes the shortest titles first, and some players list chapters in the order of the
    file.
    """
    frames: list[tuple[int, bytes]] = []
    position = _HEADER
    while position < len(tag):
        end = position + _HEADER + int.from_bytes(tag[position + 4 : position + 8])
        frame = tag[position:end]
        frames.append((_chapter_start(frame), frame))
        position = end
    return tag[:_HEADER] + b"".join(frame for _, frame in sorted(frames, key=itemgetter(0)))


def _chapter_start(frame: bytes) -> int:
    if not frame.startswith(b"CHAP"):
        return -1
    start = frame.index(b"\0", _HEADER) + 1
    return int.from_bytes(frame[start : start + 4])
