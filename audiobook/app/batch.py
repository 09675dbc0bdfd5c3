"""Builds many books in one run: a few at a time, their passages recorded by one `Studio`."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiobook.app import naming, ownership
from audiobook.app.build import build
from audiobook.config.books import read_book_files
from audiobook.errors import (
    REPORT,
    AudiobookError,
    InternalError,
    SourceError,
    UsageError,
    as_error,
)
from audiobook.podcast import manifest
from audiobook.stages import readers
from audiobook.system import files
from audiobook.system.folders import cache_folder, natural_key

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from audiobook.model import Book, Event, Job
    from audiobook.workers import Studio


# Folders that systems make: in archives of macOS, on a NAS, on drives of Windows.
_SYSTEM_FOLDERS = frozenset(("__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"))

_XML = ".xml"
# The number of files that a message names.
_MOST_LISTED = 3

EventListener = Callable[["Event"], None]


class BookRequest(NamedTuple):
    """A book to build."""

    source: str
    folder: Path
    """The folder that the book goes to."""
    parts: tuple[str, ...] = ()
    """Sources that make one book together; empty if `source` is all of it."""
    stem: str = ""
    """The preferred file name without an ending, as other books go into the same folder."""
    problem: AudiobookError | None = None
    """Why the book cannot be built."""


@dataclass(frozen=True, slots=True)
class BookOutcome:
    """The result of building a book."""

    source: str
    book: Book | None
    """None if the book could not be built."""
    failure: AudiobookError | None = None
    unchanged: bool = False
    """The book was there already and is up to date."""


# --- what to build --------------------------------------------------------------------------------


def find_books(sources: Sequence[str], folder: Path) -> list[BookRequest]:
    """Return the books to build from sources; a folder stands for all texts in it.

    The books of a folder go into subfolders of the same names as those of the texts.

    Args:
        sources: files, folders, addresses, or - for standard input.
        folder: the folder that the books go to.

    Raises:
        SourceError: a folder holds no text.
        UsageError: standard input is to be read twice.
    """
    _check_stdin(sources)
    requests = [
        request
        for source in sources
        for request in (
            _requests_for_folder(Path(source), folder)
            if _is_folder(source)
            else [BookRequest(source, folder)]
        )
    ]
    folders: dict[Path, list[BookRequest]] = {}
    for request in dict.fromkeys(requests):
        folders.setdefault(request.folder, []).append(request)
    named_requests = {
        request: with_stem
        for group in folders.values()
        for request, with_stem in _with_names(group)
    }
    return [named_requests[request] for request in dict.fromkeys(requests)]


def check_requests(
    requests: Sequence[BookRequest], *, file: Path | None, title: str, keep_going: bool
) -> None:
    """Check that what the user chose for one book is not meant for several.

    Args:
        requests: the books to build.
        file: the file that the book becomes; None if books are named by their sources.
        title: the title that the book is given; may be empty.
        keep_going: whether books that cannot be built are reported only at the end.

    Raises:
        UsageError: there are several books for one file or title.
        AudiobookError: a book cannot be built, and the others are not to be built without it.
    """
    if file and len(requests) > 1:
        raise UsageError("several books cannot become one file", "name a folder with -o")
    if not keep_going:
        for request in requests:
            if request.problem:
                raise request.problem
    if title and len(requests) > 1:
        raise UsageError("several books cannot have the same title", "build them one by one")


def find_ready_books(ready: Sequence[Path], texts: Path, folder: Path) -> list[BookRequest]:
    """Return the books to build from some texts of a folder, named as if all were built.

    Args:
        ready: the texts.
        texts: the folder that the texts are in, at any depth.
        folder: the folder that the books go to.
    """
    stems: dict[Path, dict[str, str]] = {}
    requests = []
    for path in ready:
        if path.parent not in stems:
            stems[path.parent] = naming.assign_names(map(str, {path, *texts_in(path.parent)}))
        book_folder = folder / path.parent.relative_to(texts)
        requests.append(
            BookRequest(str(path), book_folder, stem=stems[path.parent].get(str(path), ""))
        )
    return requests


def join_sources(sources: Sequence[str], folder: Path) -> BookRequest:
    """Return the one book that sources make together; texts of a folder go in natural order.

    Args:
        sources: files, folders, addresses, or - for standard input, in order.
        folder: the folder that the book goes to.

    Raises:
        SourceError: a folder cannot be read, or holds no text.
        UsageError: standard input is to be read twice.
    """
    _check_stdin(sources)
    parts = _expand_folders(sources, folder)
    return BookRequest(sources[0], folder, tuple(parts))


def parts_of(source: str) -> tuple[str, ...]:
    """Return the texts of a folder that is read as one book, in natural order; none for a file.

    Raises:
        SourceError: the folder cannot be read, or holds no text.
    """
    return join_sources([source], Path()).parts if _is_folder(source) else ()


def _expand_folders(sources: Sequence[str], folder: Path) -> list[str]:
    texts: list[str] = []
    for source in sources:
        if not _is_folder(source):
            texts.append(source)
            continue
        parts = _requests_for_folder(Path(source), folder)
        if problem := next((part.problem for part in parts if part.problem), None):
            raise problem
        texts += sorted((part.source for part in parts), key=natural_key)
    return texts


def unreadable_files(sources: Iterable[str]) -> list[Path]:
    """Return the files of folders that may hold a text but cannot be read, and so make no book.

    A picture is not listed if it is a cover: the only one in its folder, called like a text there,
    or named by the files beside a text.
    """
    unreadable: list[Path] = []
    for source in filter(_is_folder, sources):
        for parent, names in _walk_folders(Path(source)):
            candidates = [path for name in names if _may_be_text(path := parent / name)]
            pictures = [path for path in candidates if path.suffix.lower() in readers.PICTURES]
            texts = texts_in(parent) if pictures else []
            covers = set(pictures) if texts and len(pictures) == 1 else _covers_named_beside(texts)
            stems = {text.stem for text in texts}
            unreadable += (
                path
                for path in candidates
                if path not in pictures or not (path in covers or path.stem in stems)
            )
    return unreadable


def _may_be_text(path: Path) -> bool:
    """Return whether a file that makes no book has the name of one that may hold a text."""
    suffix = path.suffix.lower()
    if suffix == _XML:
        return _is_document(path)
    return suffix in readers.UNREAD or (suffix in readers.SUFFIXES and files.is_special(path))


def _is_document(path: Path) -> bool:
    """Return whether an XML file is the document of a word processor, and not mere data."""
    try:
        with path.open("rb") as file:
            head = file.read(readers.formats.HEAD)
        return readers.formats.sniff(head, path.name) not in readers.formats.TEXTS
    except OSError:
        return False
    except SourceError:
        return True


def _covers_named_beside(texts: Iterable[Path]) -> set[Path]:
    covers: set[Path] = set()
    for text in texts:
        with suppress(UsageError):  # reported when the book is built
            book_files = read_book_files(text)
            covers.update(book_files.pictures.values())
            covers.update([book_files.cover] if book_files.cover else [])
    return covers


def is_text(path: Path) -> bool:
    """Return whether a file counts as a text of its folder: not hidden, and not made by us.

    Pipes and devices do not count, because they may never end.
    """
    return (
        path.suffix.lower() in readers.SUFFIXES
        and not files.is_special(path)
        and not is_ignored(path.name)
        and not ownership.OutputLedger(cache_folder()).is_own(path)
    )


def short_list(paths: Sequence[Path]) -> str:
    """Return the names of the first few files, with an ellipsis if there are more.

    >>> short_list([Path("a.chm"), Path("b.djvu")])
    'a.chm, b.djvu'
    """
    names = [path.name for path in paths[:_MOST_LISTED]]
    return ", ".join([*names, "…"] if len(paths) > _MOST_LISTED else names)


def is_ignored(name: str) -> bool:
    """Return whether a file or folder is hidden, or belongs to a system or an open program."""
    return name.startswith((".", "~$")) or name in _SYSTEM_FOLDERS


def is_site(folder: Path) -> bool:
    """Return whether a folder is a site that `audiobook feed` wrote, whose pages are not texts."""
    return files.is_file(folder / manifest.NAME) and files.is_file(folder / "feed.xml")


def texts_in(folder: Path) -> list[Path]:
    """Return the texts directly in a folder; none if the folder cannot be read."""
    try:
        return sorted(filter(is_text, folder.iterdir()))
    except OSError:
        return []


def walk_texts(folder: Path, on_error: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Yield the texts of a folder and of all folders below it, in order.

    Args:
        folder: the folder.
        on_error: called for each folder that cannot be read.
    """
    for parent, names in _walk_folders(folder, on_error):
        yield from filter(is_text, (parent / name for name in names))


