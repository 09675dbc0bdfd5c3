"""How a build shows that it goes on: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiobook.cli.changes import summarise, warn
from audiobook.cli.doubts import note_guesses
from audiobook.cli.printing import clock, count
from audiobook.messages import told
from audiobook.model import Failed, Recognised, Started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from audiobook.model import Event, Progress
    from audiobook.podcast.manifest import SiteFile


# Recognising a page takes some seconds.
_PAGES_A_LINE = 5


class Tally:
    """Counts what a build reports, and says nothing."""

    def __init__(self) -> None:
        self.passages = 0
        self.sentences = 0
        self.characters = 0
        self.recorded_characters = 0
        self.recorded_seconds = 0.0
        self.began = time.monotonic()

    def __call__(self, event: Event) -> None:
        """Take in an event and show it."""
        if isinstance(event, Recognised):
            self.recognise(event)
            return
        if isinstance(event, Started):
            self.began = time.monotonic()
            self.start(event)
            return
        if isinstance(event, Failed):
            self.fail(event)
            return
        self.passages += 1
        self.sentences += event.sentences
        self.characters += event.characters
        if not event.remembered:
            self.recorded_characters += event.characters
            self.recorded_seconds += event.seconds
        self.step(event)

    @property
    def speed(self) -> str:
        """Say how many seconds of speech are recorded in a second."""
        if not self.recorded_seconds:
            return told("recorded before")
        speed = self.recorded_seconds / max(time.monotonic() - self.began, 1e-3)
        return told(f"{speed:,.0f}× real time")

    def seconds_left(self, characters: int) -> float | None:
        """Estimate how long so many characters still take; None before the first recording."""
        if not self.recorded_characters:
            return None
        return characters * (time.monotonic() - self.began) / self.recorded_characters

    def recognise(self, event: Recognised) -> None:
        """Show that the text of one more scanned page is recognised."""

    def start(self, event: Started) -> None:
        """Show what is about to be recorded."""

    def step(self, event: Progress) -> None:
        """Show that one more passage is there."""

    def fail(self, event: Failed) -> None:
        """Show that the fallback voice will have to speak a passage."""


class _Lines(Tally):
    """One line for the text and one for each chapter, on stderr."""

    def recognise(self, event: Recognised) -> None:
        for line in _pages(event):
            self._write(line)

    def start(self, event: Started) -> None:
        self._title, self._chapters = event.title, event.total
        for line in _opening(event):
            self._write(line)

    def step(self, event: Progress) -> None:
        if event.chapter_done:
            where = f"{self._title}: {told(f'chapter {event.chapter}/{self._chapters}')}"
            sentences = told(f"{self.sentences:,} sentences")
            self._write(f"{where}: {event.title} ({sentences}, {self.speed})")

    def fail(self, event: Failed) -> None:
        self._write(_failure(event))

    def _write(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class _Bar(Tally):
    """A live bar: chapter, sentences, speed and time left."""

    def __init__(self, bar: Bar) -> None:
        super().__init__()
        self._bar = bar
        self._task: TaskID | None = None
        self._total = 0

    def recognise(self, event: Recognised) -> None:
        for line in _pages(event):
            self._bar.console.print(line, highlight=False, markup=False)

    def start(self, event: Started) -> None:
        for line in _opening(event):
            self._bar.console.print(line, highlight=False, markup=False)
        self._total = event.characters
        self._task = self._bar.add_task("", total=event.characters, said="")

    def step(self, event: Progress) -> None:
        if self._task is None:
            return
        left = self.seconds_left(self._total - self.characters)
        remaining = "" if left is None else f", {told(f'{clock(left)} left')}"
        self._bar.update(
            self._task,
            completed=self.characters,
            description=event.title[:40],
            said=f"{told(f'{self.sentences:,} sentences')}, {self.speed}{remaining}",
        )

    def fail(self, event: Failed) -> None:
        self._bar.console.print(_failure(event), highlight=False, markup=False)


def show_recognised(event: Event) -> None:
    """Tell how many scanned pages are recognised, now and then, on stderr."""
    if isinstance(event, Recognised):
        for line in _pages(event):
            print(line, file=sys.stderr, flush=True)


def _pages(event: Recognised) -> Iterator[str]:
    """Yield a line every few pages, and for the last."""
    if event.pages % _PAGES_A_LINE == 0 or event.pages == event.total:
        yield told(f"text of page {event.pages}/{event.total} recognised")


def _failure(event: Failed) -> str:
    return f"{told('left to the fallback voice')}: {told(event.reason)}"


def _opening(event: Started) -> Iterator[str]:
    characters = told(f"{event.characters:,} characters")
    yield f"{event.title}: {count(event.chapters, 'chapter')}, {characters}"
    yield from summarise(event.changes, event.words)
    if event.guesses:
        yield note_guesses(event.guesses)


def _remarks(event: Event) -> Iterator[str]:
    """Yield what is to be told of one book among many before it ends."""
    if isinstance(event, Started):
        yield from warn(event.changes, event.words)
    elif isinstance(event, Failed):
        yield _failure(event)
    elif isinstance(event, Recognised):
        yield from _pages(event)


# --- many books -----------------------------------------------------------------------------------


class Tallies:
    """Counts what the builds of many books report, and says nothing; threads may share it.

    Args:
        books: how many there are.
    """

    def __init__(self, books: int) -> None:
        self.books = books
        self.ended = 0
        self.chapters = 0
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._read = 0
        self._open: set[str] = set()
        self._characters = self._done = self._recorded_characters = 0
        self._recorded_seconds = 0.0

    def hear(self, source: str) -> Callable[[Event], None]:
        """Return what the events of one book are told to."""

        def take(event: Event) -> None:
            with self._lock:
                self._count(source, event)
                self.show(source, event)

        return take

    def end(self, source: str, line: str) -> None:
        """Take in that one more book has ended, and show how."""
        with self._lock:
            self.ended += 1
            self._open.discard(source)
            self.show_end(source, line)

    def _count(self, source: str, event: Event) -> None:
        if isinstance(event, Started):
            self._read += 1
            self._open.add(source)
            self._characters += event.characters
        elif not isinstance(event, Failed | Recognised):
            self._done += event.characters
            self.chapters += event.chapter_done
            if not event.remembered:
                self._recorded_characters += event.characters
                self._recorded_seconds += event.seconds

    @property
    def state(self) -> str:
        """Say how far it is: books, chapters, speed, and about how long it still takes."""
        ended = told(f"{self.ended:,} of {self.books:,} books")
        parts = [ended, count(self.chapters, "chapter")]
        took = time.monotonic() - self._began
        if self._recorded_seconds:
            speed = self._recorded_seconds / max(took, 1e-3)
            parts.append(told(f"{speed:,.0f}× real time"))
            # The others are as long as those that were read, and as seldom there already.
            seen = self.ended + len(self._open)
            left = self._characters * self.books / seen - self._done
            left *= took / self._recorded_characters
            parts.append(told(f"about {clock(left)} left"))
        return ", ".join(parts)

    def show(self, source: str, event: Event) -> None:
        """Show what happens to a book."""

    def show_end(self, source: str, line: str) -> None:
        """Show what became of a book."""


class _ManyLines(Tallies):
    """A line for each book that ends, and one for what goes wrong on the way."""

    def show(self, source: str, event: Event) -> None:
        for line in _remarks(event):
            print(f"{source}: {line}", file=sys.stderr, flush=True)

    def show_end(self, source: str, line: str) -> None:  # noqa: ARG002 (the line names it)
        print(f"{line} ({self.state})", file=sys.stderr, flush=True)


class _ManyBars(Tallies):
    """A live bar for all books, and one for each that is being recorded."""

    def __init__(self, books: int, bar: Bar) -> None:
        super().__init__(books)
        self._bar = bar
        self._all = bar.add_task("", total=books, said="")
        self._tasks: dict[str, TaskID] = {}

    def show(self, source: str, event: Event) -> None:
        for line in _remarks(event):
            self._bar.console.print(f"{source}: {line}", highlight=False, markup=False)
        if isinstance(event, Started):
            name = event.title[:40]
            self._tasks[source] = self._bar.add_task(name, total=event.characters, said="")
        elif not isinstance(event, Failed | Recognised):
            chapter = event.title[:40]
            self._bar.update(self._tasks[source], advance=event.characters, said=chapter)
        self._bar.update(self._all, said=self.state)

    def show_end(self, source: str, line: str) -> None:
        if source in self._tasks:
            self._bar.remove_task(self._tasks.pop(source))
        self._bar.console.print(line, highlight=False, markup=False)
        self._bar.update(self._all, completed=self.ended, said=self.state)


# --- files on their way ---------------------------------------------------------------------------


@contextmanager
def make_parcels(size: int, *, quiet: bool) -> Iterator[Callable[[SiteFile], None]]:
    """Show on a terminal how many of so many bytes have arrived."""
    if quiet or not sys.stderr.isatty():
        yield lambda _file: None
        return
    with _open_bar() as bar:
        task = bar.add_task("", total=size, said="")
        yield lambda file: bar.update(task, advance=file.size, said=file.path[-40:])


# --- which of them --------------------------------------------------------------------------------


@contextmanager
def make_tally(*, quiet: bool) -> Iterator[Tally]:
    """Open the tally that suits stderr, and close its bar when the build ends."""
    if quiet or not sys.stderr.isatty():
        yield Tally() if quiet else _Lines()
        return
    with _open_bar() as bar:
        yield _Bar(bar)


@contextmanager
def make_tallies(books: int, *, quiet: bool) -> Iterator[Tallies]:
    """Open the tally of many books that suits stderr, and close its bars when the builds end."""
    if quiet or not sys.stderr.isatty():
        yield Tallies(books) if quiet else _ManyLines(books)
        return
    with _open_bar() as bar:
        yield _ManyBars(books, bar)


def _open_bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[said]}", markup=False),
    )
    return Bar(*columns, console=Console(stderr=True), transient=True)
