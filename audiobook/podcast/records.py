"""Makes frozen records of what JSON holds that may come from strangers: each field of its type."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, TypeVar

from audiobook.messages import message

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Record = TypeVar("Record", bound=DataclassInstance)

# What XML can hold (XML 1.0, 2.2), but for lone surrogates, which no file can.
_TEXT = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
FileName = str
"""The type of fields that hold names of files: any bytes, as `os.fsdecode` has them."""
# Dates go to the year 9999, sizes to what fits on any disk.
_MOST = 253_402_300_799


def is_text(value: object) -> bool:
    """Return whether a value is a text that can stand in a feed."""
    return isinstance(value, str) and bool(_TEXT.fullmatch(value))


def _is_file_name(value: object) -> bool:
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


_IS_OF_TYPE: Mapping[str, Callable[[object], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "int": _is_number,
    "str": is_text,
    "FileName": _is_file_name,
}


def record_of(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """Return a record with the values of a JSON object.

    Args:
        kind: the dataclass, whose fields are texts, whole numbers from 0 on, and true or false;
            fields of other types are not checked.
        values: those of its fields that have no default, and others of them.

    Raises:
        ValueError: a field is missing, not known or of another type.
    """
    known = {field.name: field for field in fields(kind)}
    for name, field in known.items():
        is_needed = field.default is MISSING and field.default_factory is MISSING
        if name not in values:
            if is_needed:
                raise ValueError(message("{name} is missing", name=name))
            continue
        is_of_type = _IS_OF_TYPE.get(str(field.type))
        if is_of_type is not None and not is_of_type(values[name]):
            raise ValueError(message("{name} is not what it should be", name=name))
    if unknown := values.keys() - known.keys():
        raise ValueError(message("{name} is not known", name=min(unknown)))
    return kind(**values)
