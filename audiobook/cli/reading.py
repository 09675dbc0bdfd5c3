"""The commands about a text: what will be read, its chapters, and its misprints."""

from __future__ import annotations

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
    app,
    keep_and_drop,
    notify,
)
from audiobook.cli.doubts import print_doubts, print_doubts_as_json
from audiobook.cli.printing import clock_time, print_table, quantity, table_head
from audiobook.cli.progress import show_recognised
from audiobook.errors import FINDINGS, UsageError
from audiobook.messages import localize, localize_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.app.readout import ChapterLength, SpokenSentence
    from audiobook.model import Document
    from audiobook.vietnamese import Reading


BookSource = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="A file, an address, the folder of one book's parts, or - for stdin."
    ),
]


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
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Show every word that will not be read, by step.")
    ] = False,
    doubts: Annotated[
        bool,
        typer.Option("--doubts", help="List the words read by guess, as a lexicon to correct."),
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
    from audiobook.app.batch import parts_of
    from audiobook.app.build import prepare
    from audiobook.config import make_job
    from audiobook.stages.chapters import selection

    if left_out and (lines or explain or doubts):
        raise UsageError(
            "--left-out shows what is not read", "leave out --lines, --explain and --doubts"
        )
    if doubts and (lines or explain):
        raise UsageError(
            "--doubts lists the words of a whole text", "leave out --lines and --explain"
        )
    selected = selection.parse(chapters, start)
    if selected and (lines or left_out):
        raise UsageError(
            "--lines and --left-out are about the whole text", "leave out --chapters and --from"
        )
    keep_steps, drop_steps = keep_and_drop(keep, drop, notes)
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
    )
    if left_out:
        _print_left_out(prepare(job, show_recognised), as_json=as_json)
        return
    sentences = readout.read_lines(job) if lines else readout.read_sentences(job, show_recognised)
    if doubts:
        from audiobook.vietnamese import list_doubts

        (print_doubts_as_json if as_json else print_doubts)(list_doubts(sentences))
        return
    if as_json:
        _print_json(sentences)
        return
    for sentence in sentences:
        print(sentence.spoken)
        if explain and sentence.readings:
            _print_readings(sentence.readings)


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
    from audiobook.app.batch import parts_of
    from audiobook.app.readout import measure_chapters
    from audiobook.config import make_job

    keep_steps, drop_steps = keep_and_drop(keep, drop, notes)
    job = make_job(
        source,
        folder=Path(),
        parts=parts_of(source),
        voice=voice,
        allow_private=allow_private,
        keep=keep_steps,
        drop=drop_steps,
        ocr=ocr,
    )
    lengths = measure_chapters(job, show_recognised)
    (_print_chapters_as_json if as_json else _print_chapters)(lengths)


def _print_chapters(lengths: Sequence[ChapterLength]) -> None:
    table = [table_head("", "CHAPTER", "WORDS", "LENGTH")]
    for number, title, level, words, seconds in lengths:
        title = "  " * (level - 1) + title
        table.append((f"{number}", title, localize_figure(f"{words:,}"), clock_time(seconds)))
    print_table(table, shorten=1)
    words = sum(length.words for length in lengths)
    seconds = sum(length.seconds for length in lengths)
    parts = (quantity(len(lengths), "chapter"), quantity(words, "word"))
    print(", ".join((*parts, localize(f"{clock_time(seconds)} of speech expected"))))


def _print_chapters_as_json(lengths: Sequence[ChapterLength]) -> None:
    import json

    entries = [length._asdict() for length in lengths]
    print(json.dumps(entries, ensure_ascii=False, indent=1))


@app.command()
def proof(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, an address, or - for stdin.")
    ],
    fix: Annotated[
        bool, typer.Option("--fix", help="Correct the certain ones, and write the text to FILE.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where --fix writes.")
    ] = None,
    allow_private: AllowPrivate = False,
    ocr: Ocr = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """List likely misprints as line:column: message -> suggestion; exit code 6 if there are any.

    Lines are those of a text file; in a book, a page or a document each paragraph is a line.
    """
    from audiobook.app.proofread import proofread
    from audiobook.model import Recognised
    from audiobook.stages.readers.ocr import Recogniser
    from audiobook.system.files import whole
    from audiobook.system.folders import cache_folder

    if fix != (output is not None):
        raise UsageError("--fix and -o need each other", "--fix -o FILE")
    misprints, corrected = proofread(
        source,
        allow_private=allow_private,
        recogniser=Recogniser(cache_folder(), lambda *pages: show_recognised(Recognised(*pages)))
        if ocr
        else None,
    )
    for line, column, misprint in misprints:
        suggestion = f" -> {misprint.suggestion}" if misprint.suggestion else ""
        note = f"  {localize('(corrected)')}" if fix and misprint.sure else ""
        print(f"{line}:{column}: {localize(misprint.message)}{suggestion}{note}")
    if output is not None:
        with whole(output) as file:
            file.write(corrected.encode())
        certain_count = sum(misprint.sure for _, _, misprint in misprints)
        note = localize(f"{certain_count} of {quantity(len(misprints), 'finding')} corrected")
        notify(f"{output}: {note}")
    if misprints:
        raise typer.Exit(FINDINGS)


def _print_left_out(document: Document, *, as_json: bool) -> None:
    from audiobook.cli.changes import print_left_out, print_left_out_as_json

    show = print_left_out_as_json if as_json else print_left_out
    show(document.changes, document.book.words)


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
    from dataclasses import asdict

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
