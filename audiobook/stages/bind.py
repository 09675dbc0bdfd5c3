"""Recordings to Book: one timeline, chapters, tags, cover and synced text in one file."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.model import Book, BoundChapter, Chapter, Cue, Meta, Sound, Take, fallback_runs
from audiobook.speech import loudness
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path


def bind(
    meta: Meta,
    chapters: Sequence[Chapter],
    takes: Sequence[Take],
    sound: Sound,
    sound_of: Callable[[str], bytes],
    path: Path,
    order: str,
) -> Book:
    """Join recordings end to end into one chaptered file.

    Args:
        meta: what is known about the book.
        chapters: all of them; only titles, levels and pictures count.
        takes: all recordings, in the order of the book.
        sound: how they were recorded.
        sound_of: gives the sound of a recording by its key.
        path: where the book goes; it appears there whole or not at all.
        order: fingerprint of all of the above, for `Format.read_book`.

    Raises:
        OutputError: the book cannot be written.
    """
    form = outputs.load(sound.format)
    book, cues = _lay(meta, chapters, takes, sound, path)
    with files.whole(path) as file:
        form.write(file, book, cues, order, (sound_of(take.key) for take in takes))
    return book


def split(
    meta: Meta,
    chapters: Sequence[Chapter],
    takes: Sequence[Take],
    sound: Sound,
    sound_of: Callable[[str], bytes],
    folder: Path,
    order: str,
) -> tuple[Book, ...]:
    """Write each chapter as a file of its own, numbered, from the same recordings.

    Files that are there already just as ordered are left alone. Those that an earlier order made
    and this one does not, of a chapter that was renamed or is gone, are removed.

    Args:
        meta: what is known about the whole book.
        chapters: all of them; only titles and pictures count.
        takes: all recordings, in the order of the book.
        sound: how they were recorded.
        sound_of: gives the sound of a recording by its key.
        folder: where the files go: ``01 - Title.mp3`` and so on.
        order: fingerprint of all of the above.

    Raises:
        OutputError: a file cannot be written or removed.
    """
    form = outputs.load(sound.format)
    runs = [list(run) for _, run in groupby(takes, attrgetter("chapter"))]
    books = []
    for number, run in enumerate(runs, 1):
        title = chapters[run[0].chapter].title
        path, mark = folder / _name(number, len(runs), title, form), _mark(order, number)
        if (book := form.read_book(path, mark)) is None:
            book, cues = _lay(replace(meta, title=title), chapters, run, sound, path)
            track = outputs.Track(meta.title, number, len(runs))
            with files.whole(path) as file:
                form.write(file, book, cues, mark, (sound_of(take.key) for take in run), track)
        books.append(book)
    kept = {book.path for book in books}
    for path in sorted(folder.glob(f"*{form.SUFFIX}")):
        if path not in kept and _is_by_split(path, form):
            files.remove(path)
    return tuple(books)


def split_paths(titles: Sequence[str], folder: Path, form: outputs.Format) -> list[Path]:
    """Return the files that `split` writes for chapters of these titles."""
    return [
        folder / _name(number, len(titles), title, form) for number, title in enumerate(titles, 1)
    ]


def is_split(book: Book, form: outputs.Format, folder: Path, order: str) -> bool:
    """Tell whether `split` wrote every chapter of a book just as ordered."""
    paths = split_paths([chapter.title for chapter in book.chapters], folder, form)
    return all(form.read_book(path, _mark(order, number)) for number, path in enumerate(paths, 1))


def _mark(order: str, number: int) -> str:
    return f"{order}-{number}"


def _name(number: int, of: int, title: str, form: outputs.Format) -> str:
    digits = max(len(str(of)), 2)
    return files.safe_name(f"{number:0{digits}d} - {title}", form.SUFFIX)


def _is_by_split(path: Path, form: outputs.Format) -> bool:
    """Whether `split` made a file, and nobody has renamed it or tagged it anew since.

    It says which chapter of an order it is, and has the name that goes with its title.
    """
    number = path.name.partition(" - ")[0]
    order = form.read_fingerprint(path)
    if not number.isdecimal() or not order.endswith(f"-{int(number)}"):
        return False
    book = form.read_book(path, order)
    return book is not None and path.name == _name(
        int(number), 10 ** len(number) - 1, book.meta.title, form
    )


def _lay(
    meta: Meta, chapters: Sequence[Chapter], takes: Sequence[Take], sound: Sound, path: Path
) -> tuple[Book, list[Cue]]:
    """Return the book that recordings make end to end, and when each sentence is heard."""
    timings = [take.timing for take in takes]
    end = sum(one.samples for one in timings) - outputs.load(sound.format).trimmed_samples(
        sound.rate
    )
    bound, cues = _timeline(chapters, takes, end)
    heard = loudness.integrated_of_parts((one.loudness, one.samples) for one in timings)
    book = Book(
        meta,
        path,
        sound.rate,
        end,
        bound,
        len(cues),
        fallback_runs(takes),
        None if heard == -math.inf else heard,
    )
    return book, cues


def _timeline(
    chapters: Sequence[Chapter], takes: Iterable[Take], end: int
) -> tuple[tuple[BoundChapter, ...], list[Cue]]:
    """Lay recordings end to end: when each chapter and each sentence is heard."""
    cues: list[Cue] = []
    starts: list[tuple[int, Chapter]] = []
    position, chapter = 0, -1
    for take in takes:
        if take.chapter != chapter:
            chapter = take.chapter
            starts.append((position, chapters[chapter]))
        cues += (cue.shifted(position) for cue in take.timing.cues)
        position += take.timing.samples
    ends = [*(start for start, _ in starts[1:]), end]
    bound = tuple(
        BoundChapter(one.title, start, until, one.level, one.picture)
        for (start, one), until in zip(starts, ends, strict=True)
    )
    return bound, cues
