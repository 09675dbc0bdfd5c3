"""What a book's file says of itself: tags, chapters, synced text, cover, frames."""

from __future__ import annotations

import base64
import re
import struct
from typing import TYPE_CHECKING, Any

from audiobook.audit import frames
from audiobook.audit.covers import look_at
from audiobook.audit.types import Contents, Line, Part
from audiobook.errors import SourceError
from audiobook.outputs import lyrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# What `build` notes in every book: an order, samples a second, samples, sentences.
_ORDER = "audiobook-order"
_FRONT_COVER = 3
_TOP_LEVEL = 1
_LOWEST_RATE, _HIGHEST_RATE = 4_000, 384_000
_MILLISECONDS = 2  # as SYLT counts them
_CHAPTER = re.compile(r"chapter(\d{3})")
_ITUNES = "----:com.apple.iTunes:"


def read(path: Path) -> Contents:
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


def _read_mp3(path: Path, file: Any) -> Contents:
    from mutagen.id3 import ID3

    tag = file.tags if file.tags is not None else ID3()
    found = frames.walk(path)
    chapters = tag.getall("CHAP")
    parents, listed = _tables(tag, [chapter.element_id for chapter in chapters])
    lines = [
        Line(at / 1000, text)
        for synced in tag.getall("SYLT")
        if synced.format == _MILLISECONDS
        for text, at in synced.text
    ]
    pictures = tag.getall("APIC")
    return Contents(
        format="mp3",
        title=str(tag.get("TIT2", "")),
        author=str(tag.get("TPE1", "")),
        narrator=str(tag.get("TPE2", "")),
        language=str(tag.get("TLAN", "")),
        date=str(tag.get("TDRC", "")),
        rate=file.info.sample_rate,
        channels=file.info.channels,
        bitrate=found.bitrate,
        constant=found.constant,
        size=path.stat().st_size,
        parts=tuple(
            Part(
                str(chapter.sub_frames.get("TIT2", "")),
                chapter.start_time / 1000,
                chapter.end_time / 1000,
                parents.get(chapter.element_id, ""),
            )
            for chapter in chapters
        ),
        listed=listed,
        lines=tuple(lines),
        cover=_front(pictures),
        samples=_noted(str(tag.get(f"TXXX:{_ORDER}", "")), file.info.sample_rate),
        findings=found.findings,
    )


def _tables(tag: Any, names: Sequence[str]) -> tuple[dict[str, str], tuple[int, ...] | None]:
    """Walk over the tables of contents.

    Returns the title of the part that each chapter stands in, and the positions of the chapters
    in the order of the tables; None without any.
    """
    tables = {table.element_id: table for table in tag.getall("CTOC")}
    tops = [name for name, table in tables.items() if int(table.flags) & _TOP_LEVEL]
    if not tables:
        return {}, None
    position = {name: place for place, name in enumerate(names)}
    parents: dict[str, str] = {}
    listed: list[int] = []
    # Each with the title of what it stands in; a table that holds itself is entered once.
    waiting = [(name, "") for name in reversed(tops or list(tables)[:1])]
    seen: set[str] = set()
    while waiting:
        name, inside = waiting.pop()
        if name in position:
            parents.setdefault(name, inside)
            listed.append(position[name])
        elif name in tables and name not in seen:
            seen.add(name)
            title = str(tables[name].sub_frames.get("TIT2", "")) or inside
            waiting += [(child, title) for child in reversed(tables[name].child_element_ids)]
    return parents, tuple(listed)


