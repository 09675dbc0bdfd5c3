"""Some chapters of a book: parsed from what the user wrote, and taken out of the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.messages import message, verbatim
from audiobook.model import Selection
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables import bare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from audiobook.model import Chapter, Document

_RANGE = re.compile(r"(?P<first>\d{1,6})(?P<to>\s*[-–]\s*(?P<last>\d{1,6})?)?")
_REMEDY = message("audiobook chapters SOURCE lists their numbers and titles")


def parse(numbers: str | None, start: str | None) -> Selection:
    """Return what ``--chapters`` and ``--from`` ask for.

    Args:
        numbers: as in ``3-7,12,20-``; None for all.
        start: number or title of the first chapter; None for the first of all.

    Raises:
        UsageError: the numbers are none, or both are asked for.
    """
    if numbers is not None and start is not None:
        raise UsageError(
            message("--chapters and --from exclude each other"), verbatim("--chapters 5-20")
        )
    ranges = []
    for part in [] if numbers is None else numbers.split(","):
        written = _RANGE.fullmatch(part.strip())
        first = int(written["first"]) if written else 0
        last = int(written["last"] or 0) if written and written["to"] else first
        if written is None or not first or (last and last < first):
            raise UsageError(
                message("{numbers!r} names no chapters", numbers=numbers),
                verbatim("--chapters 3-7,12"),
            )
        ranges.append((first, last))
    if start is not None and not start.strip():
        raise UsageError(message("--from names no chapter"), _REMEDY)
    return Selection(tuple(ranges), (start or "").strip())


def select(document: Document, selection: Selection) -> Document:
    """Return a document with the chapters that were asked for, its title saying which.

    Args:
        document: a whole book, divided.
        selection: numbers, or a title; those of a whole book select everything.

    Raises:
        UsageError: it has no such chapter, or several.
    """
    if not selection:
        return document
    ranges = selection.ranges or ((find(document.chapters, selection.start), 0),)
    total = len(document.chapters)
    order = tuple(sorted(numbers_of(ranges, total)))
    chapters = tuple(document.chapters[number - 1] for number in order)
    label = Selection(tuple((first, last or total) for first, last in ranges)).label
    title = f"{document.meta.title} ({label})"
    meta = replace(document.meta, title=title)
    return replace(document, meta=meta, chapters=chapters, numbers=order, part_of=document)


def numbers_of(ranges: Iterable[tuple[int, int]], total: int) -> set[int]:
    """Return the numbers of chapters in some ranges, of which 0 stands for the last chapter.

    Raises:
        UsageError: a book of so many chapters has not all of them.
    """
    numbers: set[int] = set()
    for first, last in ranges:
        if first < 1 or max(first, last) > total:
            missing = max(first, last) if first else first
            raise UsageError(
                message("there is no chapter {chapter} of {total}", chapter=missing, total=total),
                _REMEDY,
            )
        numbers.update(range(first, (last or total) + 1))
    return numbers


def find(chapters: Sequence[Chapter], wanted: str) -> int:
    """Return the number of the chapter with this number or title, or one that begins with it.

    Raises:
        UsageError: no chapter has it, or several have.
    """
    if wanted.isdecimal():
        return int(wanted)
    titles = [_folded_title(chapter.title) for chapter in chapters]
    name = _folded_title(wanted)
    tests: tuple[Callable[[str], bool], ...] = (
        lambda title: title == name,
        lambda title: re.match(rf"{re.escape(name)}(?!\w)", title) is not None,
        lambda title: name in title,
        lambda title: _without_accents(name) in _without_accents(title),
    )
    for is_wanted in tests:
        numbers = [number for number, title in enumerate(titles, 1) if is_wanted(title)]
        if len(numbers) == 1:
            return numbers[0]
        if numbers:
            listed = ", ".join(map(str, numbers[:5]))
            raise UsageError(
                message(
                    "{wanted!r} is in the titles of chapters {chapters}",
                    wanted=wanted,
                    chapters=listed,
                ),
                message("give a number"),
            )
    raise UsageError(message("no chapter is called {wanted!r}", wanted=wanted), _REMEDY)


def _without_accents(title: str) -> str:
    """Return a folded title without any mark, as people type it who have no Vietnamese keys."""
    return bare(title).replace("đ", "d")


def _folded_title(title: str) -> str:
    return " ".join(title.casefold().split())
