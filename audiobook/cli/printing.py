"""Tables, clocks and counts, as all commands show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from audiobook.errors import AudiobookError
from audiobook.messages import told

if TYPE_CHECKING:
    from collections.abc import Sequence


def print_table(rows: Sequence[tuple[str, ...]], *, dim: bool = False) -> None:
    """Print rows in columns, as wide as they need."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = "  ".join(shown(cell).ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.secho(cells.rstrip(), dim=dim)  # plain when it is no terminal


def shown(text: str) -> str:
    r"""Replace what a terminal would obey or cannot show, in words of somebody else.

    >>> shown("a\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def clock(seconds: float) -> str:
    """Write a length as 2:05 or 1:02:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def count(number: int, thing: str) -> str:
    """Write a number of things, in the plural where it must be."""
    return told(f"{number:,} {thing}{'' if number == 1 else 's'}")


def heads(*names: str) -> tuple[str, ...]:
    """Return the head of a table, in the reader's language."""
    return tuple(told(name) for name in names)


def told_of(problem: AudiobookError) -> str:
    """Say what went wrong and what to do, in one line and the reader's language."""
    return str(AudiobookError(told(problem.what), told(problem.remedy)))
