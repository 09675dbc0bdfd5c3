"""Vietnamese text in, a chaptered audiobook out: the front door of the library.

`read` returns what a source says, `make_job` puts together what is to be built, and `build` makes
the book. Everything heavier than this module is imported when it is first used.

>>> import audiobook
>>> job = audiobook.make_job("bai.txt", folder=Path("sach"), voice="hanoi")  # doctest: +SKIP
>>> audiobook.build(job, report=print).path  # doctest: +SKIP
PosixPath('sach/bai.mp3')
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.config import make_job
    from audiobook.model import Book, Document, Event, Job

__all__ = ["__version__", "build", "make_job", "read"]


def read(source: str | Path) -> Document:
    """Return the text of a source as it will be read aloud: cleaned, and divided into chapters.

    Args:
        source: a file, a folder of parts, or a web address.

    Raises:
        SourceError: it cannot be read.
    """
    from audiobook.app.preparing import prepare
    from audiobook.config import make_job

    return prepare(make_job(str(source), folder=Path()))


def build(job: Job, report: Callable[[Event], None] | None = None) -> Book:
    """Turn a source into an audiobook, or return the one that is there just as ordered.

    Args:
        job: what to build, from `make_job`.
        report: receives each event of the build, as `Started` and `Progress`.

    Raises:
        AudiobookError: what the user can act on, with a remedy; the recordings are kept.
    """
    from audiobook.app import build as building
    from audiobook.model import ignore_event

    return building.build(job, report or ignore_event)


def __getattr__(name: str) -> object:
    if name == "make_job":
        from audiobook.config import make_job

        return make_job
    raise AttributeError(name)
