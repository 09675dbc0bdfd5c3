"""Lines and tables about what a build made, or would make."""

from __future__ import annotations

import math
import traceback
from typing import TYPE_CHECKING

from audiobook.cli.app import notify
from audiobook.cli.changes import summary_lines
from audiobook.cli.doubts import guesses_note
from audiobook.cli.printing import (
    clock_time,
    localize_error,
    print_table,
    printable,
    table_head,
    voice_column,
)
from audiobook.messages import localize, localize_figure, message, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.app.batch import BookOutcome
    from audiobook.model import Book, Misfit, Plan

_MOST_MISFITS = 10


def outcome_line(outcome: BookOutcome) -> str:
    """Return a line about the outcome of a book."""
    if outcome.book is None:
        source, line = printable(outcome.source), failure_line(outcome)
        return line if line.startswith(f"{source} ") else f"{source}: {line}"
    suffix = f" ({localize('unchanged')})" if outcome.unchanged else ""
    fallback = f"; {fallback_note(outcome.book)}" if outcome.book.stood_in else ""
    misfits = f"; {misfit_note(outcome.book.misfits)}" if outcome.book.misfits else ""
    figures = book_figures(outcome.book)
    return f"{printable(str(outcome.book.path))}: {figures}{suffix}{fallback}{misfits}"


def print_outcome(outcome: BookOutcome, *, quiet: bool = False, debug: bool = False) -> None:
    """Print a line about a book that is done: on stdout, or on stderr if it failed.

    Args:
        outcome: how it came out.
        quiet: whether to print only failures.
        debug: whether to print the traceback of a failure.
    """
    if outcome.failure:
        if debug:
            traceback.print_exception(outcome.failure)
        notify(f"audiobook: {outcome_line(outcome)}")
    elif not quiet:
        print(outcome_line(outcome), flush=True)


def print_books(outcomes: Sequence[BookOutcome], seconds: float) -> None:
    """Print a table of the outcomes of many books, and their sum; ``seconds`` is the time taken."""
    rows = [table_head("BOOK", "LENGTH", "CHAPTERS", "SENTENCES", "SIZE", "")]
    for outcome in sorted(outcomes, key=lambda outcome: outcome.source):
        if book := outcome.book:
            note = localize("unchanged") if outcome.unchanged else ""
            figures = (f"{len(book.chapters):,}", f"{book.sentences:,}")
            lengths = (clock_time(book.seconds), *map(localize_figure, figures))
            rows.append((str(book.path), *lengths, _size_text(book), note))
        else:
            rows.append(
                (
                    outcome.source,
                    *("",) * 4,
                    localize(message("failed: {reason}", reason=failure_line(outcome))),
                )
            )
    print_table(rows, shorten=0)
    books = [outcome.book for outcome in outcomes if outcome.book]
    parts = [
        localize(
            plural(
                "{count:,} book: {time}",
                "{count:,} books: {time}",
                count=len(books),
                time=clock_time(sum(book.seconds for book in books)),
            )
        ),
        localize(message("{size:,.1f} MB", size=sum(map(_file_size, books)) / 1e6)),
        localize(message("in {time}", time=clock_time(seconds))),
    ]
    if unchanged := sum(outcome.unchanged for outcome in outcomes):
        parts.append(localize(message("{count:,} unchanged", count=unchanged)))
    if failed := len(outcomes) - len(books):
        parts.append(localize(message("{count:,} failed", count=failed)))
    print(", ".join(parts))


