"""The command that lists the misprints of a text, and corrects them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiobook.cli.app import AllowPrivate, Debug, Ocr, notify
from audiobook.cli.commands import new_app
from audiobook.cli.printing import refuse_existing
from audiobook.cli.progress import show_recognised
from audiobook.errors import FINDINGS, UsageError
from audiobook.messages import localize, message, plural, verbatim

app = new_app()


@app.command()
def proof(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, an address, or - for stdin.")
    ],
    fix: Annotated[
        bool, typer.Option("--fix", help="Correct the certain ones, and write the text to FILE.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The file that --fix writes."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace FILE if it exists.")
    ] = False,
    allow_private: AllowPrivate = False,
    ocr: Ocr = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """List likely misprints as line:column: message -> suggestion; exit code 6 if there are any.

    Lines are those of a text file; in a book, a page or a document each paragraph is a line.
    """
    from audiobook.app.proofread import proofread
    from audiobook.config.books import read_book_files
    from audiobook.model import Recognised
    from audiobook.stages.readers.ocr import Recogniser
    from audiobook.system.files import is_there, whole
    from audiobook.system.folders import cache_folder

    if fix != (output is not None):
        raise UsageError(message("--fix and -o need each other"), verbatim("--fix -o FILE"))
    if output is not None:
        refuse_existing(output, overwrite=overwrite)
    ocr = ocr or (is_there(Path(source)) and read_book_files(Path(source)).ocr)
    misprints, corrected, _ = proofread(
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
        note = localize(
            plural(
                "{corrected:,} of {count:,} finding corrected",
                "{corrected:,} of {count:,} findings corrected",
                count=len(misprints),
                corrected=certain_count,
            )
        )
        notify(f"{output}: {note}")
    if misprints:
        raise typer.Exit(FINDINGS)
