"""A library of books becomes the site of a podcast: feeds, media, transcripts, pages."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobook.errors import OutputError, SourceError
from audiobook.messages import message
from audiobook.podcast import (
    address,
    dates,
    identities,
    library,
    manifest,
    memory,
    state,
)
from audiobook.podcast.collection import read_volumes
from audiobook.podcast.folder import SiteFolder
from audiobook.podcast.memory import SiteMemory
from audiobook.podcast.model import SiteContext
from audiobook.podcast.restore import known_state
from audiobook.podcast.site_writer import ARTWORK_ENTRY, LIBRARY_ENTRY, SiteWriter
from audiobook.system import files
from audiobook.system.processes import Crew

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.podcast.last_target import LastTarget
    from audiobook.podcast.model import Addresses, Volume

FOLDER = "site"
"""The folder in that of the library where its site goes, unless another is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
    notes: tuple[Message, ...]
    """Problems that did not stop a book, such as a cover that cannot be used."""
    broken: tuple[SourceError, ...]
    """What was wrong with the books that were left out."""
    former: str = ""
    """The address that it moves away from; empty if it does not."""


def find_site(folder: Path) -> Path:
    """Return the folder of the site of a library; the folder itself if that is a site."""
    return folder / FOLDER if (folder / FOLDER).is_dir() else folder


def write(
    folder: Path,
    site: Path | None = None,
    url: str = "",
    *,
    books: Sequence[Path] | None = None,
    restore: LastTarget | None = None,
    allow_guid_change: bool = False,
    redate: bool = False,
    verify: bool = False,
    is_move_done: bool = False,
    now: float | None = None,
) -> Site:
    """Write the site of a library, or update what has changed.

    Names, GUIDs and dates that are published stay as they are, whatever became of `state.json`.
    Errors of the library as a whole are raised before anything is written; broken books are left
    out. Media are written before the feeds that name them.

    Args:
        folder: the folder of MP3 books, which may hold ``library.toml``.
        site: the folder for the site; ``site`` in the folder of books if None.
        url: the address at which the root of the site will be served; empty for that of
            library.toml, or else of the last run.
        books: the MP3 books, each with a name of its own; those of the folder if None.
        restore: the target where the site is published, to take its state back from; None for
            that of the last time, if it is known.
        allow_guid_change: whether GUIDs and dates of earlier runs may change or vanish.
        redate: whether to bring dates that lie in the future back to the present.
        verify: whether to read books and files of the site as a whole to find damage.
        is_move_done: whether nobody asks at the former address any more.
        now: the time in seconds since 1970; the present if None.

    Raises:
        UsageError: the address, library.toml or state.json is not valid.
        GuidError: GUIDs of earlier runs would change or vanish.
        DateError: dates that subscribers have would change, or lie in the future.
        SourceError: the folder cannot be read, or holds no book.
        OutputError: the site cannot be written, or the state that was lost not be taken back.
    """
    now = time.time() if now is None else now
    paths = library.find_books(folder) if books is None else books
    target = SiteFolder(site or folder / FOLDER)
    _check_place(target.site, folder)
    library_settings = library.read_library(folder)
    known = known_state(target.site, now, restore, insist=allow_guid_change)
    old_state = dates.redate(known.state, int(now)) if redate else known.state
    dates.check_not_future(old_state, now)
    root = address.checked_root(url or library_settings.url or old_state.url)
    site_memory = memory.read(target.site, folder)
    with Crew(os.cpu_count() or 1) as crew:
        volumes, broken = read_volumes(folder, paths, site_memory, crew, verify=verify)
        names = identities.name_books(
            old_state, {volume.file: volume.digest for volume in sorted(volumes, key=_path)}
        )
        volumes = [replace(volume, name=names[volume.file]) for volume in volumes]
        new_state = identities.assign(
            old_state,
            volumes,
            root,
            library_settings.guid,
            int(now),
            library_settings.episodes,
            known.published.dates if known.published else None,
        )
        former = old_state.url if old_state.url not in ("", root) else old_state.former
        new_state = replace(new_state, former="" if is_move_done else former)
        if not allow_guid_change:
            state.check_guids_kept(known.published or old_state, new_state)
            if known.published:
                dates.check_kept(known.published, new_state, now)

        previous = _previous_files(target.site)
        target.put(state.NAME, state.render(new_state), safe=True)
        writer = SiteWriter(target, site_memory, verify=verify)
        artwork = writer.write_artwork(library_settings)
        context = SiteContext(
            folder=target.site,
            library=replace(library_settings, artwork=b"", url="", target="", follow=()),
            root=root,
            cover=artwork,
            has_moved=bool(new_state.former),
        )
        changed, notes = writer.write_books(context, volumes, new_state, crew)
    placed_volumes = [(volume, _addresses_of(site_memory, volume.name)) for volume in volumes]
    writer.write_library(context, new_state, placed_volumes)
    removed = target.remove_stale(previous)
    _write_manifest_and_memory(
        target, site_memory, {*new_state.books, LIBRARY_ENTRY, ARTWORK_ENTRY}
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
        notes=(*known.notes, *notes),
        broken=tuple(broken),
        former=new_state.former,
    )


def _check_place(site: Path, folder: Path) -> None:
    """Make sure that the library does not lead into a folder of something else by a link.

    It may come from a stranger. A link to a site of ours, or to an empty folder, is the user's.

    Raises:
        OutputError: it does.
    """
    if not files.leads_out(site, folder) or (site / manifest.NAME).is_file():
        return
    if site.is_dir() and any(site.iterdir()):
        raise OutputError(
            message("{path} is a link to a folder that holds no site", path=site),
            message("remove the link, or name its folder with -o"),
        )


def _path(volume: Volume) -> Path:
    return volume.path


def _addresses_of(site_memory: SiteMemory, name: str) -> Addresses:
    addresses = site_memory.written[name].addresses
    if addresses is None:
        raise KeyError(name)
    return addresses


def _previous_files(site: Path) -> tuple[manifest.SiteFile, ...]:
    """Return the files that an earlier run listed; none if its manifest is missing or damaged.

    Raises:
        SourceError: the manifest is not damaged but malicious.
    """
    try:
        return manifest.read(site)
    except SourceError as problem:
        if isinstance(problem.__cause__, manifest.UnsafeManifestError):
            raise
        return ()


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