def print_plan(plan: Plan) -> None:
    """Print what a build would do: chapters, left-out text, and requests needed."""
    print(plan.title)
    voices = voice_column([chapter.narrator for chapter in plan.chapters])
    rows = [table_head("", "CHAPTER", "SENTENCES", "CHARACTERS", "LENGTH", *voices[0])]
    rows += [
        (
            f"{chapter.number}",
            "  " * (chapter.level - 1) + chapter.title,
            localize_figure(f"{chapter.sentences:,}"),
            localize_figure(f"{chapter.characters:,}"),
            clock_time(chapter.seconds),
            *voice,
        )
        for chapter, voice in zip(plan.chapters, voices[1:], strict=True)
    ]
    print_table(rows, shorten=1)
    for line in summary_lines(plan.changes, plan.words):
        print(line)
    if plan.guesses:
        print(guesses_note(plan.guesses))
    for line in misfit_lines(plan.misfits, len(plan.misfits)):
        print(line)
    parts = (
        localize(message("{time} of speech expected", time=clock_time(plan.seconds))),
        localize(
            message(
                "{recorded:,} of {passages:,} passages recorded already",
                recorded=plan.recorded,
                passages=plan.passages,
            )
        ),
        localize(
            plural(
                "{count:,} online request needed for {characters:,} characters",
                "{count:,} online requests needed for {characters:,} characters",
                count=plan.requests,
                characters=plan.requested,
            )
        )
        if plan.requests
        else localize("no network needed"),
        localize(
            message("about {dollars:,.2f} US dollars", dollars=math.ceil(plan.cost * 100) / 100)
        )
        if plan.cost
        else "",
    )
    print("; ".join(filter(None, parts)))


def book_figures(book: Book) -> str:
    """Return the length of a book, its chapters, sentences and size, in one line."""
    return ", ".join(
        (
            clock_time(book.seconds),
            localize(plural("{count:,} chapter", "{count:,} chapters", count=len(book.chapters))),
            localize(plural("{count:,} sentence", "{count:,} sentences", count=book.sentences)),
            _size_text(book),
        )
    )


def fallback_note(book: Book) -> str:
    """Return a line that says how many sentences of a book the fallback voice speaks."""
    number = sum(end - start for start, end in book.stood_in)
    start = book.stood_in[0][0] + 1
    return localize(
        plural(
            "{count:,} sentence by the fallback voice, from sentence {first} on: build again when "
            "the server answers to replace them",
            "{count:,} sentences by the fallback voice, from sentence {first} on: build again when "
            "the server answers to replace them",
            count=number,
            first=start,
        )
    )


def misfit_note(misfits: Sequence[Misfit]) -> str:
    """Return how many subtitles are too long for their time."""
    return localize(
        plural(
            "{count:,} subtitle is too long for its time, and delays what follows it",
            "{count:,} subtitles are too long for their time, and delay what follows them",
            count=len(misfits),
        )
    )


def misfit_lines(misfits: Sequence[Misfit], most: int = _MOST_MISFITS) -> Iterator[str]:
    """Yield which subtitles are too long for their time: how many, then a line for each.

    Args:
        misfits: those subtitles.
        most: how many lines at most.
    """
    if not misfits:
        return
    yield f"{misfit_note(misfits)}:"
    for slot, seconds in misfits[:most]:
        yield "  " + localize(
            message(
                "{number}, at {time}: {seconds:.1f} s too long",
                number=slot.number,
                time=clock_time(slot.start),
                seconds=seconds,
            )
        )
    if len(misfits) > most:
        yield "  " + localize(
            message("… and {count:,} more: --dry-run lists all", count=len(misfits) - most)
        )


def failure_line(outcome: BookOutcome) -> str:
    """Return the error of a book without its source, which a fault of the program names itself."""
    line = localize_error(outcome.failure) if outcome.failure else ""
    return line.removeprefix(f"{printable(outcome.source)}: ")


def _size_text(book: Book) -> str:
    size = _file_size(book)
    return localize(
        message("{size:,.1f} MB", size=size / 1e6)
        if size >= 1e5
        else message("{size:.0f} kB", size=size / 1e3)
    )


def _file_size(book: Book) -> int:
    try:
        return book.path.stat().st_size
    except OSError:
        return 0  # it was removed meanwhile
