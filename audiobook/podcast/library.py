"""A folder of MP3 books becomes Volumes, and its library.toml a Library."""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_right
from contextlib import contextmanager
from dataclasses import fields, replace
from itertools import pairwise
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from audiobook.config.toml import load_toml
from audiobook.errors import SourceError, UsageError
from audiobook.model import BoundChapter, Cue, Meta
from audiobook.outputs import languages, pictures
from audiobook.outputs.mp3 import id3, samples_per_frame, toc
from audiobook.outputs.provenance import Provenance
from audiobook.podcast import categories, cutting, wording
from audiobook.podcast.model import Library, Volume

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mutagen.id3 import ID3

NAME = "library.toml"

_SETTINGS = [field.name for field in fields(Library)]
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
# Frames that are large in a long book.
_LARGE_FRAMES = {"APIC", "SYLT", "USLT"}
# Pages nest chapters by their levels: a limit to what a strange file can ask of them.
_DEEPEST = 9


# --- library.toml -------------------------------------------------------------------------------


def read_library(folder: Path) -> Library:
    """Read ``library.toml`` of a folder; without it the library has the name of the folder.

    Raises:
        UsageError: the file is not valid; the message names the line.
    """
    path = folder / NAME
    title = wording.clean_line(folder.resolve().name) or "audiobook"
    if not path.exists():
        return Library(title)
    try:
        settings = load_toml(path)
    except ValueError as problem:
        raise UsageError(f"{path}: {problem}", "fix the file") from problem
    try:
        values = {key: _checked_setting(key, value, folder) for key, value in settings.items()}
    except _SettingError as problem:
        where = f"{path}, line {_line_of_setting(path, problem.key)}"
        raise UsageError(f"{where}: {problem}", "fix the file") from problem
    return Library(**{"title": title, **{key: value for key, value in values.items() if value}})


