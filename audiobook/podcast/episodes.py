"""A book becomes episodes: its media, chapters, transcripts, its page and its own feed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Book
from audiobook.outputs import cover
from audiobook.podcast import book_feed, cutting, division, feed, pages, volumes
from audiobook.podcast.folder import SiteFolder, picture_ending
from audiobook.podcast.model import Addresses, Thumbnail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.messages import Message
    from audiobook.model import Cue
    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.model import SiteContext, Volume
    from audiobook.podcast.stamps import Stamp
    from audiobook.podcast.state import BookState, ChapterState
    from audiobook.system.processes import Crew


class WrittenBook(NamedTuple):
    """The files that were written for a book."""

    addresses: Addresses
    files: tuple[SiteFile, ...]
    stamps: tuple[Stamp, ...]
    """The stamps of the files, in the same order."""
    written: tuple[str, ...]
    """The paths of those that were changed; the feed is still a draft."""
    notes: tuple[Message, ...]
    """Problems that did not stop the book, such as a cover that cannot be used."""


def write_books(
    site: SiteContext, books: Sequence[tuple[Volume, BookState]], crew: Crew
) -> Iterator[WrittenBook]:
    """Write the files of books in parallel, and yield in their order what was written.

    Their feeds are drafts until `SiteFolder.publish_drafts` gives them their names.

    Args:
        site: the site to write into.
        books: volumes without covers and sentences, with their GUIDs and dates.
        crew: the processes that do the work.

    Raises:
        SourceError: a book cannot be read.
        OutputError: the site cannot be written.
    """
    return crew.map(partial(_write_book, site), books)


def _write_book(site: SiteContext, book: tuple[Volume, BookState]) -> WrittenBook:
    volume, state = book
    folder = SiteFolder(site.folder)
    writer = _BookWriter(site, folder)
    addresses = writer.write(volumes.with_cover_and_cues(volume), state)
    return WrittenBook(
        addresses,
        tuple(folder.files),
        folder.stamps(folder.files),
        tuple(folder.written),
        tuple(writer.notes),
    )


class _BookWriter:
    """Writes a book into a site."""

    def __init__(self, site: SiteContext, folder: SiteFolder) -> None:
        self._site = site
        self._folder = folder
        self._pictures: dict[bytes, str] = {}
        self.notes: list[Message] = []

    def write(self, volume: Volume, state: BookState) -> Addresses:
        """Write all files of a book, its own feed last, and return their addresses.

        Args:
            volume: the book with its cover and its sentences.
            state: the GUIDs and dates of the book.

        Raises:
            SourceError: the book cannot be cut into chapters.
            OutputError: the site cannot be written.
        """
        from audiobook.outputs import transcripts

        # Words are timed here once, not again for each transcript of the book and its chapters.
        cues = (
            replace(cue, words=cue.words or transcripts.guess_word_times(cue))
            for cue in volume.cues
        )
        volume = replace(volume, cues=tuple(cues))
        folder = f"books/{volume.name}"
        stem = f"{folder}/{volume.name}"
        media = self._folder.link_hashed(stem, ".mp3", volume.path, volume.size, volume.digest)
        book = Book(
            meta=volume.meta,
            path=volume.path,
            rate=volume.rate,
            samples=volume.samples,
            chapters=volume.chapters,
            sentences=len(volume.cues),
        )
        addresses = self._write_chapters_and_transcripts(stem, book, volume.cues)
        has_own_feed = len(volume.chapters) > 1
        cover_path, thumbnails = self._write_cover(folder, volume)
        addresses = replace(
            addresses,
            media=media,
            cover=cover_path,
            thumbnails=thumbnails,
            feed=f"{folder}/feed.xml" if has_own_feed else pages.LIBRARY_FEED,
            page=f"{folder}/index.html",
            subscribe=f"{folder}/subscribe.html" if has_own_feed else pages.LIBRARY_SUBSCRIBE,
        )
        self._write_pages(volume, addresses, has_own_feed=has_own_feed)
        if has_own_feed:
            self._write_feed(volume, state, addresses)
        return addresses

    def _write_pages(self, volume: Volume, addresses: Addresses, *, has_own_feed: bool) -> None:
        page = pages.render_volume(self._site.library, volume, addresses, root=self._site.root)
        self._folder.put(addresses.page, page.encode())
        if has_own_feed:
            subscribe = pages.render_subscribe(
                self._site.library,
                addresses.subscribe,
                addresses.feed,
                root=self._site.root,
                title=volume.meta.title,
                back=addresses.page,
            )
            self._folder.put(addresses.subscribe, subscribe.encode())

    def _write_feed(self, volume: Volume, state: BookState, addresses: Addresses) -> None:
        published = [section_state.title for section_state in state.chapters]
        sections = division.divide(volume, self._site.library.episodes, published)
        with cutting.open_sections(volume, sections) as cut:
            parts = [
                self._write_section(volume, number, section, part, section_state, addresses)
                for number, (section, part, section_state) in enumerate(
                    zip(sections, cut, state.chapters, strict=True), 1
                )
            ]
        channel = book_feed.channel_of(self._site, volume, state, addresses)
        self._folder.put_draft(addresses.feed, feed.render(channel, parts))

    def _write_section(
        self,
        volume: Volume,
        number: int,
        section: division.Section,
        part: cutting.CutSection,
        state: ChapterState,
        book_addresses: Addresses,
    ) -> feed.Episode:
        """Write the files of a section, and return it as an episode."""
        book = part.book
        stem = f"books/{volume.name}/{volume.name}-{number:03}"
        addresses = replace(
            self._write_chapters_and_transcripts(stem, book, part.cues),
            media=self._folder.put_blocks(stem, ".mp3", part.size, part.blocks),
            feed=book_addresses.feed,
            page=book_addresses.page,
        )
        return book_feed.episode_of(
            volume, section, part, state, addresses, number, self._site.library.language
        )

    def _write_chapters_and_transcripts(
        self, stem: str, book: Book, cues: tuple[Cue, ...]
    ) -> Addresses:
        """Write the chapters and transcripts of a book or a chapter; return their addresses."""
        from audiobook.outputs import transcripts

        paths = dict.fromkeys(("vtt", "srt"), "")
        for format_name in paths if cues else ():
            text = transcripts.render(format_name, book, cues, words=False)
            paths[format_name] = self._folder.put_hashed(stem, f".{format_name}", text.encode())
        shown = {
            chapter.picture: self._picture_address(stem, chapter.picture)
            for chapter in book.chapters
            if chapter.picture
        }
        data = book_feed.chapters_json(book, shown)
        chapters_path = self._folder.put_hashed(stem, ".chapters.json", data)
        return Addresses(
            media="",
            cover="",
            vtt=paths["vtt"],
            srt=paths["srt"],
            chapters=chapters_path,
            feed="",
            page="",
        )

    def _picture_address(self, stem: str, picture: bytes) -> str:
        """Return the address of a picture of a chapter, which is written the first time."""
        if picture not in self._pictures:
            place = f"{stem.rpartition('/')[0]}/picture"
            path = self._folder.put_hashed(place, picture_ending(picture), picture)
            self._pictures[picture] = f"{self._site.root}/{path}"
        return self._pictures[picture]

    def _write_cover(self, folder: str, volume: Volume) -> tuple[str, tuple[Thumbnail, ...]]:
        """Write the cover of a book, and return its path with its thumbnails."""
        if not volume.meta.cover:
            return "", ()
        try:
            picture = cover.fit(volume.meta.cover, message("its cover"))
        except SourceError as problem:
            self.notes.append(
                message(
                    "{path}: {problem}: the library's is shown", path=volume.path, problem=problem
                )
            )
            return "", ()
        path = self._folder.put_hashed(f"{folder}/cover", picture_ending(picture), picture)
        thumbnails = tuple(
            Thumbnail(
                self._folder.put_hashed(f"{folder}/{small.side}", small.ending, small.picture),
                small.side,
            )
            for small in cover.thumbnails(picture)
        )
        return path, thumbnails
