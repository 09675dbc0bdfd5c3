"""The feed of a book: what it says about itself, and each section of it as one of its episodes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audiobook.podcast import feed, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audiobook.model import Book, BoundChapter
    from audiobook.podcast.cutting import CutSection
    from audiobook.podcast.division import Section
    from audiobook.podcast.model import Addresses, SiteContext, Volume
    from audiobook.podcast.state import BookState, ChapterState


def channel_of(
    site: SiteContext, volume: Volume, state: BookState, addresses: Addresses
) -> feed.Channel:
    """Return what the feed of a book says about itself.

    Args:
        site: the site that the book is in.
        volume: the book.
        state: its GUIDs and dates.
        addresses: those of its files.
    """
    meta, settings = volume.meta, site.library
    return feed.Channel(
        root=site.root,
        path=addresses.feed,
        page=addresses.page,
        artwork=addresses.cover or site.cover,
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
        has_moved=site.has_moved,
        persons=author_and_narrator(volume),
    )


def episode_of(
    volume: Volume,
    section: Section,
    part: CutSection,
    state: ChapterState,
    addresses: Addresses,
    number: int,
    language: str,
) -> feed.Episode:
    """Return a section of a book as an episode.

    Args:
        volume: the book.
        section: what is told of the section.
        part: its sound and its chapters.
        state: its GUID and its date.
        addresses: those of its files.
        number: its place among the sections, from 1.
        language: that of the library, for a book that names none.
    """
    book = part.book
    return feed.Episode(
        title=book.meta.title,
        description=wording.description_html(volume.meta.title, book.chapters, book.rate),
        guid=state.guid,
        date=state.date,
        seconds=book.seconds,
        size=part.size,
        addresses=addresses,
        language=volume.meta.language or language,
        chapters=starts_of(book.chapters, book.rate),
        number=number,
        season=section.season,
        season_title=section.season_title,
    )


def chapters_json(book: Book, shown: Mapping[bytes, str]) -> bytes:
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
