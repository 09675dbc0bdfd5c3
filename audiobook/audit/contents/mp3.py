"""Reads what an MP3 says of itself: its ID3 tag and its frames."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from audiobook.audit import frames
from audiobook.audit.contents.notes import length_of, noted_samples, parse_note
from audiobook.audit.covers import measure_cover
from audiobook.audit.types import FileChapter, FileContents, SyncedSentence
from audiobook.outputs import edits, gains, pictures

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, file: Any) -> FileContents:
    """Return what an MP3 says, which mutagen has opened."""
    from mutagen.id3 import ID3

    from audiobook.outputs.mp3 import id3, toc

    tag = file.tags if file.tags is not None else ID3()
    freeform = partial(id3.read_freeform, tag)
    stream = frames.walk(path)
    chapters = id3.read_chapters(tag)
    entries = list(toc.walk_tables(tag))
    places = {entry.name: entry for entry in reversed(entries)}
    cover = pictures.front_cover(tag.getall("APIC")) or b""
    comments = [str(comment) for comment in tag.getall("COMM") if not comment.desc]
    book = parse_note(id3.read_note(tag))
    positions = {chapter.name: index for index, chapter in enumerate(chapters)}
    has_tables = bool(tag.getall("CTOC"))
    sentences = [
        SyncedSentence(milliseconds / 1000, text)
        for synced in id3.read_synced_texts(tag)
        for milliseconds, text in synced
    ]
    return FileContents(
        format="mp3",
        title=str(tag.get("TIT2", "")),
        author=str(tag.get("TPE1", "")),
        narrator=str(tag.get("TPE2", "")),
        language=str(tag.get("TLAN", "")),
        date=str(tag.get("TDRC", "")),
        rate=file.info.sample_rate,
        channels=file.info.channels,
        bitrate=stream.bitrate,
        constant=stream.constant,
        size=path.stat().st_size,
        chapters=tuple(
            FileChapter(
                title=chapter.title,
                start=chapter.start / 1000,
                end=chapter.end / 1000,
                parent=places[chapter.name].part if chapter.name in places else "",
                level=places[chapter.name].level if chapter.name in places else 1,
                picture=chapter.picture,
            )
            for chapter in chapters
        ),
        toc_order=tuple(positions[entry.name] for entry in entries) if has_tables else None,
        sentences=tuple(sentences),
        cover=measure_cover(cover) if cover else None,
        samples=noted_samples(book, file.info.sample_rate),
        provenance=book,
        genre=str(tag.get("TCON", "")),
        publisher=str(tag.get("TPUB", "")),
        description=comments[0] if comments else "",
        album=str(tag.get("TALB", "")),
        series=freeform("series", "MVNM") or str(tag.get("MVNM", "")),
        volume=freeform("series-part", "MVIN") or str(tag.get("MVIN", "")),
        encoder=str(tag.get("TSSE", "")) or str(tag.get("TENC", "")),
        loudness=gains.read_loudness(freeform(gains.REPLAY_GAIN)),
        seconds=length_of(book, file.info.length),
        changes=edits.read_note(freeform(edits.KEY)),
        cover_file=cover,
        findings=stream.findings,
    )
