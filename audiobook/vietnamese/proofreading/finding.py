"""Misprints, and findings of the checks that look for them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re


@dataclass(frozen=True, slots=True)
class Misprint:
    """A place in a text that is probably misprinted."""

    start: int
    """Position in the text, in characters."""
    end: int
    written: str
    suggestion: str
    """What to write instead; empty if nothing suggests itself."""
    message: str
    sure: bool
    """Whether the suggestion may be written without asking."""


class Finding(NamedTuple):
    """A misprint, and the log odds that it is one."""

    odds: float
    misprint: Misprint


def certain_finding(match: re.Match[str], suggestion: str, message: str, *, sure: bool) -> Finding:
    """Return a finding that is certain, for the match of an expression."""
    misprint = Misprint(match.start(), match.end(), match[0], suggestion, message, sure)
    return Finding(inf, misprint)
