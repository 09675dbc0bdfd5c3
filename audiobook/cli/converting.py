"""The command that writes a finished book in another format."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, Overwrite, Vbr, notify
from audiobook.cli.bars import open_bar
from audiobook.cli.commands import new_app
from audiobook.cli.completing import one_of
from audiobook.cli.outcomes import book_figures
from audiobook.cli.printing import printable
from audiobook.messages import localize
from audiobook.outputs import SOUND_FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobook.model import Converted

app = new_app()


@app.command()
def convert(
    book: Annotated[
        Path,
        typer.Argument(
            metavar="BOOK", help="An MP3, M4B, Opus or WAV file, with chapters or without."
        ),
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(SOUND_FORMATS),
            autocompletion=one_of(SOUND_FORMATS),
            help="Format to convert to.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="DIR|FILE", help="Folder or file; by default beside BOOK."
        ),
    ] = None,
    bitrate: Annotated[
        int | None,
        typer.Option(
            min=8, metavar="KBIT", help="Bit rate in kbit/s; by default not below that of BOOK."
        ),
    ] = None,
    vbr: Vbr = None,
    overwrite: Overwrite = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Write a finished book in another format, without recording it again.

    Chapters, tags, cover and synced text stay. The sound loses a little, because it is encoded
    twice: building the book in the other format sounds best.
    """
    from audiobook.app import converting
    from audiobook.system.folders import cache_folder

    path, name = converting.choose_path(book, output or book.parent, form)
    conversion = converting.Conversion(
        source=book,
        path=path,
        format=name,
        cache=cache_folder(),
        bitrate=bitrate,
        vbr=vbr,
        overwrite=overwrite,
    )
    with _open_progress(quiet=quiet) as report:
        result = converting.convert(conversion, report)
    if quiet:
        return
    suffix = f" ({localize('unchanged')})" if result.unchanged else ""
    print(f"{printable(str(result.book.path))}: {book_figures(result.book)}{suffix}")
    for note in result.notes:
        notify(localize(note))


@contextmanager
def _open_progress(*, quiet: bool) -> Iterator[Callable[[Converted], None]]:
    """Open a bar on a terminal that shows how much of a book is converted."""
    if quiet or not sys.stderr.isatty():
        yield lambda _event: None
        return
    with open_bar() as bar:
        task = bar.add_task("", total=None, status="")
        yield lambda event: bar.update(task, completed=event.seconds, total=event.total)
