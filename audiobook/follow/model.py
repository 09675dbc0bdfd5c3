"""The frozen types of following a source: what it lists, and what is kept of each article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_KEYS = 32
"""Keys that are kept of an article: some sources give it another GUID at every fetch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a source tells of an article."""

    link: str = ""
    """The address of its page; empty if there is none."""
    title: str = ""
    author: str = ""
    date: str = ""
    """ISO 8601, in the time zone of its author."""
    moment: float = 0.0
    """When it was published, in seconds since 1970; 0 if the source does not say."""
    summary: str = ""
    """Plain text."""
    publisher: str = ""
    """Who published it."""
    content: str = ""
    """Its whole text as HTML; empty where it must be read from its page, or has been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(About):
    """An article as a source lists it."""

    identity: str
    """What the source knows it by, such as its GUID; empty where it has none."""
    excerpt: str = ""
    """What the source gives of its text as HTML, to tell whether it has changed."""
    updated: str = ""
    """When it was changed, as the source writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source lists, the newest first."""

    entries: tuple[Entry, ...]
    title: str = ""
    """What the source is called."""
    is_whole: bool = True
    """Whether the list came to its end."""


class Stage(StrEnum):
    """How far an article is."""

    LISTED = "listed"
    """It must be read."""
    SAVED = "saved"
    """Its text lies there, and must be recorded."""
    MADE = "made"
    """It is an episode."""
    DROPPED = "dropped"
    """It will not become an episode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(About):
    """What is kept of an article that was taken."""

    stem: str
    """The name of its book, without an ending, which never changes."""
    source: str
    """The feed, page or folder that it was taken from."""
    keys: tuple[str, ...]
    """Digests by which it is known when it is listed again."""
    listed: str
    """A digest of all that was listed of it."""
    stage: Stage = Stage.LISTED
    file: str = ""
    """The path of its text: in the library, or as the user named the folder that it is in."""
    text: str = ""
    """A digest of its words; empty until it is read."""
    edition: str = ""
    """A digest of its title and its words, as they were recorded or will be."""
    etag: str = ""
    modified: str = ""
    """What its site said of the edition of its page; of a file, its size and time."""
    checked: float = 0.0
    """When its page was last asked for, in seconds since 1970."""
    taken: float = 0.0
    """When it was first listed, in seconds since 1970."""
    failing: float = 0.0
    """Since when it has failed, in seconds since 1970; 0 if it does not."""
    is_made: bool = False
    """Whether it is an episode, if perhaps of an earlier edition."""
    is_page: bool = False
    """Whether it was read from its page, so that the page tells whether it has changed."""
    seen: float = 0.0
    """When it was last listed, in seconds since 1970; 0 where that does not matter."""

    def with_keys(self, keys: Iterable[str]) -> Self:
        """Return the article with the keys by which it is listed now.

        Those by which it was not listed for longest are forgotten where they are too many; it is
        known by the others, and by its words.
        """
        return replace(self, keys=latest_keys(self.keys, keys, MOST_KEYS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What is kept of a source."""

    feed: str = ""
    """The address of the feed that a page names; empty if the source is one, or has none."""
    etag: str = ""
    modified: str = ""
    """What its site said of the list that was read last."""
    passed_over: tuple[str, ...] = ()
    """Keys of the articles that it listed when it was first followed and that were not taken; the
    last are those by which it listed them last."""


def latest_keys(known: Iterable[str], listed: Iterable[str], most: int) -> tuple[str, ...]:
    """Return keys in the order in which they were last listed, only the latest of too many.

    Args:
        known: the keys so far, in this order.
        listed: those that are listed now, which are all kept.
        most: how many are kept of both.
    """
    current = dict.fromkeys(listed)
    former = [key for key in dict.fromkeys(known) if key not in current]
    room = max(0, most - len(current))
    return (*former[len(former) - min(room, len(former)) :], *current)
