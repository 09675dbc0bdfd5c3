"""Looks for text that takes time by the square of its length: 1,500 runs, through every door.

``make linear`` or ``python bench/linear.py [--random N] [DOOR ...]`` gives each door each run of
tests/hostile.py, and N made up of their pieces, at one length and at ten times that length. It
prints those whose characters take longer in the long text, and those that take more than a second
of the processor for 100,000 characters, and exits 1 if it finds a growing one.
"""

from __future__ import annotations

import argparse
import html
import random
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.app.chapter_lists import parse_list
from audiobook.config import load_voice
from audiobook.errors import AudiobookError
from audiobook.model import Cast, Document, Kind, Teaching
from audiobook.stages import chapters, readers, tidy
from audiobook.stages.readers import timed
from audiobook.stages.readers.plain import divide_blocks
from audiobook.stages.script import write_passages
from audiobook.vietnamese import (
    Lexicon,
    clean_line,
    direct_speech,
    explain,
    list_doubts,
    split_sentences,
)
from audiobook.vietnamese.attribution import attribute, learn_people
from audiobook.vietnamese.foreign_phrases import foreign_phrases
from audiobook.vietnamese.joined_verse import part_joined
from audiobook.vietnamese.phrasing import inner_pauses, line_pauses
from audiobook.vietnamese.proofreading import find_misprints
from audiobook.vietnamese.verse import Metre, find_poems

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import hostile

SLOW = 1.0
"""Seconds of the processor for 100,000 characters."""
LEXICON = Lexicon(
    [Teaching(written="đò", spoken="ghe"), Teaching(written="x+", spoken="ích", part=True)]
)


def main() -> None:
    """Measure and print; exit 1 where something grows faster than the text."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--random", type=int, default=0, help="so many runs made up besides")
    parser.add_argument("doors", nargs="*", choices=[[], *DOORS], help="the doors; all by default")
    wanted = parser.parse_args()
    chance = random.Random(23)
    pieces = (*hostile.ASCII_MARKS, *hostile.OTHER_MARKS, *hostile.WORDS, " ", " ")
    made_up = [
        "".join(chance.choices(pieces, k=chance.randrange(2, 6))) for _ in range(wanted.random)
    ]
    growing = 0
    for door in wanted.doors or DOORS:
        growing += sum(report(door, run) for run in (*hostile.RUNS, *made_up))
    if growing:
        sys.exit(f"{growing} runs grow faster than the text")


def report(door: str, run: str) -> bool:
    """Print a run that grows or is slow behind one of the beginnings; return whether it grows."""

    def work(text: str) -> None:
        with suppress(AudiobookError):
            DOORS[door](text)

    work("Trời mưa.")
    for beginning in hostile.BEGINNINGS:
        growth = hostile.grows(work, run, beginning)
        seconds = 100_000 * hostile.seconds_each(work, run, 4_000, beginning)
        if growth > hostile.MOST or seconds > SLOW:
            print(f"{door:<12}{run!r:<24}× {growth:>4.1f}{seconds:>8.2f} s/100 kB", flush=True)
        if growth > hostile.MOST:
            return True
    return False


def script(document: Document) -> object:
    """Write what is said, speech by another voice."""
    cast = Cast(load_voice("hanoi"), roles=((Kind.DIALOGUE, load_voice("saigon")),))
    return [
        passage
        for number, chapter in enumerate(document.chapters)
        for passage in write_passages(chapter, number, cast, lambda _: 500, LEXICON)
    ]


def reader(ending: str, frame: str = "{}") -> Callable[[str], object]:
    """Return what reads a file of a format that has a text in it."""

    def read(text: str) -> Document:
        return readers.read_bytes(frame.format(text).encode(), f"a.{ending}")

    return read


CUE = "1\n00:00:01,000 --> 00:00:05,000\n"
PAGE = "<html><body><h1>A</h1><p>Trời mưa.</p><p class='author'>{}</p></body></html>"
DOORS: dict[str, Callable[[str], object]] = {
    "letters": clean_line,
    "sentences": split_sentences,
    "reading": lambda text: explain(text, respell=True),
    "lexicon": lambda text: explain(text, lexicon=LEXICON),
    "speech": direct_speech,
    "speakers": lambda text: attribute([text], learn_people([[text]])),
    "phrases": foreign_phrases,
    "pauses": lambda text: (inner_pauses(text), line_pauses(text, Metre.SIX_EIGHT)),
    "verse": lambda text: (find_poems(text.split("\n")), part_joined(text)),
    "doubts": lambda text: list_doubts([(1, text, explain(text))]),
    "proof": find_misprints,
    "tidy": lambda text: tidy.tidy(divide_blocks(text)),
    "chapters": lambda text: chapters.divide(divide_blocks(text)),
    "script": lambda text: script(divide_blocks(text)),
    "book": lambda text: script(chapters.divide(tidy.tidy(divide_blocks(text)))),
    "txt": reader("txt"),
    "md": reader("md"),
    "html": reader("html", PAGE),
    "escaped": lambda text: reader("html", PAGE)(html.escape(text)),
    "rtf": reader("rtf", "{{\\rtf1 Troi mua {}}}"),
    "srt": reader("srt", CUE + "{}\n"),
    "timed": lambda text: timed.read(f"{CUE}{text}\n".encode(), "a.srt"),
    "labels": lambda text: parse_list(text, "a.txt"),
    "ffmetadata": lambda text: parse_list(f";FFMETADATA1\n[CHAPTER]\ntitle={text}", "a.txt"),
}


if __name__ == "__main__":
    main()
