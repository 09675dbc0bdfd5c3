"""Reads book.toml: what is known of a book beyond its text, in a file beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.config.lexicons import teach
from audiobook.config.toml import load_toml
from audiobook.errors import UsageError
from audiobook.model import Meta, Replacement, Teaching
from audiobook.system import files
from audiobook.vietnamese.letters import compose
from audiobook.vietnamese.patterns import check_pattern, is_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "book.toml"
_META = frozenset(field.name for field in fields(Meta)) - {"cover"}


@dataclass(frozen=True, slots=True)
class BookFile:
    """The settings in the files beside a source."""

    meta: Mapping[str, str] = field(default_factory=dict)
    """Fields of Meta by name; those not named are not known."""
    voice: str = ""
    cast: Mapping[str, str] = field(default_factory=dict)
    """Names of voices by role."""
    fallback: str = ""
    """Name of the voice that stands in for an online one."""
    speed: float = 1.0
    pitch: float = 1.0
    pauses: Mapping[str, float] = field(default_factory=dict)
    """Seconds by the names of `Pauses`."""
    cover: Path | None = None
    pictures: Mapping[str, Path] = field(default_factory=dict)
    """Pictures by the titles of the chapters that show them."""
    lexicon: tuple[Teaching, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    replace: tuple[Replacement, ...] = ()
    """Replacements in the text, made before anything else."""


_SETTINGS = _META | {field.name for field in fields(BookFile)} - {"meta"}


def read_book_files(source: Path) -> BookFile:
    """Return the settings of ``book.toml`` in the folder of a source, and ``STEM.toml`` beside it.

    ``STEM.toml`` wins. The source may be the folder of a book in parts.

    Raises:
        UsageError: one of them is not right.
    """
    settings = BookFile()
    own_file = source.with_suffix(".toml") if source.name else source
    for path in dict.fromkeys((folder_of(source) / NAME, own_file)):
        if path != source and files.is_file(path):
            settings = _read_book_file(path, settings)
    return settings


def folder_of(source: Path) -> Path:
    """Return the folder that a source lies in, or the source itself if it is a folder."""
    return source if files.is_folder(source) else source.parent


def _read_book_file(path: Path, defaults: BookFile) -> BookFile:
    """Return the settings of a file, and the defaults where it has none."""
    try:
        settings = load_toml(path)
        if unknown := settings.keys() - _SETTINGS:
            raise ValueError(f"there is no setting {min(unknown)!r}")
        meta = {name: _read_text(settings, name) for name in _META & settings.keys()}
        cover = _read_text(settings, "cover")
        return BookFile(
            {**defaults.meta, **meta},
            _read_text(settings, "voice") or defaults.voice,
            {**defaults.cast, **_read_cast(settings.get("cast", {}))},
            _read_text(settings, "fallback") or defaults.fallback,
            _read_ratio(settings, "speed", defaults.speed),
            _read_ratio(settings, "pitch", defaults.pitch),
            {**defaults.pauses, **_read_pauses(settings.get("pauses", {}))},
            path.parent / cover if cover else defaults.cover,
            {**defaults.pictures, **_read_pictures(settings.get("pictures", {}), path.parent)},
            defaults.lexicon + _read_lexicon_table(settings.get("lexicon", {})),
            defaults.keep + _read_names(settings, "keep"),
            defaults.drop + _read_names(settings, "drop"),
            defaults.replace + _read_replacements(settings.get("replace", [])),
        )
    except ValueError as problem:
        raise UsageError(f"{path}: {problem}", "fix the file") from problem


def _read_ratio(settings: dict[str, Any], name: str, default: float) -> float:
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ValueError(f"{name} must be a number above 0, not {value!r}")
    return float(value)


def _read_pauses(table: object) -> dict[str, float]:
    if not isinstance(table, dict) or not all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in table.values()
    ):
        raise ValueError("pauses must be a table of seconds, as in sentence = 0.5")
    return table


def _read_cast(table: object) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(name, str) for name in table.values()):
        raise ValueError('cast must be a table of voices by role, as in dialogue = "saigon"')
    return table


def _read_pictures(table: object, folder: Path) -> dict[str, Path]:
    if not isinstance(table, dict) or not all(isinstance(name, str) for name in table.values()):
        raise ValueError('pictures must be a table of files by chapter, as in "Chương 1" = "1.jpg"')
    return {title: folder / name for title, name in table.items()}


def _read_text(settings: dict[str, Any], name: str) -> str:
    value = settings.get(name, "")
    if name == "date":
        value = str(value)  # TOML has dates of its own, and a year is a number
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {value!r}")
    return value


def _read_names(settings: dict[str, Any], name: str) -> tuple[str, ...]:
    value = settings.get(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValueError(f'{name} must be a list of names, as in {name} = ["notes"]')
    return tuple(value)


def _read_replacements(pairs: object) -> tuple[Replacement, ...]:
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
        for pair in pairs
    ):
        raise ValueError('replace must be a list of pairs, as in replace = [["tbì", "thì"]]')
    return tuple(_make_replacement(find, instead) for find, instead in pairs)


def _make_replacement(find: str, instead: str) -> Replacement:
    if is_pattern(find):
        check_pattern(find[1:-1], instead, case=True)
        return Replacement(find[1:-1], instead, pattern=True)
    if not find:
        raise ValueError("replace has a pair with nothing to find")
    return Replacement(compose(find), instead)


def _read_lexicon_table(table: object) -> tuple[Teaching, ...]:
    if not isinstance(table, dict):
        raise ValueError("lexicon must be a table")
    teachings = []
    for written, reading in table.items():
        options = dict(reading) if isinstance(reading, dict) else {"say": reading}
        spoken = options.pop("say", None)
        if not isinstance(spoken, str) or set(options) - {"case", "part"}:
            raise ValueError(
                f'{written!r} needs a reading, or {{ say = "…", case = true, part = true }}'
            )
        teachings.append(teach(written, spoken, **options))
    return tuple(teachings)
