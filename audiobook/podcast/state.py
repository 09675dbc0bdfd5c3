"""state.json: the names, GUIDs and dates of books, which never change once they are assigned."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from audiobook import errors
from audiobook.errors import AudiobookError, UsageError
from audiobook.podcast import feed, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from audiobook.podcast.model import Volume

NAME = "state.json"
"""The path of the state from the root of the site."""
VERSION = 1
"""Goes up when an older program could not read the file."""

# A name that `name_books` assigns; it is the name of a folder, too.
_NAME = re.compile("[a-z0-9-]+")
# The UUID namespaces of podcasts, fixed by the podcast namespace, and of our episodes.
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
_EPISODES = UUID("c4e1d3cb-9d8e-5c5f-8f6d-6a1c0a3f2b57")
_MINUTE, _HOUR = 60, 3600


class GuidError(AudiobookError):
    """GUIDs that subscribers may have would change or vanish."""

    exit_code = errors.FINDINGS


@dataclass(frozen=True, slots=True)
class ChapterState:
    """The GUID and the date of a chapter as an episode."""

    title: str
    guid: str
    date: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class BookState:
    """The GUIDs and dates of a book."""

    file: str
    """The name of the MP3 in the library."""
    digest: str
    """The hash of the MP3, by which a book is recognised when its file has another name."""
    guid: str
    """The GUID of its episode in the feed of the library."""
    date: int
    """When the book came into that feed, in seconds since 1970."""
    feed_guid: str = ""
    """The GUID of the book's own feed; empty if it has none."""
    chapters: tuple[ChapterState, ...] = ()
    """The episodes of the book's own feed."""

    @property
    def guids(self) -> frozenset[str]:
        """All GUIDs of the book, its feed and its chapters."""
        guids = (self.guid, self.feed_guid, *(chapter.guid for chapter in self.chapters))
        return frozenset(filter(None, guids))


@dataclass(frozen=True, slots=True)
class SiteState:
    """The names, GUIDs and dates of a site."""

    url: str = ""
    """The address at which the root of the site is served."""
    guid: str = ""
    """The GUID of the feed of the library."""
    books: Mapping[str, BookState] = field(default_factory=dict)
    """The books by their names in addresses."""

    @property
    def guids(self) -> frozenset[str]:
        """All GUIDs of the site."""
        return frozenset(filter(None, (self.guid,))).union(
            *(book.guids for book in self.books.values())
        )


def read(site: Path) -> SiteState:
    """Read the state of a site; return an empty state if there is no site yet.

    Raises:
        UsageError: the file is damaged, or of another version of the program.
    """
    path = site / NAME
    if not path.exists():
        return SiteState()
    try:
        document = json.loads(path.read_bytes())
        if (version := document.pop("version")) != VERSION:
            reason = "a later audiobook wrote it" if version > VERSION else "it is too old"
            raise UsageError(f"{path} is of version {version}: {reason}", "use that audiobook")
        books = {name: _parse_book(entry) for name, entry in document["books"].items()}
        if wrong := [name for name in books if not _NAME.fullmatch(name)]:
            raise ValueError(f"{wrong[0]!r} is not the name of a book")
        return SiteState(document["url"], document["guid"], books)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise UsageError(
            f"{path}, which holds the GUIDs of the episodes, is damaged: {problem}",
            "bring it back from a copy or from where the site is published",
        ) from problem


def _parse_book(entry: dict[str, Any]) -> BookState:
    chapters = tuple(ChapterState(**chapter) for chapter in entry.pop("chapters"))
    return BookState(**entry, chapters=chapters)


def render(state: SiteState) -> bytes:
    """Render the content of `state.json`."""
    document = {"version": VERSION, **asdict(state)}
    return (json.dumps(document, indent=0) + "\n").encode()


def feed_guid(url: str) -> str:
    """Return the ``podcast:guid`` of a feed first published at this address.

    >>> feed_guid("https://mp3s.nashownotes.com/pc20rss.xml")
    '917393e3-1b1e-5cef-ace4-edaa54e1f810'
    """
    return str(uuid5(_PODCASTS, url.partition("://")[2].rstrip("/")))


