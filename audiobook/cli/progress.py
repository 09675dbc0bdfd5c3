"""Shows the progress of a build: with a bar on a terminal, with lines elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiobook.cli.bars import open_bar
from audiobook.cli.changes import summary_lines
from audiobook.cli.doubts import guesses_note
from audiobook.cli.printing import clock_time, printable
from audiobook.messages import localize, message, plural
from audiobook.model import Failed, Recognised, Remark, Started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from audiobook.model import Event, Progress


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
            self.show_note(note_line(event))
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
        for line in recognised_lines(event):
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
        for line in recognised_lines(event):
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
        for line in recognised_lines(event):
            print(line, file=sys.stderr, flush=True)


def recognised_lines(event: Recognised) -> Iterator[str]:
    """Yield a line for every few pages, and for the last."""
    if event.pages % _PAGES_PER_LINE == 0 or event.pages == event.total:
        yield localize(
            message("text of page {page}/{total} recognised", page=event.pages, total=event.total)
        )


def note_line(event: Failed | Remark) -> str:
    """Return the line about something out of the ordinary."""
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


@contextmanager
def open_build_progress(*, quiet: bool) -> Iterator[BuildProgress]:
    """Open the progress of a build that suits stderr, and close its bar at the end."""
    if quiet or not sys.stderr.isatty():
        yield BuildProgress() if quiet else _BuildLines()
        return
    with open_bar() as bar:
        yield _BuildBar(bar)
