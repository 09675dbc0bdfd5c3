"""The lines that name a division of a book, as Chương 1 or Phần II, and are no items of a list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.vietnamese.divisions import SMALL, parse_division

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from audiobook.model import Paragraph
    from audiobook.vietnamese.divisions import Division

RUNNING = (Kind.PROSE, Kind.QUOTE, Kind.DIALOGUE)
"""Kinds of running text; quotations too, since sources use their element to indent headings."""


def named_divisions(
    paragraphs: Sequence[Paragraph], excluded: Collection[int] = ()
) -> dict[int, Division]:
    """Return the lines of running text that name divisions, by their positions; no lists of them.

    Args:
        paragraphs: those of the whole book, or of a chapter.
        excluded: positions of paragraphs that are no headings whatever they look like.
    """
    divisions = {
        position: division
        for position, paragraph in enumerate(paragraphs)
        if position not in excluded
        and paragraph.kind in RUNNING
        and (division := parse_division(paragraph.text)) is not None
    }
    marked = {
        position: division
        for position, paragraph in enumerate(paragraphs)
        if paragraph.kind is Kind.HEADING and (division := parse_division(paragraph.text))
    }
    return _without_lists(paragraphs, _with_company(divisions, marked), marked)


def _with_company(
    divisions: dict[int, Division], marked: dict[int, Division]
) -> dict[int, Division]:
    """Return the divisions that are sure, or that others of the same kind confirm."""
    all_divisions = [*divisions.values(), *marked.values()]
    numbers = {(division.rank, division.number) for division in all_divisions if division.is_sure}
    alike = Counter((division.unit, division.prefix.casefold()) for division in all_divisions)
    firsts = {division.unit for division in all_divisions if division.number == "1"}
    return {
        position: division
        for position, division in divisions.items()
        if (
            division.is_sure
            or alike[division.unit, division.prefix.casefold()] > 1
            or any(
                (division.rank, number) in numbers
                for number in _neighbouring_numbers(division.number)
            )
        )
        and (division.rank < SMALL or division.unit in firsts)
    }


def _neighbouring_numbers(number: str) -> tuple[str, ...]:
    return (str(int(number) - 1), number, str(int(number) + 1)) if number.isdecimal() else ()


def _without_lists(
    paragraphs: Sequence[Paragraph],
    divisions: dict[int, Division],
    marked: dict[int, Division],
) -> dict[int, Division]:
    """Leave out the items of a list: several divisions of one rank without text between.

    They are chapters without text all the same where the chapter before or after counts on, and
    they do not all come again.
    """
    all_divisions = sorted((divisions | marked).items())
    times = Counter(
        (division.rank, division.number, division.prefix) for _, division in all_divisions
    )
    places = {position: place for place, (position, _) in enumerate(all_divisions)}
    remaining = dict(divisions)
    for run in _division_runs(paragraphs, divisions):
        first, last = divisions[run[0]], divisions[run[-1]]
        if len({divisions[position].number for position in run}) < 2:
            continue
        preceding = all_divisions[: places[run[0]]][-1:]
        following = all_divisions[places[run[-1]] + 1 :][:1]
        counts_on = any(_counts_on(division, first) for _, division in preceding) or any(
            _counts_on(last, division) for _, division in following
        )
        come_again = all(
            times[division.rank, division.number, division.prefix] > 1
            for division in (divisions[position] for position in run)
        )
        if not counts_on or come_again or (run[0] and paragraphs[run[0] - 1].text.endswith(":")):
            for position in run:
                del remaining[position]
    return remaining


def _division_runs(
    paragraphs: Sequence[Paragraph], divisions: dict[int, Division]
) -> list[list[int]]:
    """Return the runs of two divisions and more of one rank that follow each other directly."""
    runs: list[list[int]] = []
    for position, division in divisions.items():
        previous = runs[-1][-1] if runs else None
        if (
            previous is not None
            and divisions[previous].rank == division.rank
            and all(
                paragraph.kind is Kind.BREAK for paragraph in paragraphs[previous + 1 : position]
            )
        ):
            runs[-1].append(position)
        else:
            runs.append([position])
    return [run for run in runs if len(run) > 1]


def _counts_on(division: Division, other: Division) -> bool:
    """Whether the second has the number after that of the first."""
    numbers = division.number.split("-")[-1], other.number.split("-")[0]
    if division.rank != other.rank or not all(map(str.isdecimal, numbers)):
        return False
    return int(numbers[1]) == int(numbers[0]) + 1
