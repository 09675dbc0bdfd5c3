"""book.toml: what is known of a book beyond its text, in a file beside it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.errors import UsageError
from audiobook.model import Meta, Teaching
from audiobook.settings.lexicons import teach
from audiobook.settings.toml import load_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "book.toml"
_META = frozenset(field.name for field in fields(Meta)) - {"cover"}


@dataclass(frozen=True, slots=True)
class BookFile:
    """What the files beside a source say."""

    meta: Mapping[str, str] = field(default_factory=dict)
    """Fields of Meta by name; those not named are not known."""
    voice: str = ""
    cover: Path | None = None
    lexicon: tuple[Teaching, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


def read_book_files(source: Path) -> BookFile:
    """Read ``book.toml`` in the folder of a source, and over it ``STEM.toml`` beside the source.

    Raises:
        UsageError: one of them is not right.
    """
    meta: dict[str, str] = {}
    voice, cover = "", None
    lexicon: tuple[Teaching, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    for path in dict.fromkeys((source.parent / NAME, source.with_suffix(".toml"))):
        if path == source or not path.is_file():
            continue
        said = _read(path)
        meta |= said.meta
        voice, cover = said.voice or voice, said.cover or cover
        lexicon += said.lexicon
        keep, drop = keep + said.keep, drop + said.drop
    return BookFile(meta, voice, cover, lexicon, keep, drop)


def _read(path: Path) -> BookFile:
    try:
        settings = load_toml(path)
        if unknown := settings.keys() - _META - {"voice", "cover", "lexicon", "keep", "drop"}:
            raise ValueError(f"there is no setting {min(unknown)!r}")
        cover = _text(settings, "cover")
        return BookFile(
            {name: _text(settings, name) for name in _META & settings.keys()},
            _text(settings, "voice"),
            path.parent / cover if cover else None,
            _lexicon(settings.get("lexicon", {})),
            _names(settings, "keep"),
            _names(settings, "drop"),
        )
    except ValueError as problem:
        raise UsageError(f"{path}: {problem}", "mend the file") from problem


def _text(settings: dict[str, Any], name: str) -> str:
    value = settings.get(name, "")
    if name == "date":
        value = str(value)  # TOML has dates of its own, and a year is a number
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {value!r}")
    return value


def _names(settings: dict[str, Any], name: str) -> tuple[str, ...]:
    value = settings.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f'{name} must be a list of names, as in {name} = ["notes"]')
    return tuple(value)


def _lexicon(table: object) -> tuple[Teaching, ...]:
    if not isinstance(table, dict):
        raise ValueError("lexicon must be a table")
    found = []
    for written, said in table.items():
        options = dict(said) if isinstance(said, dict) else {"say": said}
        spoken = options.pop("say", None)
        if not isinstance(spoken, str) or set(options) - {"case", "part"}:
            raise ValueError(
                f'{written!r} needs a reading, or {{ say = "…", case = true, part = true }}'
            )
        found.append(teach(written, spoken, **options))
    return tuple(found)