def check_guids_kept(old: SiteState, new: SiteState) -> None:
    """Make sure that every GUID of the old state is in the new one.

    Raises:
        GuidError: a GUID changes or vanishes.
    """
    vanished = old.guids - new.guids
    if not vanished:
        return
    books = [f"{book.file} ({name})" for name, book in old.books.items() if book.guids & vanished]
    if old.guid in vanished:
        books.insert(0, "the library's own feed")
    more = f" and {len(books) - 3} more" if len(books) > 3 else ""
    raise GuidError(
        f"{len(vanished)} published GUIDs would change or vanish, of {', '.join(books[:3])}{more}",
        "bring back what is missing, or insist with --allow-guid-change",
    )


def vanished_guids(published: bytes, ours: bytes) -> frozenset[str]:
    """Return the GUIDs of a published feed and its episodes that are not in ours.

    Args:
        published: the feed as subscribers have it.
        ours: the feed that is to take its place.

    Raises:
        ValueError: one of the feeds is not XML.
    """
    return _guids_in(published) - _guids_in(ours)


def _guids_in(data: bytes) -> frozenset[str]:
    from lxml import etree

    try:
        root = etree.fromstring(data, feed.safe_parser())
    except etree.XMLSyntaxError as problem:
        raise ValueError(f"the feed is not XML: {problem}") from problem
    elements = [*root.iter("guid"), *root.iter(f"{{{feed.PODCAST}}}guid")]
    return frozenset(guid.text.strip() for guid in elements if guid.text)


# --- assigning ----------------------------------------------------------------------------------


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
            names[file] = _free_name(wording.slug(file.rpartition(".")[0]) or "book", taken)
            taken.add(names[file])
    return names


def assign(old: SiteState, volumes: Sequence[Volume], url: str, guid: str, now: int) -> SiteState:
    """Return the state with GUIDs and dates for every book: those it has, else new ones.

    Args:
        old: the state so far.
        volumes: all books with their names, the latest last; sentences are not needed.
        url: the address at which the root of the site is served, without a slash at the end.
        guid: the GUID of the library's feed if its owner sets one; else empty.
        now: the time in seconds since 1970; no new date is later, unless an old one already is.
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
        date = old_book.date if old_book else now - _MINUTE * (new_count - 1)
        new_count -= old_book is None
        base = old_book or BookState("", "", str(uuid5(_EPISODES, volume.name)), date)
        book_state = replace(base, file=volume.path.name, digest=volume.digest, date=min(date, now))
        if len(volume.chapters) > 1:
            address = f"{url}/books/{volume.name}/feed.xml"
            own_guid = book_state.feed_guid or feed_guid(address)
            titles = [chapter.title for chapter in volume.chapters]
            chapters = _assign_chapters(
                volume.name, titles, book_state.chapters, date if not old_book else now
            )
            book_state = replace(book_state, feed_guid=own_guid, chapters=chapters)
        else:
            book_state = replace(book_state, feed_guid="", chapters=())
        books[volume.name] = book_state
    return SiteState(url, guid or old.guid or feed_guid(f"{url}/feed.xml"), books)


def _assign_chapters(
    name: str, titles: list[str], old: Sequence[ChapterState], now: int
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
    kept = (same_chapters.get(index) for index in range(len(titles)))
    dates = _assign_dates([chapter.date if chapter else None for chapter in kept], now)
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


def _assign_dates(known_dates: Sequence[int | None], now: int) -> list[int]:
    """Return dates for episodes, oldest first, a minute or more apart, none after ``now``.

    Known dates are kept. New dates lie evenly between their neighbours, or an hour apart before
    all others.
    """
    dates: list[int] = []
    for index, date in enumerate(known_dates):
        next_known = next(
            (later for later in range(index, len(known_dates)) if known_dates[later] is not None),
            None,
        )
        if date is None and next_known is None and not dates:
            date = now - _HOUR * (len(known_dates) - 1 - index)
        elif date is None and not dates:
            date = (known_dates[next_known or 0] or now) - _HOUR * ((next_known or 0) - index)
        elif date is None:
            end = now if next_known is None else known_dates[next_known] or now
            steps = (len(known_dates) - 1 if next_known is None else next_known) - index + 1
            date = dates[-1] + (end - dates[-1]) // steps
        dates.append(min(date, now))
    for index in range(len(dates) - 2, -1, -1):
        dates[index] = min(dates[index], dates[index + 1] - _MINUTE)
    return dates


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
