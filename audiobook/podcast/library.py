"""A folder of MP3 books becomes Volumes, and its library.toml a Library."""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_right
from contextlib import contextmanager
from dataclasses import fields, replace
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from audiobook.config.toml import load_toml
from audiobook.errors import SourceError, UsageError
from audiobook.model import BoundChapter, Cue, Meta
from audiobook.outputs import languages, provenance
from audiobook.outputs.mp3 import samples_per_frame
from audiobook.podcast import categories, cutting, wording
from audiobook.podcast.shelf import Library, Volume

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mutagen.id3 import ID3

NAME = "library.toml"

_KEYS = [field.name for field in fields(Library)]
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
# What a long book has much of.
_LARGE = {"APIC", "SYLT", "USLT"}
_TOP_LEVEL = 2
# Pages nest chapters as deep as they are.
_DEEPEST = 9
_ORDER = f"TXXX:{provenance.KEY}"


# --- library.toml -------------------------------------------------------------------------------


def read_library(folder: Path) -> Library:
    """Read ``library.toml`` of a folder; without one the library is called as the folder is.

    Raises:
        UsageError: the file is not right; the message names the line.
    """
    path = folder / NAME
    title = wording.line(folder.resolve().name) or "audiobook"
    if not path.exists():
        return Library(title)
    try:
        settings = load_toml(path)
    except ValueError as problem:
        raise UsageError(f"{path}: {problem}", "fix the file") from problem
    try:
        said = {key: _value(key, value, folder) for key, value in settings.items()}
    except _SettingError as problem:
        where = f"{path}, line {_line_of(path, problem.key)}"
        raise UsageError(f"{where}: {problem}", "fix the file") from problem
    return Library(**{"title": title, **{key: value for key, value in said.items() if value}})


class _SettingError(ValueError):
    """A setting that cannot be."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key


def _value(key: str, value: object, folder: Path) -> Any:
    if key not in _KEYS:
        raise _SettingError(key, f"there is no setting {key!r}; there are {', '.join(_KEYS)}")
    if key == "category":
        return _category(value)
    if key == "explicit":
        if not isinstance(value, bool):
            raise _SettingError(key, f"explicit must be true or false, not {value!r}")
        return value
    if not isinstance(value, str):
        raise _SettingError(key, f"{key} must be text, not {value!r}")
    text = wording.lines(value) if key == "description" else wording.line(value)
    if key == "email" and text and not _EMAIL.fullmatch(text):
        raise _SettingError(key, f"{value!r} is no e-mail address")
    if key == "language" and not _LANGUAGE.fullmatch(text):
        raise _SettingError(key, f"{value!r} is no language tag, as vi or en-GB is")
    if key == "guid" and text:
        try:
            return str(UUID(text))
        except ValueError as problem:
            raise _SettingError(key, f"{value!r} is no UUID") from problem
    return _picture(folder / text) if key == "artwork" and text else text


def _category(value: object) -> tuple[str, ...]:
    parts = [part.strip() for part in value.split(">")] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise _SettingError(
            "category", f'category must be text, as in "Arts > Books", not {value!r}'
        )
    if not categories.is_known(tuple(parts)):
        name = " > ".join(parts)
        raise _SettingError("category", f"Apple has no category {name!r}: capitals count")
    return tuple(parts)


def _picture(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is no file")
        data = path.read_bytes()
    except (OSError, ValueError) as problem:  # no name of a file, some of them
        said = getattr(problem, "strerror", None) or problem
        raise _SettingError("artwork", f"cannot read {path}: {said}") from problem
    if not data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise _SettingError("artwork", f"{path} is neither JPEG nor PNG")
    return data


def _line_of(path: Path, key: str) -> int:
    """Return the line on which a setting stands, from 1."""
    written = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    found = enumerate(path.read_text("utf-8-sig").splitlines(), 1)
    return next((number for number, text in found if written.match(text)), 1)


# --- books --------------------------------------------------------------------------------------


def find_books(folder: Path) -> list[Path]:
    """Return the MP3 files of a folder by name, those of folders in it left out.

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
    """Read what is known of a book, but its sentences and its cover, which `complete` adds.

    One that was not made here is taken with what it has. It has no name yet.

    Raises:
        SourceError: it cannot be read, is a link that leads out of its folder, is no MP3, or some
            of it is missing.
    """
    from mutagen import id3

    small = {name: frame for name, frame in id3.Frames.items() if name not in _LARGE}
    if not path.resolve().is_relative_to(path.parent.resolve()):
        raise SourceError(
            f"{path} is a link to a file outside the library", "copy the book into the library"
        )
    with _told_of(path), path.open("rb") as file:
        tag = _tag(file, small)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size, changed = file.tell(), os.fstat(file.fileno()).st_mtime_ns
        known = _known(tag) or _measured(file)
        if known is None:
            raise ValueError("it is no MP3")
        rate, samples = known
        meta = _meta(tag, path)
        chapters = _chapters(tag, rate, samples) or (BoundChapter("", 0, samples),)
        titled = tuple(_titled(one, number, meta) for number, one in enumerate(chapters, 1))
        ours = _ORDER in tag
        volume = Volume(path, "", meta, rate, samples, size, digest, titled, (), ours, changed)
    if ours or len(titled) > 1:
        cutting.check(volume)
    return volume


