"""Decides which books a run builds: sources and folders become `BookRequest`s."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.app import naming
from audiobook.app.texts import (
    in_order,
    is_folder,
    joined_folder,
    links_out,
    short_list,
    texts_in,
    unreadable_files,
    walk_sources,
    walk_texts,
)
from audiobook.config.books import folder_of
from audiobook.errors import AudiobookError, SourceError, UsageError
from audiobook.messages import message
from audiobook.stages import readers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRequest:
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


def find_books(sources: Sequence[str], folder: Path) -> list[BookRequest]:
    """Return the books to build from sources; a folder stands for all texts in it.

    The books of a folder go into subfolders of the same names as those of the texts. A folder whose
    book.toml joins its texts is one book, which goes where theirs would.

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
            if is_folder(source)
            else [BookRequest(source=source, folder=folder)]
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
        raise UsageError(
            message("several books cannot become one file"), message("name a folder with -o")
        )
    if not keep_going:
        for request in requests:
            if request.problem:
                raise request.problem
    if title and len(requests) > 1:
        raise UsageError(
            message("several books cannot have the same title"), message("build them one by one")
        )


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
        if joined := joined_folder(path, texts):
            requests.append(_request(joined, folder / joined.relative_to(texts)))
            continue
        if path.parent not in stems:
            stems[path.parent] = naming.assign_names(map(str, {path, *texts_in(path.parent)}))
        book_folder = folder / path.parent.relative_to(texts)
        requests.append(
            BookRequest(
                source=str(path), folder=book_folder, stem=stems[path.parent].get(str(path), "")
            )
        )
    return list(dict.fromkeys(requests))


def join_sources(sources: Sequence[str], folder: Path) -> BookRequest:
    """Return the one book that sources make together; texts of a folder go in their order.

    Args:
        sources: files, folders, addresses, or - for standard input, in order.
        folder: the folder that the book goes to.

    Raises:
        SourceError: a folder cannot be read, or holds no text.
        UsageError: standard input is to be read twice, or the book.toml of a folder is not right.
    """
    _check_stdin(sources)
    parts = (part for source in sources for part in parts_of(source) or (source,))
    return BookRequest(source=sources[0], folder=folder, parts=tuple(parts))


def parts_of(source: str) -> tuple[str, ...]:
    """Return the texts of a folder that is read as one book, in their order; none for a file.

    Raises:
        SourceError: the folder cannot be read, or holds no text.
        UsageError: the folder's book.toml is not right, or names a text that is not there.
    """
    return tuple(_texts_as_one(Path(source))) if is_folder(source) else ()


def _texts_as_one(folder: Path) -> list[str]:
    problems: list[OSError] = []
    texts = list(walk_texts(folder, problems.append))
    if problems:
        raise _unreadable(problems[0])
    if not texts:
        raise _no_text(folder)
    return [*map(str, in_order(folder, texts))]


def _check_stdin(sources: Sequence[str]) -> None:
    if sources.count(readers.STDIN) > 1:
        raise UsageError(
            message("standard input can be read only once"), message("give - only once")
        )


def _requests_for_folder(texts: Path, folder: Path) -> list[BookRequest]:
    unreadable: list[BookRequest] = []

    def add_unreadable(problem: OSError) -> None:
        unreadable.append(
            BookRequest(source=str(problem.filename), folder=folder, problem=_unreadable(problem))
        )

    requests = [
        _request(path, folder / folder_of(path).relative_to(texts))
        for path in walk_sources(texts, add_unreadable)
    ]
    if not (requests or unreadable):
        raise _no_text(texts)
    return requests + unreadable


def _request(source: Path, folder: Path) -> BookRequest:
    """Return the book of a text, or of a folder whose texts are one book.

    Args:
        source: the text or the folder.
        folder: the folder that the book goes to.
    """
    try:
        return BookRequest(source=str(source), folder=folder, parts=parts_of(str(source)))
    except AudiobookError as problem:
        return BookRequest(source=str(source), folder=folder, problem=problem)


def _unreadable(problem: OSError) -> SourceError:
    return SourceError(
        message("cannot read {path}: {reason}", path=problem.filename, reason=problem)
    )


def _no_text(folder: Path) -> SourceError:
    if unread := unreadable_files([str(folder)]):
        return SourceError(
            message(
                "there is no text in {texts}, only {names}",
                texts=folder,
                names=short_list(unread),
            ),
            message("audiobook read FILE says what to do"),
        )
    if links := links_out([str(folder)]):
        return SourceError(
            message(
                "there is no text in {texts}, only links that lead out of it: {names}",
                texts=folder,
                names=short_list(links),
            ),
            message("name the files themselves"),
        )
    kinds = " ".join(sorted(readers.SUFFIXES))
    return SourceError(
        message("there is no text in {texts}", texts=folder),
        message("texts are files that end in {kinds}", kinds=kinds),
    )


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
            yield request, replace(request, stem=stems[request.source])
        else:
            other = source_by_identity[naming.identity_of(request.source)]
            stem = Path(request.source).stem
            problem = UsageError(
                message(
                    "{first} and {second} would both become the book {book}",
                    first=other,
                    second=request.source,
                    book=stem,
                ),
                message("rename one of them, or build them into folders of their own"),
            )
            yield request, replace(request, problem=problem)
