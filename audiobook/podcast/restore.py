"""Takes names, GUIDs and dates back from where a site is published: what is published counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.errors import AudiobookError, OutputError, UsageError
from audiobook.messages import message, plural
from audiobook.podcast import last_target, state
from audiobook.podcast.dates import MINUTE, is_future
from audiobook.podcast.state import BookState, ChapterState, SiteState
from audiobook.podcast.targets import open_target

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.podcast.last_target import LastTarget
    from audiobook.podcast.targets import Target


@dataclass(frozen=True, slots=True)
class KnownState:
    """What is known of a site before it is written anew."""

    state: SiteState
    """Its names, GUIDs and dates; those that are published wherever they are."""
    published: SiteState | None = None
    """What subscribers have; None if nobody could be asked."""
    notes: tuple[Message, ...] = ()
    """What the user is told about it."""


def known_state(
    site: Path, now: float, restore: LastTarget | None = None, *, insist: bool = False
) -> KnownState:
    """Return the state of a site, compared with what is published where that is known.

    Args:
        site: the folder of the site.
        now: the time in seconds since 1970.
        restore: the target to take the state back from; None for where it was published last.
        insist: whether to begin anew if the state is lost and cannot be taken back.

    Raises:
        UsageError: the state is of another version, or damaged and not published anywhere.
        OutputError: the state is lost, and the target cannot be read or does not hold it.
    """
    local, damage = _read_local(site)
    source = restore or last_target.recall(site)
    address = source.address
    if not address:
        if damage:
            raise damage
        if local is None and not insist and (foreign := last_target.recall_of_others(site)):
            raise _not_asked(site, foreign)
        return KnownState(local or SiteState())
    try:
        published = _ask(site, source, patient=bool(restore))
        if published is None and (restore or local is None):
            raise OutputError(
                message("{address} holds no {file}", address=address, file=state.NAME),
                message("name the place where the site is published: --restore TARGET"),
            )
    except AudiobookError as problem:
        if restore or (local is None and not insist):
            if local is not None:
                raise
            raise _lost(site, problem) from problem
        what = message(
            "the dates that are published could not be read: {reason}; publishing compares them",
            reason=problem,
        )
        return KnownState(local or SiteState(), None, (what,))
    if published is None:
        return KnownState(local or SiteState())
    merged = reconcile(local or SiteState(), published, now)
    return KnownState(merged, published, _notes(local, merged, published, address))


def read_published(target: Target) -> SiteState | None:
    """Return the state that is published at a target; None if there is none.

    Raises:
        OutputError: the target cannot be reached, or the state there is damaged.
        UsageError: a later version of the program wrote it.
    """
    data = target.read(state.NAME)
    if data is None:
        return None
    try:
        return state.parse(data, f"{target.address}: {state.NAME}")
    except ValueError as problem:
        raise OutputError(
            message(
                "{file} at {address} is damaged: {reason}",
                file=state.NAME,
                address=target.address,
                reason=problem,
            ),
            message("publish again from a machine that holds the site"),
        ) from problem


def is_behind(site: Path, target: Target, now: float) -> bool:
    """Return whether a site lacks or contradicts what is published at a target.

    Args:
        site: the folder of the site.
        target: where it is published.
        now: the time in seconds since 1970.

    Raises:
        OutputError: the target cannot be reached.
        UsageError: the state here or there is of a later version of the program.
    """
    local, _ = _read_local(site)
    try:
        published = read_published(target)
    except OutputError:
        if local is None:
            raise
        return False  # it is damaged there, and written again; the feeds are compared
    if published is None:
        return False
    return local is None or reconcile(local, published, now) != local


def reconcile(local: SiteState, published: SiteState, now: float) -> SiteState:
    """Return the state of two: published names, GUIDs and dates, and what is only local besides.

    Only where a published date lies in the future and the local one does not, the local one stays:
    it was put right here.

    Args:
        local: the state of this machine.
        published: the state at the target.
        now: the time in seconds since 1970.
    """
    files = {book.file for book in published.books.values()}
    digests = {book.digest for book in published.books.values()}
    books = {
        name: book
        for name, book in local.books.items()
        if name not in published.books and not (book.file in files or book.digest in digests)
    }
    for name, book in published.books.items():
        own = local.books.get(name)
        is_same = own and (own.file == book.file or own.digest == book.digest)
        books[name] = _reconcile_book(own, book, now) if own and is_same else book
    # In the order of this machine, so that nothing changes where both agree.
    order = {name: position for position, name in enumerate(local.books)}
    ordered = sorted(books, key=lambda name: order.get(name, len(order)))
    url, former = _reconcile_address(local, published)
    return SiteState(
        url=url,
        guid=published.guid or local.guid,
        books={name: books[name] for name in ordered},
        former=former,
    )


def _reconcile_address(local: SiteState, published: SiteState) -> tuple[str, str]:
    """Return the address of a site, and the one that it moves away from.

    A move that was published counts, and so does one that is only local yet, to its end.
    """
    if not local.url or published.former == local.url:
        return published.url, published.former
    if local.url == published.url and not published.former:
        return local.url, ""
    return local.url, local.former


def _reconcile_book(own: BookState, published: BookState, now: float) -> BookState:
    dates = {
        guid: own.dates[guid]
        if is_future(date, now) and not is_future(own.dates.get(guid, date), now)
        else date
        for guid, date in published.dates.items()
    }
    own_guids = {chapter.guid for chapter in own.chapters}
    chapters = tuple(_with_date(chapter, dates) for chapter in own.chapters)
    has_all = own_guids >= {chapter.guid for chapter in published.chapters}
    in_order = all(later.date - chapter.date >= MINUTE for chapter, later in pairwise(chapters))
    if not (has_all and in_order):  # this machine has an older book
        chapters = tuple(_with_date(chapter, dates) for chapter in published.chapters)
    return replace(
        own,
        guid=published.guid,
        date=dates[published.guid],
        feed_guid=published.feed_guid or own.feed_guid,
        chapters=chapters,
    )


def _with_date(chapter: ChapterState, dates: dict[str, int]) -> ChapterState:
    return replace(chapter, date=dates.get(chapter.guid, chapter.date))


def _read_local(site: Path) -> tuple[SiteState | None, UsageError | None]:
    """Return the state of this machine, None if it is lost, and how it is damaged."""
    if not (site / state.NAME).exists():
        return None, None
    try:
        return state.read(site), None
    except UsageError as problem:
        if not isinstance(problem.__cause__, OSError | ValueError):
            raise  # it is whole, but of another version
        return None, problem


def _ask(site: Path, source: LastTarget, *, patient: bool) -> SiteState | None:
    with open_target(source.address, insecure=source.insecure) as target:
        if not patient:
            target.tries = 1
        published = read_published(target)
        if patient and published is not None:
            last_target.remember(site, target)
    return published


def _lost(site: Path, problem: AudiobookError) -> AudiobookError:
    return OutputError(
        message(
            "{path} is lost, and cannot be taken back: {reason}",
            path=site / state.NAME,
            reason=problem.what,
        ),
        message(
            "let the target be reached, or name another: --restore TARGET; --allow-guid-change "
            "begins anew, and subscribers get every episode again"
        ),
    )


def _not_asked(site: Path, address: str) -> UsageError:
    return UsageError(
        message(
            "{path} is lost; it was published to {address}, by somebody else or elsewhere",
            path=site / state.NAME,
            address=address,
        ),
        message(
            "if that is where it belongs: --restore {address}; --allow-guid-change begins anew, "
            "and subscribers get every episode again",
            address=address,
        ),
    )


def _notes(
    local: SiteState | None, merged: SiteState, published: SiteState, address: str
) -> tuple[Message, ...]:
    if local == merged:
        return ()
    if local is None:
        count = len(published.books)
        lost = plural(
            "{file} was lost: the names, GUIDs and dates of {count:,} book are taken back from "
            "{address}",
            "{file} was lost: the names, GUIDs and dates of {count:,} books are taken back from "
            "{address}",
            count=count,
            file=state.NAME,
            address=address,
        )
        return (lost,)
    changed = sum(local.books.get(name) != book for name, book in merged.books.items())
    if not changed:
        return ()
    older = plural(
        "{file} was behind: GUIDs and dates of {count:,} book are those published at {address}",
        "{file} was behind: GUIDs and dates of {count:,} books are those published at {address}",
        count=changed,
        file=state.NAME,
        address=address,
    )
    return (older,)
