"""What is found in a text under proof."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re


@dataclass(frozen=True, slots=True)
class Misprint:
    """Something in a text that is probably not what was meant."""

    start: int
    """Position in the text, in characters."""
    end: int
    written: str
    suggestion: str
    """What to write instead; empty where nothing suggests itself."""
    message: str
    sure: bool
    """Whether to write the suggestion unasked."""


class Finding(NamedTuple):
    """A misprint, and the log odds that it is one."""

    odds: float
    misprint: Misprint


def certain_finding(match: re.Match[str], suggestion: str, message: str, *, sure: bool) -> Finding:
    """Return a finding that needs no weighing."""
    misprint = Misprint(match.start(), match.end(), match[0], suggestion, message, sure)
    return Finding(inf, misprint)
