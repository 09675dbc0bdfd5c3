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
from audiobook.podcast.folder import Folder, picture_ending
from audiobook.podcast.shelf import Addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from audiobook.model import Cue
    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.shelf import Library, Volume
    from audiobook.podcast.state import Given, Issue
    from audiobook.system.processes import Crew


class Made(NamedTuple):
    """What was written for a book."""

    at: Addresses
    files: tuple[SiteFile, ...]
    notes: tuple[str, ...]
    """What could not be done as it should be."""


def write_all(
    about: Surroundings, books: Sequence[tuple[Volume, Given]], crew: Crew
) -> Iterator[Made]:
    """Write what belongs to books, and yield in their order where that is.

    Args:
        about: the site.
        books: without covers and sentences, with their GUIDs and dates.
        crew: those who do it.

    Raises:
        SourceError: a book cannot be read.
        OutputError: the site cannot be written.
    """
    return crew.map(partial(_write, about), books)


def _write(about: Surroundings, book: tuple[Volume, Given]) -> Made:
    volume, given = book
    folder = Folder(about.site)
    writer = _Writer(about, folder)
    at = writer.write(library.complete(volume), given)
    return Made(at, tuple(folder.files), tuple(writer.notes))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The site that a book is written into."""

    site: Path
    """Its folder."""
    library: Library
    """Without the picture."""
    root: str
    """Where it is served, without a slash at the end."""
    cover: str
    """Path of the picture that books without one of their own show."""


class _Writer:
    """Writes a book into a site."""

    def __init__(self, about: Surroundings, folder: Folder) -> None:
        self._library = about.library
        self._root = about.root
        self._cover = about.cover
        self._folder = folder
        self.notes: list[str] = []

    def write(self, volume: Volume, given: Given) -> Addresses:
        """Write all that belongs to a book, its own feed last, and return where that is.

        Args:
            volume: the book with its cover and its sentences.
            given: its GUIDs and dates.

        Raises:
            SourceError: the book cannot be cut into chapters.
            OutputError: the site cannot be written.
        """
        from audiobook.outputs import transcripts

        # Once, not for each transcript of the book and of its chapters.
        cues = (
            replace(one, words=one.words or transcripts.guess_word_times(one))
            for one in volume.cues
        )
        volume = replace(volume, cues=tuple(cues))
        here = f"books/{volume.name}"
        stem = f"{here}/{volume.name}"
        media = self._folder.link(stem, ".mp3", volume.path, volume.size, volume.digest)
        book = Book(
            volume.meta, volume.path, volume.rate, volume.samples, volume.chapters, len(volume.cues)
        )
        at = self._beside(stem, book, volume.cues)
        several = len(volume.chapters) > 1
        at = replace(
            at,
            media=media,
            cover=self._picture(here, volume),
            feed=f"{here}/feed.xml" if several else pages.LIBRARY_FEED,
            page=f"{here}/index.html",
        )
        self._folder.put(at.page, pages.render_volume(self._library, volume, at).encode())
        if several:
            self._write_feed(volume, given, at)
        return at

    def _write_feed(self, volume: Volume, given: Given, at: Addresses) -> None:
        meta, owner = volume.meta, self._library
        with cutting.open_chapters(volume) as chapters:
            parts = [
                self._chapter(volume, number, part, issue, at)
                for number, (part, issue) in enumerate(
                    zip(chapters, given.chapters, strict=True), 1
                )
            ]
        channel = feed.Channel(
            root=self._root,
            path=at.feed,
            page=at.page,
            artwork=at.cover or self._cover,
            title=meta.title,
            description=wording.describe(meta.description or meta.title),
            author=meta.author or owner.author,
            owner=owner.owner,
            email=owner.email,
            category=owner.category,
            language=meta.language or owner.language,
            licence=owner.licence,
            explicit=owner.explicit,
            guid=given.feed_guid,
            serial=True,
            synthetic=volume.synthetic,
            date=given.chapters[-1].date,
            persons=_persons(volume),
        )
        self._folder.put(at.feed, feed.render(channel, parts))

    def _chapter(
        self, volume: Volume, number: int, part: cutting.Part, issue: Issue, whole: Addresses
    ) -> feed.Episode:
        """Write what belongs to a chapter, and return it as an episode."""
        book = part.book
        stem = f"books/{volume.name}/{volume.name}-{number:03}"
        at = replace(
            self._beside(stem, book, part.cues),
            media=self._folder.keep(stem, ".mp3", part.sound),
            feed=whole.feed,
            page=whole.page,
        )
        return feed.Episode(
            title=book.meta.title,
            description=wording.describe(volume.meta.title, book.chapters, book.rate),
            guid=issue.guid,
            date=issue.date,
            seconds=book.seconds,
            size=len(part.sound),
            at=at,
            language=volume.meta.language or self._library.language,
            chapters=((0.0, book.meta.title),),
            number=number,
        )

    def _beside(self, stem: str, book: Book, cues: tuple[Cue, ...]) -> Addresses:
        """Write the chapters and the transcripts of some sound, and return where they are."""
        from audiobook.outputs import transcripts

        texts = dict.fromkeys(("vtt", "srt"), "")
        for kind in texts if cues else ():
            text = transcripts.render(kind, book, cues, words=False)
            texts[kind] = self._folder.keep(stem, f".{kind}", text.encode())
        marks = self._folder.keep(stem, ".chapters.json", _render_chapters(book))
        return Addresses("", "", texts["vtt"], texts["srt"], marks, "", "")

    def _picture(self, here: str, volume: Volume) -> str:
        if not volume.meta.cover:
            return ""
        try:
            picture = cover.fit(volume.meta.cover, "its cover")
        except SourceError as problem:
            self.notes.append(f"{volume.path}: {problem}: the library's is shown")
            return ""
        return self._folder.keep(f"{here}/cover", picture_ending(picture), picture)


def _render_chapters(book: Book) -> bytes:
    """Render the chapters as JSON (podcast namespace, 1.2.0)."""
    chapters = [
        {
            "startTime": round(one.start / book.rate, 3),
            "endTime": round(one.end / book.rate, 3),
            "title": one.title,
        }
        for one in book.chapters
    ]
    about = {"title": book.meta.title, "author": book.meta.author}
    said = {"version": "1.2.0", **{k: v for k, v in about.items() if v}, "chapters": chapters}
    return json.dumps(said, ensure_ascii=False).encode()


def _persons(volume: Volume) -> tuple[tuple[str, str], ...]:
    return (("author", volume.meta.author), ("narrator", volume.meta.narrator))


def channel_of(
    about: Surroundings, guid: str, date: int, volumes: Iterable[Volume]
) -> feed.Channel:
    """Return what the feed of the library says about itself.

    Args:
        about: the site.
        guid: of the feed.
        date: of its latest episode, seconds since 1970.
        volumes: all books.
    """
    owner = about.library
    authors, narrators, machines = set(), set(), set()
    for volume in volumes:
        authors.add(volume.meta.author)
        narrators.add(volume.meta.narrator)
        machines.add(volume.synthetic)
    author = owner.author or (authors.pop() if len(authors) == 1 else "")
    return feed.Channel(
        root=about.root,
        path=pages.LIBRARY_FEED,
        page=pages.LIBRARY_PAGE,
        artwork=about.cover,
        title=owner.title,
        description=wording.describe(owner.description or owner.title),
        author=author,
        owner=owner.owner,
        email=owner.email,
        category=owner.category,
        language=owner.language,
        licence=owner.licence,
        explicit=owner.explicit,
        guid=guid,
        serial=False,
        synthetic=True in machines,
        date=date,
        persons=(
            ("author", author),
            ("narrator", narrators.pop() if len(narrators) == 1 else ""),
        ),
    )


def episode_of(volume: Volume, given: Given, at: Addresses, language: str) -> feed.Episode:
    """Return a book as an episode of the library's feed.

    Args:
        volume: the book.
        given: its GUID and date.
        at: where what belongs to it is.
        language: of the library.
    """
    meta = volume.meta
    about = meta.description or " – ".join(filter(None, (meta.title, meta.author)))
    return feed.Episode(
        title=meta.title,
        description=wording.describe(about, volume.chapters, volume.rate),
        guid=given.guid,
        date=given.date,
        seconds=volume.seconds,
        size=volume.size,
        at=at,
        language=meta.language or language,
        chapters=tuple((one.start / volume.rate, one.title) for one in volume.chapters),
        persons=_persons(volume),
    )
