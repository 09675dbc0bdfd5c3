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
from audiobook.podcast.folder import SiteFolder, picture_ending
from audiobook.podcast.memory import SiteMemory, WrittenFiles
from audiobook.system.processes import Crew

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.podcast.model import Addresses, Library, Volume
    from audiobook.podcast.state import BookState, SiteState

FOLDER = "site"
"""The folder in that of the library where its site goes, unless another is named."""

_URL = re.compile(r"https?://[!-~]+")
# The entries of the memory for the library as a whole; names of books have no slash.
_LIBRARY_ENTRY, _ARTWORK_ENTRY = "/", "/artwork"


@dataclass(frozen=True, slots=True)
class Site:
    """A written site, and what this run did."""

    folder: Path
    feeds: tuple[str, ...]
    """The addresses of the feeds, the library's first."""
    books: int
    """The number of books."""
    episodes: int
    """The number of episodes of all feeds."""
    changed: int
    """The number of books for which files were written."""
    removed: int
    """The number of files of an earlier run that were removed."""
    notes: tuple[str, ...]
    """Problems that did not stop a book, such as a cover that cannot be used."""
    broken: tuple[SourceError, ...]
    """What was wrong with the books that were left out."""


def find_site(folder: Path) -> Path:
    """Return the folder of the site of a library; the folder itself if that is a site."""
    return folder / FOLDER if (folder / FOLDER).is_dir() else folder


def write(
    folder: Path,
    site: Path | None = None,
    url: str = "",
    *,
    allow_guid_change: bool = False,
    now: float | None = None,
) -> Site:
    """Write the site of a library, or update what has changed.

    Errors of the library as a whole are raised before anything is written; broken books are left
    out. Media are written before the feeds that name them.

    Args:
        folder: the folder of MP3 books, which may hold ``library.toml``.
        site: the folder for the site; ``site`` in the folder of books if None.
        url: the address at which the root of the site will be served; empty for that of the last
            run.
        allow_guid_change: whether GUIDs of earlier runs may change or vanish.
        now: the time in seconds since 1970; the present if None.

    Raises:
        UsageError: the address, library.toml or state.json is not valid.
        GuidError: GUIDs of earlier runs would change or vanish.
        SourceError: the folder cannot be read, or holds no book.
        OutputError: the site cannot be written.
    """
    target = SiteFolder(site or folder / FOLDER)
    library_settings = library.read_library(folder)
    old_state = state.read(target.site)
    root = _checked_root(url or old_state.url)
    site_memory = memory.read(target.site, folder)
    with Crew(os.cpu_count() or 1) as crew:
        volumes, broken = _read_volumes(folder, site_memory, crew)
        if not volumes:
            no_books = SourceError(
                f"there are no MP3 books in {folder}", "make some: audiobook build"
            )
            raise broken[0] if broken else no_books
        names = state.name_books(old_state, {volume.path.name: volume.digest for volume in volumes})
        volumes = [
            replace(volume, name=names[volume.path.name]) for volume in _oldest_first(volumes)
        ]
        new_state = state.assign(
            old_state,
            volumes,
            root,
            library_settings.guid,
            int(time.time() if now is None else now),
        )
        if not allow_guid_change:
            state.check_guids_kept(old_state, new_state)

        previous = _previous_files(target.site)
        target.put(state.NAME, state.render(new_state), safe=True)
        artwork = _write_artwork(target, library_settings, site_memory)
        context = episodes.SiteContext(
            target.site, replace(library_settings, artwork=b""), root, artwork
        )
        changed, notes = _write_books(target, context, volumes, new_state, site_memory, crew)
    placed_volumes = [(volume, _addresses_of(site_memory, volume.name)) for volume in volumes]
    _write_library(target, context, new_state, placed_volumes, site_memory)
    removed = target.remove_stale(previous)
    _write_manifest_and_memory(
        target, site_memory, {*new_state.books, _LIBRARY_ENTRY, _ARTWORK_ENTRY}
    )
    book_feeds = (
        f"{root}/{addresses.feed}"
        for volume, addresses in placed_volumes
        if len(volume.chapters) > 1
    )
    return Site(
        folder=target.site,
        feeds=(f"{root}/feed.xml", *book_feeds),
        books=len(volumes),
        episodes=len(volumes) + sum(len(book.chapters) for book in new_state.books.values()),
        changed=changed,
        removed=removed,
        notes=notes,
        broken=tuple(broken),
    )


def _checked_root(url: str) -> str:
    """Return the address of the site without a slash at the end, or raise UsageError."""
    if not url:
        raise UsageError("the site's address is unknown", "add --url https://…")
    parts = urlsplit(url)
    if not _URL.fullmatch(url) or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(
            f"{url!r} is not the address of a site", "as --url https://example.org/sach"
        )
    return url.rstrip("/")