def _walk_folders(
    folder: Path, on_error: Callable[[OSError], None] | None = None
) -> Iterator[tuple[Path, list[str]]]:
    """Yield a folder and all folders below it, each with the names of its files, in order."""
    for path, subfolders, filenames in os.walk(folder, onerror=on_error):
        parent = Path(path)
        subfolders[:] = sorted(
            name for name in subfolders if not (is_ignored(name) or is_site(parent / name))
        )
        yield parent, sorted(name for name in filenames if not is_ignored(name))


def _check_stdin(sources: Sequence[str]) -> None:
    if sources.count(readers.STDIN) > 1:
        raise UsageError("standard input can be read only once", "name - only once")


def _is_folder(source: str) -> bool:
    return "://" not in source and files.is_folder(source)


def _requests_for_folder(texts: Path, folder: Path) -> list[BookRequest]:
    unreadable: list[BookRequest] = []

    def add_unreadable(problem: OSError) -> None:
        error = SourceError(f"cannot read {problem.filename}: {problem.strerror}")
        unreadable.append(BookRequest(str(problem.filename), folder, problem=error))

    requests = [
        BookRequest(str(path), folder / path.parent.relative_to(texts))
        for path in walk_texts(texts, add_unreadable)
    ]
    if not (requests or unreadable):
        if unread := unreadable_files([str(texts)]):
            raise SourceError(
                f"there is no text in {texts}, only {short_list(unread)}",
                "audiobook read FILE says what to do",
            )
        kinds = " ".join(sorted(readers.SUFFIXES))
        raise SourceError(f"there is no text in {texts}", f"texts are files that end in {kinds}")
    return requests + unreadable


