"""Judges the chapters that a book's file lists: their order, their places and their titles."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity
from audiobook.messages import NOTHING, message, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.audit.types import FileChapter, FileContents

_LONGEST_TITLE = 120
"""Characters; players show fewer on one line."""
_NEAR = 0.05
"""Seconds between the end of a chapter and the next that do not count as a gap."""


def judge_chapters(contents: FileContents, seconds: float) -> Iterator[Finding]:
    """Check the titles, and that chapters follow one another from the first second to the last."""
    chapters, remedy = contents.chapters, message("build the book again")
    if not chapters:
        yield Finding(
            rule="chapters",
            severity=Severity.WARNING,
            what=message("there are no chapters"),
            measured=verbatim("0"),
            wanted=message("1 or more"),
            remedy=remedy,
        )
        return
    if contents.unlisted_chapters:
        yield Finding(
            rule="contents",
            severity=Severity.NOTE,
            what=message("the book has more chapters than its format can list"),
            measured=message(
                "{listed:,} of {count:,} chapters",
                listed=len(chapters),
                count=len(chapters) + contents.unlisted_chapters,
            ),
            wanted=message("all"),
            remedy=message("build the book in another format"),
        )
    if contents.toc_order is None:
        problem = message("there is no table of contents: some players show no chapters")
        yield Finding(
            rule="contents",
            severity=Severity.WARNING,
            what=problem,
            measured=message("none"),
            wanted=verbatim("CTOC"),
            remedy=remedy,
        )
    elif sorted(contents.toc_order) != list(range(len(chapters))):
        yield Finding(
            rule="contents",
            severity=Severity.ERROR,
            what=message("the table of contents does not list every chapter once"),
            measured=message(
                "{listed} of {count} chapters",
                listed=len(set(contents.toc_order)),
                count=len(chapters),
            ),
            wanted=message("all"),
            remedy=remedy,
        )
    elif any(chapters[a].start > chapters[b].start for a, b in pairwise(contents.toc_order)):
        problem = message(
            "the table of contents lists the chapters in another order than they are heard"
        )
        yield Finding(rule="contents", severity=Severity.ERROR, what=problem, remedy=remedy)
    if any(earlier.start > later.start for earlier, later in pairwise(chapters)):
        yield Finding(
            rule="chapter-order",
            severity=Severity.ERROR,
            what=message("the chapters are stored in another order than they are heard"),
            remedy=message("build the book again; some players list chapters as they are stored"),
        )
    yield from _judge_placement(chapters, seconds)
    yield from _judge_titles(chapters)


def _judge_placement(chapters: Sequence[FileChapter], seconds: float) -> Iterator[Finding]:
    remedy = message("build the book again")
    by_start = sorted(enumerate(chapters, 1), key=lambda numbered: numbered[1].start)
    (number, first), (_, last) = by_start[0], max(by_start, key=lambda numbered: numbered[1].end)
    if first.start > _NEAR:
        problem = message("the first chapter does not begin with the book")
        measured = message("at {seconds:.2f} s", seconds=first.start)
        yield Finding(
            rule="chapter-gap",
            severity=Severity.WARNING,
            what=problem,
            measured=measured,
            wanted=message("at 0 s"),
            remedy=remedy,
            chapter=number,
            at=first.start,
        )
    for number, chapter in by_start:
        if chapter.end > seconds + _NEAR:
            yield Finding(
                rule="chapter-end",
                severity=Severity.ERROR,
                what=message("the chapter goes on beyond the end of the book"),
                measured=message("until {seconds:.2f} s", seconds=chapter.end),
                wanted=message("until {seconds:.2f} s", seconds=seconds),
                remedy=remedy,
                chapter=number,
                at=chapter.start,
            )
        if chapter.end <= chapter.start:
            problem = message("the chapter has no length")
            yield Finding(
                rule="chapter-end",
                severity=Severity.ERROR,
                what=problem,
                remedy=remedy,
                chapter=number,
                at=chapter.start,
            )
    for (number, earlier), (_, following) in pairwise(by_start):
        if abs(following.start - earlier.end) > _NEAR:
            is_gap = following.start > earlier.end
            yield Finding(
                rule="chapter-gap" if is_gap else "chapter-overlap",
                severity=Severity.WARNING,
                what=message("the next chapter begins only after a gap")
                if is_gap
                else message("the next chapter begins before this one has ended"),
                measured=message("{seconds:+.2f} s", seconds=following.start - earlier.end),
                wanted=message("0 s"),
                remedy=remedy,
                chapter=number,
                at=earlier.end,
            )
    if last.end < seconds - 1:
        yield Finding(
            rule="chapter-gap",
            severity=Severity.WARNING,
            what=message("the end of the book is in no chapter"),
            measured=message("until {seconds:.2f} s", seconds=last.end),
            wanted=message("until {seconds:.2f} s", seconds=seconds),
            remedy=remedy,
            at=last.end,
        )


def _judge_titles(chapters: Sequence[FileChapter]) -> Iterator[Finding]:
    first_numbers: dict[tuple[str, str], int] = {}
    remedy = message("mark the heading in the source with [chapter] and a title")
    for number, chapter in enumerate(chapters, 1):
        title = " ".join(chapter.title.split())
        key = (chapter.parent, title.casefold())
        if not title:
            problem = message("the chapter has no title")
            yield Finding(
                rule="title-empty",
                severity=Severity.ERROR,
                what=problem,
                measured=NOTHING,
                wanted=message("a title"),
                remedy=remedy,
                chapter=number,
                at=chapter.start,
            )
        elif key in first_numbers:
            yield Finding(
                rule="title-twice",
                severity=Severity.WARNING,
                what=message(
                    "the title is also that of chapter {chapter}", chapter=first_numbers[key]
                ),
                measured=verbatim(title),
                wanted=message("a title of its own"),
                remedy=remedy,
                chapter=number,
                at=chapter.start,
            )
        elif len(title) > _LONGEST_TITLE:
            yield Finding(
                rule="title-long",
                severity=Severity.WARNING,
                what=message("the title is too long to be shown"),
                measured=message("{count} characters", count=len(title)),
                wanted=message("at most {most}", most=_LONGEST_TITLE),
                remedy=remedy,
                chapter=number,
                at=chapter.start,
            )
        first_numbers.setdefault(key, number)
