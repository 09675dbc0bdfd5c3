"""Reads what a book's file says of itself: tags, chapters, synced text, cover, frames."""

from __future__ import annotations

import base64
import struct
from functools import partial
from typing import TYPE_CHECKING, Any

from audiobook.audit import frames
from audiobook.audit.covers import measure_cover
from audiobook.audit.types import FileChapter, FileContents, SyncedSentence
from audiobook.errors import SourceError
from audiobook.outputs import lyrics, pictures
from audiobook.outputs.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from audiobook.audit.types import Picture

_LOWEST_RATE, _HIGHEST_RATE = 4_000, 384_000


def read_contents(path: Path) -> FileContents:
    """Read all that a file says without its sound being decoded.

    Raises:
        SourceError: it cannot be read, or is not an MP3, M4B or Opus file.
    """
    import mutagen

    from audiobook.outputs.damage import DAMAGED

    try:
        with path.open("rb"):  # to tell a file that is not there from one that is not sound
            pass
        file: Any = mutagen.File(path)
        reader = _READERS.get(type(file).__name__)
        if reader is None:
            raise SourceError(f"{path} is not an MP3, M4B or Opus file", "check a finished book")
        contents = reader(path, file)
        if not _LOWEST_RATE <= contents.rate <= _HIGHEST_RATE:
            raise ValueError(f"it says that it has {contents.rate} samples a second")
        return contents
    except OSError as problem:
        raise SourceError(
            f"cannot read {path}: {problem.strerror or problem}", "check a finished book"
        ) from problem
    except DAMAGED as problem:
        raise SourceError(
            f"{path} is not a sound file: {problem}", "check a finished book"
        ) from problem


def _read_mp3(path: Path, file: Any) -> FileContents:
    from mutagen.id3 import ID3

    from audiobook.outputs.mp3 import id3, toc

    tag = file.tags if file.tags is not None else ID3()
    stream = frames.walk(path)
    chapters = id3.read_chapters(tag)
    entries = list(toc.walk_tables(tag))
    parts = {entry.name: entry.part for entry in reversed(entries)}
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
                chapter.title,
                chapter.start / 1000,
                chapter.end / 1000,
                parts.get(chapter.name, ""),
            )
            for chapter in chapters
        ),
        toc_order=tuple(positions[entry.name] for entry in entries) if has_tables else None,
        sentences=tuple(sentences),
        cover=_front_cover(tag.getall("APIC")),
        samples=_noted_samples(id3.read_note(tag), file.info.sample_rate),
        findings=stream.findings,
    )


def _read_mp4(path: Path, file: Any) -> FileContents:
    from audiobook.outputs.m4b import tags

    tag: Mapping[str, Any] = file.tags or {}
    text, freeform = partial(tags.read_text, tag), tags.read_freeform_texts(tag)
    samples = _noted_samples(tags.read_note(tag), file.info.sample_rate)
    chapters = _mp4_chapters(path, file, is_ours=samples is not None)
    covers = tag.get("covr", ())
    return FileContents(
        format="m4b",
        title=text("\xa9nam"),
        author=text("\xa9ART"),
        narrator=text("\xa9nrt") or text("\xa9wrt"),
        language=freeform.get("language", ""),
        date=text("\xa9day"),
        rate=file.info.sample_rate,
        channels=file.info.channels,
        bitrate=file.info.bitrate / 1000,
        constant=False,
        size=path.stat().st_size,
        chapters=chapters,
        toc_order=tuple(range(len(chapters))) if chapters else None,
        sentences=_synced_sentences(freeform.get(lyrics.KEY.lower(), "")),
        cover=measure_cover(bytes(covers[0])) if covers else None,
        samples=samples,
    )


def _mp4_chapters(path: Path, file: Any, *, is_ours: bool) -> tuple[FileChapter, ...]:
    """Return chapters from Nero's list, or from the track that we write them to.

    The list holds at most 255 chapters: a book with more has no list.
    """
    if file.chapters or not is_ours:
        nero = list(file.chapters or ())
        starts = [chapter.start for chapter in nero]
        return _consecutive_chapters([chapter.title for chapter in nero], starts, file.info.length)
    from audiobook.outputs.m4b import read_chapters

    rate = file.info.sample_rate
    try:
        with path.open("rb") as stream:
            bound = read_chapters(stream)
    except (KeyError, struct.error):  # damaged, so there are no chapters to show
        return ()
    return tuple(
        FileChapter(chapter.title, chapter.start / rate, chapter.end / rate) for chapter in bound
    )


def _read_opus(path: Path, file: Any) -> FileContents:
    from mutagen.flac import Picture as FlacPicture

    from audiobook.outputs import opus

    comments = opus.read_comments(file)
    chapters = opus.read_chapters(comments)
    size = path.stat().st_size
    frames = [
        FlacPicture(base64.b64decode(value))
        for key, value in file.tags or ()
        if key.lower() == "metadata_block_picture"
    ]
    return FileContents(
        format="opus",
        title=comments.get("title", ""),
        author=comments.get("artist", ""),
        narrator=comments.get("performer", ""),
        language=comments.get("language", ""),
        date=comments.get("date", ""),
        rate=48_000,
        channels=file.info.channels,
        bitrate=size * 8 / 1000 / max(file.info.length, 1),
        constant=False,
        size=size,
        chapters=_consecutive_chapters(
            [title for _, title in chapters], [start for start, _ in chapters], file.info.length
        ),
        toc_order=tuple(range(len(chapters))) if chapters else None,
        sentences=_synced_sentences(comments.get(lyrics.KEY.lower(), "")),
        cover=_front_cover(frames),
        samples=_noted_samples(opus.read_note(comments), 48_000),
    )


_READERS: dict[str, Callable[[Path, Any], FileContents]] = {
    "MP3": _read_mp3,
    "MP4": _read_mp4,
    "OggOpus": _read_opus,
}


def _consecutive_chapters(
    titles: Sequence[str], starts: Sequence[float], end: float
) -> tuple[FileChapter, ...]:
    """Return chapters of which only the beginnings are known: each lasts until the next."""
    ends = [*starts[1:], end]
    return tuple(map(FileChapter, titles, starts, ends))


def _synced_sentences(synced: str) -> tuple[SyncedSentence, ...]:
    return tuple(SyncedSentence(seconds, text) for seconds, text in lyrics.parse_lrc(synced))


def _front_cover(frames: Sequence[Any]) -> Picture | None:
    """Return the kind and size of the front cover, or of the first picture; None without any."""
    cover = pictures.front_cover(frames)
    return None if cover is None else measure_cover(cover)


def _noted_samples(note: str, rate: int) -> int | None:
    """Return the length in a note of provenance, in samples at this rate; None without one."""
    try:
        book = Provenance.parse(note)
    except ValueError:
        return None
    return round(book.samples * rate / book.rate)
