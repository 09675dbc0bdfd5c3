"""Reads what a book's file says of itself: tags, chapters, synced text, cover, frames."""

from __future__ import annotations

import base64
import re
import struct
from typing import TYPE_CHECKING, Any

from audiobook.audit import frames
from audiobook.audit.covers import measure_cover
from audiobook.audit.types import FileChapter, FileContents, SyncedSentence
from audiobook.errors import SourceError
from audiobook.outputs import lyrics, provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_FRONT_COVER = 3
_LOWEST_RATE, _HIGHEST_RATE = 4_000, 384_000
_MILLISECONDS = 2  # as SYLT counts them
_CHAPTER = re.compile(r"chapter(\d{3})")
_ITUNES = "----:com.apple.iTunes:"


def read_contents(path: Path) -> FileContents:
    """Read all that a file says without its sound being decoded.

    Raises:
        SourceError: it cannot be read, or is no MP3, M4B or Opus file.
    """
    import mutagen

    from audiobook.outputs.damage import DAMAGED

    try:
        with path.open("rb"):  # to tell a file that is not there from one that is not sound
            pass
        file: Any = mutagen.File(path)
        reader = _READERS.get(type(file).__name__)
        if reader is None:
            raise SourceError(f"{path} is no MP3, M4B or Opus file", "check a finished book")
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
            f"{path} is no sound file: {problem}", "check a finished book"
        ) from problem


def _read_mp3(path: Path, file: Any) -> FileContents:
    from mutagen.id3 import ID3

    from audiobook.outputs.mp3 import toc

    tag = file.tags if file.tags is not None else ID3()
    stream = frames.walk(path)
    chapters = tag.getall("CHAP")
    entries = list(toc.walk_tables(tag))
    parts = {entry.name: entry.part for entry in reversed(entries)}
    positions = {chapter.element_id: index for index, chapter in enumerate(chapters)}
    has_tables = bool(tag.getall("CTOC"))
    sentences = [
        SyncedSentence(milliseconds / 1000, text)
        for synced in tag.getall("SYLT")
        if synced.format == _MILLISECONDS
        for text, milliseconds in synced.text
    ]
    pictures = tag.getall("APIC")
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
                str(chapter.sub_frames.get("TIT2", "")),
                chapter.start_time / 1000,
                chapter.end_time / 1000,
                parts.get(chapter.element_id, ""),
            )
            for chapter in chapters
        ),
        toc_order=tuple(positions[entry.name] for entry in entries) if has_tables else None,
        sentences=tuple(sentences),
        cover=_front_cover(pictures),
        samples=_noted_samples(str(tag.get(f"TXXX:{provenance.KEY}", "")), file.info.sample_rate),
        findings=stream.findings,
    )


def _read_mp4(path: Path, file: Any) -> FileContents:
    tag: Mapping[str, Any] = file.tags or {}

    def text(name: str) -> str:
        return str(next(iter(tag.get(name, ())), ""))

    freeform = {
        name.removeprefix(_ITUNES).lower(): bytes(values[0]).decode(errors="replace")
        for name, values in tag.items()
        if name.startswith(_ITUNES) and values
    }
    samples = _noted_samples(freeform.get(provenance.KEY, ""), file.info.sample_rate)
    chapters = _mp4_chapters(path, file, is_ours=samples is not None)
    pictures = tag.get("covr", ())
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
        cover=measure_cover(bytes(pictures[0])) if pictures else None,
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
    from mutagen.flac import Picture

    comments = {key.lower(): value for key, value in file.tags or ()}
    keys = sorted(key for key in comments if _CHAPTER.fullmatch(key))
    starts = [_seconds(comments[key]) for key in keys]
    size = path.stat().st_size
    pictures = [
        Picture(base64.b64decode(value))
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
            [comments.get(f"{key}name", "") for key in keys], starts, file.info.length
        ),
        toc_order=tuple(range(len(keys))) if keys else None,
        sentences=_synced_sentences(comments.get(lyrics.KEY.lower(), "")),
        cover=_front_cover(pictures),
        samples=_noted_samples(comments.get(provenance.KEY, ""), 48_000),
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


def _front_cover(pictures: Sequence[Any]) -> Any:
    """Return the kind and size of the front cover, or of the first picture; None without any."""
    fronts = [picture for picture in pictures if int(picture.type) == _FRONT_COVER]
    chosen = next(iter([*fronts, *pictures]), None)
    return None if chosen is None else measure_cover(chosen.data)


def _noted_samples(note: str, rate: int) -> int | None:
    """Return the length in a note of provenance, in samples at this rate; None without one."""
    words = note.split()
    if len(words) < 3 or not (words[1].isdecimal() and words[2].isdecimal()) or words[1] == "0":
        return None
    return round(int(words[2]) * rate / int(words[1]))


def _seconds(text: str) -> float:
    seconds = 0.0
    for digits in text.split(":"):
        seconds = seconds * 60 + float(digits)
    return seconds
