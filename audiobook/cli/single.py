"""Builds one book, and prints what has become of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.cli.app import notify
from audiobook.cli.outcomes import book_figures, fallback_note, misfit_lines
from audiobook.cli.printing import printable
from audiobook.errors import located
from audiobook.messages import localize, message

if TYPE_CHECKING:
    from audiobook.model import Job
    from audiobook.workers import Recorder

_SUBTITLES = frozenset((".ass", ".srt", ".ssa", ".vtt"))


def build_single(job: Job, recorder: Recorder, *, quiet: bool) -> bool:
    """Build a book, and return whether there was anything to do.

    Args:
        job: what to build.
        recorder: records the passages.
        quiet: whether only errors are printed.

    Raises:
        AudiobookError: an error that the user can act on.
    """
    from audiobook.app.build import build
    from audiobook.cli.progress import open_build_progress

    with located(job.source), open_build_progress(quiet=quiet) as progress:
        book = build(job, progress, recorder)
    if not quiet:
        suffix = "" if progress.passages else f" ({localize('unchanged')})"
        print(f"{printable(str(book.path))}: {book_figures(book)}{suffix}")
        if book.stood_in:
            notify(fallback_note(book))
        for line in misfit_lines(book.misfits):
            notify(line)
        if not job.timed and Path(job.source).suffix.lower() in _SUBTITLES:
            notify(message("read as a text; to speak each subtitle at its time, add --timed"))
    return bool(progress.passages)
