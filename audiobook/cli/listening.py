"""Has a recogniser listen to finished books, and prints what it doubts."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiobook.cli.bars import open_bar
from audiobook.cli.printing import clock_time, printable
from audiobook.errors import SourceError
from audiobook.messages import localize, message, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobook.audit.listening_back import Doubt, Hearing, Recogniser
    from audiobook.audit.types import SyncedSentence
    from audiobook.model import Job
    from audiobook.workers import Recorder

Listen = Annotated[
    str,
    typer.Option(
        "--listen",
        metavar="MODEL",
        help="Have a Whisper model listen to every sentence: its folder or name, or hf:OWNER/REPO "
        "to fetch it.",
    ),
]


def open_recogniser(model: str, forms: Sequence[str] = ()) -> Recogniser:
    """Return a Whisper model that is ready to listen.

    Args:
        model: its folder, the name of one on this machine, or where to fetch it from.
        forms: the formats of the books that are about to be built.

    Raises:
        UsageError: books of such a format cannot be listened to.
        EngineError: it is not here, or its library is not; the error tells what to do.
    """
    if forms:
        from audiobook.app.relistening import check_format

        for form in forms:
            check_format(form)
    from audiobook.audit.listening_back import models
    from audiobook.audit.listening_back.whisper import Whisper

    if models.is_remote(model):
        from audiobook.cli.downloading import open_download_progress

        with open_download_progress() as report:
            model = str(models.fetch_model(model, report))
    return Whisper(model)


def listen(book: Path, cues: Sequence[SyncedSentence], recogniser: Recogniser) -> Hearing:
    """Return what is heard of a book, and show on a terminal how far it is.

    Raises:
        SourceError: the book has no synced text, or cannot be decoded.
        EngineError: the recogniser failed.
    """
    from audiobook.audit.listening_back import listen_to

    if not cues:
        raise SourceError(
            message("{path} has no synced text to compare with what is heard", path=book),
            message("build it again with this program"),
        )
    with _open_progress(quiet=False) as report:
        return listen_to(book, cues, recogniser, report)


def listen_again(job: Job, recogniser: Recogniser, recorder: Recorder, *, quiet: bool) -> None:
    """Listen to a book that was built, and have what does not sound right recorded again.

    Raises:
        AudiobookError: the book cannot be listened to, or not be built again.
    """
    from audiobook.app.relistening import build_heard

    with _open_progress(quiet=quiet) as report:
        heard = build_heard(job, recogniser, recorder, report)
    if quiet:
        return
    print_doubts(heard.hearing)
    if heard.takes:
        told = plural(
            "{count:,} sentence recorded again",
            "{count:,} sentences recorded again",
            count=len(heard.takes),
        )
        place = f" -> {heard.settings_file}" if heard.settings_file else ""
        print(printable(f"{heard.book.path}: {localize(told)}{place}"))


def print_doubts(hearing: Hearing) -> None:
    """Print the sentences that do not sound right, and how many they are."""
    doubts, total = hearing.doubts, len(hearing.sentences)
    for doubt in doubts:
        sentence = doubt.sentence
        language = f" ({doubt.language})" if doubt.language else ""
        certainty = message("certainty {figure:.1f}", figure=doubt.deviation)
        head = f"{clock_time(sentence.start)} {localize(doubt.kind.label)}{language}"
        typer.secho(f"{head} ({localize(certainty)})", fg=typer.colors.YELLOW)
        print(printable(f"  {localize('written')}: {' '.join(sentence.text.split())}"))
        print(printable(f"  {localize('heard')}: {sentence.heard or localize('nothing')}"))
    listened = plural(
        "listened to {count:,} sentence", "listened to {count:,} sentences", count=total
    )
    doubted = (
        plural("{count:,} does not sound right", "{count:,} do not sound right", count=len(doubts))
        if doubts
        else message("all sound right")
    )
    print(f"{localize(listened)}: {localize(doubted)}")


def doubt_values(doubts: Sequence[Doubt]) -> list[dict[str, Any]]:
    """Return doubts as plain values, for JSON."""
    return [
        {
            "kind": str(doubt.kind),
            "at": round(doubt.sentence.start, 3),
            "certainty": round(doubt.deviation, 2),
            "language": doubt.language,
            "written": doubt.sentence.text,
            "expected": doubt.sentence.expected,
            "heard": doubt.sentence.heard,
        }
        for doubt in doubts
    ]


@contextmanager
def _open_progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Open a bar on a terminal that shows how many sentences have been heard."""
    if quiet or not sys.stderr.isatty():
        yield lambda _number, _total: None
        return
    with open_bar() as bar:
        task = bar.add_task(localize("listening"), total=None, status="")

        def show(number: int, total: int) -> None:
            bar.update(task, completed=number, total=total, status=f"{number:,}/{total:,}")

        yield show
