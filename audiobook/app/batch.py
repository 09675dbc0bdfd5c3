"""Many books in one run: a few at a time, their passages recorded by one studio."""

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
from audiobook.errors import AudiobookError, SourceError, UsageError, as_error
from audiobook.podcast import manifest
from audiobook.stages import readers
from audiobook.system import files
from audiobook.system.folders import cache_folder, natural_key

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from audiobook.model import Book, Event, Job
    from audiobook.workers import Studio


# Folders that systems make: of archives of macOS, of a NAS, of drives of Windows.
_OF_SYSTEMS = frozenset(("__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"))

_XML = ".xml"
# Files of which a message tells the names.
_NAMED = 3

Listener = Callable[["Event"], None]


class Wanted(NamedTuple):
    """A book to make."""

    source: str
    folder: Path
    """Where it goes."""
    parts: tuple[str, ...] = ()
    """Sources that make one book together; none where `source` is all of it."""
    stem: str = ""
    """The name without an ending that it takes first, as others go into the same folder."""
    problem: AudiobookError | None = None
    """Why it cannot be made."""


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
        SourceError: a folder holds no text.
        UsageError: standard input is to be read twice.
    """
    _check_stdin(sources)
    wanted = [
        one
        for source in sources
        for one in (
            _texts_in(Path(source), folder) if _is_folder(source) else [Wanted(source, folder)]
        )
    ]
    folders: dict[Path, list[Wanted]] = {}
    for one in dict.fromkeys(wanted):
        folders.setdefault(one.folder, []).append(one)
    named = {one: with_stem for group in folders.values() for one, with_stem in _named(group)}
    return [named[one] for one in dict.fromkeys(wanted)]


def find_ready(ready: Sequence[Path], texts: Path, folder: Path) -> list[Wanted]:
    """Return the books of some texts of a folder, named as if all of it were built.

    Args:
        ready: the texts.
        texts: the folder they are in, at any depth.
        folder: where the books go.
    """
    stems: dict[Path, dict[str, str]] = {}
    wanted = []
    for path in ready:
        if path.parent not in stems:
            stems[path.parent] = naming.assign(map(str, {path, *texts_in(path.parent)}))
        goes = folder / path.parent.relative_to(texts)
        wanted.append(Wanted(str(path), goes, stem=stems[path.parent].get(str(path), "")))
    return wanted


def join(sources: Sequence[str], folder: Path) -> Wanted:
    """Return the one book that sources make together, those of a folder in natural order.

    Args:
        sources: files, folders, addresses, or - for standard input, in order.
        folder: where the book goes.

    Raises:
        SourceError: a folder cannot be read, or holds no text.
        UsageError: standard input is to be read twice.
    """
    _check_stdin(sources)
    parts = _texts_of(sources, folder)
    return Wanted(sources[0], folder, tuple(parts))


def parts_of(source: str) -> tuple[str, ...]:
    """Return the texts of a folder that is read as one book, in natural order; none of a file.

    Raises:
        SourceError: the folder cannot be read, or holds no text.
    """
    return join([source], Path()).parts if _is_folder(source) else ()


def _texts_of(sources: Sequence[str], folder: Path) -> list[str]:
    texts: list[str] = []
    for source in sources:
        if not _is_folder(source):
            texts.append(source)
            continue
        parts = _texts_in(Path(source), folder)
        if problem := next((part.problem for part in parts if part.problem), None):
            raise problem
        texts += sorted((part.source for part in parts), key=natural_key)
    return texts


def unread(sources: Iterable[str]) -> list[Path]:
    """Return the files of folders that may hold a text and make no book, as they cannot be read.

    A picture counts as a cover where it is the only one in its folder, is called as a text there,
    or is named by the files beside a text.
    """
    found: list[Path] = []
    for source in filter(_is_folder, sources):
        for parent, names in _folders(Path(source)):
            known = [path for name in names if _may_be_text(path := parent / name)]
            pictures = [path for path in known if path.suffix.lower() in readers.PICTURES]
            texts = texts_in(parent) if pictures else []
            covers = set(pictures) if texts and len(pictures) == 1 else _covers(texts)
            stems = {text.stem for text in texts}
            found += (
                path
                for path in known
                if path not in pictures or not (path in covers or path.stem in stems)
            )
    return found


def _may_be_text(path: Path) -> bool:
    """Whether a file that makes no book is called as one that holds a text."""
    suffix = path.suffix.lower()
    if suffix == _XML:
        return _is_document(path)
    return suffix in readers.UNREAD or (suffix in readers.SUFFIXES and files.is_special(path))


def _is_document(path: Path) -> bool:
    """Whether an XML file is the document of a word processor, and no mere data."""
    try:
        with path.open("rb") as file:
            head = file.read(readers.formats.HEAD)
        return readers.formats.sniff(head, path.name) not in readers.formats.TEXTS
    except OSError:
        return False
    except SourceError:
        return True


def _covers(texts: Iterable[Path]) -> set[Path]:
    named: set[Path] = set()
    for text in texts:
        with suppress(UsageError):  # which is told where the book is built
            beside = read_book_files(text)
            named.update(beside.pictures.values())
            named.update([beside.cover] if beside.cover else [])
    return named


def is_text(path: Path) -> bool:
    """Whether a file is one that a folder of texts is made of: not hidden, and not ours.

    Pipes and devices are none: nobody knows when they end.
    """
    return (
        path.suffix.lower() in readers.SUFFIXES
        and not files.is_special(path)
        and not is_passed_over(path.name)
        and not ownership.Ledger(cache_folder()).is_own(path)
    )


def listed(paths: Sequence[Path]) -> str:
    """Return the names of the first few of some files, and that there are more.

    >>> listed([Path("a.chm"), Path("b.djvu")])
    'a.chm, b.djvu'
    """
    names = [path.name for path in paths[:_NAMED]]
    return ", ".join([*names, "…"] if len(paths) > _NAMED else names)


def is_passed_over(name: str) -> bool:
    """Whether a file or folder is hidden, or left by a system or a program that has it open."""
    return name.startswith((".", "~$")) or name in _OF_SYSTEMS


def is_site(folder: Path) -> bool:
    """Whether a folder is a site that `audiobook feed` wrote: its pages are no texts."""
    return files.is_file(folder / manifest.NAME) and files.is_file(folder / "feed.xml")


def texts_in(folder: Path) -> list[Path]:
    """Return the texts right in a folder; none where it cannot be read."""
    try:
        return sorted(filter(is_text, folder.iterdir()))
    except OSError:
        return []


def walk(folder: Path, refuse: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Yield the texts of a folder and of all that is below it, in order.

    Args:
        folder: the folder.
        refuse: is told of each folder that cannot be read.
    """
    for parent, names in _folders(folder, refuse):
        yield from filter(is_text, (parent / name for name in names))


