"""A book becomes episodes: its media, chapters, transcripts, its page and its own feed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Book
from audiobook.outputs import cover
from audiobook.podcast import cutting, division, feed, pages, volumes, wording
from audiobook.podcast.folder import SiteFolder, picture_ending
from audiobook.podcast.model import Addresses, Thumbnail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.model import BoundChapter, Cue
    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.model import Library, Volume
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """The site that a book is written into."""

    folder: Path
    """The folder of the site."""
    library: Library
    """The settings of the library, without its picture."""
    root: str
    """The address at which the site is served, without a slash at the end."""
    cover: str
    """The path of the picture that is shown for books without a cover."""
    has_moved: bool = False
    """Clients may still ask for its feeds at another address."""


class _BookWriter:
    """Writes a book into a site."""

    def __init__(self, site: SiteContext, folder: SiteFolder) -> None:
        self._library = site.library
        self._root = site.root
        self._cover = site.cover
        self._has_moved = site.has_moved
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
        page = pages.render_volume(self._library, volume, addresses, root=self._root)
        self._folder.put(addresses.page, page.encode())
        if has_own_feed:
            subscribe = pages.render_subscribe(
                self._library,
                addresses.subscribe,
                addresses.feed,
                root=self._root,
                title=volume.meta.title,
                back=addresses.page,
            )
            self._folder.put(addresses.subscribe, subscribe.encode())

    def _write_feed(self, volume: Volume, state: BookState, addresses: Addresses) -> None:
        meta, settings = volume.meta, self._library
        published = [section_state.title for section_state in state.chapters]
        sections = division.divide(volume, settings.episodes, published)
        with cutting.open_sections(volume, sections) as cut:
            parts = [
                self._write_section(volume, number, section, part, section_state, addresses)
                for number, (section, part, section_state) in enumerate(
                    zip(sections, cut, state.chapters, strict=True), 1
                )
            ]
        channel = feed.Channel(
            root=self._root,
            path=addresses.feed,
            page=addresses.page,
            artwork=addresses.cover or self._cover,
            title=meta.title,
            description=wording.description_text(meta.description or meta.title),
            author=meta.author or settings.author,
            owner=settings.owner,
            email=settings.email,
            category=settings.category,
            language=meta.language or settings.language,
            licence=settings.licence,
            explicit=settings.explicit,
            guid=state.feed_guid,
            serial=True,
            synthetic=volume.synthetic,
            date=state.chapters[-1].date,
            has_moved=self._has_moved,
            persons=author_and_narrator(volume),
        )
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
        return feed.Episode(
            title=book.meta.title,
            description=wording.description_html(volume.meta.title, book.chapters, book.rate),
            guid=state.guid,
            date=state.date,
            seconds=book.seconds,
            size=part.size,
            addresses=addresses,
            language=volume.meta.language or self._library.language,
            chapters=starts_of(book.chapters, book.rate),
            number=number,
            season=section.season,
            season_title=section.season_title,
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
        data = _chapters_json(book, shown)
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
            self._pictures[picture] = f"{self._root}/{path}"
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


def _chapters_json(book: Book, shown: Mapping[bytes, str]) -> bytes:
    """Render the chapters as JSON (podcast namespace, 1.2.0).

    Args:
        book: the book.
        shown: the addresses of the pictures of its chapters.
    """
    chapters = [
        {
            "startTime": round(chapter.start / book.rate, 3),
            "endTime": round(chapter.end / book.rate, 3),
            "title": chapter.title,
            **({"img": shown[chapter.picture]} if chapter.picture else {}),
        }
        for chapter in book.chapters
    ]
    labels = {"title": book.meta.title, "author": book.meta.author}
    document = {
        "version": "1.2.0",
        **{name: text for name, text in labels.items() if text},
        "chapters": chapters,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def author_and_narrator(volume: Volume) -> tuple[tuple[str, str], ...]:
    """Return the persons of a book as feeds name them: role and name."""
    return (("author", volume.meta.author), ("narrator", volume.meta.narrator))


def starts_of(chapters: Iterable[BoundChapter], rate: int) -> tuple[tuple[float, str], ...]:
    """Return the second at which each chapter begins, and its title.

    Args:
        chapters: chapters in samples.
        rate: samples a second.
    """
    return tuple((chapter.start / rate, chapter.title) for chapter in chapters)