class _SettingError(ValueError):
    """A setting of ``library.toml`` that is not valid."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key


def _checked_setting(key: str, value: object, folder: Path) -> Any:
    if key not in _SETTINGS:
        raise _SettingError(key, f"there is no setting {key!r}; there are {', '.join(_SETTINGS)}")
    if key == "category":
        return _checked_category(value)
    if key == "explicit":
        if not isinstance(value, bool):
            raise _SettingError(key, f"explicit must be true or false, not {value!r}")
        return value
    if not isinstance(value, str):
        raise _SettingError(key, f"{key} must be text, not {value!r}")
    text = wording.clean_lines(value) if key == "description" else wording.clean_line(value)
    if key == "email" and text and not _EMAIL.fullmatch(text):
        raise _SettingError(key, f"{value!r} is not an e-mail address")
    if key == "language" and not _LANGUAGE.fullmatch(text):
        raise _SettingError(key, f"{value!r} is not a language tag such as vi or en-GB")
    if key == "guid" and text:
        try:
            return str(UUID(text))
        except ValueError as problem:
            raise _SettingError(key, f"{value!r} is not a UUID") from problem
    return _read_picture(folder / text) if key == "artwork" and text else text


def _checked_category(value: object) -> tuple[str, ...]:
    parts = [part.strip() for part in value.split(">")] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise _SettingError(
            "category", f'category must be text, as in "Arts > Books", not {value!r}'
        )
    if not categories.is_known(tuple(parts)):
        name = " > ".join(parts)
        raise _SettingError("category", f"Apple has no category {name!r}: capitals count")
    return tuple(parts)


def _read_picture(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is not a file")
        data = path.read_bytes()
    except (OSError, ValueError) as problem:  # some texts are not file names
        reason = getattr(problem, "strerror", None) or problem
        raise _SettingError("artwork", f"cannot read {path}: {reason}") from problem
    if not data.startswith((pictures.PNG, pictures.JPEG)):
        raise _SettingError("artwork", f"{path} is neither JPEG nor PNG")
    return data


def _line_of_setting(path: Path, key: str) -> int:
    """Return the line on which a setting stands, from 1."""
    pattern = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = enumerate(path.read_text("utf-8-sig").splitlines(), 1)
    return next((number for number, text in lines if pattern.match(text)), 1)


# --- books --------------------------------------------------------------------------------------


def find_books(folder: Path) -> list[Path]:
    """Return the MP3 files of a folder in the order of their names, without those of subfolders.

    Raises:
        SourceError: the folder cannot be read.
    """
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() == ".mp3" and path.name[0] != "." and path.is_file()
        )
    except OSError as problem:
        raise SourceError(
            f"cannot read the folder {folder}: {problem.strerror}", "name a folder of MP3 books"
        ) from problem


def read_volume(path: Path) -> Volume:
    """Read a book from its MP3, without its cover and sentences: see `with_cover_and_cues`.

    A book of another program is read with the tags that it has. The name of the volume is empty.

    Raises:
        SourceError: the file cannot be read, is a link that leads out of its folder, is not an
            MP3, or a part of it is missing.
    """
    from mutagen.id3 import Frames

    small_frames = {name: frame for name, frame in Frames.items() if name not in _LARGE_FRAMES}
    if not path.resolve().is_relative_to(path.parent.resolve()):
        raise SourceError(
            f"{path} is a link to a file outside the library", "copy the book into the library"
        )
    with _errors_name_file(path), path.open("rb") as file:
        tag = _read_tag(file, small_frames)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size, changed = file.tell(), os.fstat(file.fileno()).st_mtime_ns
        length = _tagged_length(tag) or _measured_length(file)
        if length is None:
            raise ValueError("it is not an MP3")
        rate, samples = length
        meta = _read_meta(tag, path)
        chapters = _read_chapters(tag, rate, samples) or (BoundChapter("", 0, samples),)
        titled = tuple(
            _with_title(chapter, number, meta) for number, chapter in enumerate(chapters, 1)
        )
        synthetic = bool(id3.read_note(tag))
        volume = Volume(path, "", meta, rate, samples, size, digest, titled, (), synthetic, changed)
    if synthetic or len(titled) > 1:
        cutting.check_frames(volume)
    return volume


def with_cover_and_cues(volume: Volume) -> Volume:
    """Return a book with its cover and its sentences, read from its file.

    Raises:
        SourceError: the file cannot be read.
    """
    from mutagen.id3 import APIC, SYLT

    with _errors_name_file(volume.path), volume.path.open("rb") as file:
        tag = _read_tag(file, {"APIC": APIC, "SYLT": SYLT})
        cover = pictures.front_cover(tag.getall("APIC")) or b""
        borders = [*(chapter.start for chapter in volume.chapters), volume.samples]
        cues = tuple(_read_cues(tag, volume.rate, borders))
    return replace(volume, meta=replace(volume.meta, cover=cover), cues=cues)


@contextmanager
def _errors_name_file(path: Path) -> Iterator[None]:
    """Turn an exception about a book into an error that names its file."""
    from audiobook.outputs.damage import DAMAGED

    remedy = "build the book again, or take the file away"
    try:
        yield
    except OSError as problem:
        raise SourceError(f"cannot read {path}: {problem.strerror or problem}", remedy) from problem
    except (*DAMAGED, UsageError) as problem:
        raise SourceError(f"{path} cannot be read: {problem}", remedy) from problem


def _read_tag(file: IO[bytes], frames: Mapping[str, Any]) -> ID3:
    """Read these frames of a tag; return an empty tag if the file has none."""
    from mutagen.id3 import ID3, ID3NoHeaderError

    try:
        return ID3(file, known_frames=frames)
    except ID3NoHeaderError:
        return ID3()


def _tagged_length(tag: ID3) -> tuple[int, int] | None:
    """Return the sample rate and the number of samples that our own tag gives; None without it."""
    if not (note := id3.read_note(tag)):
        return None
    book = Provenance.parse(note)
    if not book.samples:
        raise ValueError("it has no sound")
    samples_per_frame(book.rate)
    return book.rate, book.samples


def _measured_length(file: IO[bytes]) -> tuple[int, int] | None:
    """Return the sample rate and the number of samples of the sound; None if it is not an MP3."""
    from mutagen.mp3 import MP3, HeaderNotFoundError

    from audiobook.outputs.damage import DAMAGED

    file.seek(0)
    try:
        info = MP3(file).info
    except HeaderNotFoundError:
        return None
    except DAMAGED as problem:
        raise ValueError(str(problem)) from problem
    if info is None or info.sketchy or info.layer != 3 or info.length <= 0:
        return None
    return info.sample_rate, round(info.length * info.sample_rate)


def _read_meta(tag: ID3, path: Path) -> Meta:
    comments = [str(comment) for comment in tag.getall("COMM") if not comment.desc]
    return Meta(
        title=_frame_text(tag, "TIT2")
        or _frame_text(tag, "TALB")
        or wording.clean_line(path.stem)
        or "?",
        author=_frame_text(tag, "TPE1"),
        narrator=_frame_text(tag, "TPE2"),
        date=_frame_text(tag, "TDRC"),
        language=languages.two_letters(_frame_text(tag, "TLAN")),
        genre=_frame_text(tag, "TCON"),
        publisher=_frame_text(tag, "TPUB"),
        description=wording.clean_lines(comments[0]) if comments else "",
    )


def _frame_text(tag: ID3, frame: str) -> str:
    return wording.clean_line(str(tag[frame])) if frame in tag else ""


def _with_title(chapter: BoundChapter, number: int, meta: Meta) -> BoundChapter:
    title = wording.clean_line(chapter.title)
    if not title:
        title = meta.title if number == 1 else f"{number}"
    return BoundChapter(title, chapter.start, chapter.end, chapter.level)


def _read_chapters(tag: ID3, rate: int, samples: int) -> tuple[BoundChapter, ...]:
    """Return the chapters in time order, without gaps; each begins with a frame of the MP3."""
    if not (marks := id3.read_chapters(tag)):
        return ()
    frame, levels = samples_per_frame(rate), _chapter_levels(tag)
    starts: dict[int, tuple[str, int]] = {}
    for mark in sorted(marks, key=attrgetter("start")):
        start = round(mark.start * rate / 1000 / frame) * frame if starts else 0
        if start < samples:
            starts.setdefault(start, (mark.title, levels.get(mark.name, 1)))
    return tuple(
        BoundChapter(title, start, end, level)
        for (start, end), (title, level) in zip(
            pairwise([*starts, samples]), starts.values(), strict=True
        )
    )


def _chapter_levels(tag: ID3) -> dict[str, int]:
    """Return the level of each chapter by the name of its CHAP frame, as the CTOC frames nest."""
    levels: dict[str, int] = {}
    for entry in toc.walk_tables(tag):
        levels.setdefault(entry.name, min(entry.level, _DEEPEST))
    return levels


def _read_cues(tag: ID3, rate: int, borders: Sequence[int]) -> Iterator[Cue]:
    """Yield the sentences of the synced text; each lasts until the next or the end of its chapter.

    Args:
        tag: the tag with the synced text, whose times are milliseconds.
        rate: samples a second.
        borders: the start of each chapter and the end of the last, in samples.
    """
    lines = next(id3.read_synced_texts(tag), [])
    sentences = [
        (_snap_to_border(time * rate // 1000, rate, borders), wording.clean_line(text))
        for time, text in lines
    ]
    sentences = sorted((sentence for sentence in sentences if sentence[1]), key=itemgetter(0))
    for (start, text), (end, _) in pairwise([*sentences, (borders[-1], "")]):
        border = borders[min(bisect_right(borders, start), len(borders) - 1)]
        if start < border:
            yield Cue(start, min(end, border), text)


def _snap_to_border(sample: int, rate: int, borders: Sequence[int]) -> int:
    """Return the start of a chapter that a time is within a millisecond of, else the time."""
    index = bisect_right(borders, sample)
    nearest = borders[max(0, index - 1) : index + 1]
    return next((border for border in nearest if abs(border - sample) <= rate // 1000), sample)
