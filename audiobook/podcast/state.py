"""state.json: the names, GUIDs and dates of books, which never change once they are assigned."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from audiobook import errors
from audiobook.errors import AudiobookError, UsageError
from audiobook.messages import first_of, message, plural
from audiobook.podcast import feed
from audiobook.podcast.records import FileName, is_text, record_of
from audiobook.system.json_data import read_facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


NAME = "state.json"
"""The path of the state from the root of the site."""
VERSION = 1
"""Goes up when an older program could not read the file."""

# A name that `identities.name_books` assigns; it is the name of a folder, too.
_NAME = re.compile("[a-z0-9-]+")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class BookState:
    """The GUIDs and dates of a book."""

    file: FileName
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

    @property
    def dates(self) -> dict[str, int]:
        """The dates of the book and its chapters by their GUIDs, in seconds since 1970."""
        return {self.guid: self.date, **{chapter.guid: chapter.date for chapter in self.chapters}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """The names, GUIDs and dates of a site."""

    url: str = ""
    """The address at which the root of the site is served."""
    guid: str = ""
    """The GUID of the feed of the library."""
    books: Mapping[str, BookState] = field(default_factory=dict)
    """The books by their names in addresses."""
    former: str = ""
    """The address that the site moves away from; empty if it does not."""

    @property
    def guids(self) -> frozenset[str]:
        """All GUIDs of the site."""
        return frozenset(filter(None, (self.guid,))).union(
            *(book.guids for book in self.books.values())
        )

    @property
    def dates(self) -> dict[str, int]:
        """The dates of all episodes by their GUIDs, in seconds since 1970."""
        books = self.books.values()
        return {guid: date for book in books for guid, date in book.dates.items()}


def read(site: Path) -> SiteState:
    """Read the state of a site; return an empty state if there is no site yet.

    Raises:
        UsageError: the file is damaged, or of another version of the program.
    """
    path = site / NAME
    if not path.exists():
        return SiteState()
    try:
        return parse(read_facts(path), str(path))
    except (OSError, ValueError) as problem:
        raise UsageError(
            message(
                "{path}, which holds the GUIDs of the episodes, is damaged: {reason}",
                path=path,
                reason=problem,
            ),
            message(
                "bring it back from where the site is published: audiobook feed LIBRARY "
                "--restore TARGET"
            ),
        ) from problem


def parse(data: bytes, path: str) -> SiteState:
    """Return the state that the content of `state.json` describes.

    Args:
        data: the content of the file.
        path: where the file lies, for messages.

    Raises:
        ValueError: the content is damaged.
        UsageError: it is of another version of the program.
    """
    try:
        document = json.loads(data)
        if (version := document.pop("version")) != VERSION:
            reason = (
                message("a later audiobook wrote it")
                if version > VERSION
                else message("it is too old")
            )
            raise UsageError(
                message(
                    "{path} is of version {version}: {reason}",
                    path=path,
                    version=version,
                    reason=reason,
                ),
                message("use that audiobook"),
            )
        books = {name: _parse_book(entry) for name, entry in document["books"].items()}
        if wrong := [name for name in books if not _NAME.fullmatch(name)]:
            raise ValueError(message("{name!r} is not the name of a book", name=wrong[0]))
        texts = {name: document[name] for name in ("url", "guid")}
        texts["former"] = document.get("former", "")
        if wrong := [name for name, text in texts.items() if not is_text(text)]:
            raise ValueError(message("{name} is not what it should be", name=wrong[0]))
        return SiteState(books=books, **texts)
    except (KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ValueError(
            message("it does not hold what it must: {what}", what=problem)
        ) from problem


def _parse_book(entry: dict[str, Any]) -> BookState:
    chapters = tuple(record_of(ChapterState, chapter) for chapter in entry["chapters"])
    return record_of(BookState, {**entry, "chapters": chapters})


def render(state: SiteState) -> bytes:
    """Render the content of `state.json`."""
    document = {"version": VERSION, **asdict(state)}
    return (json.dumps(document, indent=0) + "\n").encode()


def check_guids_kept(old: SiteState, new: SiteState) -> None:
    """Make sure that every GUID of the old state is in the new one.

    Raises:
        GuidError: a GUID changes or vanishes.
    """
    vanished = old.guids - new.guids
    if not vanished:
        return
    books: list[str] = [
        f"{book.file} ({name})" for name, book in old.books.items() if book.guids & vanished
    ]
    if old.guid in vanished:
        books.insert(0, message("the library's own feed"))
    raise GuidError(
        plural(
            "{count} published GUID would change or vanish, of {books}",
            "{count} published GUIDs would change or vanish, of {books}",
            count=len(vanished),
            books=first_of(books, 3),
        ),
        message("bring back what is missing, or insist with --allow-guid-change"),
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
    root = feed.parse(data)
    elements = [*root.iter("guid"), *root.iter(f"{{{feed.PODCAST}}}guid")]
    return frozenset(guid.text.strip() for guid in elements if guid.text)
