"""Shows how the files of a voice are fetched."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiobook.cli.app import notify
from audiobook.messages import localize, message, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import TaskID

    from audiobook.model import Voice
    from audiobook.system.downloads import Fetched


def size_text(size: int) -> str:
    """Return a number of bytes in the user's language."""
    return localize(
        message("{size:.1f} MB", size=size / 1e6)
        if size >= 1e5
        else message("{size:.1f} kB", size=size / 1e3)
    )


@contextmanager
def open_download_progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """Return a context with a function that shows downloads: as bars on a terminal, else lines."""
    if not sys.stderr.isatty():
        announced: set[str] = set()

        def print_start(name: str, present: int, total: int | None) -> None:
            if name not in announced:
                announced.add(name)
                resumed = (
                    f", {localize(message('{size} already here', size=size_text(present)))}"
                    if present
                    else ""
                )
                notify(
                    f"{name}: {size_text(total) if total else localize('size unknown')}{resumed}"
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


def tell_unchecked(fetched: Fetched) -> None:
    """Print which of the files that were fetched have no checksum."""
    if fetched.unchecked:
        notify(
            plural(
                "{files}: no checksum of it was published; its length is right",
                "{files}: no checksums of them were published; their lengths are right",
                count=len(fetched.unchecked),
                files=fetched.unchecked,
            )
        )


def fetch_files(
    voice: Voice, tell: Callable[[str], None] | None, patience: float | None = None
) -> Fetched:
    """Fetch the files of a voice, and show its licence and how far it is.

    Args:
        voice: the voice.
        tell: prints a line; None to print nothing.
        patience: seconds to wait for something to arrive; None for as long as it takes.
    """
    from audiobook.system import downloads

    if tell is None:
        return downloads.fetch(voice, lambda *_: None, patience)
    licence = localize(voice.licence) or localize("not known")
    tell(localize(message("{name}: licence {licence}", name=voice.name, licence=licence)))
    with open_download_progress() as report:
        fetched = downloads.fetch(voice, report, patience)
    tell_unchecked(fetched)
    size = size_text(fetched.size)
    line = message("{name}: {size} in {folder}", name=voice.name, size=size, folder=fetched.folder)
    tell(localize(line))
    return fetched
