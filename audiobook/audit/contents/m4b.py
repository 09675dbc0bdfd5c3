"""Reads what an M4B says of itself: the items of its tag, and its track of chapters."""

from __future__ import annotations

import struct
from functools import partial
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
from audiobook.audit.types import FileChapter, FileContents
from audiobook.outputs import edits, gains, levels, lyrics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read(path: Path, file: Any) -> FileContents:
    """Return what an M4B says, which mutagen has opened."""
    from audiobook.outputs.m4b import tags

    tag: Mapping[str, Any] = file.tags or {}
    text, freeform = partial(tags.read_text, tag), tags.read_freeform_texts(tag)
    book = parse_note(tags.read_note(tag))
    chapters = _chapters(path, file, is_ours=book is not None)
    cover = bytes(next(iter(tag.get("covr", ())), b""))
    return FileContents(
        format="m4b",
        title=text("\xa9nam"),
        author=text("\xa9ART"),
        narrator=text("\xa9nrt") or text("\xa9wrt"),
        language=freeform.get("language", "") or _language(path),
        date=text("\xa9day"),
        rate=file.info.sample_rate,
        channels=file.info.channels,
        bitrate=file.info.bitrate / 1000,
        constant=False,
        size=path.stat().st_size,
        chapters=with_levels(chapters, freeform.get(levels.KEY, "")),
        toc_order=tuple(range(len(chapters))) if chapters else None,
        sentences=synced_sentences(freeform.get(lyrics.KEY.lower(), "")),
        cover=measure_cover(cover) if cover else None,
        samples=noted_samples(book, file.info.sample_rate),
        provenance=book,
        genre=text("\xa9gen"),
        publisher=text("\xa9pub"),
        description=text("ldes") or text("desc"),
        album=text("\xa9alb"),
        series=freeform.get("series", "") or text("\xa9mvn"),
        volume=freeform.get("series-part", "") or text("\xa9mvi"),
        encoder=text("\xa9too"),
        loudness=gains.read_loudness(freeform.get(gains.REPLAY_GAIN.lower(), "")),
        seconds=length_of(book, file.info.length),
        changes=edits.read_note(freeform.get(edits.KEY, "")),
        cover_file=cover,
    )


def _chapters(path: Path, file: Any, *, is_ours: bool) -> tuple[FileChapter, ...]:
    """Return chapters from the track that we write them to; of others first from Nero's list.

    The list holds at most 255 chapters, and short titles.
    """
    nero = list(file.chapters or ())
    if not is_ours and nero:
        starts = [chapter.start for chapter in nero]
        return consecutive_chapters([chapter.title for chapter in nero], starts, file.info.length)
    from audiobook.outputs.m4b import read_chapters

    rate = file.info.sample_rate
    try:
        with path.open("rb") as stream:
            bound = read_chapters(stream, rate)
    except (IndexError, KeyError, ValueError, struct.error):  # none, or damaged
        return ()
    return tuple(
        FileChapter(title=chapter.title, start=chapter.start / rate, end=chapter.end / rate)
        for chapter in bound
    )


def _language(path: Path) -> str:
    from audiobook.outputs.m4b import read_language

    try:
        with path.open("rb") as stream:
            return read_language(stream)
    except (IndexError, ValueError, struct.error):  # of another form, so it does not tell
        return ""
