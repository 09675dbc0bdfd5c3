"""Writes an EPUB 3 with Media Overlays: readers highlight each sentence while it is heard.

It follows EPUB 3.3 and EPUB Accessibility 1.1 of the W3C, with an NCX for readers of EPUB 2.
"""

from __future__ import annotations

import json
import uuid
import zipfile
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from audiobook.model import Book, BoundChapter
from audiobook.outputs import SUFFIXES, mp3, provenance
from audiobook.outputs.blocks import read_blocks
from audiobook.outputs.epub import package, pages
from audiobook.outputs.epub.style import STYLE
from audiobook.outputs.epub.xml import COVER, PACKAGE, Sheet
from audiobook.outputs.mp3 import BITRATE, check, trimmed_samples
from audiobook.outputs.pictures import mime
from audiobook.system.json_data import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.model import RecordedBook
    from audiobook.outputs import Track

__all__ = [
    "BITRATE",
    "CHAPTERS_APART",
    "MOST_CHAPTERS",
    "NAME",
    "SOUND",
    "SUFFIX",
    "VERSION",
    "check",
    "read_book",
    "read_fingerprint",
    "read_sound",
    "trimmed_samples",
    "write",
]

NAME = "epub"
SOUND = mp3.NAME
SUFFIX = SUFFIXES[NAME]
CHAPTERS_APART = True
MOST_CHAPTERS = 0
VERSION = mp3.VERSION + 0
"""The second number goes up when the same EPUB would be written differently; the first counts too,
because its sound is MP3, and so are the files of its chapters."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_NOTES = "META-INF/audiobook.json"
_CONTAINER = f"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="{PACKAGE}" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""


def write(
    file: IO[bytes],
    book: Book,
    recorded: RecordedBook,
    fingerprint: str,
    track: Track | None = None,  # noqa: ARG001 (its chapters as files of their own are MP3)
) -> None:
    """Write the text and the recordings of a book, synchronized; see `audiobook.outputs.Format`.

    The same book gives the same bytes. One recording and the text of one chapter are in memory at
    a time.

    Raises:
        ValueError: a sentence was recorded that is not in its chapter.
    """
    meta, rate = recorded.meta, recorded.sound.rate
    recorded_chapters = recorded.by_chapter()
    nothing = replace(recorded, passages=())
    sheets: list[Sheet] = []
    with zipfile.ZipFile(file, "w") as archive:
        _add_file(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _add_file(archive, "META-INF/container.xml", _CONTAINER.encode())
        _add_file(archive, "EPUB/style.css", STYLE.encode())
        if meta.cover:
            _add_file(archive, f"EPUB/{COVER[mime(meta.cover)]}", meta.cover)
            _add_file(archive, "EPUB/cover.xhtml", pages.cover(meta))
        for number, chapter in enumerate(recorded.chapters):
            recorded_chapter = recorded_chapters.get(number, nothing)
            samples = max(recorded_chapter.samples - trimmed_samples(rate), 0)
            sheet = Sheet(number + 1, chapter, samples * 1000 // rate)
            page, overlay = pages.render(sheet, meta, recorded_chapter.cues(), rate)
            _add_file(archive, f"EPUB/{sheet.page}", page)
            if recorded_chapter.passages:
                _add_file(archive, f"EPUB/{sheet.overlay}", overlay)
                _add_sound(archive, f"EPUB/{sheet.audio}", recorded_chapter)
            sheets.append(sheet)
        for name, content in package.render(meta, sheets, _identifier(fingerprint)):
            _add_file(archive, name, content)
        _add_file(archive, _NOTES, _notes_json(book, fingerprint))


def read_book(path: Path, fingerprint: str) -> Book | None:
    """Return the book at ``path`` if it has this fingerprint; see `audiobook.outputs.Format`."""
    return provenance.read_book(path, fingerprint, _read_tags)


def read_fingerprint(path: Path) -> str:
    """Return the fingerprint of the book at ``path``; empty if this program did not make it."""
    return provenance.read_fingerprint(path, lambda path: _read_tags(path).note)


def read_sound(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the sound of all chapters; see `audiobook.outputs.Format`."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.endswith(mp3.SUFFIX):
                with archive.open(name) as sound:
                    yield from read_blocks(sound)


def _read_tags(path: Path) -> provenance.BookTags:
    notes = _read_notes(path)

    def chapters(_book: provenance.Provenance) -> list[BoundChapter]:
        return [
            BoundChapter(title=title, start=start, end=end, level=level)
            for title, start, end, level in notes["chapters"]
        ]

    return provenance.BookTags(notes[provenance.KEY], notes["title"], chapters)


def _read_notes(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return load_json(archive.read(_NOTES))


def _notes_json(book: Book, fingerprint: str) -> bytes:
    chapters = [
        (chapter.title, chapter.start, chapter.end, chapter.level) for chapter in book.chapters
    ]
    notes = {
        provenance.KEY: str(provenance.Provenance.of(book, fingerprint)),
        "title": book.meta.title,
        "chapters": chapters,
    }
    return json.dumps(notes).encode()


def _identifier(fingerprint: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"audiobook:{fingerprint}").urn


def _add_file(
    archive: zipfile.ZipFile, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED
) -> None:
    archive.writestr(_zip_entry(name, method), content)


def _zip_entry(name: str, method: int) -> zipfile.ZipInfo:
    """Return the header of an entry, without the time and system of its making."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = method
    entry.create_system = _UNIX
    entry.external_attr = 0o644 << 16
    return entry


def _add_sound(archive: zipfile.ZipFile, name: str, chapter: RecordedBook) -> None:
    """Add the sound of a chapter: an Info frame, and its recordings one by one."""
    index = mp3.Index(chapter.samples // mp3.samples_per_frame(chapter.sound.rate))
    for sound in chapter.sounds():
        index.add(mp3.walk_sound(sound))
    head = mp3.info_frame(next(chapter.sounds())[:4], index)
    entry = _zip_entry(name, zipfile.ZIP_STORED)
    entry.file_size = len(head) + index.size  # decides whether the entry needs ZIP64
    with archive.open(entry, "w") as file:
        file.write(head)
        file.writelines(chapter.sounds())
