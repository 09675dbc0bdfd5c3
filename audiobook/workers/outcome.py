"""What becomes of passages whose recording fails."""

from __future__ import annotations

from enum import Enum, auto


class Fate(Enum):
    """Why a passage was not recorded."""

    FAILED = auto()
    """It cannot be, as its error says."""
    ABANDONED = auto()
    """Those who were to record it went away; they may come back."""
    SUSPECT = auto()
    """The process that was to record it ended, perhaps because of it, perhaps of another one."""
