"""The command that tells what a finished book holds."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, notify
from audiobook.cli.commands import new_app
from audiobook.cli.printing import (
    clock_time,
    localize_error,
    print_table,
    printable,
    table_head,
)
from audiobook.errors import SourceError, UsageError
from audiobook.messages import Message, localize, message, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.app.information import BookInformation
    from audiobook.audit.types import FileContents

_STDIN = "-"
_FORMS = "titles|labels|ffmetadata"

app = new_app()


@app.command()
def info(
    books: Annotated[
        list[Path],
        typer.Argument(
            metavar="BOOK...",
            help="MP3, M4B, Opus or WAV files, of any program; - for standard input.",
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON object for each book, on a line.")
    ] = False,
    chapters: Annotated[
        str | None,
        typer.Option(
            metavar=_FORMS, help="Print only the chapters, as `audiobook retag` takes them back."
        ),
    ] = None,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Tell what finished books hold: tags, chapters, and how they were made.

    Only the file is read, and its sound is not decoded: `audiobook check` measures that. To
    change the chapters, print them, edit the list and hand it back: `audiobook info BOOK
    --chapters labels > chapters.txt`, then `audiobook retag BOOK --chapters chapters.txt`.
    """
    from audiobook.app.chapter_lists import Form, write_list
    from audiobook.app.information import json_values, read_information
    from audiobook.system.folders import cache_folder

    if chapters is not None and chapters not in list(Form):
        raise UsageError(
            message("--chapters cannot be {value!r}", value=chapters),
            message("choose {names}", names=_FORMS),
        )
    worst: SourceError | None = None
    for position, book in enumerate(books):
        try:
            with _seekable(book) as path:
                information = read_information(path, cache_folder())
        except SourceError as problem:
            if len(books) == 1:
                raise
            notify(f"audiobook: {localize_error(problem)}")
            worst = problem
            continue
        if as_json:
            print(json.dumps({**json_values(information), "path": str(book)}, ensure_ascii=False))
        elif chapters is not None:
            print(write_list(information.contents.heard_chapters, Form(chapters)), end="")
        else:
            if position:
                print()
            _print_book(information, book)
    if worst:
        raise typer.Exit(worst.exit_code)


@contextmanager
def _seekable(book: Path) -> Iterator[Path]:
    """Yield a file with the content of a book, which may come from a pipe."""
    if str(book) != _STDIN and not book.is_fifo():
        yield book
        return
    with tempfile.NamedTemporaryFile(suffix=".audiobook") as file:
        if str(book) == _STDIN:
            shutil.copyfileobj(sys.stdin.buffer, file)
        else:
            with book.open("rb") as pipe:
                shutil.copyfileobj(pipe, file)
        file.flush()
        yield Path(file.name)


def _print_book(information: BookInformation, book: Path) -> None:
    contents = information.contents
    print(printable(" · ".join(filter(None, (contents.title or book.name, contents.author)))))
    print_table([row for row in _rows(information) if row[1]])
    if contents.heard_chapters:
        print_table([*_chapter_rows(contents)])


def _rows(information: BookInformation) -> Iterator[tuple[str, str]]:
    from audiobook.app.chapter_places import unlisted_note

    contents = information.contents
    yield localize("file"), _file_line(contents)
    yield localize("length"), clock_time(contents.seconds)
    yield localize("narrator"), contents.narrator
    yield (
        localize("book series"),
        ", ".join(filter(None, (contents.series, contents.volume))),
    )
    if contents.album != contents.title:
        yield localize("album"), contents.album
    yield localize("book date"), contents.date
    yield localize("language"), information.language
    yield localize("genre"), contents.genre
    yield localize("publisher"), contents.publisher
    yield localize("description"), " ".join(contents.description.split())
    yield localize("cover"), _cover_line(contents)
    if contents.loudness is not None:
        yield localize("loudness"), localize(message("{level:.1f} LUFS", level=contents.loudness))
    if contents.sentences:
        yield localize("synced text"), localize(_sentences(len(contents.sentences)))
    if contents.unlisted_chapters:
        listed = len(contents.chapters)
        total = listed + contents.unlisted_chapters
        yield localize("chapters"), localize(unlisted_note(listed, total))
    yield localize("written by"), contents.encoder
    yield from _making_rows(information)


def _file_line(contents: FileContents) -> str:
    size = localize(message("{size:.1f} MB", size=contents.size / 1e6))
    bits = localize(contents.described_bitrate)
    channels = localize("mono") if contents.channels == 1 else localize("stereo")
    return f"{contents.format}, {size}, {bits}, {contents.rate} Hz, {channels}"


def _cover_line(contents: FileContents) -> str:
    cover = contents.cover
    if cover is None:
        return localize("none")
    size = localize(message("{size:.0f} kB", size=cover.size / 1e3))
    return f"{cover.kind} {cover.width} × {cover.height}, {size}"


def _sentences(count: int) -> Message:
    return plural("{count:,} sentence", "{count:,} sentences", count=count)


def _making_rows(information: BookInformation) -> Iterator[tuple[str, str]]:
    """Yield how a book was made, as far as it tells; nothing for a book of another program."""
    from audiobook.app.changed_tags import names_of

    note = information.contents.provenance
    if note is None:
        return
    if information.source is not None:
        yield localize("made from"), str(information.source)
    names = {
        "voice": localize("voice"),
        "engine": localize("engine"),
        "speed": localize("speed"),
        "pitch": localize("pitch"),
        "loudness": localize("loudness wanted"),
    }
    for name, value in note.making:
        unit = " LUFS" if name == "loudness" else ""
        yield names.get(name, name), value.replace(",", ", ") + unit
    if note.stood_in:
        count = sum(end - first for first, end in note.stood_in)
        yield localize("by the fallback voice"), localize(_sentences(count))
    if information.contents.changes:
        fields = names_of(information.contents.changes)
        yield localize("changed since"), ", ".join(map(localize, fields))


def _chapter_rows(contents: FileContents) -> Iterator[tuple[str, ...]]:
    yield table_head("", "CHAPTER", "START", "LENGTH")
    for number, chapter in enumerate(contents.heard_chapters, 1):
        indent = "  " * (chapter.level - 1)
        length = clock_time(max(chapter.end - chapter.start, 0))
        title = " ".join(chapter.title.split())
        yield f"{number}", f"{indent}{title}", clock_time(chapter.start), length
