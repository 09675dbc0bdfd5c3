"""Audits many books: each on its own, so that a damaged one is one line and the others go on."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from audiobook.audit import PROFILES, audit
from audiobook.audit.report import json_values
from audiobook.audit.types import Severity
from audiobook.errors import SourceError
from audiobook.messages import NOTHING, Message, message
from audiobook.system.files import whole
from audiobook.system.folders import natural_key
from audiobook.system.processes import Crew

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiobook.audit.types import Audit

SUFFIXES = (".mp3", ".m4b", ".opus")
"""The endings of books, as they are looked for in folders."""
MEMORY = 150 << 20
"""Bytes that a process takes which audits books; one of ten hours took 111 MB (2026-12-01)."""
_PREVIEW = ".preview"
_SITE = ("feed.xml", "state.json")
"""Files of a podcast's site that tell it from a folder of books."""
_FEWEST = 2
"""Books from which on worker processes are worth their start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBook:
    """What came of the audit of one book, without its sound."""

    path: Path
    title: str = ""
    author: str = ""
    seconds: float = 0.0
    loudness: float = 0.0
    """LUFS."""
    true_peak: float = 0.0
    """dBTP."""
    counts: Mapping[Severity, int]
    """How many findings are how bad, the worst first."""
    falls_short: bool
    worst: Message = NOTHING
    """What the worst finding is; why it cannot be read, if it cannot."""
    is_read: bool = True
    report: Path | None = None
    """Its page; None without one."""
    values: dict[str, Any] | None = None
    """All results, for JSON, if they are wanted."""


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    report: Path | None


def find_books(sources: Iterable[Path]) -> list[Path]:
    """Return the books that are named, and those of folders and their subfolders, each once.

    Links to folders are not followed; previews of books, hidden files, and sites of podcasts, which
    hold the same books again, are passed over.

    Raises:
        SourceError: a folder cannot be read, or holds no book.
    """
    books: dict[Path, None] = {}
    for source in sources:
        inside = _books_in(source) if source.is_dir() else [source]
        if not inside:
            raise SourceError(
                message("there is no book in {folder}", folder=source),
                message("name a folder of MP3, M4B or Opus files"),
            )
        books.update(dict.fromkeys(inside))
    return list(books)


def _books_in(folder: Path) -> list[Path]:
    def refuse(problem: OSError) -> None:
        raise SourceError(
            message("cannot read the folder {folder}: {reason}", folder=folder, reason=problem)
        ) from problem

    books = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(
            (name for name in folders if name[0] != "." and not _is_site(Path(parent, name))),
            key=natural_key,
        )
        books += [
            Path(parent, name)
            for name in sorted(names, key=natural_key)
            if name[0] != "."
            and name.lower().endswith(SUFFIXES)
            and not Path(name).stem.lower().endswith(_PREVIEW)
        ]
    return books


def _is_site(folder: Path) -> bool:
    """Return whether a folder is the site that `audiobook feed` makes of books."""
    return all((folder / name).is_file() for name in _SITE)


def check_books(
    books: Sequence[Path],
    profile: str,
    workers: int,
    *,
    reports: Path | None = None,
    with_values: bool = False,
) -> Iterator[CheckedBook]:
    """Yield what came of the audit of each book, in their order.

    Args:
        books: the files.
        profile: the name of what they are measured against.
        workers: the greatest number of processes.
        reports: the folder that the page of each book is written to; None for no pages.
        with_values: whether all results are wanted, for JSON.

    Raises:
        OutputError: a page cannot be written.
    """
    tasks = [_Task(path, page) for path, page in zip(books, _pages(books, reports), strict=True)]
    work = partial(_check_book, profile=profile, with_values=with_values)
    with Crew(workers) as crew:
        yield from crew.map(work, tasks, fewest=_FEWEST, at_once=1)


def _pages(books: Sequence[Path], reports: Path | None) -> list[Path | None]:
    """Return where the page of each book is written: names of their own, whatever their folders."""
    taken = {"index"}
    # In a library each book may have the same name, in a folder of its own.
    numbers: Counter[str] = Counter()
    pages: list[Path | None] = []
    for book in books:
        name, stem = book.stem, book.stem.casefold()
        while name.casefold() in taken:
            numbers[stem] += 1
            name = f"{book.stem}-{numbers[stem] + 1}"
        taken.add(name.casefold())
        pages.append(reports / f"{name}.html" if reports else None)
    return pages


def _check_book(task: _Task, *, profile: str, with_values: bool) -> CheckedBook:
    try:
        result = audit(task.path, PROFILES[profile])
    except SourceError as problem:
        return CheckedBook(
            path=task.path, counts={}, falls_short=True, worst=problem.what, is_read=False
        )
    if task.report:
        write_page(result, task.report)
    kinds = [finding.severity for finding in result.findings]
    return CheckedBook(
        path=task.path,
        title=result.contents.title,
        author=result.contents.author,
        seconds=result.sound.seconds,
        loudness=result.sound.level.loudness,
        true_peak=result.sound.level.true_peak,
        counts={kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
        falls_short=result.falls_short,
        worst=result.findings[0].what if result.findings else NOTHING,
        report=task.report,
        values=json_values(result) if with_values else None,
    )


def write_page(result: Audit, page: Path) -> None:
    """Write the page of an audit, with a player of the book where it lies.

    Raises:
        OutputError: it cannot be written.
    """
    from audiobook.audit.page import render

    _write(page, render(result, relative_address(result.path, page)))


def write_index(books: Sequence[CheckedBook], page: Path, profile: str) -> None:
    """Write the page that lists all books.

    Raises:
        OutputError: it cannot be written.
    """
    from audiobook.audit.page.index import render_index

    _write(page, render_index(books, page, profile))


def _write(page: Path, text: str) -> None:
    with whole(page, message("choose another file for --report")) as file:
        file.write(text.encode("utf-8", "replace"))


def relative_address(path: Path, page: Path) -> str:
    """Return the address of a file as a page links to it.

    A file of another drive has no relative address: its whole one is returned.
    """
    target, folder = path.absolute(), page.absolute().parent
    try:
        relative = Path(os.path.relpath(target, folder)).as_posix()
    except ValueError:
        return target.as_uri()
    # A first part with a colon would be taken for a scheme.
    return quote(f"./{relative}" if not relative.startswith("../") else relative)
