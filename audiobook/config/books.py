"""Reads book.toml: what is known of a book beyond its text, in a file beside it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.config.book_values import JOIN, META, READERS, read_join_value
from audiobook.config.settings import (
    SettingError,
    beside,
    read_settings,
)
from audiobook.config.toml import load_parsed, load_toml
from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.model import Music, Replacement, Teaching
from audiobook.system import files
from audiobook.system.toml_data import parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


NAME = "book.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFile:
    """The settings in the files beside a source."""

    meta: Mapping[str, str] = field(default_factory=dict)
    """Fields of Meta by name; those not named are not known."""
    voice: str = ""
    cast: Mapping[str, str] = field(default_factory=dict)
    """Names of voices by role, and by chapters, as in ``chapters.1-5``."""
    fallback: str = ""
    """Name of the voice that stands in for an online one."""
    speed: float = 1.0
    pitch: float = 1.0
    pauses: Mapping[str, float] = field(default_factory=dict)
    """Seconds by the names of `Pauses`."""
    word_times: str = ""
    """How words are timed where the engine does not: one of `WordTimes`."""
    cover: Path | None = None
    cover_size: int = 0
    """Most kilobytes of the cover inside the book; 0 for what suits the format."""
    pictures: Mapping[str, Path] = field(default_factory=dict)
    """Pictures by the titles of the chapters that show them."""
    lexicon: tuple[Teaching, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    replace: tuple[Replacement, ...] = ()
    """Replacements in the text, made before anything else."""
    keep_text: tuple[str, ...] = ()
    """Beginnings of paragraphs and chapters that no step leaves out."""
    leave_out: tuple[str, ...] = ()
    """Chapters that are not read, by their titles."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Titles that chapters are given, by those that they have."""
    takes: Mapping[str, int] = field(default_factory=dict)
    """Which take of a sentence is wanted, by the sentence as written."""
    spelled: tuple[str, ...] = ()
    """Words and phrases that look like misprints and are none."""
    format: str = ""
    """Name of the format to write."""
    layout: str = ""
    """How the book is placed in its folder."""
    join: tuple[str, ...] | None = None
    """Texts of the folder that come first where all of them are one book; None if they are not."""
    ocr: bool = False
    """Whether the text of scanned pages is recognised."""
    music: Music = field(default_factory=Music)
    opening: str = ""
    """The template of what is said before the first chapter; `auto` for ours."""
    closing: str = ""


def read_book_files(source: Path) -> BookFile:
    """Return the settings of ``book.toml`` in the folder of a source, and ``STEM.toml`` beside it.

    ``STEM.toml`` wins. The source may be the folder of a book in parts.

    Raises:
        UsageError: one of them is not right.
    """
    settings = BookFile()
    for path in files_of(source):
        settings = _read_book_file(path, settings)
    return settings


def read_join(folder: Path) -> tuple[str, ...] | None:
    """Return which texts of a folder come first where all of them are one book; None if not.

    Other settings are not looked at: what is wrong with them is told when the book is made.

    Raises:
        UsageError: the files beside the folder do not tell.
    """
    join: tuple[str, ...] | None = None
    for path in files_of(folder):
        try:
            table = load_toml(path)
            join = read_join_value(JOIN, table[JOIN]) if JOIN in table else join
        except ValueError as problem:
            raise _wrong(path, problem) from problem
    return join


def files_of(source: Path) -> Iterator[Path]:
    """Yield the files that hold settings of a source, the one that wins last.

    What has such a name without being a file is one of them, so that reading it tells so.
    """
    own_file = source.with_suffix(".toml") if source.name else source
    for path in dict.fromkeys((folder_of(source) / NAME, own_file)):
        if path != source and (files.is_there(path) or files.is_special(path)):
            yield path


def folder_of(source: Path) -> Path:
    """Return the folder that a source lies in, or the source itself if it is a folder."""
    return source if files.is_folder(source) else source.parent


def _read_book_file(path: Path, defaults: BookFile) -> BookFile:
    """Return the settings of a file, and the defaults where it has none."""
    try:
        settings = load_parsed(path, _parse)
        folder, cover = path.parent, settings.get("cover")
        cover = beside(folder, "cover", cover) if cover else defaults.cover
        pictures = {
            title: beside(folder, "pictures", name)
            for title, name in settings.get("pictures", {}).items()
        }
        music = _music_of(settings.get("music", {}), folder, defaults.music)
    except ValueError as problem:
        raise _wrong(path, problem) from problem
    return BookFile(
        meta={**defaults.meta, **{key: settings[key] for key in META & settings.keys()}},
        voice=settings.get("voice") or defaults.voice,
        cast={**defaults.cast, **settings.get("cast", {})},
        fallback=settings.get("fallback") or defaults.fallback,
        speed=settings.get("speed", defaults.speed),
        pitch=settings.get("pitch", defaults.pitch),
        pauses={**defaults.pauses, **settings.get("pauses", {})},
        word_times=settings.get("word_times") or defaults.word_times,
        cover=cover,
        cover_size=settings.get("cover_size", defaults.cover_size),
        pictures={**defaults.pictures, **pictures},
        lexicon=defaults.lexicon + settings.get("lexicon", ()),
        keep=defaults.keep + settings.get("keep", ()),
        drop=defaults.drop + settings.get("drop", ()),
        replace=defaults.replace + settings.get("replace", ()),
        keep_text=defaults.keep_text + settings.get("keep_text", ()),
        leave_out=defaults.leave_out + settings.get("leave_out", ()),
        titles={**defaults.titles, **settings.get("titles", {})},
        takes={**defaults.takes, **settings.get("takes", {})},
        spelled=defaults.spelled + settings.get("spelled", ()),
        format=settings.get("format") or defaults.format,
        layout=settings.get("layout") or defaults.layout,
        join=settings.get(JOIN, defaults.join),
        ocr=settings.get("ocr", defaults.ocr),
        music=music,
        opening=settings.get("opening", defaults.opening),
        closing=settings.get("closing", defaults.closing),
    )


@lru_cache(4)  # of a folder and a book in it, for two books
def _parse(text: str) -> Mapping[str, Any]:
    return read_settings(parse_toml(text), READERS)


def _wrong(path: Path, problem: ValueError) -> UsageError:
    error = UsageError(
        message("{path}: {problem}", path=path, problem=problem), message("fix the file")
    )
    error.setting = problem.key if isinstance(problem, SettingError) else ""
    return error


def _music_of(settings: Mapping[str, str], folder: Path, defaults: Music) -> Music:
    """Return the music that a file names from its folder, and the defaults where it names none."""
    given: dict[str, Any] = {
        name: value
        if name == "credits"
        else beside(folder, f"music.{name}", value)
        if value
        else None
        for name, value in settings.items()
    }
    return replace(defaults, **given)
