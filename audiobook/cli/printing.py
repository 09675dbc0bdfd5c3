"""Tables, times and quantities, as all commands print them."""

from __future__ import annotations

import io
import os
import shutil
import sys
import unicodedata
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

import typer

from audiobook.errors import AudiobookError, InternalError, OutputError, one_line
from audiobook.messages import localize, message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


_COLUMN_GAP = "  "
# The width that a shortened cell keeps, so that a name can still be recognised.
_NARROWEST = 16


def print_table(
    rows: Sequence[tuple[str, ...]], *, dim: bool = False, shorten: int | None = None
) -> None:
    """Print rows in columns, each as wide as its widest cell.

    Args:
        rows: the cells, equally many in each row.
        dim: whether to print the table dim, as less important than the text above it.
        shorten: the position of a column whose cells lose their middle if the table would be wider
            than the terminal; not in a file or a pipe.
    """
    rows = [tuple(map(printable, row)) for row in rows]
    if shorten is not None and sys.stdout.isatty():
        terminal = shutil.get_terminal_size().columns
        rows = _fit_column(rows, shorten, terminal)
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (width - display_width(cell))
            for cell, width in zip(row, widths, strict=True)
        )
        line = _COLUMN_GAP.join(cells).rstrip()
        print(typer.style(line, dim=True) if dim and sys.stdout.isatty() else line)


def _fit_column(
    rows: Sequence[tuple[str, ...]], position: int, terminal: int
) -> list[tuple[str, ...]]:
    """Return rows with the column at a position shortened to fit into the terminal."""
    widths = [
        # The last column may hold long errors: only the rows with errors become too wide.
        min(map(display_width, column))
        if index == len(rows[0]) - 1
        else max(map(display_width, column))
        for index, column in enumerate(zip(*rows, strict=True))
    ]
    others = sum(widths) - widths[position] + len(_COLUMN_GAP) * (len(widths) - 1)
    room = max(terminal - others, _NARROWEST)
    return [
        (*row[:position], shorten_middle(row[position], room), *row[position + 1 :]) for row in rows
    ]


def shorten_middle(text: str, most: int) -> str:
    """Return a text in at most so many columns of a terminal; a longer one loses its middle.

    >>> shorten_middle("sach/truyen-dai-tap-mot.mp3", 16)
    'sach/tru…mot.mp3'
    """
    if display_width(text) <= most:
        return text
    head, tail = text, ""
    while head and display_width(head) > most // 2:
        head = head[:-1]
    middle = text[len(head) :]
    while middle and display_width(middle[-1] + tail) <= most - 1 - display_width(head):
        middle, tail = middle[:-1], middle[-1] + tail
    return f"{head}…{tail}"


def display_width(text: str) -> int:
    """Return how many columns of a terminal a text takes (Unicode, UAX #11).

    >>> display_width("Nước"), display_width("e\u0301"), display_width("水")
    (4, 1, 2)
    """
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) != 0 for sign in text)


def printable(text: str) -> str:
    r"""Return a text with each character replaced that a terminal would obey or cannot show.

    >>> printable("a\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def clock_time(seconds: float) -> str:
    """Return a length as 2:05 or 1:02:05."""
    minutes, seconds_left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds_left:02}" if hours else f"{minutes}:{seconds_left:02}"


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Refuse to write a file that exists, unless the user insists.

    Raises:
        OutputError: the file exists.
    """
    if os.path.lexists(path) and not overwrite:
        raise OutputError(
            message("{path} exists already", path=path),
            message("choose another file with -o, or insist with --overwrite"),
        )


@contextmanager
def printed_into(path: Path | None, *, overwrite: bool) -> Iterator[None]:
    """Let what is printed on stdout go into a file, in UTF-8; the file is whole or not there.

    Args:
        path: the file; None and - leave stdout as it is.
        overwrite: whether the file may exist already.

    Raises:
        OutputError: the file exists, or it cannot be written.
    """
    from audiobook.system.files import whole

    if path is None or str(path) == "-":
        yield
        return
    refuse_existing(path, overwrite=overwrite)
    with whole(path, message("choose another file with -o, or make room")) as file:
        text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="\n")
        try:
            with redirect_stdout(text):
                yield
        finally:
            text.detach()  # writes what is left, and lets `whole` close the file


def table_head(*names: str) -> tuple[str, ...]:
    """Return the head of a table in the user's language."""
    return tuple(localize(name) for name in names)


def voice_column(narrators: Sequence[str]) -> list[tuple[str, ...]]:
    """Return a column of a table of chapters with its head; nothing where one voice narrates all.

    Args:
        narrators: the name of each chapter's voice.
    """
    if len(set(narrators)) < 2:
        return [(), *(() for _ in narrators)]
    return [table_head("VOICE"), *((name,) for name in narrators)]


def localize_error(problem: AudiobookError) -> str:
    """Return an error and its remedy as one line in the user's language.

    A fault of the program is reported in a file, which the line names.
    """
    if isinstance(problem, InternalError):
        from audiobook.system.fault_reports import report_fault

        report_fault(problem)
    return one_line(localize(problem.message))
