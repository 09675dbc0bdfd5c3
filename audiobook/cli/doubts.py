"""Words that were read by guess, printed as a lexicon that a person corrects."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from audiobook.cli.printing import count, shown
from audiobook.messages import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.vietnamese import Doubt


def note_guesses(number: int) -> str:
    """Say in one line how many different words are read by guess."""
    look = told("audiobook read SOURCE --doubts lists them")
    return f"{told('read by guess')}: {count(number, 'word')}; {look}"


def print_doubts(doubts: Sequence[Doubt]) -> None:
    """Print a lexicon: for each word a remark that says where it stands, and its entry."""
    print(f"# {told('Read by guess; correct the readings and save this file as lexicon.tsv.')}")
    for doubt in doubts:
        place = told(f"{doubt.count:,} ×, first in chapter {doubt.chapter}")
        print(f"# {place} ({told(doubt.rule)}): {shown(doubt.context)}")
        option = "\tcase" if doubt.has_case else ""
        entry = f"{shown(doubt.written)}\t{shown(doubt.spoken)}{option}"
        if doubt.is_varied:
            # As an entry it would change the other places, too.
            print(f"# {told('read otherwise elsewhere: teach it with the words beside it')}")
            entry = f"# {entry}"
        print(entry)


def print_doubts_as_json(doubts: Sequence[Doubt]) -> None:
    """Print the same as a JSON array."""
    print(json.dumps([asdict(doubt) for doubt in doubts], ensure_ascii=False, indent=1))
