"""Builds many books in one run: a few at a time, their passages recorded by one `Recorder`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from audiobook.app.build import build, find, make
from audiobook.errors import AudiobookError, InternalError, as_error
from audiobook.messages import message
from audiobook.model import Remark
from audiobook.system.memory import give_back_memory

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from audiobook.app.book_requests import BookRequest
    from audiobook.model import Book, Event, Job
    from audiobook.workers import Recorder

EventListener = Callable[["Event"], None]
Making = Callable[[EventListener, "Recorder"], "Book"]
"""Makes a book, as `audiobook.app.build.build` does."""


@dataclass(frozen=True, slots=True)
class BookOutcome:
    """The result of building a book."""

    source: str
    book: Book | None
    """None if the book could not be built."""
    failure: AudiobookError | None = None
    unchanged: bool = False
    """The book was there already and is up to date."""


def build_all(
    requests: Iterable[BookRequest],
    make_job: Callable[[BookRequest], Job],
    recorder: Recorder,
    listener_for: Callable[[str], EventListener],
    most_books: int,
) -> Generator[BookOutcome, None, None]:
    """Build books side by side, and yield the outcome of each when it is finished.

    Any error of a book, even a fault of the program, is the outcome of that book alone. Jobs are
    made one by one, so that their number does not matter. While one book is read or bound, others
    are recorded. When the iteration ends early, so does the work of the recorder.

    Args:
        requests: the books.
        make_job: makes the job of a book; its errors concern that book alone.
        recorder: records the passages of all books.
        listener_for: returns the function that is called with the events of a book, by its source.
        most_books: how many books are built at a time.
    """
    running: set[Future[BookOutcome]] = set()
    with ThreadPoolExecutor(most_books, thread_name_prefix="book") as pool:
        try:
            for request in requests:
                listener = listener_for(request.source)
                found = _find(request, make_job, listener)
                if isinstance(found, BookOutcome):
                    yield found
                else:
                    running.add(pool.submit(_make, request.source, found, recorder, listener))
                timeout = None if len(running) == most_books else 0
                finished, running = wait(running, timeout, FIRST_COMPLETED)
                yield from (future.result() for future in finished)
            yield from (future.result() for future in as_completed(running))
        except BaseException:
            recorder.stop()
            raise


def _find(
    request: BookRequest, make_job: Callable[[BookRequest], Job], listener: EventListener
) -> BookOutcome | Making:
    """Return the outcome of a book that is up to date or cannot be built, else what makes it.

    Threads that each look at many small files wait for each other more than they work: so the main
    one looks whether a book is up to date, unless all of its sound is to be read.
    """
    try:
        if request.problem:
            raise request.problem
        job = make_job(request)
        if job.verify:
            return partial(build, job)
        book, inputs = find(job, listener)
    except BaseException as problem:  # noqa: BLE001 (it is the outcome of this book)
        return BookOutcome(request.source, None, as_error(problem, request.source))
    if book is None:
        return partial(make, job, inputs)
    return BookOutcome(request.source, book, unchanged=True)


def _make(source: str, making: Making, recorder: Recorder, listener: EventListener) -> BookOutcome:
    has_events = False

    def report(event: Event) -> None:
        nonlocal has_events
        has_events = has_events or not isinstance(event, Remark)
        listener(event)

    try:
        book = making(report, recorder)
    except BaseException as problem:  # noqa: BLE001 (it is the outcome of this book)
        return BookOutcome(source, None, as_error(problem, source))
    finally:
        if has_events:
            give_back_memory()
    return BookOutcome(source, book, unchanged=not has_events)


def sum_up_failures(outcomes: Sequence[BookOutcome]) -> AudiobookError | None:
    """Return one error for all books that failed, of the worst kind; None if none did."""
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    if not failures:
        return None
    worst = max(failures, key=lambda failure: failure.exit_code)
    books = f"{len(outcomes):,} book{'' if len(outcomes) == 1 else 's'}"
    return type(worst)(
        message("{failed:,} of {books} could not be made", failed=len(failures), books=books),
        worst.remedy
        if isinstance(worst, InternalError)
        else message(
            "fix what is wrong and run the same command again: only the failed books are built"
        ),
    )
