"""The application: options that commands share, error messages and exit codes."""

from __future__ import annotations

import io
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from audiobook.cli.commands import COMMANDS, LazyCommands
from audiobook.cli.completing import complete_voices
from audiobook.cli.ending import BROKEN_PIPE as BROKEN_PIPE
from audiobook.cli.ending import INTERRUPTED as INTERRUPTED
from audiobook.cli.ending import flush, interruptible, open_streams, tell
from audiobook.cli.ending import notify as notify
from audiobook.errors import UsageError, as_error
from audiobook.messages import is_vietnamese, message
from audiobook.version import __version__

if TYPE_CHECKING:
    from audiobook.model import Selection

_DEBUG = "debug"
_WRONG_USAGE: Any = typer.BadParameter.__base__
"""The exception of the parser; versions of typer import it from different places."""


class _Commands(TyperGroup):
    """Runs a command and turns an exception into one line and an exit code."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = LazyCommands()

    def main(self, *args: Any, **extra: Any) -> Any:
        if is_vietnamese():
            from audiobook.cli.helping import localize_page

            localize_page(self)
        return super().main(*args, **extra)

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def make_context(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().make_context(*args, **extra)
        except _WRONG_USAGE as problem:
            raise _report_usage(problem) from problem
        except BrokenPipeError as problem:
            raise typer.Exit(BROKEN_PIPE) from problem
        except KeyboardInterrupt as problem:
            raise typer.Exit(_end_of(problem)) from problem

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except _WRONG_USAGE as problem:
            raise _report_usage(problem) from problem
        except (typer.Exit, typer.Abort, SystemExit):
            raise
        except BaseException as problem:
            code = _end_of(problem, debug=ctx.meta.get(_DEBUG, False))
            raise typer.Exit(code) from problem


app = typer.Typer(
    name="audiobook",
    cls=_Commands,
    help="Turn Vietnamese text into an audiobook with chapters: MP3, M4B, Opus or EPUB.",
    epilog=(
        "Start with: audiobook build article.txt\n\n"
        "Messages are in Vietnamese if the system is; AUDIOBOOK_LANG=en or =vi decides."
    ),
    no_args_is_help=True,
    # Plain help: rich would double the time until it appears.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the ``audiobook`` command."""
    open_streams()
    with interruptible():
        code = flush(_run())
    sys.exit(code)


def _run() -> Any:
    """Run a command, and return the exit code."""
    try:
        return app()
    except SystemExit as end:
        return end.code
    except BaseException as problem:  # noqa: BLE001 (raised before a command was run)
        return _end_of(problem, debug="--debug" in sys.argv)


def _end_of(problem: BaseException, *, debug: bool = False) -> int:
    """Print what ended a command, and return the exit code."""
    if isinstance(problem, KeyboardInterrupt):
        line = message(
            "audiobook: interrupted; run the same command again to go on where it stopped"
        )
        with suppress(OSError):  # nobody can be told
            notify(line)
        return INTERRUPTED
    if debug:
        with suppress(OSError):
            traceback.print_exception(as_error(problem))
    return tell(problem)


def _report_usage(problem: Any) -> Exception:
    """Print the message of the parser on stderr, and return the exception that ends the program."""
    page = io.StringIO()
    problem.show(page)
    lines = page.getvalue().splitlines()
    if is_vietnamese():
        from audiobook.messages.foreign import PARSER, recognise

        lines = [recognise(line, PARSER) for line in lines]
    for line in lines:
        notify(line)
    return typer.Exit(problem.exit_code)


def _remember_debug(ctx: typer.Context, value: bool) -> bool:
    ctx.meta[_DEBUG] = ctx.meta.get(_DEBUG) or value
    return value


def _show_version(value: bool) -> None:
    if value:
        print(f"audiobook {__version__}")
        raise typer.Exit


Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        callback=_remember_debug,
        is_eager=True,
        help="Show a traceback if the command fails.",
    ),
]
VoiceName = Annotated[
    str | None,
    typer.Option(
        "--voice",
        metavar="NAME",
        autocompletion=complete_voices,
        help="The voice that reads: see `audiobook voices`.",
    ),
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Also read addresses in your own network.")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        metavar="N",
        help="Processes, by default one per core that there is memory for.",
    ),
]
Ocr = Annotated[
    bool, typer.Option("--ocr", help="Recognise the text of scanned pages, with Tesseract.")
]
Vbr = Annotated[
    int | None,
    typer.Option(
        "--vbr",
        min=0,
        max=9,
        metavar="Q",
        help="Variable bit rate: 0 sounds best, 9 is smallest.",
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Also replace files that audiobook did not make.")
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify",
        help="Read the sound of finished books, and write those again that were damaged.",
    ),
]
Chapters = Annotated[
    str | None,
    typer.Option(
        "--chapters",
        metavar="3-7,12",
        help="Only these chapters, as `audiobook chapters` numbers them.",
    ),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="TITLE|N", help="Only from this chapter to the end."),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep", metavar="STEP", help="Keep what STEP would leave out: see `audiobook steps`."
    ),
]
Drop = Annotated[
    list[str] | None,
    typer.Option(
        "--drop",
        metavar="STEP",
        help="Do STEP too, which is off by default: see `audiobook steps`.",
    ),
]
Notes = Annotated[
    str, typer.Option(metavar="keep|drop", help="Footnotes: read them, or leave them out.")
]
LexiconFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Readings of words: on each line the word, a tab, and how to say it."
    ),
]


def keep_and_drop(
    keep: list[str] | None, drop: list[str] | None, notes: str
) -> tuple[list[str], list[str]]:
    """Return the steps to keep and those to drop, with the choice for notes added.

    Args:
        keep: the values of ``--keep``.
        drop: the values of ``--drop``.
        notes: ``keep``, ``drop`` or empty.

    Raises:
        UsageError: notes is another word.
    """
    if notes not in ("", "keep", "drop"):
        raise UsageError(
            message("notes cannot be {value!r}", value=notes),
            message("--notes keep, or --notes drop"),
        )
    keep_steps, drop_steps = list(keep or ()), list(drop or ())
    if notes:
        (keep_steps if notes == "keep" else drop_steps).append("notes")
    return keep_steps, drop_steps


def select_chapters(chapters: str | None, start: str | None) -> Selection:
    """Return the chapters that ``--chapters`` and ``--from`` ask for; all of them without both."""
    if chapters is None and start is None:
        from audiobook.model import Selection

        return Selection()
    from audiobook.stages.chapters import selection

    return selection.parse(chapters, start)


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass
