"""How many processes that record have room in the memory of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook import engines

if TYPE_CHECKING:
    from audiobook.model import Cast

_RECORDING = 150 << 20
"""Bytes that a process holds which records with an embedded voice: 100 MB at first (2026-12-01),
and it may grow by 48 MB before it is replaced."""


def processes_for(cast: Cast, free: int, most: int) -> int:
    """Return how many processes may record with the voices of a cast: 1 to ``most``.

    Args:
        cast: who speaks.
        free: the bytes of memory that all of them may take.
        most: the greatest number.

    Raises:
        VoiceError: a voice is not usable here.
    """
    return max(min(most, free // memory_needed(cast)), 1)


def memory_needed(cast: Cast) -> int:
    """Return the bytes of memory that a process takes which records with the voices of a cast."""
    # Voices of one engine may speak from the same files.
    needs = {
        (voice.engine, voice.model): engines.memory_of(engines.load(voice.engine), voice)
        for voice in cast.voices
    }
    return _RECORDING + sum(needs.values())
