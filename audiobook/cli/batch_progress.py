"""Shows the progress of the builds of many books: with bars on a terminal, with lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiobook.cli.bars import open_bar
from audiobook.cli.changes import warnings_for
from audiobook.cli.printing import clock_time
from audiobook.cli.progress import note_line, recognised_lines
from audiobook.messages import localize, message, plural
from audiobook.model import Failed, Recognised, Remark, Started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from audiobook.model import Event


def _event_lines(event: Event) -> Iterator[str]:
    """Yield the lines for an event of one book among many."""
    if isinstance(event, Started):
        yield from warnings_for(event.changes, event.words)
    elif isinstance(event, Failed | Remark):
        yield note_line(event)
    elif isinstance(event, Recognised):
        yield from recognised_lines(event)


class BatchProgress:
    """Counts the events of the builds of many books, and shows nothing; threads may share it.

    Args:
        books: the number of books.
    """

    def __init__(self, books: int) -> None:
        self.books = books
        self.finished = 0
        self.chapters = 0
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._read = 0
        self._being_built: set[str] = set()
        self._characters = self._finished_characters = self._recorded_characters = 0
        self._recorded_seconds = 0.0

    def listener_for(self, source: str) -> Callable[[Event], None]:
        """Return the function to call with the events of one book."""

        def listen(event: Event) -> None:
            with self._lock:
                self._count(source, event)
                self.show_event(source, event)

        return listen

    def finish(self, source: str, line: str) -> None:
        """Count a finished book, and show the line about its outcome."""
        with self._lock:
            self.finished += 1
            self._being_built.discard(source)
            self.show_finished(source, line)

    def _count(self, source: str, event: Event) -> None:
        if isinstance(event, Started):
            self._read += 1
            self._being_built.add(source)
            self._characters += event.characters
        elif not isinstance(event, Failed | Recognised | Remark):
            self._finished_characters += event.characters
            self.chapters += event.chapter_done
            if not event.remembered:
                self._recorded_characters += event.characters
                self._recorded_seconds += event.seconds

    @property
    def state(self) -> str:
        """The progress as text: books, chapters, speed, and an estimate of the time left."""
        finished = localize(
            message("{finished:,} of {count:,} books", finished=self.finished, count=self.books)
        )
        parts = [
            finished,
            localize(plural("{count:,} chapter", "{count:,} chapters", count=self.chapters)),
        ]
        elapsed = time.monotonic() - self._began
        if self._recorded_seconds:
            speed = self._recorded_seconds / max(elapsed, 1e-3)
            parts.append(localize(message("{speed:,.0f}× real time", speed=speed)))
            # The estimate takes the other books to be as long as those that were read, and as
            # rarely recorded before.
            read_count = self.finished + len(self._being_built)
            seconds_left = self._characters * self.books / read_count - self._finished_characters
            seconds_left *= elapsed / self._recorded_characters
            parts.append(localize(message("about {time} left", time=clock_time(seconds_left))))
        return ", ".join(parts)

    def show_event(self, source: str, event: Event) -> None:
        """Show an event of a book."""

    def show_finished(self, source: str, line: str) -> None:
        """Show the line about the outcome of a book."""


class _BatchLines(BatchProgress):
    """Prints a line for each finished book, and one for each warning."""

    def show_event(self, source: str, event: Event) -> None:
        for line in _event_lines(event):
            print(f"{source}: {line}", file=sys.stderr, flush=True)

    def show_finished(self, source: str, line: str) -> None:  # noqa: ARG002 (the line names it)
        print(f"{line} ({self.state})", file=sys.stderr, flush=True)


class _BatchBars(BatchProgress):
    """Shows a live bar for all books, and one for each book that is being recorded."""

    def __init__(self, books: int, bar: Bar) -> None:
        super().__init__(books)
        self._bar = bar
        self._all = bar.add_task("", total=books, status="")
        self._tasks: dict[str, TaskID] = {}

    def show_event(self, source: str, event: Event) -> None:
        for line in _event_lines(event):
            self._bar.console.print(f"{source}: {line}", highlight=False, markup=False)
        if isinstance(event, Started):
            name = event.title[:40]
            self._tasks[source] = self._bar.add_task(name, total=event.characters, status="")
        elif not isinstance(event, Failed | Recognised | Remark):
            chapter = event.title[:40]
            self._bar.update(self._tasks[source], advance=event.characters, status=chapter)
        self._bar.update(self._all, status=self.state)

    def show_finished(self, source: str, line: str) -> None:
        if source in self._tasks:
            self._bar.remove_task(self._tasks.pop(source))
        self._bar.console.print(line, highlight=False, markup=False)
        self._bar.update(self._all, completed=self.finished, status=self.state)


@contextmanager
def open_batch_progress(books: int, *, quiet: bool) -> Iterator[BatchProgress]:
    """Open the progress of many builds that suits stderr, and close its bars at the end."""
    if quiet or not sys.stderr.isatty():
        yield BatchProgress(books) if quiet else _BatchLines(books)
        return
    with open_bar() as bar:
        yield _BatchBars(books, bar)
