"""The application: what all commands share, and how they end."""

from __future__ import annotations

import io
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from audiobook.cli.printing import told_of
from audiobook.errors import UsageError, as_error
from audiobook.messages import is_vietnamese, told
from audiobook.version import __version__

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell tells of a program that SIGPIPE ended: 128 + 13."""
_DEBUG = "debug"
_WRONG_USAGE: Any = typer.BadParameter.__base__
"""What the parser raises; the versions of typer import it from different places."""


class _Commands(TyperGroup):
    """Runs a command and turns what went wrong into one line and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        if is_vietnamese():
            from audiobook.cli.helping import put_in_vietnamese

            put_in_vietnamese(self)
        return super().main(*args, **extra)

    def make_context(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().make_context(*args, **extra)
        except _WRONG_USAGE as problem:
            raise _told_usage(problem) from problem
        except BrokenPipeError as problem:
            raise typer.Exit(BROKEN_PIPE) from problem

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except _WRONG_USAGE as problem:
            raise _told_usage(problem) from problem
        except (typer.Exit, typer.Abort, SystemExit):
            raise
        except KeyboardInterrupt as interruption:
            say("audiobook: interrupted; run the same command again to go on where it stopped")
            raise typer.Exit(INTERRUPTED) from interruption
        except BaseException as problem:
            if isinstance(problem, BrokenPipeError) and _is_unheard():
                raise typer.Exit(BROKEN_PIPE) from problem
            raise typer.Exit(_told_error(problem, debug=ctx.meta.get(_DEBUG, False))) from problem


app = typer.Typer(
    name="audiobook",
    cls=_Commands,
    help="Turn Vietnamese text into a chaptered MP3 audiobook.",
    epilog=(
        "Start with: audiobook build article.txt\n\n"
        "Messages are in Vietnamese where the locale is; AUDIOBOOK_LANG=en or vi chooses."
    ),
    no_args_is_help=True,
    # Plain help: rich would double the time until it appears.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the ``audiobook`` command."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called: nobody will read it
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (to the end)
    for stream in (sys.stdout, sys.stderr):
        # A title that the terminal cannot show is no reason to stop; files and pipes take UTF-8,
        # whatever the code page of the console.
        encoding = None if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _stop)
    code = _run()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            code = BROKEN_PIPE
            # What is left in the buffer goes where nobody has to read it.
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())
    sys.exit(code)


def _run() -> Any:
    """Run a command, and return the exit code."""
    try:
        return app()
    except SystemExit as end:
        return end.code
    except BaseException as problem:  # noqa: BLE001 (before there was a command to run)
        return _told_error(problem, debug="--debug" in sys.argv)


def _is_unheard() -> bool:
    """Whether the reader of what is printed went away, as `head` does."""
    if sys.platform == "win32":
        return False
    pipes = select.poll()
    for standard in (1, 2):
        pipes.register(standard, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in pipes.poll(0))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def say(line: str) -> None:
    """Tell the user something that is no result, in his language if the line is one of ours."""
    print(told(line), file=sys.stderr, flush=True)


def _told_error(problem: BaseException, *, debug: bool) -> int:
    """Tell the user in one line of anything that was raised, and return the exit code."""
    error = as_error(problem)
    if debug:
        traceback.print_exception(error)
    say(f"audiobook: {told_of(error)}")
    return error.exit_code


def _told_usage(problem: Any) -> Exception:
    """Print what the parser has to say, and return what ends the program."""
    page = io.StringIO()
    problem.show(page)
    for line in page.getvalue().splitlines():
        say(line)
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
    typer.Option("--debug", callback=_remember_debug, is_eager=True, help="Show a traceback."),
]
VoiceName = Annotated[
    str | None,
    typer.Option("--voice", metavar="NAME", help="Who speaks: see `audiobook voices`."),
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Read addresses of your own network too.")
]
Ocr = Annotated[
    bool, typer.Option("--ocr", help="Recognise the text of scanned pages, with Tesseract.")
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
    typer.Option("--drop", metavar="STEP", help="Do this too: see `audiobook steps`."),
]
Notes = Annotated[
    str, typer.Option(metavar="keep|drop", help="Footnotes: read them, or leave them out.")
]
LexiconFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="How words are said: written, tab, spoken on each line."),
]


def switches(
    keep: list[str] | None, drop: list[str] | None, notes: str
) -> tuple[list[str], list[str]]:
    """Return what to keep and what to drop, notes among it.

    Raises:
        UsageError: notes can be neither.
    """
    if notes not in ("", "keep", "drop"):
        raise UsageError(f"notes cannot be {notes!r}", "--notes keep, or --notes drop")
    kept, dropped = list(keep or ()), list(drop or ())
    if notes:
        (kept if notes == "keep" else dropped).append("notes")
    return kept, dropped


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass
