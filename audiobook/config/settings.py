"""Reads tables of settings: the reader of each returns its value, or says what is wrong.

Every file of settings is read so: book.toml, config.toml, voices, library.toml.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from audiobook.messages import Message, message
from audiobook.outputs.pictures import COVER_SIZES

Reader = Callable[[str, object], Any]
"""Returns the value of a setting, given its key and what the file says; raises `SettingError`."""


class SettingError(ValueError):
    """A setting that is not right.

    Args:
        key: the name of the setting.
        what: what is wrong.
    """

    def __init__(self, key: str, what: Message) -> None:
        super().__init__(what)
        self.key = key


def read_settings(table: Mapping[str, object], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Return the values of the settings that a table holds.

    Args:
        table: as it stands in the file.
        readers: of all settings that it may hold.

    Raises:
        SettingError: one of them is not right, or there is no such setting.
    """
    for key in table:
        if key not in readers:
            nearest = get_close_matches(key, readers, 1)
            raise SettingError(
                key,
                message(
                    "there is no setting {key!r}; did you mean {nearest}?",
                    key=key,
                    nearest=nearest[0],
                )
                if nearest
                else message(
                    "there is no setting {key!r}; there are {settings}",
                    key=key,
                    settings=", ".join(readers),
                ),
            )
    return {key: readers[key](key, value) for key, value in table.items()}


def readers_of(schema: type) -> dict[str, Reader]:
    """Return readers for those fields of a dataclass that are text, numbers, or true or false."""
    types = get_type_hints(schema)
    return {name: _READERS[kind] for name, kind in types.items() if kind in _READERS}


def text(key: str, value: object) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise SettingError(
            key, message("{name} must be text, not {value}", name=key, value=repr(value))
        )
    return value


def date(key: str, value: object) -> str:
    """Read a date: TOML has dates of its own, and a year is a number."""
    return text(key, str(value))


def whole_number(key: str, value: object) -> int:
    """Read a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(key, message("a whole number"), value)
    return value


def take(key: str, value: object) -> int:
    """Read the number of a take, from 1."""
    if (count := whole_number(key, value)) < 1:
        raise _wrong(key, message("a whole number"), value)
    return count


def cover_size(key: str, value: object) -> int:
    """Read how many kilobytes a cover may have."""
    least, most = COVER_SIZES
    if not least <= (size := whole_number(key, value)) <= most:
        raise _wrong(key, message("a number from {least} to {most}", least=least, most=most), value)
    return size


def number(key: str, value: object) -> float:
    """Read a number, which may be whole."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong(key, message("a number"), value)
    return value


def ratio(key: str, value: object) -> float:
    """Read a finite number above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise SettingError(
            key,
            message("{name} must be a number above 0, not {value}", name=key, value=repr(value)),
        )
    return float(value)


def switch(key: str, value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise _wrong(key, message("true or false"), value)
    return value


def names(key: str, value: object) -> tuple[str, ...]:
    """Read a list of names."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise SettingError(
            key, message('{name} must be a list of names, as in {name} = ["notes"]', name=key)
        )
    return tuple(value)


def texts(key: str, value: object) -> tuple[str, ...]:
    """Read a list of texts."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise SettingError(key, message("{name} must be a list of texts", name=key))
    return tuple(value)


def beside(folder: Path, key: str, name: str) -> Path:
    """Return the path of a file that a setting names, in the folder of the settings or below it.

    What comes from a stranger must not put other files of this computer into a book.

    Raises:
        SettingError: it lies elsewhere, or is a link that leads there.
    """
    path = folder / name
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a link in a circle; no name of a file
        return path  # which cannot be read, as is told then
    if not is_inside:
        raise SettingError(
            key, message("{name} names {path}, which is not in this folder", name=key, path=name)
        )
    return path


def table_of(reader: Reader, what: Message) -> Reader:
    """Return the reader of a table with any keys.

    Args:
        reader: reads its values.
        what: what is said of anything else.
    """

    def read(key: str, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise SettingError(key, what)
        try:
            return {name: reader(name, entry) for name, entry in value.items()}
        except SettingError as problem:
            raise SettingError(key, what) from problem

    return read


def _wrong(key: str, wanted: Message, value: object) -> SettingError:
    return SettingError(
        key, message("{name} must be {kind}, not {value}", name=key, kind=wanted, value=repr(value))
    )


_READERS: dict[type, Reader] = {str: text, int: whole_number, float: number, bool: switch}
