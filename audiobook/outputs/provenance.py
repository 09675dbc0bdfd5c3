"""The line in the tags of a book that says what it was made from, so that it is built only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.model import Book, BoundChapter, Meta

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEY = "audiobook-order"


def format_note(book: Book, fingerprint: str) -> str:
    """Return the text of the tag `KEY` of a book.

    It holds the fingerprint of the book, its rate and length in samples, its number of sentences,
    and the runs of sentences that the fallback voice spoke, counted from 1.
    """
    runs = " ".join(f"{first + 1}-{end}" for first, end in book.stood_in)
    return f"{fingerprint} {book.rate} {book.samples} {book.sentences} {runs}".rstrip()


def parse_note(
    note: str, fingerprint: str, path: Path, title: str, chapters: Iterable[BoundChapter]
) -> Book | None:
    """Return the book that a note describes, or None if it has another fingerprint.

    Args:
        note: what `format_note` returned.
        fingerprint: the one that the book must have.
        path: of the book.
        title: of the book.
        chapters: of the book.

    Raises:
        ValueError: the note has another form.
    """
    made_from, rate, samples, sentences, *runs = note.split()
    if made_from != fingerprint:
        return None
    meta = Meta(title=title)
    return Book(
        meta, path, int(rate), int(samples), tuple(chapters), int(sentences), tuple(map(_run, runs))
    )


def _run(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first) - 1, int(last)
