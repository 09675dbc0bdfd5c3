"""Many books in one run: a few at a time, their passages recorded by one studio."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiobook import outputs, readers
from audiobook.build import build
from audiobook.errors import AudiobookError, SourceError, UsageError, as_error

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from audiobook.model import Book, Event, Job
    from audiobook.studio import Studio


Listener = Callable[["Event"], None]


class Wanted(NamedTuple):
    """A book to make."""

    source: str
    folder: Path
    """Where it goes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a book."""

    source: str
    book: Book | None
    """None if it could not be made."""
    failure: AudiobookError | None = None
    unchanged: bool = False
    """It was there already, just as ordered."""


# --- what to build --------------------------------------------------------------------------------


def find(sources: Sequence[str], folder: Path) -> list[Wanted]:
    """Return the books of sources: of a folder all its texts, in folders of the same names.

    Args:
        sources: files, folders, addresses, or - for standard input.
        folder: where the books go.

    Raises:
        SourceError: a folder cannot be read, or holds no text.
        UsageError: two sources would become the same book.
    """
    wanted = [
        one
        for source in sources
        for one in (
            _texts_in(Path(source), folder) if _is_folder(source) else [Wanted(source, folder)]
        )
    ]
    taken: dict[tuple[Path, str], str] = {}
    for source, goes in wanted:
        other = taken.setdefault((goes, Path(source).stem), source)
        if other is not source:
            raise UsageError(
                f"{other} and {source} would both become the book {Path(source).stem}",
                "rename one of them",
            )
    return wanted


def is_text(path: Path) -> bool:
    """Whether a file is one that a folder of texts is made of, by its name."""
    return (
        path.suffix.lower() in readers.SUFFIXES
        and not path.name.startswith(".")
        and not path.name.endswith(outputs.EPUB_SUFFIX)
    )


def _is_folder(source: str) -> bool:
    return "://" not in source and Path(source).is_dir()


def _texts_in(texts: Path, folder: Path) -> Iterator[Wanted]:
    def refuse(problem: OSError) -> None:
        raise SourceError(f"cannot read {problem.filename}: {problem.strerror}")

    found = False
    for place, below, names in os.walk(texts, onerror=refuse):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if is_text(path):
                found = True
                yield Wanted(str(path), folder / path.parent.relative_to(texts))
    if not found:
        kinds = " ".join(sorted(readers.SUFFIXES))
        raise SourceError(f"there is no text in {texts}", f"texts are files that end in {kinds}")


# --- building -------------------------------------------------------------------------------------


def build_all(
    wanted: Iterable[Wanted],
    make_job: Callable[[Wanted], Job],
    studio: Studio,
    hear: Callable[[str], Listener],
    at_once: int,
) -> Generator[Outcome, None, None]:
    """Build books side by side, and yield each as it ends.

    Whatever goes wrong with a book, even a fault of the program, is the outcome of that book.
    Jobs are made as their turn comes, so that their number does not matter. While one book is
    read or bound, others are recorded. Whatever ends the iteration ends the studio's work.

    Args:
        wanted: the books.
        make_job: what is wrong with a job concerns its book alone.
        studio: who records all of them.
        hear: returns what a book's events are told to, by the book's source.
        at_once: most books at a time.
    """
    todo = iter(wanted)
    running: set[Future[Outcome]] = set()
    with ThreadPoolExecutor(at_once, thread_name_prefix="book") as pool:
        try:
            while True:
                for one in islice(todo, at_once - len(running)):
                    running.add(pool.submit(_build, one, make_job, studio, hear))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        except BaseException:
            studio.stop()
            raise


def _build(
    one: Wanted,
    make_job: Callable[[Wanted], Job],
    studio: Studio,
    hear: Callable[[str], Listener],
) -> Outcome:
    tell, told = hear(one.source), False

    def report(event: Event) -> None:
        nonlocal told
        told = True
        tell(event)

    try:
        book = build(make_job(one), report, studio)
    except BaseException as problem:
        return Outcome(one.source, None, as_error(problem, one.source))
    return Outcome(one.source, book, unchanged=not told)
