"""The commands: the only place that prints or exits."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from audiobook import __version__
from audiobook.errors import AudiobookError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import FrameType

    from audiobook.model import Book, Plan
    from audiobook.vietnamese import Reading

INTERRUPTED = 130
_DEBUG = "debug"


class _Commands(TyperGroup):
    """Runs a command and turns what went wrong into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except AudiobookError as problem:
            if ctx.meta.get(_DEBUG):
                raise
            _say(f"audiobook: {problem}")
            raise typer.Exit(problem.exit_code) from problem
        except KeyboardInterrupt as interruption:
            _say("audiobook: interrupted; run the same command again to go on where it stopped")
            raise typer.Exit(INTERRUPTED) from interruption


app = typer.Typer(
    name="audiobook",
    cls=_Commands,
    help="Turn Vietnamese text into a chaptered MP3 audiobook.",
    epilog="Start with: audiobook build article.txt",
    no_args_is_help=True,
    # Plain help: rich would double the time until it appears.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the ``audiobook`` command."""
    for stream in (sys.stdout, sys.stderr):
        # A title that the terminal cannot show is no reason to stop.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _stop)
    app()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _remember_debug(ctx: typer.Context, value: bool) -> None:
    ctx.meta[_DEBUG] = ctx.meta.get(_DEBUG) or value


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
LexiconFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="How words are said: written, tab, spoken on each line."),
]


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


@app.command()
def build(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE", help="Files, addresses, or - for standard input."),
    ],
    folder: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder for the MP3.")
    ] = Path(),
    voice: VoiceName = None,
    lexicon: LexiconFile = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Title of the book.")] = "",
    author: Annotated[str, typer.Option(metavar="TEXT", help="Who wrote it.")] = "",
    narrator: Annotated[str, typer.Option(metavar="TEXT", help="Who reads it.")] = "",
    cover: Annotated[Path | None, typer.Option(metavar="FILE", help="JPEG or PNG picture.")] = None,
    date: Annotated[str, typer.Option(metavar="DATE", help="YYYY, or YYYY-MM-DD.")] = "",
    language: Annotated[str, typer.Option(metavar="TAG", help="Language of the text.")] = "",
    description: Annotated[str, typer.Option(metavar="TEXT", help="What it is about.")] = "",
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes; all cores if not given."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show chapters, lengths and requests needed.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    allow_private: AllowPrivate = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Build an audiobook: DIR/STEM.mp3 with chapters, tags and synced text.

    A build that was stopped goes on where it was; an unchanged book is left alone; after an
    edit only the edited passage is recorded again.
    """
    from audiobook import build as journey
    from audiobook.model import Meta
    from audiobook.progress import make_tally
    from audiobook.settings import make_job

    if date and not _is_date(date):
        raise UsageError(f"{date!r} is no date", "write a year, YYYY-MM or YYYY-MM-DD")
    _check_sources(sources, title)
    meta = Meta(title, author, narrator, date, language, description=description)
    for source in sources:
        job = make_job(
            source,
            folder=folder,
            voice=voice,
            meta=meta,
            cover=cover,
            lexicon=lexicon,
            workers=jobs,
            allow_private=allow_private,
        )
        if dry_run:
            _print_plan(journey.plan(job))
            continue
        with make_tally(quiet=quiet) as tally:
            book = journey.build(job, tally)
        if not quiet:
            _print_book(book, unchanged=not tally.passages)


@app.command()
def read(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, an address, or - for stdin.")
    ],
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
    allow_private: AllowPrivate = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Print what will be said, one sentence a line."""
    from audiobook import build as journey
    from audiobook import readers
    from audiobook.script import sentences
    from audiobook.settings import make_job
    from audiobook.vietnamese import Lexicon, say
    from audiobook.vietnamese import explain as explain_text

    job = make_job(source, folder=Path(), voice=voice, lexicon=lexicon, allow_private=allow_private)
    taught, respell = Lexicon(job.lexicon), job.voice.foreign == "respell"
    if lines:
        written: Iterable[str] = readers.read_text(source).splitlines()
    else:
        document = journey.prepare(job)
        written = (text for chapter in document.chapters for text in sentences(chapter))

    def read_out() -> Iterator[tuple[str, str, list[Reading]]]:
        for text in written:
            readings = explain_text(text, job.voice.accent, respell=respell, lexicon=taught)
            yield text, say(text, readings), readings

    if as_json:
        _print_json(read_out())
        return
    for _, spoken, readings in read_out():
        print(spoken)
        if explain and readings:
            _print_readings(readings)


