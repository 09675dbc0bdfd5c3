"""The commands about a text: what will be read, and its chapters."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import (
    AllowPrivate,
    Chapters,
    Debug,
    Drop,
    From,
    Keep,
    LexiconFile,
    Notes,
    Ocr,
    VoiceName,
    keep_and_drop,
    select_chapters,
)
from audiobook.cli.commands import new_app
from audiobook.cli.doubts import print_doubts, print_doubts_as_json
from audiobook.cli.printing import (
    clock_time,
    print_table,
    printable,
    printed_into,
    table_head,
    voice_column,
)
from audiobook.cli.progress import show_recognised
from audiobook.cli.unread import note_links_out
from audiobook.errors import UsageError
from audiobook.messages import localize, localize_figure, message, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.app.chapters import ChapterLength
    from audiobook.app.readout import SpokenSentence
    from audiobook.model import Document, Job
    from audiobook.vietnamese import Reading


BookSource = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="A file, an address, the folder of one book's parts, or - for stdin."
    ),
]


def job_of_text(
    source: str,
    voice: str | None,
    switches: tuple[Sequence[str], Sequence[str]],
    *,
    allow_private: bool,
    ocr: bool,
) -> Job:
    """Return the job of a text that is looked at, and not built.

    Args:
        source: the text.
        voice: the name of the voice that would read it; None for the usual one.
        switches: the steps of tidying to leave out, and those to do besides.
        allow_private: whether addresses of private networks are read.
        ocr: whether the text of scanned pages is recognised.
    """
    from audiobook.app.book_requests import parts_of
    from audiobook.config import make_job

    note_links_out([source])
    keep, drop = switches
    return make_job(
        source,
        folder=Path(),
        parts=parts_of(source),
        voice=voice,
        allow_private=allow_private,
        keep=keep,
        drop=drop,
        ocr=ocr,
    )


app = new_app()


@app.command()
def read(
    source: BookSource,
    voice: VoiceName = None,
    lexicon: LexiconFile = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also show which rule read what, and where.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all that --explain shows as a JSON array.")
    ] = False,
    lines: Annotated[
        bool, typer.Option("--lines", help="Read line by line: one line out for each line in.")
    ] = False,
    timed: Annotated[
        bool,
        typer.Option("--timed", help="Read subtitles as `build --timed` does, with their times."),
    ] = False,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Show every word that will not be read, by step.")
    ] = False,
    doubts: Annotated[
        bool,
        typer.Option("--doubts", help="List the words read by guess, as a lexicon to correct."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the result into FILE, in UTF-8, instead of printing it.",
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace FILE if it exists.")
    ] = False,
    chapters: Chapters = None,
    start: From = None,
    notes: Notes = "",
    keep: Keep = None,
    drop: Drop = None,
    allow_private: AllowPrivate = False,
    ocr: Ocr = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Print the text as it will be spoken, one sentence per line."""
    from audiobook.app import readout
    from audiobook.app.book_requests import parts_of
    from audiobook.app.preparing import prepare
    from audiobook.config import make_job

    if left_out and (lines or explain or doubts):
        raise UsageError(
            message("--left-out shows what is not read"),
            message("leave out --lines, --explain and --doubts"),
        )
    if doubts and (lines or explain):
        raise UsageError(
            message("--doubts lists the words of a whole text"),
            message("leave out --lines and --explain"),
        )
    selected = select_chapters(chapters, start)
    if selected and (lines or left_out):
        raise UsageError(
            message("--lines and --left-out are about the whole text"),
            message("leave out --chapters and --from"),
        )
    keep_steps, drop_steps = keep_and_drop(keep, drop, notes)
    note_links_out([source])
    job = make_job(
        source,
        folder=Path(),
        parts=() if lines else parts_of(source),
        voice=voice,
        lexicon=lexicon,
        allow_private=allow_private,
        keep=keep_steps,
        drop=drop_steps,
        selection=selected,
        ocr=ocr,
        timed=timed,
    )
    with printed_into(output, overwrite=overwrite):
        if left_out:
            _print_left_out(prepare(job, show_recognised), as_json=as_json)
            return
        if timed and not (lines or doubts or as_json or explain):
            for slot, spoken in readout.read_subtitles(job):
                print(f"{slot.number}\t{clock_time(slot.start)}\t{printable(spoken)}")
            return
        sentences = (
            readout.read_lines(job) if lines else readout.read_sentences(job, show_recognised)
        )
        if doubts:
            _print_doubts(sentences, as_json=as_json)
        elif as_json:
            _print_json(sentences)
        else:
            _print_sentences(sentences, explain=explain)


@app.command()
def chapters(
    source: BookSource,
    voice: VoiceName = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The same as a JSON array; lengths in seconds.")
    ] = False,
    notes: Notes = "",
    keep: Keep = None,
    drop: Drop = None,
    allow_private: AllowPrivate = False,
    ocr: Ocr = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """List the chapters of a text: number, title, words, and how long each will be.

    `audiobook build SOURCE --chapters 3-7,12` builds some of them.
    """
    from audiobook.app.chapters import measure_chapters

    switches = keep_and_drop(keep, drop, notes)
    job = job_of_text(source, voice, switches, allow_private=allow_private, ocr=ocr)
    lengths = measure_chapters(job, show_recognised)
    (_print_chapters_as_json if as_json else _print_chapters)(lengths)


def _print_chapters(lengths: Sequence[ChapterLength]) -> None:
    voices = voice_column([length.narrator for length in lengths])
    table = [table_head("", "CHAPTER", "WORDS", "LENGTH", *voices[0])]
    for length, voice in zip(lengths, voices[1:], strict=True):
        title = "  " * (length.level - 1) + length.title
        words = localize_figure(f"{length.words:,}")
        table.append((f"{length.number}", title, words, clock_time(length.seconds), *voice))
    print_table(table, shorten=1)
    seconds = sum(length.seconds for length in lengths)
    word_count = sum(length.words for length in lengths)
    parts = (
        localize(plural("{count:,} chapter", "{count:,} chapters", count=len(lengths))),
        localize(plural("{count:,} word", "{count:,} words", count=word_count)),
    )
    print(
        ", ".join(
            (*parts, localize(message("{time} of speech expected", time=clock_time(seconds))))
        )
    )


def _print_chapters_as_json(lengths: Sequence[ChapterLength]) -> None:
    import json

    entries = [asdict(length) for length in lengths]
    print(json.dumps(entries, ensure_ascii=False, indent=1))


def _print_left_out(document: Document, *, as_json: bool) -> None:
    from audiobook.cli.changes import print_left_out, print_left_out_as_json

    show = print_left_out_as_json if as_json else print_left_out
    show(document.changes, document.book.words)


def _print_doubts(sentences: Iterable[SpokenSentence], *, as_json: bool) -> None:
    from audiobook.vietnamese import list_doubts

    (print_doubts_as_json if as_json else print_doubts)(list_doubts(sentences))


def _print_sentences(sentences: Iterable[SpokenSentence], *, explain: bool) -> None:
    for sentence in sentences:
        print(sentence.spoken)
        if explain and sentence.readings:
            _print_readings(sentence.readings)


def _print_readings(readings: Sequence[Reading]) -> None:
    rows = [
        (
            f"    {reading.start}-{reading.end}",
            reading.written,
            reading.spoken.strip(),
            localize(reading.rule),
        )
        for reading in readings
    ]
    print_table(rows, dim=True)


def _print_json(sentences: Iterable[SpokenSentence]) -> None:
    """Print a JSON array with one sentence a line, each as soon as it is read."""
    import json

    separator = "[\n"
    for sentence in sentences:
        entry = {
            "written": sentence.written,
            "spoken": sentence.spoken,
            "readings": [asdict(reading) for reading in sentence.readings],
        }
        print(separator + json.dumps(entry, ensure_ascii=False), end="")
        separator = ",\n"
    print("\n]" if separator == ",\n" else "[]")