def _read_volumes(
    folder: Path, site_memory: SiteMemory, crew: Crew
) -> tuple[list[Volume], list[SourceError]]:
    """Return the books of a folder and the errors of broken ones; read only those that changed."""
    paths = library.find_books(folder)
    # Books behind links are read each time, so that it is checked where the link leads.
    remembered = [None if path.is_symlink() else site_memory.volume(path) for path in paths]
    changed = [path for path, volume in zip(paths, remembered, strict=True) if volume is None]
    newly_read = crew.map(_try_to_read, changed)
    volumes: list[Volume] = []
    broken: list[SourceError] = []
    for volume in remembered:
        result = volume or next(newly_read)
        if isinstance(result, SourceError):
            broken.append(result)
        else:
            volumes.append(result)
    site_memory.books = {book.path.name: book for book in volumes}
    return volumes, broken


def _try_to_read(path: Path) -> Volume | SourceError:
    try:
        return library.read_volume(path)
    except SourceError as problem:
        return problem


def _oldest_first(volumes: list[Volume]) -> list[Volume]:
    """Sort books by the time at which their files were changed."""
    return sorted(volumes, key=lambda volume: (volume.changed, volume.path.name))


def _write_books(
    target: SiteFolder,
    context: episodes.SiteContext,
    volumes: list[Volume],
    site_state: SiteState,
    site_memory: SiteMemory,
    crew: Crew,
) -> tuple[int, tuple[str, ...]]:
    """Write the files of books that changed; return how many those are, and the notes on them."""
    changed: list[tuple[Volume, BookState]] = []
    keys: dict[str, str] = {}
    for volume in volumes:
        book_state = site_state.books[volume.name]
        versions = (memory.FORMAT, cover.VERSION, pages.VERSION)
        key = _fingerprint(versions, context, volume.digest, volume.name, book_state)
        written = site_memory.written.get(volume.name)
        if (
            written
            and written.addresses
            and written.key == key
            and written.is_complete(target.site)
        ):
            target.files += written.files
        else:
            keys[volume.name] = key
            changed.append((volume, book_state))
    notes: list[str] = []
    written_books = episodes.write_books(context, changed, crew)
    for (volume, _), book in zip(changed, written_books, strict=True):
        site_memory.written[volume.name] = WrittenFiles(
            keys[volume.name], book.files, book.addresses
        )
        target.files += book.files
        notes += book.notes
    return len(changed), tuple(notes)


def _addresses_of(site_memory: SiteMemory, name: str) -> Addresses:
    addresses = site_memory.written[name].addresses
    if addresses is None:
        raise KeyError(name)
    return addresses


def _write_artwork(target: SiteFolder, settings: Library, site_memory: SiteMemory) -> str:
    """Write the picture of the library if it has changed, and return its path."""
    picture_hash = hashlib.sha256(settings.artwork).hexdigest() if settings.artwork else ""
    key = _fingerprint(cover.VERSION, settings.title, settings.author, picture_hash)
    written = site_memory.written.get(_ARTWORK_ENTRY)
    if written and written.key == key and written.is_complete(target.site):
        target.files += written.files
        return written.files[0].path
    picture = settings.artwork or cover.draw(settings.title, settings.author)
    picture = cover.fit(picture, "the artwork of the library")
    path = target.put_hashed("artwork", picture_ending(picture), picture)
    site_memory.written[_ARTWORK_ENTRY] = WrittenFiles(key, (target.files[-1],))
    return path


def _write_library(
    target: SiteFolder,
    context: episodes.SiteContext,
    site_state: SiteState,
    placed_volumes: list[tuple[Volume, Addresses]],
    site_memory: SiteMemory,
) -> None:
    """Write the page and the feed of the library, the latest book first, if they have changed."""
    book_keys = [site_memory.written[volume.name].key for volume, _ in placed_volumes]
    key = _fingerprint(pages.VERSION, context, site_state.guid, book_keys)
    written = site_memory.written.get(_LIBRARY_ENTRY)
    if written and written.key == key and written.is_complete(target.site):
        target.files += written.files
        return
    first_file = len(target.files)
    latest_first = sorted(placed_volumes, key=lambda pair: -site_state.books[pair[0].name].date)
    for path, data in pages.ASSETS.items():
        target.put(path, data)
    target.put(pages.LIBRARY_PAGE, pages.render_library(context.library, latest_first).encode())
    date = max(book.date for book in site_state.books.values())
    volumes = (volume for volume, _ in placed_volumes)
    channel = episodes.library_channel(context, site_state.guid, date, volumes)
    language = context.library.language
    items = (
        episodes.library_episode(volume, site_state.books[volume.name], addresses, language)
        for volume, addresses in latest_first
    )
    target.put(channel.path, feed.render(channel, items), safe=True)
    site_memory.written[_LIBRARY_ENTRY] = WrittenFiles(key, tuple(target.files[first_file:]))


def _previous_files(site: Path) -> tuple[manifest.SiteFile, ...]:
    """Return the files that an earlier run listed in its manifest."""
    return manifest.read(site) if (site / manifest.NAME).exists() else ()


def _write_manifest_and_memory(
    target: SiteFolder, site_memory: SiteMemory, names: set[str]
) -> None:
    """Write the manifest, and the memory for the next run."""
    data = manifest.render(target.files)
    target.put(manifest.NAME, data, safe=True)
    site_memory.written = {
        name: written for name, written in site_memory.written.items() if name in names
    }
    target.put_unlisted(memory.NAME, memory.render(site_memory))


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
