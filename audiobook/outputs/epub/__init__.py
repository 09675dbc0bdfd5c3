"""Writes an EPUB 3 with Media Overlays: readers highlight each sentence while it is heard.

It follows EPUB 3.3 and EPUB Accessibility 1.1 of the W3C, with an NCX for readers of EPUB 2.
"""

from __future__ import annotations

import json
import uuid
import zipfile
from itertools import groupby
from typing import TYPE_CHECKING, Any

from audiobook.model import Book, BoundChapter, Cue, fallback_runs
from audiobook.outputs import EPUB_SUFFIX, mp3, provenance
from audiobook.outputs.epub import package, pages
from audiobook.outputs.epub.style import STYLE
from audiobook.outputs.epub.xml import COVER, PACKAGE, Sheet
from audiobook.outputs.mp3 import BITRATE, check
from audiobook.outputs.pictures import mime
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audiobook.model import Chapter, Meta, Sound, Take

__all__ = [
    "BITRATE",
    "NAME",
    "SOUND",
    "SUFFIX",
    "VERSION",
    "check",
    "read_book",
    "read_fingerprint",
    "write",
]

NAME = "epub"
SOUND = mp3.NAME
SUFFIX = EPUB_SUFFIX
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
    meta: Meta,
    chapters: Sequence[Chapter],
    takes: Sequence[Take],
    sound: Sound,
    sound_of: Callable[[str], bytes],
    path: Path,
    fingerprint: str,
) -> Book:
    """Write the text and the recordings of a book, synchronized, into one EPUB.

    The same book gives the same bytes. One recording and the text of one chapter are in memory at
    a time.

    Args:
        meta: what is known about the book.
        chapters: all of them, with the paragraphs that were recorded.
        takes: all recordings, in the order of the book.
        sound: how they were recorded.
        sound_of: returns the MP3 frames of a recording by its key; called twice for each.
        path: the file, which is written completely or not at all.
        fingerprint: a hash of all of the above.

    Raises:
        OutputError: the book cannot be written.
        ValueError: a sentence was recorded that is not in its chapter.
    """
    takes_by_chapter = {
        number: list(group) for number, group in groupby(takes, lambda take: take.chapter)
    }
    sheets: list[Sheet] = []
    bound: list[BoundChapter] = []
    position = sentences = 0
    with files.whole(path) as file, zipfile.ZipFile(file, "w") as archive:
        _add_file(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _add_file(archive, "META-INF/container.xml", _CONTAINER.encode())
        _add_file(archive, "EPUB/style.css", STYLE.encode())
        if meta.cover:
            _add_file(archive, f"EPUB/{COVER[mime(meta.cover)]}", meta.cover)
            _add_file(archive, "EPUB/cover.xhtml", pages.cover(meta))
        for number, chapter in enumerate(chapters):
            chapter_takes = takes_by_chapter.get(number, [])
            cues, samples = _chapter_cues(chapter_takes)
            sheet = Sheet(number + 1, chapter, samples * 1000 // sound.rate)
            page, overlay = pages.render(sheet, meta, cues, sound.rate)
            _add_file(archive, f"EPUB/{sheet.page}", page)
            if chapter_takes:
                _add_file(archive, f"EPUB/{sheet.overlay}", overlay)
                _add_sound(archive, f"EPUB/{sheet.audio}", chapter_takes, sound, sound_of)
                end = position + samples
                bound.append(BoundChapter(chapter.title, position, end, chapter.level))
                position = end
            sheets.append(sheet)
            sentences += len(cues)
        for name, content in package.render(meta, sheets, _identifier(fingerprint)):
            _add_file(archive, name, content)
        book = Book(meta, path, sound.rate, position, tuple(bound), sentences, fallback_runs(takes))
        _add_file(archive, _NOTES, _notes_json(book, fingerprint))
    return book


def read_book(path: Path, fingerprint: str) -> Book | None:
    """Return the book at ``path`` if it has this fingerprint; see `audiobook.outputs.Format`."""
    return provenance.read_book(path, fingerprint, _read_tags)


def read_fingerprint(path: Path) -> str:
    """Return the fingerprint of the book at ``path``; empty if this program did not make it."""
    return provenance.read_fingerprint(path, lambda path: _read_tags(path).note)


def _read_tags(path: Path) -> provenance.BookTags:
    notes = _read_notes(path)

    def chapters(_book: provenance.Provenance) -> list[BoundChapter]:
        return [BoundChapter(*chapter) for chapter in notes["chapters"]]

    return provenance.BookTags(notes[provenance.KEY], notes["title"], chapters)


def _read_notes(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(_NOTES))


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


def _chapter_cues(takes: Sequence[Take]) -> tuple[list[Cue], int]:
    """Return the cues of a chapter in samples of its file, and the length of the file."""
    cues: list[Cue] = []
    position = 0
    for take in takes:
        cues += (cue.shifted(position) for cue in take.timing.cues)
        position += take.timing.samples
    # A decoder that knows the delay starts the sound at 0, and its end comes that much earlier.
    return cues, max(position - mp3.DELAY, 0)


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


def _add_sound(
    archive: zipfile.ZipFile,
    name: str,
    takes: Sequence[Take],
    sound: Sound,
    sound_of: Callable[[str], bytes],
) -> None:
    """Add the sound of a chapter: an Info frame, and its recordings one by one."""
    samples = sum(take.timing.samples for take in takes)
    index = mp3.Index(samples // mp3.samples_per_frame(sound.rate))
    for take in takes:
        index.add(sound_of(take.key))
    head = mp3.info_frame(sound_of(takes[0].key)[:4], index)
    entry = _zip_entry(name, zipfile.ZIP_STORED)
    entry.file_size = len(head) + index.size  # decides whether the entry needs ZIP64
    with archive.open(entry, "w") as file:
        file.write(head)
        for take in takes:
            file.write(sound_of(take.key))
