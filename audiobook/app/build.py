"""Builds one book; one that is up to date is left alone without importing what makes books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.app.current import find_by_inputs
from audiobook.app.ledger import hash_inputs
from audiobook.model import ignore_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Book, Event, Job
    from audiobook.workers import Recorder


def build(
    job: Job, report: Callable[[Event], None] = ignore_event, recorder: Recorder | None = None
) -> Book:
    """Turn a source into an audiobook.

    Passages that were recorded before are not recorded again, and a book that is up to date is
    left alone. If an online voice fails and there is a fallback voice, that one speaks instead;
    the next build tries those passages again.

    Args:
        job: what to build.
        report: called with each event: a `Recognised` for every scanned page, `Started`, then a
            `Progress` for every passage; if the book is up to date at most a `Remark`.
        recorder: records the passages; None for worker processes of this book alone.

    Raises:
        AudiobookError: an error that the user can act on; all recordings made so far are kept.
    """
    book, inputs = find(job, report)
    return book or make(job, inputs, report, recorder)


def find(job: Job, report: Callable[[Event], None]) -> tuple[Book | None, str]:
    """Return the book of a job if it is up to date, and the hash of all that decides the book."""
    if job.timed:
        from audiobook.speech.fitting import check_ready

        check_ready()
    inputs = hash_inputs(job)
    return find_by_inputs(job, inputs, report), inputs


def make(job: Job, inputs: str, report: Callable[[Event], None], recorder: Recorder | None) -> Book:
    """Make the book of a job that `find` did not find."""
    from audiobook.app.stages_in_order import make_book

    return make_book(job, inputs, report, recorder)
