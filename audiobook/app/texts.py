"""Finds the texts of folders, and the files there that hold a text but cannot be read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.app import ownership
from audiobook.config.books import NAME, read_book_files, read_join
from audiobook.errors import SourceError, UsageError
from audiobook.messages import message
from audiobook.podcast import manifest
from audiobook.stages import readers
from audiobook.system import files
from audiobook.system.folders import cache_folder, natural_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Folders that systems make: in archives of macOS, on a NAS, on drives of Windows.
_SYSTEM_FOLDERS = frozenset(("__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"))

_XML = ".xml"
# The number of files that a message names.
_MOST_LISTED = 3


def is_folder(source: str) -> bool:
    """Return whether a source is a folder of this machine; - is standard input."""
    return source != readers.STDIN and "://" not in source and files.is_folder(source)


def unreadable_files(sources: Iterable[str]) -> list[Path]:
    """Return the files of folders that may hold a text but cannot be read, and so make no book.

    A picture is not listed if it is a cover: the only one in its folder, called like a text there,
    or named by the files beside a text.
    """
    unreadable: list[Path] = []
    for source in filter(is_folder, sources):
        for parent, names in walk_folders(Path(source)):
            candidates = [path for name in names if _may_be_text(path := parent / name)]
            pictures = [path for path in candidates if path.suffix.lower() in readers.PICTURES]
            texts = texts_in(parent) if pictures else []
            covers = set(pictures) if texts and len(pictures) == 1 else _covers_named_beside(texts)
            stems = {text.stem for text in texts}
            unreadable += (
                path
                for path in candidates
                if path not in pictures
                or not (path in covers or path.stem in stems or ownership.is_side_file(path))
            )
    return unreadable


def links_out(sources: Iterable[str]) -> list[Path]:
    """Return the links in folders that lead out of these, to texts or folders: none is followed."""
    links: list[Path] = []
    for source in filter(is_folder, sources):
        for parent, _ in walk_folders(Path(source), links=links):
            if parent != Path(source) and is_one_book(parent):  # of what lies in it alone
                links += links_out([str(parent)])
    return [path for path in dict.fromkeys(links) if _is_text_or_folder(path)]


def is_link_out(path: Path, folder: Path) -> bool:
    """Whether a path is a link to a text or a folder outside of a folder."""
    return files.leads_out(path, folder) and _is_text_or_folder(path)


def _is_text_or_folder(path: Path) -> bool:
    return path.suffix.lower() in readers.SUFFIXES or files.is_folder(path)


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
    return manifest.is_site(folder)


def texts_in(folder: Path) -> list[Path]:
    """Return the texts directly in a folder; none if the folder cannot be read."""
    try:
        return sorted(filter(is_text, folder.iterdir()))
    except OSError:
        return []


def walk_texts(
    folder: Path,
    on_error: Callable[[OSError], None] | None = None,
    top: Path | None = None,
) -> Iterator[Path]:
    """Yield the texts of a folder and of all folders below it, in order.

    Args:
        folder: the folder.
        on_error: called for each folder that cannot be read.
        top: the folder that links may not lead out of; None for the same.
    """
    for parent, names in walk_folders(folder, on_error, top=top):
        yield from filter(is_text, (parent / name for name in names))


def walk_sources(folder: Path, on_error: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Yield what becomes a book each: the texts of a folder and of all folders below it, in order.

    A folder whose texts are one book is yielded in place of them.

    Args:
        folder: the folder.
        on_error: called for each folder that cannot be read.
    """
    joined: Path | None = None
    for parent, names in walk_folders(folder, on_error):
        if joined and parent.is_relative_to(joined):
            continue
        if is_one_book(parent) and any(True for _ in walk_texts(parent)):
            joined = parent
            yield parent
        else:
            yield from filter(is_text, (parent / name for name in names))


def joined_folder(text: Path, top: Path) -> Path | None:
    """Return the outermost folder that holds a text and whose texts are one book, if any.

    Args:
        text: the text.
        top: the folder that is looked at first.
    """
    folders = (top / inner for inner in reversed(text.relative_to(top).parents))
    return next(filter(is_one_book, folders), None)


def is_one_book(folder: Path) -> bool:
    """Return whether the settings of a folder say that its texts are one book."""
    with suppress(UsageError):  # reported when the book is built
        return read_join(folder) is not None
    return False


def in_order(folder: Path, texts: Iterable[Path]) -> list[Path]:
    """Return the texts of a folder in the order in which they make one book.

    Those that its book.toml names come first; the others follow in natural order, 2 before 10.

    Args:
        folder: the folder.
        texts: those in it, at any depth.

    Raises:
        UsageError: book.toml is not right, or names a text that is not there.
    """
    others = sorted(texts, key=lambda path: natural_key(str(path)))
    first = []
    for name in read_join(folder) or ():
        path = folder / name
        if path not in others:
            raise UsageError(
                message(
                    "{path} joins {name!r}, and there is no such text",
                    path=folder / NAME,
                    name=name,
                ),
                message("fix the list"),
            )
        others.remove(path)
        first.append(path)
    return first + others


def walk_folders(
    folder: Path,
    on_error: Callable[[OSError], None] | None = None,
    links: list[Path] | None = None,
    top: Path | None = None,
) -> Iterator[tuple[Path, list[str]]]:
    """Yield a folder and all folders below it, each with the names of its files, in order.

    Links to folders are not followed, nor links to files outside of the folder.

    Args:
        folder: the folder.
        on_error: called for each folder that cannot be read.
        links: takes up the links that lead out of the folder.
        top: the folder that links may not lead out of; None for the same.
    """
    for path, subfolders, filenames in os.walk(folder, onerror=on_error):
        parent = Path(path)
        names = [name for name in (*subfolders, *filenames) if not is_ignored(name)]
        out = {name for name in names if files.leads_out(parent / name, top or folder)}
        if links is not None:
            links += sorted(parent / name for name in out)
        subfolders[:] = sorted(
            name for name in subfolders if not (is_ignored(name) or is_site(parent / name))
        )
        yield parent, sorted(name for name in filenames if name in names and name not in out)
