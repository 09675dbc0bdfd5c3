"""What a build made, or would make, in lines and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.cli.changes import summarise
from audiobook.cli.doubts import note_guesses
from audiobook.cli.printing import clock, count, heads, print_table, shown, told_of
from audiobook.messages import figure, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.app.batch import BookOutcome
    from audiobook.model import Book, Plan


def ending(outcome: BookOutcome) -> str:
    """Say in one line what became of a book."""
    if outcome.book is None:
        return f"{shown(outcome.source)}: {failure_of(outcome)}"
    end = f" ({told('unchanged')})" if outcome.unchanged else ""
    stood_in = f"; {stand_ins(outcome.book)}" if outcome.book.stood_in else ""
    return f"{shown(str(outcome.book.path))}: {figures_of(outcome.book)}{end}{stood_in}"


def print_books(outcomes: Sequence[BookOutcome], took: float) -> None:
    """Print what became of many books in a table, and their sum; ``took`` in seconds."""
    rows = [heads("BOOK", "LENGTH", "CHAPTERS", "SENTENCES", "SIZE", "")]
    for outcome in sorted(outcomes, key=lambda one: one.source):
        if book := outcome.book:
            end = told("unchanged") if outcome.unchanged else ""
            figures = (f"{len(book.chapters):,}", f"{book.sentences:,}")
            lengths = (clock(book.seconds), *map(figure, figures))
            rows.append((str(book.path), *lengths, _size(book), end))
        else:
            rows.append(
                (outcome.source, "", "", "", "", f"{told('failed')}: {failure_of(outcome)}")
            )
    print_table(rows, shorten=0)
    books = [outcome.book for outcome in outcomes if outcome.book]
    parts = [
        f"{count(len(books), 'book')}: {clock(sum(book.seconds for book in books))}",
        told(f"{sum(map(_bytes_of, books)) / 1e6:,.1f} MB"),
        f"{told('in')} {clock(took)}",
    ]
    if unchanged := sum(outcome.unchanged for outcome in outcomes):
        parts.append(told(f"{unchanged:,} unchanged"))
    if failed := len(outcomes) - len(books):
        parts.append(told(f"{failed:,} failed"))
    print(", ".join(parts))


def print_plan(plan: Plan) -> None:
    """Print what a build would do: chapters, what is left out, and what it costs."""
    print(plan.title)
    rows = [heads("", "CHAPTER", "SENTENCES", "CHARACTERS", "LENGTH")]
    rows += [
        (
            f"{chapter.number}",
            "  " * (chapter.level - 1) + chapter.title,
            figure(f"{chapter.sentences:,}"),
            figure(f"{chapter.characters:,}"),
            clock(chapter.seconds),
        )
        for chapter in plan.chapters
    ]
    print_table(rows, shorten=1)
    for line in summarise(plan.changes, plan.words):
        print(line)
    if plan.guesses:
        print(note_guesses(plan.guesses))
    requests = count(plan.requests, "online request")
    parts = (
        told(f"{clock(plan.seconds)} of speech expected"),
        told(f"{plan.recorded} of {plan.passages} passages recorded already"),
        told(f"{requests} needed for {plan.requested:,} characters")
        if plan.requests
        else told(f"{requests} needed"),
    )
    print("; ".join(parts))


def figures_of(book: Book) -> str:
    """Return the length of a book, its chapters, sentences and size, in one line."""
    return ", ".join(
        (
            clock(book.seconds),
            count(len(book.chapters), "chapter"),
            count(book.sentences, "sentence"),
            _size(book),
        )
    )


def stand_ins(book: Book) -> str:
    """Say how many sentences of a book the fallback voice speaks."""
    number = sum(until - first for first, until in book.stood_in)
    first = book.stood_in[0][0] + 1
    return told(
        f"{number:,} sentence{'' if number == 1 else 's'} by the fallback voice, from sentence "
        f"{first} on: build again when the server answers to replace them"
    )


def failure_of(outcome: BookOutcome) -> str:
    """Say what went wrong with a book; a fault of the program names the source itself."""
    line = told_of(outcome.failure) if outcome.failure else ""
    return line.removeprefix(f"{shown(outcome.source)}: ")


def _size(book: Book) -> str:
    size = _bytes_of(book)
    return told(f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB")


def _bytes_of(book: Book) -> int:
    try:
        return book.path.stat().st_size
    except OSError:
        return 0  # somebody took it away meanwhile
