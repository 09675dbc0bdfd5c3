"""Writes what has changed of a site: files first, feeds when all that they name is on the disk."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.outputs import cover
from audiobook.podcast import episodes, feed, library_feed, memory, pages
from audiobook.podcast.folder import SiteFolder, picture_ending
from audiobook.podcast.memory import SiteMemory, WrittenFiles

if TYPE_CHECKING:
    from audiobook.messages import Message
    from audiobook.podcast.model import Addresses, Library, SiteContext, Volume
    from audiobook.podcast.state import BookState, SiteState
    from audiobook.system.processes import Crew

LIBRARY_ENTRY, ARTWORK_ENTRY = "/", "/artwork"
"""The entries of the memory for the library as a whole; names of books have no slash."""


class SiteWriter:
    """Writes what has changed of a site.

    Args:
        target: the folder of the site.
        site_memory: holds what was written before, and gets what is written now.
        verify: whether to read what was written before as a whole to find damage.
    """

    def __init__(self, target: SiteFolder, site_memory: SiteMemory, *, verify: bool) -> None:
        self._target, self._memory, self._verify = target, site_memory, verify

    def _is_intact(self, name: str, key: str) -> bool:
        """Return whether nothing is to be written for a book or the library; list its files."""
        written = self._memory.intact(name, key, self._target.site, verify=self._verify)
        if written is not None:
            self._target.files += written.files
        return written is not None

    def write_books(
        self,
        context: SiteContext,
        volumes: list[Volume],
        site_state: SiteState,
        crew: Crew,
    ) -> tuple[int, tuple[Message, ...]]:
        """Write the files of books that changed, their feeds when all others are on the disk.

        Returns:
            How many books those are, and the notes on them.
        """
        changed: list[tuple[Volume, BookState]] = []
        keys: dict[str, str] = {}
        for volume in volumes:
            book_state = site_state.books[volume.name]
            versions = (memory.FORMAT, cover.VERSION, pages.VERSION)
            key = _fingerprint(versions, context, volume.digest, volume.name, book_state)
            if not self._is_intact(volume.name, key):
                keys[volume.name] = key
                changed.append((volume, book_state))
        notes: list[Message] = []
        written_books = episodes.write_books(context, changed, crew)
        for (volume, _), book in zip(changed, written_books, strict=True):
            self._memory.written[volume.name] = WrittenFiles(
                keys[volume.name], book.files, book.stamps, book.addresses
            )
            self._target.files += book.files
            self._target.written += book.written
            notes += book.notes
        self._target.publish_drafts()
        return len(changed), tuple(notes)

    def write_artwork(self, settings: Library) -> str:
        """Write the picture of the library if it has changed, and return its path."""
        picture_hash = hashlib.sha256(settings.artwork).hexdigest() if settings.artwork else ""
        key = _fingerprint(cover.VERSION, settings.title, settings.author, picture_hash)
        if self._is_intact(ARTWORK_ENTRY, key):
            return self._memory.written[ARTWORK_ENTRY].files[0].path
        if settings.artwork:
            picture = cover.fit(settings.artwork, message("the artwork of the library"))
        else:
            picture = cover.draw(settings.title, settings.author)
        path = self._target.put_hashed("artwork", picture_ending(picture), picture)
        self._remember(ARTWORK_ENTRY, key, 1)
        return path

    def write_library(
        self,
        context: SiteContext,
        site_state: SiteState,
        placed_volumes: list[tuple[Volume, Addresses]],
    ) -> None:
        """Write the page and the feed of the library, the latest book first, if they changed."""
        book_keys = [self._memory.written[volume.name].key for volume, _ in placed_volumes]
        key = _fingerprint(pages.VERSION, context, site_state.guid, book_keys)
        if self._is_intact(LIBRARY_ENTRY, key):
            return
        target, files_before = self._target, len(self._target.files)
        # Of books of one second the one that was made last comes first.
        oldest_first = sorted(placed_volumes, key=lambda pair: site_state.books[pair[0].name].date)
        latest_first = oldest_first[::-1]
        titles = library_feed.unique_titles([volume for volume, _ in reversed(latest_first)])[::-1]
        for path, data in pages.library_files(context.library, latest_first, context.root).items():
            target.put(path, data)
        page = pages.render_library(
            context.library, latest_first, root=context.root, artwork=context.cover
        )
        target.put(pages.LIBRARY_PAGE, page.encode())
        date = max(book.date for book in site_state.books.values())
        volumes = (volume for volume, _ in placed_volumes)
        channel = library_feed.channel_of(context, site_state.guid, date, volumes)
        language = context.library.language
        items = (
            library_feed.episode_of(
                volume, title, site_state.books[volume.name], addresses, language
            )
            for title, (volume, addresses) in zip(titles, latest_first, strict=True)
        )
        target.put_draft(channel.path, feed.render(channel, items))
        target.publish_drafts()
        self._remember(LIBRARY_ENTRY, key, len(target.files) - files_before)

    def _remember(self, name: str, key: str, count: int) -> None:
        """Remember the files that were written last."""
        listed = tuple(self._target.files[-count:])
        self._memory.written[name] = WrittenFiles(key, listed, self._target.stamps(listed))


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
