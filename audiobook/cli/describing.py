"""Options of a command that say what a book is: its title, its author, its cover."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiobook.outputs.pictures import COVER_SIZES

Title = Annotated[str, typer.Option(metavar="TEXT", help="Title of the book.")]
Author = Annotated[str, typer.Option(metavar="TEXT", help="Author of the book.")]
Narrator = Annotated[str, typer.Option(metavar="TEXT", help="Narrator, for the tags of the book.")]
Series = Annotated[str, typer.Option(metavar="NAME", help="Series that the book is a volume of.")]
Volume = Annotated[str, typer.Option(metavar="N", help="Its place in the series: 3 or 1.5.")]
Cover = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A picture (JPEG, PNG, WebP, GIF, AVIF, SVG), or `none` for no cover.",
    ),
]
CoverSize = Annotated[
    int | None,
    typer.Option(
        min=COVER_SIZES[0],
        max=COVER_SIZES[1],
        metavar="KB",
        help="Most kB of the cover inside the book; by default 300, in an EPUB 500.",
    ),
]
Date = Annotated[
    str, typer.Option(metavar="DATE", help="Date of the book: YYYY, YYYY-MM or YYYY-MM-DD.")
]
Language = Annotated[str, typer.Option(metavar="TAG", help="Language of the text.")]
Description = Annotated[str, typer.Option(metavar="TEXT", help="Short description of the book.")]
