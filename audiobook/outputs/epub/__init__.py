"""Recordings to an EPUB 3 with Media Overlays: each sentence is highlighted as it is heard.

EPUB 3.3 and EPUB Accessibility 1.1 of the W3C, with an NCX for readers of EPUB 2.
"""

from __future__ import annotations

import json
import uuid
import zipfile
import zlib
from itertools import groupby
from typing import TYPE_CHECKING, Any

from audiobook.model import Book, BoundChapter, Cue, fallback_runs
from audiobook.outputs import mp3, provenance
from audiobook.outputs.epub import package, pages
from audiobook.outputs.epub.style import STYLE
from audiobook.outputs.epub.xml import COVER, PACKAGE, Sheet, picture
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audiobook.model import Chapter, Meta, Sound, Take

# What reading raises where there is no book, a damaged one, or one that somebody else made.
_NOT_OURS = (
    OSError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    RuntimeError,
    NotImplementedError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MADE = "META-INF/audiobook.json"
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
    order: str,
) -> Book:
    """Write the text of a book and its recordings, in step, into one EPUB.

    The same book gives the same bytes. One recording and one chapter's text are held at a time.

    Args:
        meta: what is known about the book.
        chapters: all of them, with the paragraphs that were recorded.
        takes: all recordings, in the order of the book.
        sound: how they were recorded.
        sound_of: gives the MP3 frames of a recording by its key; asked twice for each.
        path: where the book goes; it appears there whole or not at all.
        order: fingerprint of all of the above, for `read_book`.

    Raises:
        OutputError: the book cannot be written.
        ValueError: a sentence was recorded that is not in its chapter.
    """
    taken = {number: list(group) for number, group in groupby(takes, lambda take: take.chapter)}
    sheets: list[Sheet] = []
    bound: list[BoundChapter] = []
    position = sentences = 0
    with files.whole(path) as file, zipfile.ZipFile(file, "w") as archive:
        _add(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _add(archive, "META-INF/container.xml", _CONTAINER.encode())
        _add(archive, "EPUB/style.css", STYLE.encode())
        if meta.cover:
            _add(archive, f"EPUB/{COVER[picture(meta.cover)]}", meta.cover)
            _add(archive, "EPUB/cover.xhtml", pages.cover(meta))
        for number, chapter in enumerate(chapters):
            its_takes = taken.get(number, [])
            cues, samples = _timeline(its_takes)
            sheet = Sheet(number + 1, chapter, samples * 1000 // sound.rate)
            page, overlay = pages.render(sheet, meta, cues, sound.rate)
            _add(archive, f"EPUB/{sheet.page}", page)
            if its_takes:
                _add(archive, f"EPUB/{sheet.overlay}", overlay)
                _add_sound(archive, f"EPUB/{sheet.audio}", its_takes, sound, sound_of)
                end = position + samples
                bound.append(BoundChapter(chapter.title, position, end, chapter.level))
                position = end
            sheets.append(sheet)
            sentences += len(cues)
        for name, content in package.render(meta, sheets, _identifier(order)):
            _add(archive, name, content)
        book = Book(meta, path, sound.rate, position, tuple(bound), sentences, fallback_runs(takes))
        _add(archive, _MADE, _made(book, order))
    return book


def read_book(path: Path, order: str) -> Book | None:
    """Return the book at ``path`` if it was made from this order, else None.

    Of its meta only the title is filled in.
    """
    try:
        known = _known(path)
        chapters = [BoundChapter(*chapter) for chapter in known["chapters"]]
        return provenance.read(known[provenance.KEY], order, path, known["title"], chapters)
    except _NOT_OURS:
        return None


def read_order(path: Path) -> str:
    """Return what the book at ``path`` was made from; empty if it is none of ours."""
    try:
        return str(_known(path)[provenance.KEY].split()[0])
    except _NOT_OURS:
        return ""


def _known(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(_MADE))


def _made(book: Book, order: str) -> bytes:
    chapters = [(one.title, one.start, one.end, one.level) for one in book.chapters]
    known = {
        provenance.KEY: provenance.line(book, order),
        "title": book.meta.title,
        "chapters": chapters,
    }
    return json.dumps(known).encode()


def _identifier(order: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"audiobook:{order}").urn


def _timeline(takes: Sequence[Take]) -> tuple[list[Cue], int]:
    """Return the sentences of one chapter in samples of its file, and how long that is heard."""
    cues: list[Cue] = []
    position = 0
    for take in takes:
        cues += (cue.shifted(position) for cue in take.timing.cues)
        position += take.timing.samples
    # A decoder that knows the delay starts the sound at 0 and runs out that much earlier.
    return cues, max(position - mp3.DELAY, 0)


def _add(
    archive: zipfile.ZipFile, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED
) -> None:
    archive.writestr(_entry(name, method), content)


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    """Return the head of an entry that tells nothing of when and where it was made."""
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
    """Join the frames of a chapter behind an Info frame, one recording at a time."""
    samples = sum(take.timing.samples for take in takes)
    index = mp3.Index(samples // mp3.samples_per_frame(sound.rate))
    for take in takes:
        index.add(sound_of(take.key))
    head = mp3.head_frame(sound_of(takes[0].key)[:4], index)
    entry = _entry(name, zipfile.ZIP_STORED)
    entry.file_size = len(head) + index.size  # decides whether it needs ZIP64
    with archive.open(entry, "w") as file:
        file.write(head)
        for take in takes:
            file.write(sound_of(take.key))
