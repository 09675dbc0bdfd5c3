"""Misprints, and findings of the checks that look for them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from audiobook.messages import Message

if TYPE_CHECKING:
    import re


@dataclass(frozen=True, slots=True, kw_only=True)
class Misprint:
    """A place in a text that is probably misprinted."""

    start: int
    """Position in the text, in characters."""
    end: int
    written: str
    suggestion: str
    """What to write instead; empty if nothing suggests itself."""
    message: Message
    sure: bool
    """Whether the suggestion may be written without asking."""


class Finding(NamedTuple):
    """A misprint, and the log odds that it is one."""

    odds: float
    misprint: Misprint


def certain_finding(
    match: re.Match[str], suggestion: str, message: Message, *, sure: bool
) -> Finding:
    """Return a finding that is certain, for the match of an expression.

    Args:
        match: the misprint.
        suggestion: what was probably meant; empty if it is not known.
        message: what is wrong.
        sure: whether it may be corrected without asking.
    """
    misprint = Misprint(
        start=match.start(),
        end=match.end(),
        written=match[0],
        suggestion=suggestion,
        message=message,
        sure=sure,
    )
    return Finding(inf, misprint)
