"""Options of a command that say what a build writes: in which form, into how many files, where."""

from __future__ import annotations

from typing import Annotated

import typer

from audiobook.cli.completing import one_of
from audiobook.cli.numbers import number
from audiobook.model import LAYOUTS
from audiobook.outputs import ALL_FORMATS

BookFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(ALL_FORMATS),
        autocompletion=one_of(ALL_FORMATS),
        help="Format of the book; by default mp3. WAV is only for --timed.",
    ),
]
Timed = Annotated[
    bool,
    typer.Option(
        "--timed",
        help="For dubbing a film: speak each subtitle of an SRT, VTT, ASS or LRC file at its time.",
    ),
]
Split = Annotated[
    bool,
    typer.Option(
        "--split",
        help="Also write a file for each chapter: DIR/STEM/01 - Title.mp3, and cover.jpg.",
    ),
]
Layout = Annotated[
    str | None,
    typer.Option(
        metavar="|".join(LAYOUTS),
        help="Place books as a library program expects: folders by author and title.",
    ),
]
Transcripts = Annotated[
    list[str] | None,
    typer.Option(
        "--transcript", metavar="vtt,srt,lrc", help="Also write synced text, in these formats."
    ),
]
Preview = Annotated[
    float | None,
    typer.Option(
        parser=number(1, 3600),
        metavar="SECONDS",
        help="Record only about the first SECONDS of each chapter, 1 to 3600.",
    ),
]
