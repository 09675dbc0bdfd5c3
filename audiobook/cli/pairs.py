"""Options whose values are pairs: ``NAME=VALUE``, or several joined by commas."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

from audiobook.cli.numbers import read_number
from audiobook.errors import UsageError
from audiobook.messages import message, verbatim
from audiobook.model import Pauses

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEXT_PAIR = re.compile(r",(?=[^,=]*=)")
"""The comma between two pairs; a number may hold one, too."""


def parse_pairs(option: str, example: str, values: Iterable[str]) -> dict[str, str]:
    """Return the values of an option by name, from ``NAME=VALUE`` or several joined by commas.

    Args:
        option: the option, for the message about a wrong value.
        example: a right value of it.
        values: what the user gave, once for each time that the option stands there.
    """
    pairs = [pair.partition("=") for text in values for pair in _NEXT_PAIR.split(text)]
    for name, equals, value in pairs:
        if not (name and equals and value):
            raise UsageError(
                message("{option} cannot be {value!r}", option=option, value=name + equals + value),
                verbatim(f"{option} {example}"),
            )
    return {name.strip(): value.strip() for name, _, value in pairs}


def usual_pauses(pauses: Pauses | None = None) -> str:
    """Return the names of all pauses, with those of a voice or the usual ones in seconds.

    >>> usual_pauses().split(", ")[:2]
    ['clause 0.15', 'dash 0.2']
    """
    values = pauses or Pauses()
    return ", ".join(f"{one.name} {getattr(values, one.name):g}" for one in fields(Pauses))


def parse_pauses(values: Iterable[str]) -> dict[str, float]:
    """Return the seconds of pauses by name.

    Raises:
        UsageError: a value is no number, or a pair is not complete.
    """
    pairs = parse_pairs("--pauses", "sentence=0.5", values)
    try:
        return {name: read_number(seconds) for name, seconds in pairs.items()}
    except ValueError as problem:
        raise UsageError(
            message("pauses are numbers of seconds"), verbatim("--pauses sentence=0.5")
        ) from problem
