"""Reads what a WAV file says of itself: no chapters, and of tags only a title and an author."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobook.audit.contents.notes import length_of, noted_samples, parse_note
from audiobook.audit.types import FileContents

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, file: Any) -> FileContents:
    """Return what the sound for a film says, which mutagen has opened."""
    from audiobook.outputs import wav

    title, author, encoder, note = wav.read_texts(path)
    book = parse_note(note)
    return FileContents(
        format="wav",
        title=title,
        author=author,
        narrator="",
        language="",
        date="",
        rate=file.info.sample_rate,
        channels=file.info.channels,
        bitrate=file.info.bitrate / 1000,
        constant=True,
        size=path.stat().st_size,
        chapters=(),
        toc_order=None,
        sentences=(),
        cover=None,
        samples=noted_samples(book, file.info.sample_rate),
        provenance=book,
        album=title,
        encoder=encoder,
        seconds=length_of(book, file.info.length),
    )