def _folders(
    folder: Path, refuse: Callable[[OSError], None] | None = None
) -> Iterator[tuple[Path, list[str]]]:
    """Yield a folder and all that is below it, each with the names of its files, in order."""
    for place, below, names in os.walk(folder, onerror=refuse):
        parent = Path(place)
        below[:] = sorted(n for n in below if not (is_passed_over(n) or is_site(parent / n)))
        yield parent, sorted(name for name in names if not is_passed_over(name))


def _check_stdin(sources: Sequence[str]) -> None:
    if sources.count(readers.STDIN) > 1:
        raise UsageError("standard input can be read only once", "give - once")


def _is_folder(source: str) -> bool:
    return "://" not in source and files.is_folder(source)


def _texts_in(texts: Path, folder: Path) -> list[Wanted]:
    unreadable: list[Wanted] = []

    def refuse(problem: OSError) -> None:
        error = SourceError(f"cannot read {problem.filename}: {problem.strerror}")
        unreadable.append(Wanted(str(problem.filename), folder, problem=error))

    wanted = [
        Wanted(str(path), folder / path.parent.relative_to(texts)) for path in walk(texts, refuse)
    ]
    if not (wanted or unreadable):
        if left := unread([str(texts)]):
            raise SourceError(
                f"there is no text in {texts}, only {listed(left)}",
                "audiobook read FILE says what to do",
            )
        kinds = " ".join(sorted(readers.SUFFIXES))
        raise SourceError(f"there is no text in {texts}", f"texts are files that end in {kinds}")
    return wanted + unreadable


def _named(group: Sequence[Wanted]) -> Iterator[tuple[Wanted, Wanted]]:
    """Give each book of one folder its name, and say what is wrong with those that have none."""
    first: dict[str, str] = {}
    for one in group:
        if not one.problem:
            first.setdefault(naming.identity_of(one.source), one.source)
    stems = naming.assign(first.values())
    for one in group:
        if one.problem or one.source == readers.STDIN:
            yield one, one
        elif one.source in stems:
            yield one, one._replace(stem=stems[one.source])
        else:
            other = first[naming.identity_of(one.source)]
            problem = UsageError(
                f"{other} and {one.source} would both become the book {Path(one.source).stem}",
                "rename one of them, or build them into folders of their own",
            )
            yield one, one._replace(problem=problem)


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
        if one.problem:
            raise one.problem
        book = build(make_job(one), report, studio)
    except BaseException as problem:  # noqa: BLE001 (it is the outcome of this book)
        return Outcome(one.source, None, as_error(problem, one.source))
    return Outcome(one.source, book, unchanged=not told)
