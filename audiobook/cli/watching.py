"""The command that builds the texts that are put into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, Jobs, VoiceName, notify
from audiobook.cli.commands import new_app
from audiobook.cli.completing import one_of
from audiobook.cli.numbers import number
from audiobook.messages import message
from audiobook.outputs import FORMATS

if TYPE_CHECKING:
    from audiobook.app.book_requests import BookRequest
    from audiobook.model import Job

app = new_app()


@app.command()
def watch(
    texts: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Where texts are dropped; subfolders count, too."),
    ],
    folder: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder for the books.")
    ] = Path(),
    voice: VoiceName = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            autocompletion=one_of(FORMATS),
            help="Format of the books.",
        ),
    ] = "mp3",
    jobs: Jobs = None,
    settle: Annotated[
        float,
        typer.Option(
            parser=number(0.1),
            metavar="SECONDS",
            help="How long a file must stay unchanged before it is built; 0.1 or more.",
        ),
    ] = 3.0,
    debug: Debug = False,
) -> None:
    """Build every text in a folder, and each one dropped there later, until Ctrl-C.

    A file that is still being copied is waited for. A text that cannot be built is reported,
    and tried again when it changes; if the reason lies outside of it, such as a full disk, a
    missing voice or no network, also after a minute, then two, four and so on up to an hour. Other
    settings of a book go into a book.toml beside it.
    """
    from audiobook.app import batch
    from audiobook.app.book_requests import find_ready_books
    from audiobook.app.watch import Retries, check_folder, settled_texts
    from audiobook.cli.outcomes import print_outcome
    from audiobook.config import cores, load_voice, make_job
    from audiobook.workers import Recorder

    def job_of(request: BookRequest) -> Job:
        return make_job(
            request.source,
            folder=request.folder,
            stem=request.stem,
            voice=voice,
            form=form,
            workers=jobs,
            parts=request.parts,
        )

    def ignore_events(_source: str) -> batch.EventListener:
        return lambda _event: None

    check_folder(texts)
    if voice is not None:
        load_voice(voice)  # a voice that cannot be used ends the command at once
    notify(message("watching {texts}; press Ctrl-C to stop", texts=texts))
    retries = Retries()
    for ready in settled_texts(texts, settle, report=notify, retries=retries):
        requests = find_ready_books(ready, texts, folder)
        first_parts = {one.source: one.parts[0] for one in requests if one.parts}
        # Processes that record take 40 MB each, with a neural voice 110, and more as time goes by.
        # They end where there is nothing to do, and others start while the next text is read.
        with Recorder(jobs or cores(), is_asked=jobs is not None) as recorder:
            for outcome in batch.build_all(requests, job_of, recorder, ignore_events, cores() + 1):
                text = Path(first_parts.get(outcome.source, outcome.source))
                if retries.note(text, outcome.failure):
                    print_outcome(outcome, debug=debug)
