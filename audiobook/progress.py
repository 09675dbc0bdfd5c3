"""How a build shows that it goes on: a bar on a terminal, a line a chapter elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiobook.model import Failed, Started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from audiobook.model import Event, Progress


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
            return "recorded before"
        return f"{self.recorded_seconds / max(time.monotonic() - self.began, 1e-3):,.0f}× real time"

    def seconds_left(self, characters: int) -> float | None:
        """Estimate how long so many characters still take; None before the first recording."""
        if not self.recorded_characters:
            return None
        return characters * (time.monotonic() - self.began) / self.recorded_characters

    def start(self, event: Started) -> None:
        """Show what is about to be recorded."""

    def step(self, event: Progress) -> None:
        """Show that one more passage is there."""

    def fail(self, event: Failed) -> None:
        """Show that the fallback voice will have to speak a passage."""


class _Lines(Tally):
    """One line for the text and one for each chapter, on stderr."""

    def start(self, event: Started) -> None:
        self._title, self._chapters = event.title, event.chapters
        for line in _opening(event):
            self._write(line)

    def step(self, event: Progress) -> None:
        if event.chapter_done:
            where = f"{self._title}: chapter {event.chapter + 1}/{self._chapters}"
            self._write(f"{where}: {event.title} ({self.sentences:,} sentences, {self.speed})")

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

    def start(self, event: Started) -> None:
        for line in _opening(event):
            self._bar.console.print(line, highlight=False, markup=False)
        self._total = event.characters
        self._task = self._bar.add_task("", total=event.characters, said="")

    def step(self, event: Progress) -> None:
        if self._task is None:
            return
        left = self.seconds_left(self._total - self.characters)
        remaining = "" if left is None else f", {left // 60:.0f}:{left % 60:02.0f} left"
        self._bar.update(
            self._task,
            completed=self.characters,
            description=event.title[:40],
            said=f"{self.sentences:,} sentences, {self.speed}{remaining}",
        )

    def fail(self, event: Failed) -> None:
        self._bar.console.print(_failure(event), highlight=False, markup=False)


def _failure(event: Failed) -> str:
    return f"left to the fallback voice: {event.reason}"


def _opening(event: Started) -> Iterator[str]:
    chapters = f"{event.chapters} chapter{'' if event.chapters == 1 else 's'}"
    yield f"{event.title}: {chapters}, {event.characters:,} characters"
    for change in event.changes:
        yield f"{change.step}: {change.count} (first: {change.example})"


@contextmanager
def make_tally(*, quiet: bool) -> Iterator[Tally]:
    """Open the tally that suits stderr, and close its bar when the build ends."""
    if quiet or not sys.stderr.isatty():
        yield Tally() if quiet else _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[said]}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar)
