"""Builds many books side by side, with a table of what became of each, or plans them."""

from __future__ import annotations

import time
import traceback
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.cli.app import notify
from audiobook.cli.outcomes import outcome_line, print_books, print_plan
from audiobook.cli.progress import show_recognised
from audiobook.errors import AudiobookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audiobook.app.book_requests import BookRequest
    from audiobook.model import Job
    from audiobook.workers import Recorder


def build_many(
    requests: Sequence[BookRequest],
    job_of: Callable[[BookRequest], Job],
    recorder: Recorder,
    hear: Callable[[BookRequest], None],
    *,
    keep_going: bool,
    quiet: bool,
    debug: bool = False,
) -> bool:
    """Build books side by side, print a table, and return whether there was anything to do.

    Args:
        requests: the books.
        job_of: makes the job of a book.
        recorder: records the passages of all books.
        hear: called with each book that was built, when all are finished.
        keep_going: whether to go on when a book fails.
        quiet: whether to print only errors.
        debug: whether to print tracebacks.

    Raises:
        AudiobookError: the first error; with `keep_going` the worst, when all books are finished.
    """
    from audiobook.app import batch
    from audiobook.cli.batch_progress import open_batch_progress
    from audiobook.config import cores

    outcomes = []
    start = time.monotonic()
    with open_batch_progress(len(requests), quiet=quiet) as progress:
        # One more book than cores: it is read or bound while the others are recorded.
        results = batch.build_all(requests, job_of, recorder, progress.listener_for, cores() + 1)
        with closing(results):
            for outcome in results:
                if outcome.failure and not keep_going:
                    raise outcome.failure
                if outcome.failure and debug:
                    traceback.print_exception(outcome.failure)
                progress.finish(outcome.source, outcome_line(outcome))
                outcomes.append(outcome)
    by_source = {request.source: request for request in requests}
    for position, outcome in enumerate(outcomes):
        if outcome.failure is None:
            try:
                hear(by_source[outcome.source])
            except AudiobookError as problem:
                if not keep_going:
                    raise
                outcomes[position] = replace(outcome, book=None, failure=problem)
    if not quiet:
        print_books(outcomes, time.monotonic() - start)
    if quiet:
        for outcome in outcomes:
            if outcome.failure:
                notify(f"audiobook: {outcome_line(outcome)}")
    if failure := batch.sum_up_failures(outcomes):
        raise failure
    return not all(outcome.unchanged for outcome in outcomes)


def plan_many(
    requests: Sequence[BookRequest],
    job_of: Callable[[BookRequest], Job],
    *,
    keep_going: bool,
    quiet: bool,
) -> None:
    """Print what books would be like, one after another.

    Args:
        requests: the books.
        job_of: makes the job of a book.
        keep_going: whether to go on when a book cannot be made.
        quiet: whether to print only errors.

    Raises:
        AudiobookError: the first error; with `keep_going` the worst, when all books were tried.
    """
    from audiobook.app import batch, planning

    outcomes = []
    for request in requests:
        outcome = batch.BookOutcome(request.source, None)
        try:
            plan = planning.plan(job_of(request), show_recognised)
        except AudiobookError as problem:
            if not keep_going:
                raise
            outcome = replace(outcome, failure=problem)
            notify(f"audiobook: {outcome_line(outcome)}")
        else:
            if not quiet:
                print_plan(plan)
        outcomes.append(outcome)
    if failure := batch.sum_up_failures(outcomes):
        raise failure


def formats_of(
    requests: Sequence[BookRequest], job_of: Callable[[BookRequest], Job], *, keep_going: bool
) -> Iterator[str]:
    """Yield the formats of books; with `keep_going` of those whose settings are right.

    Raises:
        AudiobookError: the first error of settings, unless `keep_going`.
    """
    for request in requests:
        try:
            yield job_of(request).format
        except AudiobookError:  # reported when the book is built
            if not keep_going:
                raise