def _with_names(requests: Sequence[BookRequest]) -> Iterator[tuple[BookRequest, BookRequest]]:
    """Yield each book of one folder, and with it the same book with its name or its problem."""
    source_by_identity: dict[str, str] = {}
    for request in requests:
        if not request.problem:
            source_by_identity.setdefault(naming.identity_of(request.source), request.source)
    stems = naming.assign_names(source_by_identity.values())
    for request in requests:
        if request.problem or request.source == readers.STDIN:
            yield request, request
        elif request.source in stems:
            yield request, request._replace(stem=stems[request.source])
        else:
            other = source_by_identity[naming.identity_of(request.source)]
            stem = Path(request.source).stem
            problem = UsageError(
                f"{other} and {request.source} would both become the book {stem}",
                "rename one of them, or build them into folders of their own",
            )
            yield request, request._replace(problem=problem)


# --- building -------------------------------------------------------------------------------------


def build_all(
    requests: Iterable[BookRequest],
    make_job: Callable[[BookRequest], Job],
    studio: Studio,
    listener_for: Callable[[str], EventListener],
    most_books: int,
) -> Generator[BookOutcome, None, None]:
    """Build books side by side, and yield the outcome of each when it is finished.

    Any error of a book, even a fault of the program, is the outcome of that book alone. Jobs are
    made one by one, so that their number does not matter. While one book is read or bound, others
    are recorded. When the iteration ends early, so does the work of the studio.

    Args:
        requests: the books.
        make_job: makes the job of a book; its errors concern that book alone.
        studio: records the passages of all books.
        listener_for: returns the function that is called with the events of a book, by its source.
        most_books: how many books are built at a time.
    """
    pending = iter(requests)
    running: set[Future[BookOutcome]] = set()
    with ThreadPoolExecutor(most_books, thread_name_prefix="book") as pool:
        try:
            while True:
                for request in islice(pending, most_books - len(running)):
                    running.add(pool.submit(_build_one, request, make_job, studio, listener_for))
                if not running:
                    return
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        except BaseException:
            studio.stop()
            raise


def _build_one(
    request: BookRequest,
    make_job: Callable[[BookRequest], Job],
    studio: Studio,
    listener_for: Callable[[str], EventListener],
) -> BookOutcome:
    listener, has_events = listener_for(request.source), False

    def report(event: Event) -> None:
        nonlocal has_events
        has_events = True
        listener(event)

    try:
        if request.problem:
            raise request.problem
        book = build(make_job(request), report, studio)
    except BaseException as problem:  # noqa: BLE001 (it is the outcome of this book)
        return BookOutcome(request.source, None, as_error(problem, request.source))
    return BookOutcome(request.source, book, unchanged=not has_events)


def sum_up_failures(outcomes: Sequence[BookOutcome]) -> AudiobookError | None:
    """Return one error for all books that failed, of the worst kind; None if none did."""
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    if not failures:
        return None
    worst = max(failures, key=lambda failure: failure.exit_code)
    books = f"{len(outcomes):,} book{'' if len(outcomes) == 1 else 's'}"
    return type(worst)(
        f"{len(failures):,} of {books} could not be made",
        REPORT
        if isinstance(worst, InternalError)
        else "fix what is wrong and run the same command again: only the failed books are built",
    )
