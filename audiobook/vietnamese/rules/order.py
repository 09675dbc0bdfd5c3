"""The rules in the order in which they are tried, and the characters that they can begin with."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.letters import RAISED
from audiobook.vietnamese.rules import (
    acronyms,
    between_quantities,
    chat,
    codes,
    computers,
    dates,
    decrees,
    emoticons,
    fractions,
    han,
    homes,
    initials,
    links,
    lone_letters,
    lone_units,
    lunar,
    maths,
    money,
    music,
    notes,
    numbers,
    ordinals,
    patients,
    periods,
    phones,
    programs,
    quantities,
    roman,
    science,
    scores,
    scripture,
    times,
)

if TYPE_CHECKING:
    from audiobook.vietnamese.rules.rule import Rule


class Kind(NamedTuple):
    """Rules that are tried one after the other."""

    rules: tuple[Rule, ...]
    first: str
    """An expression for the characters that their matches can begin with; others cost nothing."""


RARE = (links, computers, programs, han, science, chat)
"""What only some texts hold, and its rules: they go before the others."""
# A range of all but ASCII says the same, but takes a hundred times as long to compile.
_OTHERS = r"|[^\x00-\x7f]"
RARE_KINDS = (
    Kind(links.RULES, r"[\w#\-./@~]"),
    Kind(computers.RULES, r"[*0-9A-Za-z]"),
    Kind(programs.RULES, r"[\w\s!$&(*+\-./<=>\[\\{|]"),
    Kind(han.RULES, rf"[\s\"(\[CGHKPTcghkpt]{_OTHERS}"),
    Kind(science.RULES, rf"[\w\s(*\-./:=\\^]{_OTHERS}"),
    Kind(chat.RULES, rf"\w{_OTHERS}"),
)
KINDS = (
    Kind(notes.RULES, rf"[\s(*\[0-9]{_OTHERS}"),
    Kind(emoticons.RULES, r"[\-:;<=>@T^]"),
    Kind(initials.RULES, r"[A-ZĐ]"),
    Kind(scripture.RULES, r"[1-9A-ZĐcx]"),
    Kind(music.RULES, r"[1-9A-GKNOo]"),
    Kind(times.RULES, r"[0-9Tt]"),
    Kind(lunar.RULES, r"[0-9]"),
    Kind(dates.RULES, r"[0-9]"),
    Kind(periods.RULES, r"[1-9QT]"),
    Kind(phones.RULES, r"[(+0-9]"),
    Kind(money.RULES, rf"[$\-0-9A-Zv]{_OTHERS}"),
    Kind(patients.RULES, "B"),
    Kind(codes.MODELS, r"[0-9]"),
    Kind(quantities.RULES, r"[0-9]"),
    Kind(between_quantities.RULES, rf"[*+\-/:Xx]{_OTHERS}"),
    Kind(lone_units.RULES, rf"[A-Za-z]{_OTHERS}"),
    Kind(quantities.NEGATIVE, r"[-−]"),
    Kind(decrees.RULES, r"[0-9]"),
    Kind(homes.RULES, r"[1-9FPQ]"),
    Kind(codes.RULES, r"[(0-9A-ZĐf]"),
    Kind(fractions.RULES, r"[/0-9]"),
    Kind(scores.RULES, r"[0-9]"),
    Kind(ordinals.RULES, r"[0-9s]"),
    Kind(numbers.RULES, r"[0-9]"),
    Kind(roman.RULES, r"[CDILMVX]"),
    Kind(acronyms.RULES, rf"[.A-Za-z]{_OTHERS}"),
    Kind(maths.RAISED_RULES, rf"{RAISED}|[⁺⁻]"),
    Kind(maths.RULES, rf"[#%&+\-/:<=>Xx^~]{_OTHERS}"),
    Kind(lone_letters.RULES, r"[A-Za-zĐđ]"),
)


@lru_cache(4096)
def rules_for(first: str, present: tuple[bool, ...]) -> tuple[Rule, ...]:
    """Return the rules that can match what begins with a character, in their order.

    Args:
        first: the character.
        present: which of the rare kinds the text may hold.
    """
    kinds = (*compress(RARE_KINDS, present), *KINDS)
    return tuple(rule for kind in kinds if re.match(kind.first, first) for rule in kind.rules)
