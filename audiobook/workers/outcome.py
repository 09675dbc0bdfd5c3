"""The kinds of failure of a recording, which decide what happens to its passage."""

from __future__ import annotations

from enum import Enum, auto


class FailureKind(Enum):
    """Why a passage was not recorded."""

    FAILED = auto()
    """It cannot be recorded, as its error says."""
    ABANDONED = auto()
    """The workers that were to record it went away; they may come back."""
    SUSPECT = auto()
    """The process that was to record it ended, because of this passage or another one."""
