"""Tells how a book is recorded, for those who ask its file later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook import engines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.model import Job, Voice


def of_job(job: Job) -> Iterator[tuple[str, str]]:
    """Yield what a book notes of its making: the voices and how they speak."""
    voices = tuple(dict.fromkeys(job.cast.voices))
    yield "voice", ",".join(voice.name for voice in voices)
    yield "engine", ",".join(dict.fromkeys("/".join(_engine_of(voice)) for voice in voices))
    if job.delivery.speed != 1:
        yield "speed", f"{job.delivery.speed:g}"
    if job.delivery.pitch != 1:
        yield "pitch", f"{job.delivery.pitch:g}"
    yield "loudness", f"{job.sound.loudness:g}"


def _engine_of(voice: Voice) -> tuple[str, ...]:
    return engines.identity(voice)[:2]
