"""Hostile runs take time by their length, and none takes many times what the others do."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import pytest
from hostile import BEGINNINGS, MOST, SAMPLE, grows, seconds_each

from audiobook.config import load_voice
from audiobook.model import Cast, Kind, Teaching
from audiobook.stages import chapters, tidy
from audiobook.stages.readers.plain import divide_blocks
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon, explain

if TYPE_CHECKING:
    from collections.abc import Callable

LEXICON = Lexicon(
    [
        Teaching(written="đò", spoken="ghe"),
        Teaching(written="x+", spoken="ích", part=True),
        Teaching(written="a a a b", spoken="bốn"),
    ]
)


def read_line(text: str) -> object:
    return explain(text, respell=True, lexicon=LEXICON)


def write_script(text: str) -> object:
    cast = Cast(load_voice("hanoi"), roles=((Kind.DIALOGUE, load_voice("saigon")),))
    document = chapters.divide(tidy.tidy(divide_blocks(text)))
    return [
        passage
        for number, chapter in enumerate(document.chapters)
        for passage in write_passages(chapter, number, cast, lambda _: 500, LEXICON)
    ]


@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize("work", [read_line, write_script])
def test_a_hostile_run_takes_time_by_its_length(work: Callable[[str], object], part: int) -> None:
    """One part of the runs is read as one line behind each beginning, and one written as script."""
    work("Trời mưa 1,5 x.")
    beginning = BEGINNINGS[part % 2]
    runs = SAMPLE[part :: 3 if work is read_line else 6]
    growths = {run: grows(work, run, beginning) for run in runs}
    assert not {run: growth for run, growth in growths.items() if growth > MOST}


def test_no_run_takes_many_times_what_others_do() -> None:
    """Patterns that try every division of a few words are linear in the text, and slow."""
    costs = {run: seconds_each(read_line, run, 500, BEGINNINGS[0]) for run in SAMPLE}
    usual = median(costs.values())
    assert not {run: cost / usual for run, cost in costs.items() if cost > 20 * usual}
