"""The commands about voices: list them, try one, fetch and remove their files."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, app, notify
from audiobook.cli.printing import clock_time, print_table, table_head
from audiobook.errors import UsageError
from audiobook.messages import localize, localize_figure
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import TaskID

    from audiobook.app.voices import VoiceEntry

_voices = typer.Typer(
    help="List the voices, and what is missing for those that cannot be used yet.",
    epilog="Hear one with: audiobook voices try hanoi -o hanoi.mp3",
    invoke_without_command=True,
)
app.add_typer(_voices, name="voices")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A voice: see `audiobook voices`.")]


@_voices.callback()
def voices(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all that is known of them as a JSON array.")
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """List the voices, or do something with one of them."""
    if context.invoked_subcommand is not None:
        if as_json:
            raise UsageError("--json lists the voices, and only that", "audiobook voices --json")
        return
    from audiobook.app.voices import list_voices

    entries = list_voices()
    if as_json:
        import json

        documents = [asdict(entry) | {"usable": entry.usable} for entry in entries]
        print(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    header = table_head("NAME", "ENGINE", "ACCENT", "SEX", "NETWORK", "LICENCE", "SPEED", "USABLE")
    print_table(
        [header, *map(_row, entries)],
        shorten=header.index(table_head("LICENCE")[0]),
    )


@_voices.command("try", epilog="Example: audiobook voices try saigon 'Chào cô.' -o chao.wav")
def try_out(
    name: Name,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to say; a sample if not given.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="An .mp3 or .wav; NAME.mp3 if not given."
        ),
    ] = None,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Let a voice read a sample, or TEXT, as in a book.

    It prints the speed in times real time, which `audiobook voices` shows from then on.
    """
    from audiobook.app.voices import try_voice

    trial = try_voice(name, output or Path(f"{name}.mp3"), text)
    speed = localize(f"{_speed_factor(trial.speed)}× real time")
    print(f"{trial.path}: {clock_time(trial.seconds)}, {speed}")


@_voices.command(epilog="Example: audiobook voices add NAME")
def add(name: Name, debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Fetch the files that a voice needs.

    They come from the addresses in its voice file. An interrupted download resumes where it
    stopped; nothing is changed until all files are complete and correct.
    """
    from audiobook import config
    from audiobook.app.voices import why_unusable
    from audiobook.system import downloads

    voice = config.load_voice(name)
    if not voice.files:
        print(f"{name}: {localize('nothing to fetch, it needs no files of its own')}")
    elif not downloads.missing(voice):
        print(f"{name}: {localize(f'already there, in {voice_folder(name)}')}")
    else:
        licence = localize(voice.licence or "not known")
        print(f"{name}: {localize('licence')} {licence}", flush=True)
        with _open_download_progress() as report:
            fetched = downloads.fetch(voice, report)
        for file in fetched.unchecked:
            notify(f"{file}: {localize('no checksum of it was published; its length is right')}")
        print(f"{name}: {_size_text(fetched.size)} {localize('in')} {fetched.folder}")
    if reason := why_unusable(voice):
        notify(f"{name} is not usable yet: {reason}")


@_voices.command(epilog="Example: audiobook voices remove NAME")
def remove(name: Name, debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Remove what was fetched for a voice.

    The voice stays listed, and can be added again.
    """
    from audiobook import config
    from audiobook.system import downloads

    if name not in config.voice_names():
        config.load_voice(name)  # raises the error that there is no such voice
    freed_bytes = downloads.remove(name)
    result = f"{_size_text(freed_bytes)} freed" if freed_bytes else "nothing was fetched for it"
    print(f"{name}: {localize(result)}")


# --- the table ----------------------------------------------------------------------------------


def _row(entry: VoiceEntry) -> tuple[str, ...]:
    network = {True: localize("yes"), False: localize("no"), None: ""}[entry.network]
    speed = "" if entry.speed is None else f"{localize_figure(_speed_factor(entry.speed))}×"
    usable = f"{localize('no')}: {localize(entry.problem)}" if entry.problem else localize("yes")
    cells = (
        entry.engine,
        localize(entry.accent),
        localize(entry.sex),
        network,
        localize(entry.licence),
        speed,
    )
    default = f" {localize('(default)')}" if entry.default else ""
    return (entry.name, *(cell or "-" for cell in cells), usable + default)


def _speed_factor(speed: float) -> str:
    return f"{speed:,.0f}" if speed >= 10 else f"{speed:.1f}"


# --- fetching -----------------------------------------------------------------------------------


def _size_text(size: int) -> str:
    return localize(f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB")


@contextmanager
def _open_download_progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """Return a context with a function that shows downloads: as bars on a terminal, else lines."""
    if not sys.stderr.isatty():
        announced: set[str] = set()

        def print_start(name: str, present: int, total: int | None) -> None:
            if name not in announced:
                announced.add(name)
                resumed = f", {localize(f'{_size_text(present)} already here')}" if present else ""
                notify(
                    f"{name}: {_size_text(total) if total else localize('size unknown')}{resumed}"
                )

        yield print_start
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def draw_bar(name: str, present: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=present, total=total)

        yield draw_bar
