"""Divides a book into the episodes of its own feed: chapter by chapter, or about an hour each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import BoundChapter
    from audiobook.podcast.model import Volume

MOST_CHAPTERS = 150
"""More episodes are too many for clients: gPodder keeps the newest 200 of a feed."""
_HOUR = 3600
_DASH = " – "


class Division(StrEnum):
    """What makes an episode of a book's own feed."""

    AUTO = ""
    """Chapters; hours where a book that is not published yet has more than `MOST_CHAPTERS`."""
    CHAPTERS = "chapters"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The chapters of a book that make one episode."""

    key: str
    """By this it is recognised when the book is built again; others of the book may have it too."""
    title: str
    """What listeners see; no other section of the book has it."""
    chapters: tuple[BoundChapter, ...]
    """At least one, in time order."""
    season: int = 0
    """The number of the part of the book that it belongs to, from 1; 0 in a book without parts."""
    season_title: str = ""
    """The title of that part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _PlacedChapter:
    """A chapter, and what stands above it."""

    chapter: BoundChapter
    above: tuple[str, ...]
    """The titles of the parts that it lies in, the outermost first."""
    season: int
    season_title: str


def divide(
    volume: Volume, division: Division = Division.AUTO, published: Sequence[str] = ()
) -> tuple[Section, ...]:
    """Return the sections of a book, which together are the whole book, in time order.

    Args:
        volume: the book.
        division: what makes an episode.
        published: the keys of the sections that subscribers have: they decide what makes an
            episode where ``division`` does not.
    """
    placed = list(_place(volume.chapters))
    by_chapter = _title([[one] for one in placed])
    if division is Division.CHAPTERS or (
        division is Division.AUTO and not published and len(placed) <= MOST_CHAPTERS
    ):
        return by_chapter
    by_hour = _title(list(_hours(placed, volume.rate)))
    is_by_chapter = published and _likeness(published, by_chapter) >= _likeness(published, by_hour)
    return by_chapter if division is Division.AUTO and is_by_chapter else by_hour


def unique_titles(candidates: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return one title each, no two of them the same, not even in another case.

    Clients take episodes of the same title for one episode.

    Args:
        candidates: for each its titles, the one that is liked best first; the last is numbered if
            none is free.
    """
    taken: set[str] = set()
    titles = []
    for names in candidates:
        numbered = (f"{names[-1]} ({number})" for number in range(2, len(candidates) + 2))
        title = next(name for name in (*names, *numbered) if name.casefold() not in taken)
        taken.add(title.casefold())
        titles.append(title)
    return tuple(titles)


def _likeness(published: Sequence[str], sections: Sequence[Section]) -> tuple[int, int]:
    """Return how many of the keys there are, and where all are, how near they come in number.

    Chapters may be called alike, so a key counts as often as it is there.
    """
    common = (Counter(published) & Counter(section.key for section in sections)).total()
    return common, -abs(len(sections) - len(published)) if common == len(published) else 0


def _place(chapters: Sequence[BoundChapter]) -> Iterator[_PlacedChapter]:
    """Yield each chapter with the titles above it; a part begins a season."""
    above: list[BoundChapter] = []
    season, season_title = 0, ""
    has_parts = any(chapter.level > chapters[0].level for chapter in chapters)
    for number, chapter in enumerate(chapters):
        while above and above[-1].level >= chapter.level:
            above.pop()
        following = chapters[number + 1 : number + 2]
        is_part = bool(following) and following[0].level > chapter.level
        if not above and is_part:
            # What stands before the first part belongs to it.
            season, season_title = season + 1, chapter.title
        in_season = max(season, 1) if has_parts else 0
        titles = tuple(one.title for one in above)
        yield _PlacedChapter(
            chapter=chapter, above=titles, season=in_season, season_title=season_title
        )
        above.append(chapter)


def _hours(placed: Sequence[_PlacedChapter], rate: int) -> Iterator[list[_PlacedChapter]]:
    """Yield runs of chapters as near to an hour as they come; a season ends a run of half of it."""
    run: list[_PlacedChapter] = []
    seconds = 0.0
    for one in placed:
        length = (one.chapter.end - one.chapter.start) / rate
        is_new_season = bool(run) and one.season != run[-1].season
        if run and (seconds + length / 2 > _HOUR or (is_new_season and seconds >= _HOUR / 2)):
            yield run
            run, seconds = [], 0.0
        run.append(one)
        seconds += length
    if run:
        yield run


def _ends(run: Sequence[_PlacedChapter]) -> tuple[str, str]:
    """Return what a run begins and ends with: chapters, or parts where it holds some of several."""
    first, last = run[0], run[-1]
    if first.season == last.season:
        return first.chapter.title, last.chapter.title
    return first.season_title or first.chapter.title, last.season_title


def _title(runs: Sequence[Sequence[_PlacedChapter]]) -> tuple[Section, ...]:
    """Return runs of chapters as sections; parts are named where two have chapters called alike."""
    keys = [_DASH.join(dict.fromkeys(_ends(run))) for run in runs]
    times = Counter(key.casefold() for key in keys)
    are_parts_needed = any(
        times[key.casefold()] > 1 and run[0].above for key, run in zip(keys, runs, strict=True)
    )
    titles = unique_titles(
        [
            [_DASH.join((*run[0].above, key)) if are_parts_needed else key]
            for key, run in zip(keys, runs, strict=True)
        ]
    )
    return tuple(
        Section(
            key=key,
            title=title,
            chapters=tuple(one.chapter for one in run),
            season=run[0].season,
            season_title=run[0].season_title,
        )
        for key, title, run in zip(keys, titles, runs, strict=True)
    )
