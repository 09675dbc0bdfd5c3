"""A library of books becomes the site of a podcast: feeds, media, transcripts, pages."""

from __future__ import annotations

import hashlib
import os
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from audiobook.errors import SourceError, UsageError
from audiobook.outputs import cover
from audiobook.podcast import episodes, feed, library, manifest, memory, pages, state
from audiobook.podcast.folder import Folder, picture_ending
from audiobook.podcast.memory import Memory, Written
from audiobook.system.processes import Crew

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.podcast.shelf import Addresses, Library, Volume
    from audiobook.podcast.state import Given, State

FOLDER = "site"
"""Where the site of a library goes, in its folder, unless another is named."""

_URL = re.compile(r"https?://[!-~]+")
# What is remembered of the library as a whole; names of books have no slash.
_OWN, _ARTWORK = "/", "/artwork"


@dataclass(frozen=True, slots=True)
class Site:
    """What was written."""

    folder: Path
    feeds: tuple[str, ...]
    """Addresses, the library's first."""
    books: int
    episodes: int
    """Of all feeds."""
    changed: int
    """Books for which something was written."""
    removed: int
    """Files of an earlier run that are gone."""
    notes: tuple[str, ...]
    """What could not be done as it should be."""
    broken: tuple[SourceError, ...]
    """Books that could not be taken."""


def write(
    folder: Path,
    site: Path | None = None,
    url: str = "",
    *,
    allow_guid_change: bool = False,
    now: float | None = None,
) -> Site:
    """Write the site of a library, or what has changed of it.

    What is wrong with the library as a whole is told before anything is written; broken books
    are left out. Media come before the feeds that name them.

    Args:
        folder: of MP3 books, and perhaps ``library.toml``.
        site: where the site goes; ``site`` in the folder unless given.
        url: where the root of the site will be served; empty for where it was.
        allow_guid_change: whether GUIDs that were given may change or vanish.
        now: seconds since 1970; the present if None.

    Raises:
        UsageError: the address, library.toml or state.json is not right.
        GuidError: GUIDs that were given would change or vanish.
        SourceError: the folder cannot be read, or holds no book.
        OutputError: the site cannot be written.
    """
    target = Folder(site or folder / FOLDER)
    owner = library.read_library(folder)
    before = state.read(target.site)
    root = _root(url or before.url)
    known = memory.read(target.site, folder)
    with Crew(os.cpu_count() or 1) as crew:
        volumes, broken = _read(folder, known, crew)
        if not volumes:
            nothing = SourceError(
                f"there are no MP3 books in {folder}", "make some: audiobook build"
            )
            raise broken[0] if broken else nothing
        names = state.name_books(before, {one.path.name: one.digest for one in volumes})
        volumes = [replace(one, name=names[one.path.name]) for one in _by_age(volumes)]
        after = state.give(
            before, volumes, root, owner.guid, int(time.time() if now is None else now)
        )
        if not allow_guid_change:
            state.check_kept(before, after)

        last = _files_of_last(target.site)
        target.put(state.NAME, state.render(after), safe=True)
        artwork = _write_artwork(target, owner, known)
        about = episodes.Surroundings(target.site, replace(owner, artwork=b""), root, artwork)
        changed, notes = _write_books(target, about, volumes, after, known, crew)
    shelf = [(one, _place(known, one.name)) for one in volumes]
    _write_library(target, about, after, shelf, known)
    removed = target.remove(last)
    _seal(target, known, {*after.books, _OWN, _ARTWORK})
    own = (f"{root}/{at.feed}" for one, at in shelf if len(one.chapters) > 1)
    return Site(
        folder=target.site,
        feeds=(f"{root}/feed.xml", *own),
        books=len(volumes),
        episodes=len(volumes) + sum(len(given.chapters) for given in after.books.values()),
        changed=changed,
        removed=removed,
        notes=notes,
        broken=tuple(broken),
    )


def _root(url: str) -> str:
    """Return the address of the site without a slash at the end."""
    if not url:
        raise UsageError("the site's address is unknown", "add --url https://…")
    parts = urlsplit(url)
    if not _URL.fullmatch(url) or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"{url!r} is no address of a site", "as --url https://example.org/sach")
    return url.rstrip("/")


