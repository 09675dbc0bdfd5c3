"""Reads what an Opus file says of itself: its comments."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from audiobook.audit.contents.notes import (
    consecutive_chapters,
    length_of,
    noted_samples,
    parse_note,
    synced_sentences,
    with_levels,
)
from audiobook.audit.covers import measure_cover
from audiobook.audit.types import FileContents
from audiobook.outputs import edits, gains, levels, lyrics, pictures

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, file: Any) -> FileContents:
    """Return what an Opus file says, which mutagen has opened."""
    from mutagen.flac import Picture as FlacPicture

    from audiobook.outputs import opus

    comments = opus.read_comments(file)
    chapters = opus.read_chapters(comments)
    size = path.stat().st_size
    book = parse_note(opus.read_note(comments))
    pictures_found = [
        FlacPicture(base64.b64decode(value))
        for key, value in file.tags or ()
        if key.lower() == "metadata_block_picture"
    ]
    cover = pictures.front_cover(pictures_found) or b""
    return FileContents(
        format="opus",
        title=comments.get("title", ""),
        author=comments.get("artist", ""),
        narrator=comments.get("performer", ""),
        language=comments.get("language", ""),
        date=comments.get("date", ""),
        rate=48_000,
        channels=file.info.channels,
        bitrate=(size - _size_of_comments(file)) * 8 / 1000 / max(file.info.length, 1),
        constant=False,
        size=size,
        chapters=with_levels(
            consecutive_chapters(
                [title for _, title in chapters], [start for start, _ in chapters], file.info.length
            ),
            comments.get(levels.KEY, ""),
        ),
        toc_order=tuple(range(len(chapters))) if chapters else None,
        sentences=synced_sentences(comments.get(lyrics.KEY.lower(), "")),
        cover=measure_cover(cover) if cover else None,
        samples=noted_samples(book, 48_000),
        provenance=book,
        genre=comments.get("genre", ""),
        publisher=comments.get("organization", ""),
        description=comments.get("description", ""),
        album=comments.get("album", ""),
        series=comments.get("series", ""),
        volume=comments.get("series-part", ""),
        encoder=str(getattr(file.tags, "vendor", "")),
        loudness=gains.read_loudness("", comments.get(gains.R128.lower(), "none")),
        seconds=length_of(book, file.info.length),
        changes=edits.read_note(comments.get(edits.KEY, "")),
        unlisted_chapters=max(opus.count_chapters(comments) - len(chapters), 0),
        cover_file=cover,
    )


def _size_of_comments(file: Any) -> int:
    """Return about how many bytes of an Opus file are comments, not sound."""
    return sum(len(key) + len(value.encode()) for key, value in file.tags or ())
