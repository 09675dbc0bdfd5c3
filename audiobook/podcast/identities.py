"""Assigns the names, GUIDs and dates of books, which never change once they are published."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from audiobook.podcast import wording
from audiobook.podcast.dates import MINUTE, assign_dates
from audiobook.podcast.division import Division, divide
from audiobook.podcast.state import BookState, ChapterState, SiteState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiobook.podcast.model import Volume

# The UUID namespaces of podcasts, fixed by the podcast namespace, and of our episodes.
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
_EPISODES = UUID("c4e1d3cb-9d8e-5c5f-8f6d-6a1c0a3f2b57")


def feed_guid(url: str) -> str:
    """Return the ``podcast:guid`` of a feed first published at this address.

    >>> feed_guid("https://mp3s.nashownotes.com/pc20rss.xml")
    '917393e3-1b1e-5cef-ace4-edaa54e1f810'
    """
    return str(uuid5(_PODCASTS, url.partition("://")[2].rstrip("/")))


def name_books(old: SiteState, files: Mapping[str, str]) -> dict[str, str]:
    """Return the names of books in addresses: a book of the old state keeps its name.

    It is recognised by the name of its file, or else by its content.

    Args:
        old: the state so far.
        files: hashes of books by the names of their MP3 files, in the order of naming.

    Returns:
        The names by file.
    """
    names = {book.file: name for name, book in old.books.items() if book.file in files}
    names_by_digest = {
        book.digest: name for name, book in old.books.items() if book.file not in files
    }
    for file, digest in files.items():
        if file not in names and digest in names_by_digest:
            names[file] = names_by_digest.pop(digest)
    taken = {*names.values(), *old.books}
    for file in files:
        if file not in names:
            names[file] = _free_name(wording.slug(PurePosixPath(file).stem) or "book", taken)
            taken.add(names[file])
    return names


def assign(
    old: SiteState,
    volumes: Sequence[Volume],
    url: str,
    guid: str,
    now: int,
    episodes: Division = Division.AUTO,
    fixed: Mapping[str, int] | None = None,
) -> SiteState:
    """Return the state with GUIDs and dates for every book: those it has, else new ones.

    Args:
        old: the state so far.
        volumes: all books with their names, the latest last; sentences are not needed.
        url: the address at which the root of the site is served, without a slash at the end.
        guid: the GUID of the library's feed if its owner sets one; else empty.
        now: the time in seconds since 1970; no new date is later, unless an old one already is.
        episodes: what makes an episode of a book's own feed.
        fixed: the dates by GUID that subscribers are known to have, which do not move even
            where that makes a new one a few minutes later.
    """
    # Dates that subscribers have seen stay when the clock is set back.
    book_dates = (book.date for book in old.books.values())
    chapter_dates = (
        old_chapter.date for book in old.books.values() for old_chapter in book.chapters
    )
    now = max((now, *book_dates, *chapter_dates))
    new_count = sum(volume.name not in old.books for volume in volumes)
    books = {}
    for volume in volumes:
        old_book = old.books.get(volume.name)
        date = old_book.date if old_book else now - MINUTE * (new_count - 1)
        new_count -= old_book is None
        base = old_book or BookState(
            file="", digest="", guid=str(uuid5(_EPISODES, volume.name)), date=date
        )
        book_state = replace(base, file=volume.file, digest=volume.digest, date=min(date, now))
        if len(volume.chapters) > 1:
            address = f"{url}/books/{volume.name}/feed.xml"
            own_guid = book_state.feed_guid or feed_guid(address)
            published = [chapter.title for chapter in book_state.chapters]
            titles = [section.key for section in divide(volume, episodes, published)]
            chapters = _assign_chapters(
                volume.name,
                titles,
                book_state.chapters,
                date if not old_book else now,
                fixed or {},
            )
            book_state = replace(book_state, feed_guid=own_guid, chapters=chapters)
        else:
            book_state = replace(book_state, feed_guid="", chapters=())
        books[volume.name] = book_state
    library_guid = guid or old.guid or feed_guid(f"{url}/feed.xml")
    return SiteState(url=url, guid=library_guid, books=books)


def _assign_chapters(
    name: str,
    titles: list[str],
    old: Sequence[ChapterState],
    now: int,
    fixed: Mapping[str, int],
) -> tuple[ChapterState, ...]:
    """Return the GUIDs and dates of chapters: those with the title of an old one keep its own.

    Where the old and the new book have equally many chapters between these, they are taken to be
    the same chapters under new titles.
    """
    if [chapter.title for chapter in old] == titles:
        return tuple(old)
    same_chapters: dict[int, ChapterState] = {}
    matcher = SequenceMatcher(None, [chapter.title for chapter in old], titles, autojunk=False)
    for operation, start, end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal" or end - start == new_end - new_start:
            same_chapters |= dict(zip(range(new_start, new_end), old[start:end], strict=True))
    taken = {chapter.guid for chapter in old}
    kept = [same_chapters.get(index) for index in range(len(titles))]
    known = [chapter.date if chapter else None for chapter in kept]
    immovable = {index for index, chapter in enumerate(kept) if chapter and chapter.guid in fixed}
    dates = assign_dates(known, now, immovable)
    chapters = []
    for index, (title, date) in enumerate(zip(titles, dates, strict=True)):
        if index in same_chapters:
            chapters.append(replace(same_chapters[index], title=title, date=date))
            continue
        candidates = _episode_guids(f"{name}/{title}")
        guid = next(candidate for candidate in candidates if candidate not in taken)
        taken.add(guid)
        chapters.append(ChapterState(title, guid, date))
    return tuple(chapters)


def _free_name(name: str, taken: set[str]) -> str:
    return next(
        candidate
        for candidate in (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
        if candidate not in taken
    )


def _episode_guids(seed: str) -> Iterator[str]:
    number = 1
    while True:
        yield str(uuid5(_EPISODES, seed if number == 1 else f"{seed}#{number}"))
        number += 1