def complete(volume: Volume) -> Volume:
    """Read the cover and the sentences of a book too.

    Raises:
        SourceError: it cannot be read.
    """
    from mutagen import id3

    with _told_of(volume.path), volume.path.open("rb") as file:
        tag = _tag(file, {name: getattr(id3, name) for name in ("APIC", "SYLT")})
        # The front cover before any other picture.
        pictures = sorted(tag.getall("APIC"), key=lambda picture: picture.type != 3)
        cover = bytes(pictures[0].data) if pictures else b""
        borders = [*(chapter.start for chapter in volume.chapters), volume.samples]
        cues = tuple(_cues(tag, volume.rate, borders))
    return replace(volume, meta=replace(volume.meta, cover=cover), cues=cues)


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a book into an error that names it."""
    from audiobook.outputs.damage import DAMAGED

    remedy = "build the book again, or take the file away"
    try:
        yield
    except OSError as problem:
        raise SourceError(f"cannot read {path}: {problem.strerror or problem}", remedy) from problem
    except (*DAMAGED, UsageError) as problem:
        raise SourceError(f"{path} cannot be read: {problem}", remedy) from problem


def _tag(file: IO[bytes], frames: Mapping[str, Any]) -> ID3:
    """Read these frames of a tag; an empty one where there is none."""
    from mutagen.id3 import ID3, ID3NoHeaderError

    try:
        return ID3(file, known_frames=frames)
    except ID3NoHeaderError:
        return ID3()


def _known(tag: ID3) -> tuple[int, int] | None:
    """Return the rate and the length in samples that this program wrote down."""
    if _ORDER not in tag:
        return None
    _, rate, samples, *_ = str(tag[_ORDER]).split()
    if int(samples) <= 0:
        raise ValueError("it has no sound")
    samples_per_frame(int(rate))
    return int(rate), int(samples)


def _measured(file: IO[bytes]) -> tuple[int, int] | None:
    """Return the rate and the length in samples that the sound has."""
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


def _meta(tag: ID3, path: Path) -> Meta:
    comments = [str(one) for one in tag.getall("COMM") if not one.desc]
    return Meta(
        title=_first(tag, "TIT2") or _first(tag, "TALB") or wording.line(path.stem) or "?",
        author=_first(tag, "TPE1"),
        narrator=_first(tag, "TPE2"),
        date=_first(tag, "TDRC"),
        language=languages.two_letters(_first(tag, "TLAN")),
        genre=_first(tag, "TCON"),
        publisher=_first(tag, "TPUB"),
        description=wording.lines(comments[0]) if comments else "",
    )


def _first(tag: ID3, frame: str) -> str:
    return wording.line(str(tag[frame])) if frame in tag else ""


def _titled(chapter: BoundChapter, number: int, meta: Meta) -> BoundChapter:
    title = wording.line(chapter.title)
    if not title:
        title = meta.title if number == 1 else f"{number}"
    return BoundChapter(title, chapter.start, chapter.end, chapter.level)


def _chapters(tag: ID3, rate: int, samples: int) -> tuple[BoundChapter, ...]:
    """Return the chapters in time order, without gaps; each begins with a frame of the sound."""
    if not (found := tag.getall("CHAP")):
        return ()
    frame, levels = samples_per_frame(rate), _levels(tag)
    starts: dict[int, tuple[str, int]] = {}
    for one in sorted(found, key=lambda one: int(one.start_time)):
        start = round(one.start_time * rate / 1000 / frame) * frame if starts else 0
        if start < samples:
            title = str(one.sub_frames.get("TIT2", ""))
            starts.setdefault(start, (title, levels.get(one.element_id, 1)))
    return tuple(
        BoundChapter(title, start, end, level)
        for (start, end), (title, level) in zip(
            pairwise([*starts, samples]), starts.values(), strict=True
        )
    )


def _levels(tag: ID3) -> dict[str, int]:
    """Return the level of each chapter by its element's name, as the tables of contents nest."""
    tables = {one.element_id: one for one in tag.getall("CTOC")}
    levels: dict[str, int] = {}
    seen = {name for name, table in tables.items() if table.flags & _TOP_LEVEL}
    waiting = [(child, 1) for top in seen for child in reversed(tables[top].child_element_ids)]
    while waiting:
        name, level = waiting.pop()
        if name not in tables:
            levels.setdefault(name, level)
        elif name not in seen:  # one that is named twice, or holds itself, is entered once
            seen.add(name)
            children = tables[name].child_element_ids
            part = "TIT2" in tables[name].sub_frames  # the first stands for the part itself
            below = [(child, level + (part and at > 0)) for at, child in enumerate(children)]
            waiting += reversed(below)
    return {name: min(level, _DEEPEST) for name, level in levels.items()}


def _cues(tag: ID3, rate: int, borders: Sequence[int]) -> Iterator[Cue]:
    """Yield the sentences of the synced text; each lasts until the next, or its chapter ends.

    Args:
        tag: counts in milliseconds.
        rate: samples a second.
        borders: where chapters begin, and the last ends, in samples.
    """
    for synced in tag.getall("SYLT")[:1]:
        if synced.format != 2:  # counted in frames, not milliseconds
            return
        said = [(_near(time * rate // 1000, rate, borders), text) for text, time in synced.text]
        said = sorted(((at, text) for at, text in said if wording.line(text)), key=itemgetter(0))
        for (start, text), (until, _) in pairwise([*said, (borders[-1], "")]):
            border = borders[min(bisect_right(borders, start), len(borders) - 1)]
            if start < border:
                yield Cue(start, min(until, border), wording.line(text))


def _near(at: int, rate: int, borders: Sequence[int]) -> int:
    """Put a time that rounding moved away from the beginning of a chapter back there."""
    after = bisect_right(borders, at)
    around = borders[max(0, after - 1) : after + 1]
    return next((border for border in around if abs(border - at) <= rate // 1000), at)