@app.command()
def voices(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """List the voices, and what is missing for those that cannot be used yet."""
    from audiobook import engines, settings
    from audiobook.errors import VoiceError

    rows = [("VOICE", "ENGINE", "ACCENT", "NETWORK", "USABLE", "DESCRIPTION")]
    default = settings.default_voice()
    for name in settings.voice_names():
        try:
            voice = settings.load_voice(name)
        except VoiceError as problem:
            rows.append((name, "", "", "", "no", str(problem)))
            continue
        usable, said = "yes", voice.description + (" (default)" if name == default else "")
        try:
            engines.load(voice.engine)
        except VoiceError as problem:
            usable, said = "no", str(problem)
        network = "yes" if voice.network else "no"
        rows.append((name, voice.engine, voice.accent, network, usable, said))
    _print_table(rows)


@app.command()
def doctor(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Check that everything needed is here and works."""
    from audiobook.doctor import examine

    worst = 0
    for finding in examine():
        print(f"{'ok  ' if finding.well else 'FAIL'}  {finding.thing}: {finding.state}")
        if not finding.well:
            worst = max(worst, finding.exit_code)
    raise typer.Exit(worst)


def _check_sources(sources: list[str], title: str) -> None:
    """Refuse sources that would become the same file, or the same title."""
    stems = [Path(source).stem for source in sources]
    if twice := next((stem for stem in stems if stems.count(stem) > 1), None):
        raise UsageError(f"two sources would both become {twice}.mp3", "rename one of them")
    if title and len(sources) > 1:
        raise UsageError("one title cannot name several books", "build them one by one")


def _is_date(text: str) -> bool:
    from datetime import date

    parts = text.split("-")
    if not 1 <= len(parts) <= 3 or len(parts[0]) != 4:
        return False
    try:
        date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except ValueError:
        return False
    return True


def _print_book(book: Book, *, unchanged: bool) -> None:
    size = book.path.stat().st_size
    parts = [
        _clock(book.seconds),
        _count(len(book.chapters), "chapter"),
        _count(book.sentences, "sentence"),
        f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB",
    ]
    print(f"{book.path}: {', '.join(parts)}{' (unchanged)' if unchanged else ''}")


def _print_plan(plan: Plan) -> None:
    print(plan.title)
    rows = [("", "CHAPTER", "SENTENCES", "CHARACTERS")]
    for number, (title, sentences, characters) in enumerate(plan.chapters, 1):
        rows.append((f"{number}", title, f"{sentences:,}", f"{characters:,}"))
    _print_table(rows)
    for change in plan.changes:
        print(f"{change.step}: {change.count} (first: {change.example})")
    print(
        f"{_clock(plan.seconds)} of speech expected; {plan.recorded} of {plan.passages} passages "
        f"recorded already; {_count(plan.requests, 'online request')} needed"
    )


def _print_readings(readings: Sequence[Reading]) -> None:
    rows = [
        (
            f"    {reading.start}-{reading.end}",
            reading.written,
            reading.spoken.strip(),
            reading.rule,
        )
        for reading in readings
    ]
    _print_table(rows, dim=True)


def _print_json(sentences: Iterable[tuple[str, str, Sequence[Reading]]]) -> None:
    """Print a JSON array with one sentence a line, as they come."""
    import json
    from dataclasses import asdict

    between = "[\n"
    for written, spoken, readings in sentences:
        told = {
            "written": written,
            "spoken": spoken,
            "readings": [asdict(reading) for reading in readings],
        }
        print(between + json.dumps(told, ensure_ascii=False), end="")
        between = ",\n"
    print("\n]" if between == ",\n" else "[]")


def _print_table(rows: Sequence[tuple[str, ...]], *, dim: bool = False) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.secho(cells.rstrip(), dim=dim)  # plain when it is no terminal


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
