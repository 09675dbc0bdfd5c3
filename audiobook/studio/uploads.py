"""Takes in sources: dropped files, pasted texts, addresses; bounded, and never elsewhere."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from audiobook.app.texts import is_ignored, is_text
from audiobook.config import books
from audiobook.config.writing import write_settings
from audiobook.errors import OutputError, SourceError, UsageError
from audiobook.messages import message, plural
from audiobook.stages import readers
from audiobook.stages.readers import web
from audiobook.studio.library import PODCAST
from audiobook.system import files
from audiobook.system.folders import natural_key
from audiobook.vietnamese import encodings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from audiobook.config.writing import Setting

LARGEST = 512 << 20
"""Bytes of a dropped file; the readers take no more of most kinds."""
_LONGEST_TITLE = 60
ARRIVALS = ".audiobook-arrivals"
"""The hidden folder of what is being received."""
_UNNAMED = "source"
_BATCH = re.compile(r"[0-9a-f]{16}")
_HTML = re.compile(rb"<html|<!doctype html|<head|<body", re.IGNORECASE)


async def receive(folder: Path, name: str, data: AsyncIterator[bytes], batch: str = "") -> Path:
    """Write a dropped file into a folder of its own, piece by piece, and return its path.

    Args:
        folder: the folder of the studio.
        name: what the file is called where it comes from; only its last part counts.
        data: its content.
        batch: names the files with which it will be one book, until `join` is called; empty where
            it is a book by itself.

    Raises:
        SourceError: it is of a kind that is not read, or too large.
        OutputError: it cannot be written.
    """
    stem, suffix = _name_parts(name)
    if suffix not in readers.SUFFIXES:
        raise SourceError(
            message("{name} is not a text that can be read", name=name),
            message(
                "texts are files that end in {kinds}", kinds=" ".join(sorted(readers.SUFFIXES))
            ),
        )
    with _arriving(folder) as arrival:
        size = 0
        with files.whole(arrival / _UNNAMED) as file:
            async for block in data:
                size += len(block)
                if size > LARGEST:
                    raise SourceError(
                        message("{name} is larger than {size} MB", name=name, size=LARGEST >> 20),
                        message("divide it"),
                    )
                file.write(block)
            if not size:
                raise SourceError(
                    message("{name} is empty", name=name), message("give a file with words in it")
                )
        source = _named(arrival, stem, suffix)
        return _add_to_batch(folder, batch, source) if batch else _place(folder, source)


def join(folder: Path, batch: str, names: Sequence[str], title: str, *, is_chosen: bool) -> Path:
    """Make one book of files that were received in one batch, and return its folder.

    Args:
        folder: the folder of the studio.
        batch: names the files.
        names: the names that they have now, in the order in which they are read.
        title: of the book, which names its folder.
        is_chosen: whether the title is kept, whatever the files say.

    Raises:
        SourceError: the files are not there.
        UsageError: the book has no title.
        OutputError: they cannot be written.
    """
    place = _batch_folder(folder, batch)
    received = sorted((path.name for path in place.glob("*")), key=natural_key)
    if not received or sorted(names) != sorted(received):
        raise SourceError(message("these files are not here any more"), message("drop them again"))
    if not title.strip():
        raise UsageError(message("the book has no title"), message("write one"))
    chosen = {"title": title} if is_chosen else {}
    order: Setting = True if list(names) == received else list(names)
    write_settings(place / books.NAME, {**chosen, "join": order})
    return _place_folder(folder, place, files.safe_name(title[:_LONGEST_TITLE].strip(), ""))


def write_text(folder: Path, text: str) -> Path:
    """Write a pasted text into a folder of its own, named by its first words.

    Raises:
        SourceError: it is empty.
        OutputError: it cannot be written.
    """
    if not text.strip():
        raise SourceError(message("there is no text"), message("paste one, or an address"))
    first_line = next(line for line in text.splitlines() if line.strip())
    words = " ".join(first_line.split())[:_LONGEST_TITLE].rstrip(" .,;:!?…")
    stem = files.safe_name(words, "")
    return _write(folder, text.encode("utf-8", "replace"), stem, ".txt")


def write_page(folder: Path, address: str) -> Path:
    """Fetch what an address leads to, and write it into a folder of its own.

    A text is saved as UTF-8, because a file cannot say what the server said of its encoding.

    Raises:
        SourceError: nothing to read is there, or it lies in a private network.
        OutputError: it cannot be written.
    """
    page = web.fetch(address)
    parts = urlsplit(page.url)
    last = PurePosixPath(unquote(parts.path)).name
    stem, suffix = _name_parts(last or parts.netloc)
    if suffix not in readers.SUFFIXES or _HTML.search(page.data[:4096]):
        suffix = ".html"
    data = page.data
    if page.charset and readers.formats.sniff(data, page.url) in readers.formats.TEXTS:
        # The mark at its beginning wins over an encoding that the page names.
        data = encodings.decode(data, page.url, page.charset).text.encode("utf-8-sig", "replace")
    return _write(folder, data, stem or files.safe_name(parts.netloc, ""), suffix)


def sweep(folder: Path) -> None:
    """Remove what a studio that was killed had not received completely.

    Args:
        folder: the folder of the studio, which no other has open.
    """
    shutil.rmtree(folder / ARRIVALS, ignore_errors=True)


@contextmanager
def _arriving(folder: Path) -> Iterator[Path]:
    """Yield a new hidden folder, of which nothing is left unless it is renamed."""
    arrival = folder / ARRIVALS / secrets.token_hex(8)
    try:
        arrival.mkdir(parents=True)
    except OSError as problem:
        raise _unwritable(arrival, problem) from problem
    try:
        yield arrival
    finally:
        shutil.rmtree(arrival, ignore_errors=True)
        with suppress(OSError):  # others are arriving
            arrival.parent.rmdir()


def _write(folder: Path, data: bytes, stem: str, suffix: str) -> Path:
    with _arriving(folder) as arrival:
        with files.whole(arrival / _UNNAMED) as file:
            file.write(data)
        return _place(folder, _named(arrival, stem, suffix))


def _named(arrival: Path, stem: str, suffix: str) -> Path:
    """Give a source that has arrived its name, and return its path.

    Args:
        arrival: the hidden folder in which it lies.
        stem: its name, without an ending.
        suffix: its ending.

    Raises:
        SourceError: it is not a source, but a book of ours.
        OutputError: it cannot be renamed.
    """
    source = arrival / files.fit_name(_shown(stem), suffix)
    try:
        (arrival / _UNNAMED).rename(source)
    except OSError as problem:
        raise _unwritable(source, problem) from problem
    if not is_text(source):
        raise SourceError(
            message("audiobook made {name} itself", name=source.name),
            message("give the text that it was made of"),
        )
    return source


def _shown(stem: str) -> str:
    """Return a name that does not hide what bears it."""
    return (stem.lstrip("~$") or "untitled") if is_ignored(stem) else stem


def _batch_folder(folder: Path, batch: str) -> Path:
    if not _BATCH.fullmatch(batch):
        raise UsageError(message("the page asked for something that is not known"))
    return folder / ARRIVALS / f"batch-{batch}"


def _add_to_batch(folder: Path, batch: str, source: Path) -> Path:
    """Move a source that has arrived to those with which it will be one book."""
    place = _batch_folder(folder, batch)
    numbers = ("" if number == 1 else f" {number}" for number in count(1))
    names = (files.fit_name(f"{source.stem}{number}", source.suffix) for number in numbers)
    try:
        place.mkdir(exist_ok=True)
        path = next(place / name for name in names if not os.path.lexists(place / name))
        return source.rename(path)
    except OSError as problem:
        raise _unwritable(source, problem) from problem


def _place(folder: Path, source: Path) -> Path:
    """Give a source that has arrived a folder of its own, and return its path."""
    return _place_folder(folder, source.parent, source.stem) / source.name


def _place_folder(folder: Path, arrival: Path, name: str) -> Path:
    """Give what has arrived a folder that nothing else has, and return that.

    Args:
        folder: the folder of the studio.
        arrival: the hidden folder in which it lies.
        name: what the folder is called, unless there is one of this name.

    Raises:
        OutputError: there are too many of this name, or it cannot be written.
    """
    try:
        for number in range(1, 1000):
            place = folder / files.fit_name(
                _shown(name) if number == 1 else f"{_shown(name)} {number}", ""
            )
            is_hidden = is_ignored(place.name) or place.name.casefold() == PODCAST
            # An empty folder would be replaced without a word.
            if not is_hidden and not os.path.lexists(place):
                try:
                    return arrival.rename(place)
                except OSError as problem:
                    if problem.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                        raise
                    # another arrived at this moment
    except OSError as problem:
        raise _unwritable(folder / name, problem) from problem
    raise OutputError(
        plural("{count:,} book has this name", "{count:,} books have this name", count=999),
        message("rename the file"),
    )


def _unwritable(path: Path, problem: OSError) -> OutputError:
    return OutputError(
        message("cannot write {path}: {reason}", path=path, reason=problem), message("make room")
    )


def _name_parts(name: str) -> tuple[str, str]:
    """Return a safe stem and the ending of a name that comes from elsewhere."""
    last = re.split(r"[/\\]", name)[-1]
    suffix = Path(last).suffix.lower()
    suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,10}", suffix) else ""
    return files.safe_name(last[: len(last) - len(suffix)] if suffix else last, ""), suffix
