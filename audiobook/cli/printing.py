"""Tables, clocks and counts, as all commands show them."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING

import typer

from audiobook.errors import AudiobookError
from audiobook.messages import told

if TYPE_CHECKING:
    from collections.abc import Sequence


_BETWEEN = "  "
# Of a cell that is shortened so much is left: a name that nobody knows again is of no use.
_NARROWEST = 16


def print_table(
    rows: Sequence[tuple[str, ...]], *, dim: bool = False, shorten: int | None = None
) -> None:
    """Print rows in columns, as wide as they need.

    Args:
        rows: cells of text, as many in each.
        dim: whether it is less important than what is above it.
        shorten: position of the column of names and titles, which lose their middle where the
            table would be wider than the terminal; of a file or a pipe all is kept.
    """
    rows = [tuple(map(shown, row)) for row in rows]
    if shorten is not None and sys.stdout.isatty():
        terminal = shutil.get_terminal_size().columns
        rows = _fitted(rows, shorten, terminal)
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)
        )
        line = _BETWEEN.join(cells).rstrip()
        print(typer.style(line, dim=True) if dim and sys.stdout.isatty() else line)


def _fitted(rows: Sequence[tuple[str, ...]], position: int, terminal: int) -> list[tuple[str, ...]]:
    """Return rows whose column at a position is as narrow as a terminal needs it."""
    widths = [
        # Of a last column that says what went wrong only the lines that do are too long.
        min(map(columns, column)) if at == len(rows[0]) - 1 else max(map(columns, column))
        for at, column in enumerate(zip(*rows, strict=True))
    ]
    others = sum(widths) - widths[position] + len(_BETWEEN) * (len(widths) - 1)
    room = max(terminal - others, _NARROWEST)
    return [
        (*row[:position], without_middle(row[position], room), *row[position + 1 :]) for row in rows
    ]


def without_middle(text: str, most: int) -> str:
    """Return a text in at most so many columns of a terminal, of a longer one both its ends.

    >>> without_middle("sach/truyen-dai-tap-mot.mp3", 16)
    'sach/tru…mot.mp3'
    """
    if columns(text) <= most:
        return text
    head, tail = text, ""
    while head and columns(head) > most // 2:
        head = head[:-1]
    rest = text[len(head) :]
    while rest and columns(rest[-1] + tail) <= most - 1 - columns(head):
        rest, tail = rest[:-1], rest[-1] + tail
    return f"{head}…{tail}"


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes (Unicode, UAX #11).

    >>> columns("Nước"), columns("e\u0301"), columns("水")
    (4, 1, 2)
    """
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) != 0 for sign in text)


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
