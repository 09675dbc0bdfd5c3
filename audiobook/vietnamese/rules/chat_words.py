"""The short forms of chat, such as ko and đc, and the words that each may stand for."""

from __future__ import annotations

from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.table import load_table


class ChatSense(NamedTuple):
    """One word that a spelling may stand for."""

    spoken: str
    always: bool
    """Whether the spelling can be nothing else, so that it needs no other sign of chat."""
    near: re.Pattern[str] | None
    """Words of which one must stand near the spelling."""


def _load_senses() -> dict[str, list[ChatSense]]:
    """Return the words that each spelling may stand for, in the order of the table."""
    senses: dict[str, list[ChatSense]] = {}
    for written, spoken, where, *near in load_table("chat.tsv"):
        beside = re.compile(rf"(?<!\w)(?:{near[0]})(?!\w)", re.IGNORECASE) if near else None
        senses.setdefault(written, []).append(ChatSense(spoken, where == "always", beside))
    return senses


SENSES = _load_senses()
