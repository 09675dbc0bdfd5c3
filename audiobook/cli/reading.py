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
    from audiobook.vietnamese import say as spoken_form

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
        _print_left_out(journey.prepare(job, show_recognised), as_json=as_json)
        return
    user_lexicon = Lexicon(job.lexicon)
    sentences: Iterable[tuple[int, str, list[Reading]]]
    if lines:
        text_lines = readers.read_text(source).splitlines()
        sentences = ((0, line, readings_of(line, job.voice, user_lexicon)) for line in text_lines)
    else:
        document = journey.prepare(job, show_recognised)
        cast = with_marked_voices(job, marked_voices(document)).cast
        sentences = (
            (document.number_of(position), text, readings)
            for position, chapter in enumerate(document.chapters)
            for text, readings in readings_of_sentences(chapter, cast, user_lexicon)
        )
    if doubts:
        (print_doubts_as_json if as_json else print_doubts)(list_doubts(sentences))
        return
    spoken_sentences = (
        (text, spoken_form(text, readings), readings) for _, text, readings in sentences
    )
    if as_json:
        _print_json(spoken_sentences)
        return
    for _, spoken, readings in spoken_sentences:
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
    rows: list[tuple[int, str, int, float]] = []
    for chapter in journey.prepare(job, show_recognised).chapters:
        texts = [paragraph.text for paragraph in chapter.paragraphs]
        seconds = sum(map(len, texts)) / job.voice.pace
        rows.append((chapter.level, chapter.title, sum(map(count_words, texts)), seconds))
    (_print_chapters_as_json if as_json else _print_chapters)(rows)


def _print_chapters(rows: Sequence[tuple[int, str, int, float]]) -> None:
    table = [table_head("", "CHAPTER", "WORDS", "LENGTH")]
    for number, (level, title, words, seconds) in enumerate(rows, 1):
        title = "  " * (level - 1) + title
        table.append((f"{number}", title, localize_figure(f"{words:,}"), clock_time(seconds)))
    print_table(table, shorten=1)
    words, seconds = sum(row[2] for row in rows), sum(row[3] for row in rows)
    parts = (quantity(len(rows), "chapter"), quantity(words, "word"))
    print(", ".join((*parts, localize(f"{clock_time(seconds)} of speech expected"))))


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


def _print_json(sentences: Iterable[tuple[str, str, Sequence[Reading]]]) -> None:
    """Print a JSON array with one sentence a line, each as soon as it is read."""
    import json
    from dataclasses import asdict

    separator = "[\n"
    for written, spoken, readings in sentences:
        entry = {
            "written": written,
            "spoken": spoken,
            "readings": [asdict(reading) for reading in readings],
        }
        print(separator + json.dumps(entry, ensure_ascii=False), end="")
        separator = ",\n"
    print("\n]" if separator == ",\n" else "[]")
