"""Shows the progress of a build: with a bar on a terminal, with lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiobook.cli.changes import summary_lines, warnings_for
from audiobook.cli.doubts import guesses_note
from audiobook.cli.printing import clock_time, printable
from audiobook.messages import localize, message, plural
from audiobook.model import Failed, Recognised, Remark, Started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from audiobook.model import Event, Progress
    from audiobook.podcast.manifest import SiteFile


# Recognising a page takes some seconds.
_PAGES_PER_LINE = 5


class BuildProgress:
    """Counts the events of one build, and shows nothing."""

    def __init__(self) -> None:
        self.passages = 0
        self.sentences = 0
        self.characters = 0
        self.recorded_characters = 0
        self.recorded_seconds = 0.0
        self.began = time.monotonic()

    def __call__(self, event: Event) -> None:
        """Count an event and show it."""
        if isinstance(event, Recognised):
            self.show_recognised(event)
            return
        if isinstance(event, Started):
            self.began = time.monotonic()
            self.show_start(event)
            return
        if isinstance(event, Failed | Remark):
            self.show_note(_note_line(event))
            return
        self.passages += 1
        self.sentences += event.sentences
        self.characters += event.characters
        if not event.remembered:
            self.recorded_characters += event.characters
            self.recorded_seconds += event.seconds
        self.show_passage(event)

    @property
    def speed(self) -> str:
        """How many seconds of speech are recorded in a second, as text."""
        if not self.recorded_seconds:
            return localize("recorded before")
        speed = self.recorded_seconds / max(time.monotonic() - self.began, 1e-3)
        return localize(message("{speed:,.0f}× real time", speed=speed))

    def estimate_seconds(self, characters: int) -> float | None:
        """Return how many seconds so many characters will take; None before the first recording."""
        if not self.recorded_characters:
            return None
        return characters * (time.monotonic() - self.began) / self.recorded_characters

    def show_recognised(self, event: Recognised) -> None:
        """Show that the text of one more scanned page was recognised."""

    def show_start(self, event: Started) -> None:
        """Show what is about to be recorded."""

    def show_passage(self, event: Progress) -> None:
        """Show that one more passage is recorded."""

    def show_note(self, line: str) -> None:
        """Show a line about something out of the ordinary."""


class _BuildLines(BuildProgress):
    """Prints a line for the text and one for each chapter, on stderr."""

    def show_recognised(self, event: Recognised) -> None:
        for line in _recognised_lines(event):
            self._write(line)

    def show_start(self, event: Started) -> None:
        self._title, self._chapters = event.title, event.total
        for line in _start_lines(event):
            self._write(line)

    def show_passage(self, event: Progress) -> None:
        if event.chapter_done:
            line = plural(
                "{book}: chapter {chapter}/{chapters}: {title} ({count:,} sentence, {speed})",
                "{book}: chapter {chapter}/{chapters}: {title} ({count:,} sentences, {speed})",
                count=self.sentences,
                book=self._title,
                chapter=event.chapter,
                chapters=self._chapters,
                title=event.title,
                speed=self.speed,
            )
            self._write(localize(line))

    def show_note(self, line: str) -> None:
        self._write(line)

    def _write(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class _BuildBar(BuildProgress):
    """Shows a live bar: chapter, sentences, speed and time left."""

    def __init__(self, bar: Bar) -> None:
        super().__init__()
        self._bar = bar
        self._task: TaskID | None = None
        self._total = 0

    def show_recognised(self, event: Recognised) -> None:
        for line in _recognised_lines(event):
            self._bar.console.print(line, highlight=False, markup=False)

    def show_start(self, event: Started) -> None:
        for line in _start_lines(event):
            self._bar.console.print(line, highlight=False, markup=False)
        self._total = event.characters
        self._task = self._bar.add_task("", total=event.characters, status="")

    def show_passage(self, event: Progress) -> None:
        if self._task is None:
            return
        seconds_left = self.estimate_seconds(self._total - self.characters)
        remaining = (
            ""
            if seconds_left is None
            else f", {localize(message('{time} left', time=clock_time(seconds_left)))}"
        )
        sentences = plural("{count:,} sentence", "{count:,} sentences", count=self.sentences)
        self._bar.update(
            self._task,
            completed=self.characters,
            description=event.title[:40],
            status=f"{localize(sentences)}, {self.speed}{remaining}",
        )

    def show_note(self, line: str) -> None:
        self._bar.console.print(line, highlight=False, markup=False)


def show_recognised(event: Event) -> None:
    """Print on stderr how many scanned pages are recognised, every few pages."""
    if isinstance(event, Recognised):
        for line in _recognised_lines(event):
            print(line, file=sys.stderr, flush=True)


def _recognised_lines(event: Recognised) -> Iterator[str]:
    """Yield a line for every few pages, and for the last."""
    if event.pages % _PAGES_PER_LINE == 0 or event.pages == event.total:
        yield localize(
            message("text of page {page}/{total} recognised", page=event.pages, total=event.total)
        )


def _note_line(event: Failed | Remark) -> str:
    if isinstance(event, Remark):
        return printable(localize(event.text))
    return localize(message("left to the fallback voice: {reason}", reason=event.reason))


def _start_lines(event: Started) -> Iterator[str]:
    line = plural(
        "{title}: {count:,} chapter, {characters:,} characters",
        "{title}: {count:,} chapters, {characters:,} characters",
        count=event.chapters,
        title=event.title,
        characters=event.characters,
    )
    yield localize(line)
    yield from summary_lines(event.changes, event.words)
    if event.guesses:
        yield guesses_note(event.guesses)


def _event_lines(event: Event) -> Iterator[str]:
    """Yield the lines for an event of one book among many."""
    if isinstance(event, Started):
        yield from warnings_for(event.changes, event.words)
    elif isinstance(event, Failed | Remark):
        yield _note_line(event)
    elif isinstance(event, Recognised):
        yield from _recognised_lines(event)


# --- many books -----------------------------------------------------------------------------------


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


# --- uploads --------------------------------------------------------------------------------------


@contextmanager
def open_upload_progress(size: int, *, quiet: bool) -> Iterator[Callable[[SiteFile], None]]:
    """Open a bar on a terminal that shows how many of so many bytes have been sent."""
    if quiet or not sys.stderr.isatty():
        yield lambda _file: None
        return
    with open_bar() as bar:
        task = bar.add_task("", total=size, status="")
        yield lambda file: bar.update(task, advance=file.size, status=file.path[-40:])


# --- choosing -------------------------------------------------------------------------------------


@contextmanager
def open_build_progress(*, quiet: bool) -> Iterator[BuildProgress]:
    """Open the progress of a build that suits stderr, and close its bar at the end."""
    if quiet or not sys.stderr.isatty():
        yield BuildProgress() if quiet else _BuildLines()
        return
    with open_bar() as bar:
        yield _BuildBar(bar)


@contextmanager
def open_batch_progress(books: int, *, quiet: bool) -> Iterator[BatchProgress]:
    """Open the progress of many builds that suits stderr, and close its bars at the end."""
    if quiet or not sys.stderr.isatty():
        yield BatchProgress(books) if quiet else _BatchLines(books)
        return
    with open_bar() as bar:
        yield _BatchBars(books, bar)


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