def _read_mp4(path: Path, file: Any) -> Contents:
    tag: Mapping[str, Any] = file.tags or {}

    def text(name: str) -> str:
        return str(next(iter(tag.get(name, ())), ""))

    free = {
        name.removeprefix(_ITUNES).lower(): bytes(value[0]).decode(errors="replace")
        for name, value in tag.items()
        if name.startswith(_ITUNES) and value
    }
    noted = _noted(free.get(_ORDER, ""), file.info.sample_rate)
    parts = _mp4_parts(path, file, is_ours=noted is not None)
    pictures = tag.get("covr", ())
    return Contents(
        format="m4b",
        title=text("\xa9nam"),
        author=text("\xa9ART"),
        narrator=text("\xa9nrt") or text("\xa9wrt"),
        language=free.get("language", ""),
        date=text("\xa9day"),
        rate=file.info.sample_rate,
        channels=file.info.channels,
        bitrate=file.info.bitrate / 1000,
        constant=False,
        size=path.stat().st_size,
        parts=parts,
        listed=tuple(range(len(parts))) if parts else None,
        lines=_lines(free.get(lyrics.KEY.lower(), "")),
        cover=look_at(bytes(pictures[0])) if pictures else None,
        samples=noted,
    )


def _mp4_parts(path: Path, file: Any, *, is_ours: bool) -> tuple[Part, ...]:
    """Return chapters from Nero's list, or from the track that we write them to.

    The list holds at most 255: a book of more has none.
    """
    if file.chapters or not is_ours:
        chapters = list(file.chapters or ())
        starts = [chapter.start for chapter in chapters]
        return _in_a_row([chapter.title for chapter in chapters], starts, file.info.length)
    from audiobook.outputs.m4b import read_chapters

    rate = file.info.sample_rate
    try:
        with path.open("rb") as opened:
            found = read_chapters(opened)
    except (KeyError, struct.error):  # damaged: it has no chapters that could be shown
        return ()
    return tuple(Part(one.title, one.start / rate, one.end / rate) for one in found)


def _read_opus(path: Path, file: Any) -> Contents:
    from mutagen.flac import Picture

    known = {key.lower(): value for key, value in file.tags or ()}
    keys = sorted(key for key in known if _CHAPTER.fullmatch(key))
    starts = [_clock(known[key]) for key in keys]
    size = path.stat().st_size
    pictures = [
        Picture(base64.b64decode(value))
        for key, value in file.tags or ()
        if key.lower() == "metadata_block_picture"
    ]
    return Contents(
        format="opus",
        title=known.get("title", ""),
        author=known.get("artist", ""),
        narrator=known.get("performer", ""),
        language=known.get("language", ""),
        date=known.get("date", ""),
        rate=48_000,
        channels=file.info.channels,
        bitrate=size * 8 / 1000 / max(file.info.length, 1),
        constant=False,
        size=size,
        parts=_in_a_row([known.get(f"{key}name", "") for key in keys], starts, file.info.length),
        listed=tuple(range(len(keys))) if keys else None,
        lines=_lines(known.get(lyrics.KEY.lower(), "")),
        cover=_front(pictures),
        samples=_noted(known.get(_ORDER, ""), 48_000),
    )


_READERS: dict[str, Callable[[Path, Any], Contents]] = {
    "MP3": _read_mp3,
    "MP4": _read_mp4,
    "OggOpus": _read_opus,
}


def _in_a_row(titles: Sequence[str], starts: Sequence[float], end: float) -> tuple[Part, ...]:
    """Make chapters of formats that know beginnings only: each lasts until the next."""
    ends = [*starts[1:], end]
    return tuple(map(Part, titles, starts, ends))


def _lines(synced: str) -> tuple[Line, ...]:
    return tuple(Line(at, text) for at, text in lyrics.read(synced))


def _front(pictures: Sequence[Any]) -> Any:
    """Return what the front cover is, or the first picture; None without any."""
    fronts = [picture for picture in pictures if int(picture.type) == _FRONT_COVER]
    chosen = next(iter([*fronts, *pictures]), None)
    return None if chosen is None else look_at(chosen.data)


def _noted(said: str, rate: int) -> int | None:
    """Return the length a book was made with, in samples at this rate."""
    words = said.split()
    if len(words) < 3 or not (words[1].isdecimal() and words[2].isdecimal()) or words[1] == "0":
        return None
    return round(int(words[2]) * rate / int(words[1]))


def _clock(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