def _read(folder: Path, known: Memory, crew: Crew) -> tuple[list[Volume], list[SourceError]]:
    """Read the books of a folder that were changed, and remember them."""
    paths = library.find_books(folder)
    # Where a link leads is looked at each time.
    there = [None if path.is_symlink() else known.volume(path) for path in paths]
    changed = [path for path, volume in zip(paths, there, strict=True) if volume is None]
    read = crew.map(_try_to_read, changed)
    volumes: list[Volume] = []
    broken: list[SourceError] = []
    for volume in there:
        found = volume or next(read)
        if isinstance(found, SourceError):
            broken.append(found)
        else:
            volumes.append(found)
    known.books = {one.path.name: one for one in volumes}
    return volumes, broken


def _try_to_read(path: Path) -> Volume | SourceError:
    try:
        return library.read_volume(path)
    except SourceError as problem:
        return problem


def _by_age(volumes: list[Volume]) -> list[Volume]:
    """Put books in the order in which they were made."""
    return sorted(volumes, key=lambda one: (one.changed, one.path.name))


def _write_books(
    target: Folder,
    about: episodes.Surroundings,
    volumes: list[Volume],
    after: State,
    known: Memory,
    crew: Crew,
) -> tuple[int, tuple[str, ...]]:
    """Write what belongs to books, unless it is there; return for how many it was not."""
    changed: list[tuple[Volume, Given]] = []
    keys: dict[str, str] = {}
    for volume in volumes:
        given = after.books[volume.name]
        looks = (memory.FORMAT, cover.VERSION, pages.VERSION)
        key = _fingerprint(looks, about, volume.digest, volume.name, given)
        done = known.written.get(volume.name)
        if done and done.at and done.key == key and done.is_there(target.site):
            target.files += done.files
        else:
            keys[volume.name] = key
            changed.append((volume, given))
    notes: list[str] = []
    made = episodes.write_all(about, changed, crew)
    for (volume, _), one in zip(changed, made, strict=True):
        known.written[volume.name] = Written(keys[volume.name], one.files, one.at)
        target.files += one.files
        notes += one.notes
    return len(changed), tuple(notes)


def _place(known: Memory, name: str) -> Addresses:
    at = known.written[name].at
    if at is None:
        raise KeyError(name)
    return at


def _write_artwork(target: Folder, owner: Library, known: Memory) -> str:
    """Write the picture of the library, unless it is there, and return its path."""
    picture = hashlib.sha256(owner.artwork).hexdigest() if owner.artwork else ""
    key = _fingerprint(cover.VERSION, owner.title, owner.author, picture)
    done = known.written.get(_ARTWORK)
    if done and done.key == key and done.is_there(target.site):
        target.files += done.files
        return done.files[0].path
    given = owner.artwork or cover.draw(owner.title, owner.author)
    fitted = cover.fit(given, "the artwork of the library")
    path = target.keep("artwork", picture_ending(fitted), fitted)
    known.written[_ARTWORK] = Written(key, (target.files[-1],))
    return path


def _write_library(
    target: Folder,
    about: episodes.Surroundings,
    after: State,
    shelf: list[tuple[Volume, Addresses]],
    known: Memory,
) -> None:
    """Write the page and the feed of the library, the latest book first, unless they are there."""
    key = _fingerprint(
        pages.VERSION, about, after.guid, [known.written[one.name].key for one, _ in shelf]
    )
    done = known.written.get(_OWN)
    if done and done.key == key and done.is_there(target.site):
        target.files += done.files
        return
    first = len(target.files)
    latest = sorted(shelf, key=lambda one: -after.books[one[0].name].date)
    for path, data in pages.ASSETS.items():
        target.put(path, data)
    target.put(pages.LIBRARY_PAGE, pages.render_library(about.library, latest).encode())
    date = max(given.date for given in after.books.values())
    volumes = (volume for volume, _ in shelf)
    channel = episodes.channel_of(about, after.guid, date, volumes)
    language = about.library.language
    items = (episodes.episode_of(one, after.books[one.name], at, language) for one, at in latest)
    target.put(channel.path, feed.render(channel, items), safe=True)
    known.written[_OWN] = Written(key, tuple(target.files[first:]))


def _files_of_last(site: Path) -> tuple[manifest.SiteFile, ...]:
    """Return what an earlier run has written."""
    return manifest.read(site) if (site / manifest.NAME).exists() else ()


def _seal(target: Folder, known: Memory, names: set[str]) -> None:
    """Write the manifest, and remember for the next run."""
    data = manifest.render(target.files)
    target.put(manifest.NAME, data, safe=True)
    known.written = {name: one for name, one in known.written.items() if name in names}
    target.note(memory.NAME, memory.render(known))


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
