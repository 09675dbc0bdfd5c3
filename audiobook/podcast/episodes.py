"""A book becomes episodes: its media, chapters, transcripts, its page and its own feed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.model import Book
from audiobook.outputs import cover
from audiobook.podcast import cutting, feed, library, pages, wording
from audiobook.podcast.folder import SiteFolder, picture_ending
from audiobook.podcast.model import Addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from audiobook.model import Cue
    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.model import Library, Volume
    from audiobook.podcast.state import BookState, ChapterState
    from audiobook.system.processes import Crew


class WrittenBook(NamedTuple):
    """The files that were written for a book."""

    addresses: Addresses
    files: tuple[SiteFile, ...]
    notes: tuple[str, ...]
    """Problems that did not stop the book, such as a cover that cannot be used."""


def write_books(
    site: SiteContext, books: Sequence[tuple[Volume, BookState]], crew: Crew
) -> Iterator[WrittenBook]:
    """Write the files of books in parallel, and yield in their order what was written.

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
    addresses = writer.write(library.with_cover_and_cues(volume), state)
    return WrittenBook(addresses, tuple(folder.files), tuple(writer.notes))


@dataclass(frozen=True, slots=True)
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


class _BookWriter:
    """Writes a book into a site."""

    def __init__(self, site: SiteContext, folder: SiteFolder) -> None:
        self._library = site.library
        self._root = site.root
        self._cover = site.cover
        self._folder = folder
        self.notes: list[str] = []

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
            volume.meta, volume.path, volume.rate, volume.samples, volume.chapters, len(volume.cues)
        )
        addresses = self._write_chapters_and_transcripts(stem, book, volume.cues)
        has_own_feed = len(volume.chapters) > 1
        addresses = replace(
            addresses,
            media=media,
            cover=self._write_cover(folder, volume),
            feed=f"{folder}/feed.xml" if has_own_feed else pages.LIBRARY_FEED,
            page=f"{folder}/index.html",
        )
        self._folder.put(
            addresses.page, pages.render_volume(self._library, volume, addresses).encode()
        )
        if has_own_feed:
            self._write_feed(volume, state, addresses)
        return addresses

    def _write_feed(self, volume: Volume, state: BookState, addresses: Addresses) -> None:
        meta, settings = volume.meta, self._library
        with cutting.open_chapters(volume) as chapters:
            parts = [
                self._write_chapter(volume, number, part, chapter_state, addresses)
                for number, (part, chapter_state) in enumerate(
                    zip(chapters, state.chapters, strict=True), 1
                )
            ]
        channel = feed.Channel(
            root=self._root,
            path=addresses.feed,
            page=addresses.page,
            artwork=addresses.cover or self._cover,
            title=meta.title,
            description=wording.description_html(meta.description or meta.title),
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
            persons=_author_and_narrator(volume),
        )
        self._folder.put(addresses.feed, feed.render(channel, parts))

    def _write_chapter(
        self,
        volume: Volume,
        number: int,
        part: cutting.CutChapter,
        state: ChapterState,
        book_addresses: Addresses,
    ) -> feed.Episode:
        """Write the files of a chapter, and return it as an episode."""
        book = part.book
        stem = f"books/{volume.name}/{volume.name}-{number:03}"
        addresses = replace(
            self._write_chapters_and_transcripts(stem, book, part.cues),
            media=self._folder.put_hashed(stem, ".mp3", part.sound),
            feed=book_addresses.feed,
            page=book_addresses.page,
        )
        return feed.Episode(
            title=book.meta.title,
            description=wording.description_html(volume.meta.title, book.chapters, book.rate),
            guid=state.guid,
            date=state.date,
            seconds=book.seconds,
            size=len(part.sound),
            addresses=addresses,
            language=volume.meta.language or self._library.language,
            chapters=((0.0, book.meta.title),),
            number=number,
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
        chapters_path = self._folder.put_hashed(stem, ".chapters.json", _chapters_json(book))
        return Addresses("", "", paths["vtt"], paths["srt"], chapters_path, "", "")

    def _write_cover(self, folder: str, volume: Volume) -> str:
        if not volume.meta.cover:
            return ""
        try:
            picture = cover.fit(volume.meta.cover, "its cover")
        except SourceError as problem:
            self.notes.append(f"{volume.path}: {problem}: the library's is shown")
            return ""
        return self._folder.put_hashed(f"{folder}/cover", picture_ending(picture), picture)


def _chapters_json(book: Book) -> bytes:
    """Render the chapters as JSON (podcast namespace, 1.2.0)."""
    chapters = [
        {
            "startTime": round(chapter.start / book.rate, 3),
            "endTime": round(chapter.end / book.rate, 3),
            "title": chapter.title,
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


def _author_and_narrator(volume: Volume) -> tuple[tuple[str, str], ...]:
    return (("author", volume.meta.author), ("narrator", volume.meta.narrator))


def library_channel(
    site: SiteContext, guid: str, date: int, volumes: Iterable[Volume]
) -> feed.Channel:
    """Return what the feed of the library says about itself.

    Args:
        site: the site.
        guid: the GUID of the feed.
        date: the date of its latest episode, in seconds since 1970.
        volumes: all books.
    """
    settings = site.library
    authors, narrators, synthetic = set(), set(), set()
    for volume in volumes:
        authors.add(volume.meta.author)
        narrators.add(volume.meta.narrator)
        synthetic.add(volume.synthetic)
    author = settings.author or (authors.pop() if len(authors) == 1 else "")
    return feed.Channel(
        root=site.root,
        path=pages.LIBRARY_FEED,
        page=pages.LIBRARY_PAGE,
        artwork=site.cover,
        title=settings.title,
        description=wording.description_html(settings.description or settings.title),
        author=author,
        owner=settings.owner,
        email=settings.email,
        category=settings.category,
        language=settings.language,
        licence=settings.licence,
        explicit=settings.explicit,
        guid=guid,
        serial=False,
        synthetic=True in synthetic,
        date=date,
        persons=(
            ("author", author),
            ("narrator", narrators.pop() if len(narrators) == 1 else ""),
        ),
    )


def library_episode(
    volume: Volume, state: BookState, addresses: Addresses, language: str
) -> feed.Episode:
    """Return a book as an episode of the library's feed.

    Args:
        volume: the book.
        state: the GUID and the date of the book.
        addresses: the addresses of the files of the book.
        language: the language of the library.
    """
    meta = volume.meta
    description = meta.description or " – ".join(filter(None, (meta.title, meta.author)))
    return feed.Episode(
        title=meta.title,
        description=wording.description_html(description, volume.chapters, volume.rate),
        guid=state.guid,
        date=state.date,
        seconds=volume.seconds,
        size=volume.size,
        addresses=addresses,
        language=meta.language or language,
        chapters=tuple((chapter.start / volume.rate, chapter.title) for chapter in volume.chapters),
        persons=_author_and_narrator(volume),
    )
