"""The commands that tell what a text says, and what is wrong with it."""

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
    say,
    switches,
)
from audiobook.cli.doubts import print_doubts, print_doubts_as_json
from audiobook.cli.printing import clock, count, heads, print_table
from audiobook.cli.progress import show_recognised
from audiobook.errors import FINDINGS, UsageError
from audiobook.messages import figure, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        bool, typer.Option("--explain", help="Add which rule read what, and where.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="All that --explain tells, as a JSON array.")
    ] = False,
    lines: Annotated[
        bool, typer.Option("--lines", help="Line by line: as many lines out as in.")
    ] = False,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Every word that will not be read, by step.")
    ] = False,
    doubts: Annotated[
        bool,
        typer.Option("--doubts", help="The words read by guess, as a lexicon ready to correct."),
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
    """Print what will be said, one sentence a line."""
    from audiobook.app import build as journey
    from audiobook.app.batch import parts_of
    from audiobook.config import make_job, with_marked_voices
    from audiobook.stages import readers
    from audiobook.stages.chapters import selection
    from audiobook.stages.script import readings_of, readings_of_sentences
    from audiobook.stages.tidy.directions import marked_voices
    from audiobook.vietnamese import Lexicon, list_doubts
    from audiobook.vietnamese import say as put_together

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
    kept, dropped = switches(keep, drop, notes)
    job = make_job(
        source,
        folder=Path(),
        parts=() if lines else parts_of(source),
        voice=voice,
        lexicon=lexicon,
        allow_private=allow_private,
        keep=kept,
        drop=dropped,
        selection=selected,
        ocr=ocr,
    )
    if left_out:
        _print_left_out(journey.prepare(job, show_recognised), as_json=as_json)
        return
    taught = Lexicon(job.lexicon)
    read_out: Iterable[tuple[int, str, list[Reading]]]
    if lines:
        written = readers.read_text(source).splitlines()
        read_out = ((0, line, readings_of(line, job.voice, taught)) for line in written)
    else:
        document = journey.prepare(job, show_recognised)
        cast = with_marked_voices(job, marked_voices(document)).cast
        read_out = (
            (document.number_of(position), text, readings)
            for position, chapter in enumerate(document.chapters)
            for text, readings in readings_of_sentences(chapter, cast, taught)
        )
    if doubts:
        (print_doubts_as_json if as_json else print_doubts)(list_doubts(read_out))
        return
    said = ((text, put_together(text, readings), readings) for _, text, readings in read_out)
    if as_json:
        _print_json(said)
        return
    for _, spoken, readings in said:
        print(spoken)
        if explain and readings:
            _print_readings(readings)


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
    from audiobook.app import build as journey
    from audiobook.app.batch import parts_of
    from audiobook.config import make_job
    from audiobook.model import count_words

    kept, dropped = switches(keep, drop, notes)
    job = make_job(
        source,
        folder=Path(),
        parts=parts_of(source),
        voice=voice,
        allow_private=allow_private,
        keep=kept,
        drop=dropped,
        ocr=ocr,
    )
    rows: list[tuple[int, str, int, float]] = []
    for chapter in journey.prepare(job, show_recognised).chapters:
        texts = [paragraph.text for paragraph in chapter.paragraphs]
        seconds = sum(map(len, texts)) / job.voice.pace
        rows.append((chapter.level, chapter.title, sum(map(count_words, texts)), seconds))
    (_print_chapters_as_json if as_json else _print_chapters)(rows)


def _print_chapters(rows: Sequence[tuple[int, str, int, float]]) -> None:
    table = [heads("", "CHAPTER", "WORDS", "LENGTH")]
    for number, (level, title, words, seconds) in enumerate(rows, 1):
        title = "  " * (level - 1) + title
        table.append((f"{number}", title, figure(f"{words:,}"), clock(seconds)))
    print_table(table, shorten=1)
    words, seconds = sum(row[2] for row in rows), sum(row[3] for row in rows)
    parts = (count(len(rows), "chapter"), count(words, "word"))
    print(", ".join((*parts, told(f"{clock(seconds)} of speech expected"))))


def _print_chapters_as_json(rows: Sequence[tuple[int, str, int, float]]) -> None:
    import json

    entries = [
        {"number": number, "title": title, "level": level, "words": words, "seconds": seconds}
        for number, (level, title, words, seconds) in enumerate(rows, 1)
    ]
    print(json.dumps(entries, ensure_ascii=False, indent=1))


@app.command()
def proof(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, an address, or - for stdin.")
    ],
    fix: Annotated[
        bool, typer.Option("--fix", help="Correct the sure ones, and write the text to FILE.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where --fix writes.")
    ] = None,
    allow_private: AllowPrivate = False,
    ocr: Ocr = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """List likely misprints as line:column: message -> suggestion; exit 6 when there are any.

    The lines are those of a text file; of a book, a page or a document each paragraph is one.
    """
    from audiobook.app.proofread import proofread
    from audiobook.model import Recognised
    from audiobook.stages.readers.ocr import Recogniser
    from audiobook.system.files import whole
    from audiobook.system.folders import cache_folder

    if fix != (output is not None):
        raise UsageError("--fix needs a file to write, and only --fix does", "--fix -o FILE")
    findings, mended = proofread(
        source,
        allow_private=allow_private,
        recogniser=Recogniser(cache_folder(), lambda *pages: show_recognised(Recognised(*pages)))
        if ocr
        else None,
    )
    for line, column, misprint in findings:
        suggestion = f" -> {misprint.suggestion}" if misprint.suggestion else ""
        done = f"  {told('(corrected)')}" if fix and misprint.sure else ""
        print(f"{line}:{column}: {told(misprint.message)}{suggestion}{done}")
    if output is not None:
        with whole(output) as file:
            file.write(mended.encode())
        sure = sum(misprint.sure for _, _, misprint in findings)
        done = told(f"{sure} of {count(len(findings), 'finding')} corrected")
        say(f"{output}: {done}")
    if findings:
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
            told(reading.rule),
        )
        for reading in readings
    ]
    print_table(rows, dim=True)


def _print_json(sentences: Iterable[tuple[str, str, Sequence[Reading]]]) -> None:
    """Print a JSON array with one sentence a line, as they come."""
    import json
    from dataclasses import asdict

    between = "[\n"
    for written, spoken, readings in sentences:
        entry = {
            "written": written,
            "spoken": spoken,
            "readings": [asdict(reading) for reading in readings],
        }
        print(between + json.dumps(entry, ensure_ascii=False), end="")
        between = ",\n"
    print("\n]" if between == ",\n" else "[]")
