"""Takes files out of the way: they are kept aside, in a hidden folder."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from audiobook.app.naming import identity_of
from audiobook.app.ownership import OutputLedger, Owner, read_identity, transcript_apart
from audiobook.app.texts import is_ignored, texts_in
from audiobook.config.books import read_book_files
from audiobook.errors import OutputError, SourceError, UsageError
from audiobook.messages import message
from audiobook.outputs import SOUND_FORMATS, SUFFIXES, transcripts
from audiobook.system import files
from audiobook.system.folders import cache_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from audiobook.studio.entries import ShelfEntry

REMOVED = ".removed"
"""The folder of what was taken off the shelf; it is hidden, so nothing there is read."""
SOUNDS = tuple(SUFFIXES[name] for name in SOUND_FORMATS)
"""How the names of recordings end."""


def take_away(folder: Path, entry: ShelfEntry) -> Path:
    """Move the files of a book into the hidden folder of a studio, and return where they are now.

    Where nothing else lies in its folder, that is moved.

    Args:
        folder: the folder of the studio.
        entry: the book.

    Raises:
        SourceError: nothing of it is there any more.
        OutputError: its files cannot be moved.
    """
    home = entry.home
    if entry.path == entry.book:
        own = {entry.path, *same_recordings(entry.path)}
    else:
        own = files_of(entry)
    if home != folder and own >= set(_contents(home, own)) - {entry.lexicon_file}:
        return move_aside(folder, home.name, [home])
    return move_aside(folder, entry.name, sorted(own), home)


def files_of(entry: ShelfEntry) -> set[Path]:
    """Return the files that belong to one source: its texts, its settings, its cover, its books.

    A book or a transcript counts only if this program made it from this source.
    """
    source, home = entry.path, entry.home
    own = set(entry.parts or (source,))
    others = [] if entry.parts else [path for path in texts_in(home) if path != source]
    is_namesake = any(other.stem == source.stem for other in others)
    own_file = entry.settings_file if entry.parts else source.with_suffix(".toml")
    settings_files = {entry.settings_file, own_file} if not is_namesake else set()
    own.update(path for path in settings_files if files.is_file(path))
    cover = _cover_of(source)
    if cover and cover.parent == home and files.is_file(cover):
        shared = {_cover_of(path) for path in others}
        own.update({cover} - shared if not entry.is_alone else {cover})
    ledger = OutputLedger(cache_folder())
    identity = identity_of(str(source))
    for suffix in SUFFIXES.values():
        for name in (suffix, f".preview{suffix}"):
            book = home / files.fit_name(entry.stem, name)
            if ledger.owner_of(book, str(source), identity) is Owner.SOURCE:
                own.add(book)
    books = [path for path in own if path.suffix[1:] in SUFFIXES]
    for kind in transcripts.KINDS:
        usual = home / files.fit_name(entry.stem, f".{kind}")
        for transcript in (usual, *(transcript_apart(book, kind) for book in books)):
            if files.is_file(transcript) and ledger.is_own_transcript(transcript):
                own.add(transcript)
    return own


def same_recordings(path: Path) -> set[Path]:
    """Return the books of other formats beside a recording that were made from the same source.

    What was converted from a recording of somebody else's has that for its source.
    """
    others = {path.with_suffix(suffix) for suffix in SOUNDS} - {path}
    present = {other for other in others if files.is_file(other)}
    if not present:
        return set()
    identity = read_identity(path) or identity_of(str(path))
    return {other for other in present if read_identity(other) == identity}


def _contents(folder: Path, own: Collection[Path]) -> Iterator[Path]:
    """Yield all that lies in a folder, except what is hidden or belongs to the system.

    Args:
        folder: the folder.
        own: files; a folder that holds some of them is looked into.
    """
    for path in folder.iterdir():
        if any(path in file.parents for file in own):
            yield from _contents(path, own)
        elif path.is_dir() or not is_ignored(path.name):
            yield path


def _cover_of(source: Path) -> Path | None:
    try:
        return read_book_files(source).cover
    except UsageError:
        return None  # the page of the book tells what is wrong with the file


def move_aside(folder: Path, name: str, paths: Iterable[Path], home: Path | None = None) -> Path:
    """Move files, or one folder, into the hidden folder of a studio; all or none.

    Args:
        folder: the folder of the studio.
        name: what they are called together.
        paths: the files; those that are gone do not count.
        home: the folder in which they lie, if some lie in folders below it.

    Returns:
        The folder in which they are now.

    Raises:
        SourceError: none of them is there.
        OutputError: they cannot be moved.
    """
    present = [path for path in paths if files.is_there(path)]
    if not present:
        raise SourceError(message("this book is not here any more"), message("go to the shelf"))
    moved: list[tuple[Path, Path]] = []
    aside = _free_place(folder, name)
    try:
        if present[0].is_dir():
            present[0].rename(aside)
            return aside
        aside.mkdir(parents=True)
        for path in present:
            place = aside / (path.relative_to(home) if home else path.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)
            moved.append((path, place))
    except OSError as problem:
        for path, place in moved:
            place.rename(path)
        raise OutputError(
            message("cannot move {path}: {reason}", path=present[0], reason=problem),
            message("move it by hand"),
        ) from problem
    return aside


def _free_place(folder: Path, name: str) -> Path:
    numbered = (name if number == 1 else f"{name} {number}" for number in count(1))
    places = (folder / REMOVED / files.fit_name(name, "") for name in numbered)
    place = next(place for place in places if not files.is_there(place))
    files.check_place(place)
    return place
