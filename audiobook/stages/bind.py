"""Recordings to Book: one timeline, chapters, tags, cover and synced text in one file."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.model import Book, BoundChapter, fallback_runs, music_runs
from audiobook.speech import loudness
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audiobook.model import RecordedBook
    from audiobook.outputs import Format

    BookReader = Callable[[Path, str], Book | None]
    """Reads a file, if it has a fingerprint; see `audiobook.outputs.Format.read_book`."""


def bind(recorded: RecordedBook, form: Format, path: Path, order: str) -> Book:
    """Join recordings end to end into one chaptered file.

    Args:
        recorded: the book and its recordings.
        form: the format of the file.
        path: where the book goes; it appears there whole or not at all.
        order: fingerprint of all of the above, for `Format.read_book`.

    Raises:
        OutputError: the book cannot be written.
    """
    book = _lay_out(recorded, form, path)
    write(book, recorded, form, order)
    return book


def write(book: Book, recorded: RecordedBook, form: Format, order: str) -> None:
    """Write a book that is laid out already.

    Args:
        book: the book as it will be, with its path.
        recorded: its recordings.
        form: the format of the file.
        order: fingerprint of all of the above, for `Format.read_book`.

    Raises:
        OutputError: the book cannot be written.
    """
    with files.whole(book.path) as file:
        form.write(file, book, recorded, order)


def split(
    recorded: RecordedBook, folder: Path, order: str, read_book: BookReader | None = None
) -> tuple[Book, ...]:
    """Write each chapter as a file of its own, numbered, in the format of the recordings.

    Files that are there already just as ordered are left alone. Those that an earlier order made
    and this one does not, of a chapter that was renamed or is gone, are removed.

    Args:
        recorded: the whole book and its recordings.
        folder: where the files go: ``01 - Title.mp3`` and so on.
        order: fingerprint of all of the above.
        read_book: reads a file that is there already; None for that of the format.

    Raises:
        OutputError: a file cannot be written or removed.
    """
    form = outputs.load(recorded.sound.format)
    read_book = read_book or form.read_book
    recorded_chapters = recorded.by_chapter()
    books = []
    for number, (position, chapter) in enumerate(recorded_chapters.items(), 1):
        title = recorded.chapters[position].title
        path = folder / _file_name(number, len(recorded_chapters), title, form)
        mark = order_of_chapter(order, number)
        if (book := read_book(path, mark)) is None:
            titled = replace(chapter, meta=replace(recorded.meta, title=title))
            book = _lay_out(titled, form, path)
            track = outputs.Track(recorded.meta.title, number, len(recorded_chapters))
            with files.whole(path) as file:
                form.write(file, book, titled, mark, track)
        books.append(book)
    new_paths = {book.path for book in books}
    for path in sorted(folder.glob(f"*{form.SUFFIX}")):
        if path not in new_paths and _is_by_split(path, form):
            files.remove(path)
    return tuple(books)


def split_paths(titles: Sequence[str], folder: Path, form: Format) -> list[Path]:
    """Return the files that `split` writes for chapters of these titles.

    Args:
        titles: of all chapters, in order.
        folder: where the files go.
        form: the format of the files.
    """
    return [
        folder / _file_name(number, len(titles), title, form)
        for number, title in enumerate(titles, 1)
    ]


def order_of_chapter(order: str, number: int) -> str:
    """Return the fingerprint of the file that `split` writes for a chapter, from 1."""
    return f"{order}-{number}"


def _file_name(number: int, count: int, title: str, form: Format) -> str:
    digits = max(len(str(count)), 2)
    return files.safe_name(f"{number:0{digits}d} - {title}", form.SUFFIX)


def _is_by_split(path: Path, form: Format) -> bool:
    """Whether `split` made a file, and nobody has renamed it or tagged it anew since.

    It says which chapter of an order it is, and has the name that goes with its title.
    """
    number = path.name.partition(" - ")[0]
    order = form.read_fingerprint(path)
    if not number.isdecimal() or not order.endswith(f"-{int(number)}"):
        return False
    book = form.read_book(path, order)
    return book is not None and path.name == _file_name(
        int(number), 10 ** len(number) - 1, book.meta.title, form
    )


def _lay_out(recorded: RecordedBook, form: Format, path: Path) -> Book:
    """Return the book that recordings make in a format."""
    chapters, end = _bound_chapters(recorded, form)
    timings = [passage.timing for passage in recorded.passages]
    book_loudness = loudness.integrated_of_parts(
        (timing.loudness, timing.samples) for timing in timings
    )
    return Book(
        meta=recorded.meta,
        path=path,
        rate=recorded.sound.rate,
        samples=end,
        chapters=chapters,
        sentences=sum(len(timing.cues) for timing in timings),
        stood_in=fallback_runs(recorded.passages),
        music=music_runs(recorded.passages),
        loudness=None if book_loudness == -math.inf else book_loudness,
        making=recorded.making,
    )


def _bound_chapters(recorded: RecordedBook, form: Format) -> tuple[tuple[BoundChapter, ...], int]:
    """Return when each recorded chapter is heard, and when the book ends."""
    trimmed = form.trimmed_samples(recorded.sound.rate)
    recorded_chapters = recorded.by_chapter()
    bound: list[BoundChapter] = []
    end = 0
    for number, (position, chapter) in enumerate(recorded_chapters.items(), 1):
        titled, start = recorded.chapters[position], end
        end += chapter.samples
        if form.CHAPTERS_APART or number == len(recorded_chapters):
            end = max(end - trimmed, start)
        bound.append(
            BoundChapter(
                title=titled.title,
                start=start,
                end=end,
                level=titled.level,
                picture=titled.picture,
            )
        )
    return tuple(bound), end
