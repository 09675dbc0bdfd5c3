"""Bars on a terminal: how much of a piece of work is done."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress as Bar

    from audiobook.podcast.manifest import SiteFile


@contextmanager
def open_upload_progress(size: int, *, quiet: bool) -> Iterator[Callable[[SiteFile], None]]:
    """Open a bar on a terminal that shows how many of so many bytes have been sent."""
    if quiet or not sys.stderr.isatty():
        yield lambda _file: None
        return
    with open_bar() as bar:
        task = bar.add_task("", total=size, status="")
        yield lambda file: bar.update(task, advance=file.size, status=file.path[-40:])


def open_bar() -> Bar:
    """Return a bar on stderr, to be opened."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[status]}", markup=False),
    )
    return Bar(*columns, console=Console(stderr=True), transient=True)
