"""Tells what a book will be: how long, how large, how long it takes to make, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.app.lengths import estimate_chapters
from audiobook.app.voices import measured_speed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobook.app.overview import Overview

# Voices of a server take about as long as this to say a second of speech, several at once.
_ONLINE_SPEED = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is expected of a book."""

    chapters: int
    """How many are read."""
    words: int
    seconds: float
    size: float
    """Bytes."""
    making: float | None
    """Seconds until it is made; None where the voice was never measured."""
    requested: int
    """Characters that an online voice is sent; 0 for a voice of this machine."""
    cost: float
    """US dollars, as far as prices are known."""


def estimate(overview: Overview, speeds: Mapping[str, float]) -> Estimate:
    """Return what is expected of a book from its text, its voice and its format.

    Args:
        overview: the book.
        speeds: seconds of speech that this machine recorded in a second, by the names of voices.
    """
    job = overview.job
    read = [entry for entry in overview.chapters() if entry.is_read]
    characters = sum(entry.characters for entry in read)
    lengths = estimate_chapters(overview.document, job)
    seconds = sum(lengths[entry.number - 1] for entry in read)
    measured = measured_speed(job.voice)
    usual = _ONLINE_SPEED if job.voice.network else measured and measured * job.workers
    speed = speeds.get(job.voice.name) or usual
    return Estimate(
        chapters=len(read),
        words=sum(entry.words for entry in read),
        seconds=seconds,
        size=seconds * job.sound.bitrate * 1000 / 8,
        making=seconds / speed if speed else None,
        requested=characters if job.voice.network else 0,
        cost=characters * job.voice.price / 1e6 if job.voice.network else 0.0,
    )
