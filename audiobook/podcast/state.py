"""state.json: the names, GUIDs and dates that a site once gave its books, never to change."""

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

    from audiobook.podcast.shelf import Volume

NAME = "state.json"
"""From the root of the site."""
VERSION = 1
"""Goes up when an older program could not read what is written."""

# As `name_books` gives them: they are names of folders, too.
_NAME = re.compile("[a-z0-9-]+")
# Of podcasts, as the podcast namespace fixes it, and of our episodes.
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
_EPISODES = UUID("c4e1d3cb-9d8e-5c5f-8f6d-6a1c0a3f2b57")
_MINUTE, _HOUR = 60, 3600


class GuidError(AudiobookError):
    """GUIDs that were given would change or vanish."""

    exit_code = errors.FINDINGS


@dataclass(frozen=True, slots=True)
class Issue:
    """What a chapter, as an episode, was given."""

    title: str
    guid: str
    date: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a book was given."""

    file: str
    """Name of the MP3 in the library."""
    digest: str
    """Hash of its bytes, by which it is known again under another name."""
    guid: str
    """Of its episode in the feed of the library."""
    date: int
    """When it came into the feed, seconds since 1970."""
    feed_guid: str = ""
    """Of the feed of its own; empty where it has none."""
    chapters: tuple[Issue, ...] = ()
    """The episodes of that feed."""

    @property
    def guids(self) -> frozenset[str]:
        """All that were given for it."""
        own = (self.guid, self.feed_guid, *(chapter.guid for chapter in self.chapters))
        return frozenset(filter(None, own))


@dataclass(frozen=True, slots=True)
class State:
    """What a site has given."""

    url: str = ""
    """Where its root is served."""
    guid: str = ""
    """Of the feed of the library."""
    books: Mapping[str, Given] = field(default_factory=dict)
    """By name."""

    @property
    def guids(self) -> frozenset[str]:
        """All that were given."""
        return frozenset(filter(None, (self.guid,))).union(
            *(given.guids for given in self.books.values())
        )


def read(site: Path) -> State:
    """Read the state of a site; an empty one where there is no site yet.

    Raises:
        UsageError: it is damaged, or a later program wrote it.
    """
    path = site / NAME
    if not path.exists():
        return State()
    try:
        said = json.loads(path.read_bytes())
        if (version := said.pop("version")) != VERSION:
            later = "a later audiobook wrote it" if version > VERSION else "it is too old"
            raise UsageError(f"{path} is of version {version}: {later}", "use that audiobook")
        books = {name: _given(one) for name, one in said["books"].items()}
        if wrong := [name for name in books if not _NAME.fullmatch(name)]:
            raise ValueError(f"{wrong[0]!r} is no name of a book")
        return State(said["url"], said["guid"], books)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise UsageError(
            f"{path}, which holds the GUIDs of the episodes, is damaged: {problem}",
            "bring it back from a copy or from where the site is published",
        ) from problem


def _given(said: dict[str, Any]) -> Given:
    chapters = tuple(Issue(**chapter) for chapter in said.pop("chapters"))
    return Given(**said, chapters=chapters)


def render(state: State) -> bytes:
    """Render a state as the file of a site."""
    said = {"version": VERSION, **asdict(state)}
    return (json.dumps(said, indent=0) + "\n").encode()


def feed_guid(url: str) -> str:
    """Return the ``podcast:guid`` of a feed first published at this address.

    >>> feed_guid("https://mp3s.nashownotes.com/pc20rss.xml")
    '917393e3-1b1e-5cef-ace4-edaa54e1f810'
    """
    return str(uuid5(_PODCASTS, url.partition("://")[2].rstrip("/")))


def check_kept(before: State, after: State) -> None:
    """Make sure that whatever was given stays.

    Raises:
        GuidError: something changes or vanishes.
    """
    gone = before.guids - after.guids
    if not gone:
        return
    books = [f"{given.file} ({name})" for name, given in before.books.items() if given.guids & gone]
    if before.guid in gone:
        books.insert(0, "the library's own feed")
    more = f" and {len(books) - 3} more" if len(books) > 3 else ""
    raise GuidError(
        f"{len(gone)} published GUIDs would change or vanish, of {', '.join(books[:3])}{more}",
        "bring back what is missing, or insist with --allow-guid-change",
    )


def vanished(published: bytes, ours: bytes) -> frozenset[str]:
    """Return the GUIDs of a published feed, its own among them, that are not in ours.

    Args:
        published: the feed as subscribers have it.
        ours: the feed that is to take its place.

    Raises:
        ValueError: one of them is no XML.
    """
    return _guids_in(published) - _guids_in(ours)


def _guids_in(data: bytes) -> frozenset[str]:
    from lxml import etree

    try:
        root = etree.fromstring(data, feed.parser())
    except etree.XMLSyntaxError as problem:
        raise ValueError(f"the feed is no XML: {problem}") from problem
    found = [*root.iter("guid"), *root.iter(f"{{{feed.PODCAST}}}guid")]
    return frozenset(guid.text.strip() for guid in found if guid.text)


# --- giving -------------------------------------------------------------------------------------


def name_books(before: State, files: Mapping[str, str]) -> dict[str, str]:
    """Name books for addresses: as they were named, by file or else by content.

    Args:
        before: what was given.
        files: hashes of books by the names of their MP3 files, in the order of naming.

    Returns:
        Names by file.
    """
    named = {given.file: name for name, given in before.books.items() if given.file in files}
    moved = {g.digest: name for name, g in before.books.items() if g.file not in files}
    for file, digest in files.items():
        if file not in named and digest in moved:
            named[file] = moved.pop(digest)
    taken = {*named.values(), *before.books}
    for file in files:
        if file not in named:
            named[file] = _free(wording.address(file.rpartition(".")[0]) or "book", taken)
            taken.add(named[file])
    return named


def give(before: State, volumes: Sequence[Volume], url: str, guid: str, now: int) -> State:
    """Give every book its GUIDs and dates: those it has, else new ones.

    Args:
        before: what was given.
        volumes: all books, named, without their sentences; the latest last.
        url: where the root of the site is served, without a slash at the end.
        guid: of the library's feed, where its owner says so.
        now: seconds since 1970; no date is later, but for those given when the clock said more.
    """
    # A clock that was set back takes no date back that subscribers have seen.
    seen = (one.date for one in before.books.values())
    heard = (issue.date for one in before.books.values() for issue in one.chapters)
    now = max((now, *seen, *heard))
    unknown = sum(volume.name not in before.books for volume in volumes)
    books = {}
    for volume in volumes:
        known = before.books.get(volume.name)
        date = known.date if known else now - _MINUTE * (unknown - 1)
        unknown -= known is None
        base = known or Given("", "", str(uuid5(_EPISODES, volume.name)), date)
        given = replace(base, file=volume.path.name, digest=volume.digest, date=min(date, now))
        if len(volume.chapters) > 1:
            address = f"{url}/books/{volume.name}/feed.xml"
            own = given.feed_guid or feed_guid(address)
            titles = [chapter.title for chapter in volume.chapters]
            issues = _issues(volume.name, titles, given.chapters, date if not known else now)
            given = replace(given, feed_guid=own, chapters=issues)
        else:
            given = replace(given, feed_guid="", chapters=())
        books[volume.name] = given
    return State(url, guid or before.guid or feed_guid(f"{url}/feed.xml"), books)


def _issues(name: str, titles: list[str], before: Sequence[Issue], now: int) -> tuple[Issue, ...]:
    """Give chapters their GUIDs and dates: those of the same title keep theirs.

    Where as many other chapters stand between those as before, they are the same under new
    titles.
    """
    if [one.title for one in before] == titles:
        return tuple(before)
    kept: dict[int, Issue] = {}
    matcher = SequenceMatcher(None, [one.title for one in before], titles, autojunk=False)
    for kind, start, end, new, new_end in matcher.get_opcodes():
        if kind == "equal" or end - start == new_end - new:
            kept |= dict(zip(range(new, new_end), before[start:end], strict=True))
    taken = {one.guid for one in before}
    dates = _dates([kept[at].date if at in kept else None for at in range(len(titles))], now)
    issues = []
    for at, (title, date) in enumerate(zip(titles, dates, strict=True)):
        if at in kept:
            issues.append(replace(kept[at], title=title, date=date))
            continue
        guid = next(one for one in _guids(f"{name}/{title}") if one not in taken)
        taken.add(guid)
        issues.append(Issue(title, guid, date))
    return tuple(issues)


def _dates(known: Sequence[int | None], now: int) -> list[int]:
    """Date episodes a minute or more apart, oldest first, none after ``now``; keep what is known.

    New ones lie evenly between their neighbours; before all others an hour apart.
    """
    dates: list[int] = []
    for at, date in enumerate(known):
        ahead = next((n for n in range(at, len(known)) if known[n] is not None), None)
        if date is None and ahead is None and not dates:
            date = now - _HOUR * (len(known) - 1 - at)
        elif date is None and not dates:
            date = (known[ahead or 0] or now) - _HOUR * ((ahead or 0) - at)
        elif date is None:
            until = now if ahead is None else known[ahead] or now
            steps = (len(known) - 1 if ahead is None else ahead) - at + 1
            date = dates[-1] + (until - dates[-1]) // steps
        dates.append(min(date, now))
    for at in range(len(dates) - 2, -1, -1):
        dates[at] = min(dates[at], dates[at + 1] - _MINUTE)
    return dates


def _free(name: str, taken: set[str]) -> str:
    return next(
        one
        for one in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3)))
        if one not in taken
    )


def _guids(what: str) -> Iterator[str]:
    number = 1
    while True:
        yield str(uuid5(_EPISODES, what if number == 1 else f"{what}#{number}"))
        number += 1
