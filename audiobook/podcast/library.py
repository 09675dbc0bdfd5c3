"""Reads what a folder of books says of itself: its library.toml, and which books it holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from audiobook.config.settings import Reader, SettingError, read_settings, switch, text
from audiobook.config.toml import load_toml
from audiobook.errors import SourceError, UsageError
from audiobook.messages import message
from audiobook.outputs import SOUND_ENDINGS, cover
from audiobook.podcast import address, categories, wording
from audiobook.podcast.division import Division
from audiobook.podcast.manifest import is_site
from audiobook.podcast.model import Library

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "library.toml"

_PREVIEW = ".preview"
_DEEPEST = 3
"""Levels of folders of a layout: author, series, title."""
_BESIDE = frozenset(("cover.jpg", "cover.png", "metadata.json"))
_CHAPTER = re.compile(r"\d+ - ")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


def read_library(folder: Path) -> Library:
    """Read ``library.toml`` of a folder; without it the library has the name of the folder.

    Raises:
        UsageError: the file is not valid; the message names the line.
    """
    path = folder / NAME
    title = wording.clean_line(folder.resolve().name) or "audiobook"
    if not path.exists():
        return Library(title=title)
    try:
        values = read_settings(load_toml(path), _READERS)
        if artwork := values.get("artwork"):
            values["artwork"] = _read_picture(folder / artwork)
        if target := values.get("target"):
            values["target"] = _from_library(folder, target)
        values["follow"] = tuple(_source(folder, name) for name in values.get("follow", ()))
    except SettingError as problem:
        line = _line_of_setting(path, problem.key)
        raise UsageError(
            message("{path}, line {line}: {problem}", path=path, line=line, problem=problem),
            message("fix the file"),
        ) from problem
    except ValueError as problem:
        raise UsageError(
            message("{path}: {problem}", path=path, problem=problem), message("fix the file")
        ) from problem
    return Library(**{"title": title, **{key: value for key, value in values.items() if value}})


def _from_library(folder: Path, name: str) -> str:
    """Return an address as it is; the path of a folder counts from that of the library."""
    return name if "://" in name else str(folder / name)


def _source(folder: Path, name: str) -> str:
    """Return what is followed; the path of a folder as it is shown, without ``..``."""
    path = folder / name
    if "://" in name or ".." not in path.parts:
        return _from_library(folder, name)
    return str(path.resolve())


def _read_line(key: str, value: object) -> str:
    return wording.clean_line(text(key, value))


def _read_description(key: str, value: object) -> str:
    return wording.clean_lines(text(key, value))


def _read_email(key: str, value: object) -> str:
    email = _read_line(key, value)
    if email and not _EMAIL.fullmatch(email):
        raise SettingError(key, message("{value!r} is not an e-mail address", value=value))
    return email


def _read_language(key: str, value: object) -> str:
    tag = _read_line(key, value)
    if not _LANGUAGE.fullmatch(tag):
        raise SettingError(
            key, message("{value!r} is not a language tag such as vi or en-GB", value=value)
        )
    return tag


def _read_guid(key: str, value: object) -> str:
    guid = _read_line(key, value)
    try:
        return str(UUID(guid)) if guid else ""
    except ValueError as problem:
        raise SettingError(key, message("{value!r} is not a UUID", value=value)) from problem


def _read_url(key: str, value: object) -> str:
    url = _read_line(key, value)
    try:
        return address.checked_root(url) if url else ""
    except UsageError as problem:
        raise SettingError(key, problem.what) from problem


def _read_sources(key: str, value: object) -> tuple[str, ...]:
    sources = [value] if isinstance(value, str) else value
    if not isinstance(sources, list) or not all(isinstance(name, str) for name in sources):
        raise SettingError(
            key,
            message(
                'follow must be a list, as in ["https://example.org/rss"], not {value}',
                value=repr(value),
            ),
        )
    return tuple(name.strip() for name in sources if name.strip())


def _read_category(key: str, value: object) -> tuple[str, ...]:
    parts = [part.strip() for part in value.split(">")] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise SettingError(
            key,
            message('category must be text, as in "Arts > Books", not {value}', value=repr(value)),
        )
    if not categories.is_known(tuple(parts)):
        name = " > ".join(parts)
        raise SettingError(
            key, message("Apple has no category {name!r}: capitals count", name=name)
        )
    return tuple(parts)


def _read_division(key: str, value: object) -> Division:
    wanted = text(key, value)
    if wanted not in tuple(Division):
        raise SettingError(
            key,
            message("{value!r} makes no episodes: write chapters or hours", value=value),
        )
    return Division(wanted)


_READERS: dict[str, Reader] = {
    "title": _read_line,
    "author": _read_line,
    "owner": _read_line,
    "email": _read_email,
    "description": _read_description,
    "category": _read_category,
    "language": _read_language,
    "licence": _read_line,
    "guid": _read_guid,
    "artwork": _read_line,
    "explicit": switch,
    "episodes": _read_division,
    "url": _read_url,
    "target": _read_line,
    "follow": _read_sources,
}


def _read_picture(path: Path) -> bytes:
    try:
        return cover.read_file(path)
    except (OSError, ValueError) as problem:  # some texts are not file names
        raise SettingError(
            "artwork", message("cannot read {path}: {reason}", path=path, reason=problem)
        ) from problem


def _line_of_setting(path: Path, key: str) -> int:
    """Return the line on which a setting stands, from 1."""
    pattern = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = enumerate(path.read_text("utf-8-sig").splitlines(), 1)
    return next((number for number, text in lines if pattern.match(text)), 1)


def find_books(folder: Path, suffix: str = ".mp3") -> list[Path]:
    """Return the books of a folder in the order of their names.

    Of the folders below it only those count in which a layout for a library program has put a
    book: its sound alone, with its cover or metadata beside it. Previews, `STEM.preview.mp3`, are
    not books, nor are chapters in files of their own.

    Args:
        folder: the folder.
        suffix: the ending of their files, in small letters.

    Raises:
        SourceError: the folder cannot be read.
    """
    try:
        direct = [path for path in folder.iterdir() if _is_book(path, suffix)]
        placed = [path for path in _placed_books(folder, _DEEPEST) if _is_book(path, suffix)]
        return sorted(direct + placed)
    except OSError as problem:
        raise SourceError(
            message("cannot read the folder {folder}: {reason}", folder=folder, reason=problem),
            message("name a folder of MP3 books"),
        ) from problem


def _is_book(path: Path, suffix: str) -> bool:
    return (
        path.name.lower().endswith(suffix)
        and not path.stem.lower().endswith(_PREVIEW)
        and path.name[0] != "."
        and path.is_file()
    )


def _placed_books(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the books of folders below a folder, so many levels deep, as layouts place them."""
    for below in folder.iterdir() if depth else ():
        if below.name.startswith(".") or below.is_symlink() or not below.is_dir():
            continue
        if is_site(below):
            continue
        try:
            inside = [*below.iterdir()]
        except OSError:
            continue  # it is of somebody else
        sounds = [path for path in inside if path.suffix.lower() in SOUND_ENDINGS]
        if len(sounds) == 1 and not _BESIDE.isdisjoint(path.name for path in inside):
            yield from (path for path in sounds if not _CHAPTER.match(path.name))
        else:
            yield from _placed_books(below, depth - 1)


def file_in(folder: Path, path: Path) -> str:
    """Return what stands for the file of a book: its name, with the folders that a layout made."""
    try:
        inside = path.relative_to(folder)
    except ValueError:
        return path.name
    return path.name if any(part[0] == "." for part in inside.parts) else inside.as_posix()
