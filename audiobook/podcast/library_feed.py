"""The feed of a library: what it says about itself, and each book as one of its episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.podcast import book_feed, division, feed, pages, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.podcast.model import Addresses, SiteContext, Volume
    from audiobook.podcast.state import BookState


def channel_of(site: SiteContext, guid: str, date: int, volumes: Iterable[Volume]) -> feed.Channel:
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
        description=wording.description_text(settings.description or settings.title),
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
        has_moved=site.has_moved,
        persons=(
            ("author", author),
            ("narrator", narrators.pop() if len(narrators) == 1 else ""),
        ),
    )


def unique_titles(volumes: Sequence[Volume]) -> tuple[str, ...]:
    """Return the titles of books in the library's feed, where no two are called alike.

    Args:
        volumes: the books, the oldest first: it keeps its title when another of that title comes.
    """
    return division.unique_titles(
        [
            [meta.title, " – ".join(filter(None, (meta.title, meta.author)))]
            for meta in (volume.meta for volume in volumes)
        ]
    )


def episode_of(
    volume: Volume, title: str, state: BookState, addresses: Addresses, language: str
) -> feed.Episode:
    """Return a book as an episode of the library's feed.

    Args:
        volume: the book.
        title: its title in the feed.
        state: the GUID and the date of the book.
        addresses: the addresses of the files of the book.
        language: the language of the library.
    """
    meta = volume.meta
    description = meta.description or " – ".join(filter(None, (meta.title, meta.author)))
    return feed.Episode(
        title=title,
        description=wording.description_html(description, volume.chapters, volume.rate),
        guid=state.guid,
        date=state.date,
        seconds=volume.seconds,
        size=volume.size,
        addresses=addresses,
        language=meta.language or language,
        chapters=book_feed.starts_of(volume.chapters, volume.rate),
        persons=book_feed.author_and_narrator(volume),
    )
