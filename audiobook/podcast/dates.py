"""The dates of episodes: given once, then facts that subscribers know."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from audiobook.errors import FINDINGS, AudiobookError
from audiobook.messages import first_of, message, plural
from audiobook.podcast import feed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from audiobook.podcast.state import BookState, SiteState

CLOCK_TOLERANCE = 600
"""Seconds by which the clocks of two machines may differ."""
MINUTE, HOUR = 60, 3600


class DateError(AudiobookError):
    """Dates that subscribers may have would change, or lie in the future."""

    exit_code = FINDINGS


def is_future(date: float, now: float) -> bool:
    """Return whether a date cannot have been given by a clock that is right.

    Args:
        date: the date in seconds since 1970.
        now: the time in seconds since 1970.
    """
    return date > now + CLOCK_TOLERANCE


def check_not_future(state: SiteState, now: float) -> None:
    """Make sure that no episode is dated in the future.

    Raises:
        DateError: one is: the clock was ahead when it was dated, or is behind now.
    """
    from datetime import UTC, datetime

    late = [date for date in state.dates.values() if is_future(date, now)]
    if late:
        raise DateError(
            plural(
                "{count} episode is dated in the future: {date} UTC",
                "{count} episodes are dated in the future, up to {date} UTC",
                count=len(late),
                date=datetime.fromtimestamp(max(late), UTC).strftime("%Y-%m-%d %H:%M"),
            ),
            message(
                "set the clock of this machine right; if it was ahead then and is right now, put "
                "the dates right with audiobook feed LIBRARY --redate"
            ),
        )


def check_kept(published: SiteState, new: SiteState, now: float) -> None:
    """Make sure that every date of a published state is in the new one; see `moved_dates`.

    Args:
        published: the state as subscribers know it.
        new: the state that is to take its place.
        now: the time in seconds since 1970.

    Raises:
        DateError: a date changes.
    """
    moved = moved_dates(published.dates, new.dates, now)
    if moved:
        books = [
            f"{book.file} ({name})"
            for name, book in published.books.items()
            if moved & book.dates.keys()
        ]
        raise DateError(
            plural(
                "{count} published episode would get another date, of {books}",
                "{count} published episodes would get other dates, of {books}",
                count=len(moved),
                books=first_of(books, 3),
            ),
            message("put fewer chapters between old ones, or insist with --allow-guid-change"),
        )


def moved_dates(published: Mapping[str, int], new: Mapping[str, int], now: float) -> frozenset[str]:
    """Return the GUIDs of published episodes that get other dates.

    A date in the future may be put right: it is not among them.

    Args:
        published: the dates by GUID as subscribers know them, in seconds since 1970.
        new: the dates that are to take their place.
        now: the time in seconds since 1970.
    """
    return frozenset(
        guid
        for guid, date in published.items()
        if new.get(guid, date) != date and not is_future(date, now)
    )


def dates_in(data: bytes) -> dict[str, int]:
    """Return the dates of the episodes of a feed by their GUIDs, in seconds since 1970.

    Episodes without a date that can be read are left out.

    Raises:
        ValueError: the feed is not XML.
    """
    dates = {}
    for item in feed.parse(data).iter("item"):
        guid, date = item.findtext("guid", ""), item.findtext("pubDate", "")
        try:
            dates[guid.strip()] = round(parsedate_to_datetime(date).timestamp())
        except (ValueError, OverflowError):
            continue
    return dates


def assign_dates(
    known_dates: Sequence[int | None], now: int, fixed: Collection[int] = ()
) -> list[int]:
    """Return dates for episodes, oldest first, a minute or more apart, none after ``now``.

    Known dates are kept. New dates lie evenly between their neighbours, or an hour apart before
    all others. Where there is no room, known dates move back; those that are fixed only if others
    that are fixed follow too soon.

    Args:
        known_dates: the dates of the episodes that have one, in seconds since 1970.
        now: the time in seconds since 1970.
        fixed: the indices of known dates that should not move; new dates behind the last of them
            may be after ``now``.
    """
    dates: list[int] = []
    for index, date in enumerate(known_dates):
        next_known = next(
            (later for later in range(index, len(known_dates)) if known_dates[later] is not None),
            None,
        )
        if date is None and next_known is None and not dates:
            date = now - HOUR * (len(known_dates) - 1 - index)
        elif date is None and not dates:
            date = (known_dates[next_known or 0] or now) - HOUR * ((next_known or 0) - index)
        elif date is None:
            end = now if next_known is None else known_dates[next_known] or now
            steps = (len(known_dates) - 1 if next_known is None else next_known) - index + 1
            date = dates[-1] + (end - dates[-1]) // steps
        dates.append(min(date, now))
    first_fixed = min(fixed, default=len(dates))
    for index in range(first_fixed + 1, len(dates)):
        if index not in fixed:
            dates[index] = max(dates[index], dates[index - 1] + MINUTE)
    for index in range(len(dates) - 2, -1, -1):
        dates[index] = min(dates[index], dates[index + 1] - MINUTE)
    return dates


def redate(state: SiteState, now: int) -> SiteState:
    """Return a state whose dates in the future are brought back to now, in their order.

    Args:
        state: the state, of which a clock that was ahead gave some dates.
        now: the time in seconds since 1970.
    """
    late = sorted(
        (book.date, name) for name, book in state.books.items() if is_future(book.date, now)
    )
    kept = [book.date for book in state.books.values() if not is_future(book.date, now)]
    last = max(kept, default=0)
    books = dict(state.books)
    for position, (_, name) in enumerate(late, 1):
        evenly = last + (now - last) * position // len(late)
        date = max(evenly, now - MINUTE * (len(late) - position))
        books[name] = replace(books[name], date=date)
    return replace(state, books={name: _redate_chapters(book, now) for name, book in books.items()})


def _redate_chapters(book: BookState, now: int) -> BookState:
    known = [None if is_future(chapter.date, now) else chapter.date for chapter in book.chapters]
    if None not in known:
        return book
    fixed = {index for index, date in enumerate(known) if date is not None}
    dates = assign_dates(known, now if fixed else book.date, fixed)
    chapters = tuple(
        replace(chapter, date=date) for chapter, date in zip(book.chapters, dates, strict=True)
    )
    return replace(book, chapters=chapters)
