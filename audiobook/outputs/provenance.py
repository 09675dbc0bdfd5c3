"""The line in a book's tags that says what it was made from, so that it is not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.model import Book, BoundChapter, Meta

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEY = "audiobook-order"


def line(book: Book, order: str) -> str:
    """Return what a book's tags say under `KEY`.

    Its order, its rate and length in samples, how many sentences it has, and the runs of those that
    the fallback voice spoke, counted from 1.
    """
    runs = " ".join(f"{first + 1}-{until}" for first, until in book.stood_in)
    return f"{order} {book.rate} {book.samples} {book.sentences} {runs}".rstrip()


def read(
    said: str, order: str, path: Path, title: str, chapters: Iterable[BoundChapter]
) -> Book | None:
    """Return the book that says this, or None if it was made from another order.

    Raises:
        ValueError: it is not such a line.
    """
    made, rate, samples, sentences, *runs = said.split()
    if made != order:
        return None
    meta = Meta(title=title)
    return Book(
        meta, path, int(rate), int(samples), tuple(chapters), int(sentences), tuple(map(_run, runs))
    )


def _run(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first) - 1, int(last)
