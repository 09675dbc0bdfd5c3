"""Reads what a book's file says of itself: tags, chapters, synced text, cover, frames."""

from __future__ import annotations

import base64
import struct
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from audiobook.audit import frames
from audiobook.audit.covers import measure_cover
from audiobook.audit.types import FileChapter, FileContents, SyncedSentence
from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.messages.foreign import explain
from audiobook.outputs import edits, gains, levels, lyrics, pictures
from audiobook.outputs.provenance import Provenance
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


_LOWEST_RATE, _HIGHEST_RATE = 4_000, 384_000


def read_contents(path: Path) -> FileContents:
    """Read all that a file says without its sound being decoded.

    Raises:
        SourceError: it cannot be read, or is not an MP3, M4B, Opus or WAV file.
    """
    from audiobook.outputs.damage import DAMAGED
    from audiobook.outputs.tag_reading import open_sound

    try:
        if files.is_special(path):
            raise SourceError(
                message("{path} is a pipe or a device", path=path), message("check a finished book")
            )
        with path.open("rb"):  # to tell a file that is not there from one that is not sound
            pass
        file: Any = open_sound(path)
        reader = _READERS.get(type(file).__name__)
        if reader is None:
            raise SourceError(
                message("{path} is not an MP3, M4B, Opus or WAV file", path=path),
                message("check a finished book"),
            )
        contents = reader(path, file)
        if not _LOWEST_RATE <= contents.rate <= _HIGHEST_RATE:
            raise ValueError(
                message("it says that it has {count} samples a second", count=contents.rate)
            )
        return contents
    except OSError as problem:
        raise SourceError(
            message("cannot read {path}: {reason}", path=path, reason=problem),
            message("check a finished book"),
        ) from problem
    except DAMAGED as problem:
        raise SourceError(
            message("{path} is not a sound file: {reason}", path=path, reason=explain(problem)),
            message("check a finished book"),
        ) from problem


def _read_mp3(path: Path, file: Any) -> FileContents:
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
    book = _parse_note(id3.read_note(tag))
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
        samples=_noted_samples(book, file.info.sample_rate),
        provenance=book,
        genre=str(tag.get("TCON", "")),
        publisher=str(tag.get("TPUB", "")),
        description=comments[0] if comments else "",
        album=str(tag.get("TALB", "")),
        series=freeform("series", "MVNM") or str(tag.get("MVNM", "")),
        volume=freeform("series-part", "MVIN") or str(tag.get("MVIN", "")),
        encoder=str(tag.get("TSSE", "")) or str(tag.get("TENC", "")),
        loudness=gains.read_loudness(freeform(gains.REPLAY_GAIN)),
        seconds=_length(book, file.info.length),
        changes=edits.read_note(freeform(edits.KEY)),
        cover_file=cover,
        findings=stream.findings,
    )


def _read_mp4(path: Path, file: Any) -> FileContents:
    from audiobook.outputs.m4b import tags

    tag: Mapping[str, Any] = file.tags or {}
    text, freeform = partial(tags.read_text, tag), tags.read_freeform_texts(tag)
    book = _parse_note(tags.read_note(tag))
    chapters = _mp4_chapters(path, file, is_ours=book is not None)
    cover = bytes(next(iter(tag.get("covr", ())), b""))
    return FileContents(
        format="m4b",
        title=text("\xa9nam"),
        author=text("\xa9ART"),
        narrator=text("\xa9nrt") or text("\xa9wrt"),
        language=freeform.get("language", "") or _mp4_language(path),
        date=text("\xa9day"),
        rate=file.info.sample_rate,
        channels=file.info.channels,
        bitrate=file.info.bitrate / 1000,
        constant=False,
        size=path.stat().st_size,
        chapters=_with_levels(chapters, freeform.get(levels.KEY, "")),
        toc_order=tuple(range(len(chapters))) if chapters else None,
        sentences=_synced_sentences(freeform.get(lyrics.KEY.lower(), "")),
        cover=measure_cover(cover) if cover else None,
        samples=_noted_samples(book, file.info.sample_rate),
        provenance=book,
        genre=text("\xa9gen"),
        publisher=text("\xa9pub"),
        description=text("ldes") or text("desc"),
        album=text("\xa9alb"),
        series=freeform.get("series", "") or text("\xa9mvn"),
        volume=freeform.get("series-part", "") or text("\xa9mvi"),
        encoder=text("\xa9too"),
        loudness=gains.read_loudness(freeform.get(gains.REPLAY_GAIN.lower(), "")),
        seconds=_length(book, file.info.length),
        changes=edits.read_note(freeform.get(edits.KEY, "")),
        cover_file=cover,
    )


