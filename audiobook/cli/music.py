"""Options for what is played and said before, between and after the chapters of a book."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Intro = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Music before the first chapter: any sound file of up to 3 minutes.",
    ),
]
Outro = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Music after the last chapter, likewise.")
]
Between = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Music between chapters, of up to a minute."),
]
Opening = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT|auto",
        help="Say this first: '{title} của {author}. Giọng đọc: {narrator}.', or `auto` for that.",
    ),
]
Closing = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT|auto", help="Say this last, with such fields; `auto` for the usual words."
    ),
]
