"""Builds many books side by side, with a table of what became of each."""

from __future__ import annotations

import time
import traceback
from contextlib import closing
from typing import TYPE_CHECKING

from audiobook.cli.app import notify
from audiobook.cli.outcomes import outcome_line, print_books

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.app.book_requests import BookRequest
    from audiobook.model import Job
    from audiobook.workers import Recorder


def build_many(
    requests: Sequence[BookRequest],
    job_of: Callable[[BookRequest], Job],
    recorder: Recorder,
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
    if not quiet:
        print_books(outcomes, time.monotonic() - start)
    if quiet:
        for outcome in outcomes:
            if outcome.failure:
                notify(f"audiobook: {outcome_line(outcome)}")
    if failure := batch.sum_up_failures(outcomes):
        raise failure
    return not all(outcome.unchanged for outcome in outcomes)