def _mp4_chapters(path: Path, file: Any, *, is_ours: bool) -> tuple[FileChapter, ...]:
    """Return chapters from the track that we write them to; of others first from Nero's list.

    The list holds at most 255 chapters, and short titles.
    """
    nero = list(file.chapters or ())
    if not is_ours and nero:
        starts = [chapter.start for chapter in nero]
        return _consecutive_chapters([chapter.title for chapter in nero], starts, file.info.length)
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


def _mp4_language(path: Path) -> str:
    from audiobook.outputs.m4b import read_language

    try:
        with path.open("rb") as stream:
            return read_language(stream)
    except (IndexError, ValueError, struct.error):  # of another form, so it does not tell
        return ""


def _read_opus(path: Path, file: Any) -> FileContents:
    from mutagen.flac import Picture as FlacPicture

    from audiobook.outputs import opus

    comments = opus.read_comments(file)
    chapters = opus.read_chapters(comments)
    size = path.stat().st_size
    book = _parse_note(opus.read_note(comments))
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
        chapters=_with_levels(
            _consecutive_chapters(
                [title for _, title in chapters], [start for start, _ in chapters], file.info.length
            ),
            comments.get(levels.KEY, ""),
        ),
        toc_order=tuple(range(len(chapters))) if chapters else None,
        sentences=_synced_sentences(comments.get(lyrics.KEY.lower(), "")),
        cover=measure_cover(cover) if cover else None,
        samples=_noted_samples(book, 48_000),
        provenance=book,
        genre=comments.get("genre", ""),
        publisher=comments.get("organization", ""),
        description=comments.get("description", ""),
        album=comments.get("album", ""),
        series=comments.get("series", ""),
        volume=comments.get("series-part", ""),
        encoder=str(getattr(file.tags, "vendor", "")),
        loudness=gains.read_loudness("", comments.get(gains.R128.lower(), "none")),
        seconds=_length(book, file.info.length),
        changes=edits.read_note(comments.get(edits.KEY, "")),
        unlisted_chapters=max(opus.count_chapters(comments) - len(chapters), 0),
        cover_file=cover,
    )


def _read_wav(path: Path, file: Any) -> FileContents:
    """Read a sound for a film, which has no chapters, and of tags only a title and an author."""
    from audiobook.outputs import wav

    title, author, encoder, note = wav.read_texts(path)
    book = _parse_note(note)
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
        samples=_noted_samples(book, file.info.sample_rate),
        provenance=book,
        album=title,
        encoder=encoder,
        seconds=_length(book, file.info.length),
    )


_READERS: dict[str, Callable[[Path, Any], FileContents]] = {
    "MP3": _read_mp3,
    "MP4": _read_mp4,
    "OggOpus": _read_opus,
    "WAVE": _read_wav,
}


def _consecutive_chapters(
    titles: Sequence[str], starts: Sequence[float], end: float
) -> tuple[FileChapter, ...]:
    """Return chapters of which only the beginnings are known: each lasts until the next."""
    ends = [*starts[1:], end][: len(starts)]
    return tuple(
        FileChapter(title=title, start=start, end=end)
        for title, start, end in zip(titles, starts, ends, strict=True)
    )


def _synced_sentences(synced: str) -> tuple[SyncedSentence, ...]:
    return tuple(SyncedSentence(seconds, text) for seconds, text in lyrics.parse_lrc(synced))


def _with_levels(chapters: Sequence[FileChapter], text: str) -> tuple[FileChapter, ...]:
    """Return chapters with their levels, and with the titles of the parts that they stand in."""
    parts: list[str] = []
    placed = []
    for chapter, level in zip(chapters, levels.parse_levels(text, len(chapters)), strict=True):
        parts[level - 1 :] = [chapter.title]
        parent = parts[-2] if level > 1 and len(parts) > 1 else ""
        placed.append(replace(chapter, level=level, parent=parent))
    return tuple(placed)


def _size_of_comments(file: Any) -> int:
    """Return about how many bytes of an Opus file are comments, not sound."""
    return sum(len(key) + len(value.encode()) for key, value in file.tags or ())


def _parse_note(note: str) -> Provenance | None:
    try:
        return Provenance.parse(note)
    except ValueError:
        return None


def _length(book: Provenance | None, seconds: float) -> float:
    """Return the length that a book's note tells, else the one that mutagen read, in seconds."""
    return book.samples / book.rate if book else float(seconds)


def _noted_samples(book: Provenance | None, rate: int) -> int | None:
    """Return the length that a book's note tells, in samples at this rate; None without one."""
    return None if book is None else round(book.samples * rate / book.rate)
