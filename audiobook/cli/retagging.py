"""The command that changes what a finished book says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiobook.cli.app import Debug, notify
from audiobook.cli.building import is_none
from audiobook.cli.commands import new_app
from audiobook.cli.moments import check_date
from audiobook.cli.printing import printable
from audiobook.cli.tags import read_language, read_volume
from audiobook.errors import UsageError
from audiobook.messages import localize, message

app = new_app()


@app.command()
def retag(
    book: Annotated[Path, typer.Argument(metavar="BOOK", help="An MP3, M4B or Opus file.")],
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="Title of the book.")] = None,
    author: Annotated[str | None, typer.Option(metavar="TEXT", help="Author of the book.")] = None,
    narrator: Annotated[str | None, typer.Option(metavar="TEXT", help="Who reads.")] = None,
    series: Annotated[
        str | None, typer.Option(metavar="NAME", help="Series that the book is a volume of.")
    ] = None,
    volume: Annotated[
        str | None, typer.Option(metavar="N", help="Its place in the series: 3 or 1.5.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            "--year",
            metavar="DATE",
            help="Date of the book: YYYY, YYYY-MM or YYYY-MM-DD.",
        ),
    ] = None,
    publisher: Annotated[str | None, typer.Option(metavar="TEXT", help="Publisher.")] = None,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="Language of the text, such as vi.")
    ] = None,
    genre: Annotated[str | None, typer.Option(metavar="TEXT", help="Genre.")] = None,
    description: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Short description of the book.")
    ] = None,
    cover: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A picture (JPEG, PNG, WebP, GIF, AVIF, SVG), or `none` for no cover.",
        ),
    ] = None,
    chapters: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Chapters: a title on each line, labels of Audacity, or metadata of ffmpeg.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Change the tags, the cover or the chapters of a finished book, and not its sound.

    What is not named stays, and an empty text takes a tag away: --series "". The file is replaced
    only once the new one is whole. A list of titles keeps the times of the chapters; a list with
    times may have more chapters or fewer, and each lasts until the next: `audiobook info BOOK
    --chapters labels` prints one to change. If the text of the book changes later, `audiobook
    build` does not set these changes back without a word: write them into book.toml, too.
    """
    from audiobook.app.changed_tags import NAMES
    from audiobook.app.chapter_lists import read_list
    from audiobook.app.retagging import Changes
    from audiobook.app.retagging import retag as change
    from audiobook.config import read_picture

    check_date(date or "")
    given = {
        "title": title,
        "author": author,
        "narrator": narrator,
        "series": series,
        "volume": volume,
        "date": date,
        "publisher": publisher,
        "language": language,
        "genre": genre,
        "description": description,
    }
    texts = {name: value.strip() for name, value in given.items() if value is not None}
    for name, read in (("volume", read_volume), ("language", read_language)):
        if name in texts:
            texts[name] = read(texts[name])
    if not texts and cover is None and chapters is None:
        raise UsageError(
            message("nothing is to be changed"),
            message("name a tag, as in --title TEXT: see audiobook retag --help"),
        )
    picture = None
    if cover is not None:
        name = message("the cover {path}", path=cover)
        picture = b"" if is_none(cover) else read_picture(name, cover)
    listed = None if chapters is None else read_list(chapters)
    result = change(book, Changes(texts=texts, cover=picture, chapters=listed))
    if quiet:
        return
    names = [localize(NAMES[name]) for name in result.changed]
    changed = ", ".join(names) or localize("unchanged")
    print(f"{printable(str(result.path))}: {changed}")
    for note in result.notes:
        notify(localize(note))
