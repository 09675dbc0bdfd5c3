"""Prints words that were read by guess, as a lexicon for the user to correct."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from audiobook.cli.printing import printable
from audiobook.messages import localize, message, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.vietnamese import Doubt


def guesses_note(number: int) -> str:
    """Return a line that says how many different words are read by guess."""
    return localize(
        plural(
            "read by guess: {count:,} word; audiobook read SOURCE --doubts lists it",
            "read by guess: {count:,} words; audiobook read SOURCE --doubts lists them",
            count=number,
        )
    )


def print_doubts(doubts: Sequence[Doubt]) -> None:
    """Print a lexicon: for each word a remark with its place, and its entry."""
    print(f"# {localize('Read by guess; correct the readings and save this file as lexicon.tsv.')}")
    for doubt in doubts:
        place = localize(
            message(
                "{count:,} ×, first in chapter {chapter}", count=doubt.count, chapter=doubt.chapter
            )
        )
        print(f"# {place} ({localize(doubt.rule)}): {printable(doubt.context)}")
        option = "\tcase" if doubt.has_case else ""
        entry = f"{printable(doubt.written)}\t{printable(doubt.spoken)}{option}"
        if doubt.is_varied:
            # As an entry it would change the other places, too.
            print(
                f"# {localize('read differently elsewhere: add the words beside it to the entry')}"
            )
            entry = f"# {entry}"
        print(entry)


def print_doubts_as_json(doubts: Sequence[Doubt]) -> None:
    """Print the same as a JSON array."""
    print(json.dumps([asdict(doubt) for doubt in doubts], ensure_ascii=False, indent=1))
