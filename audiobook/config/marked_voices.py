"""Adds the voices that marks in a text name to the cast of a job."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.config import casting
from audiobook.config.voices import load_voice
from audiobook.errors import VoiceError
from audiobook.messages import message
from audiobook.model import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Voice


def with_marked_voices(job: Job, names: Sequence[str]) -> Job:
    """Return a job with the voices added to its cast that marks in its text name.

    Raises:
        VoiceError: there is no such voice.
        UsageError: one of them cannot speak at the speed or pitch that the user wants.
    """
    if not names:
        return job

    chosen = {voice.name for voice in job.cast.voices}

    def load(name: str) -> Voice:
        try:
            voice = load_voice(name)
        except VoiceError as problem:
            raise VoiceError(
                message("[voice: {name}] in the text: {problem}", name=name, problem=problem.what),
                problem.remedy,
            ) from None
        if voice.network and name not in chosen:
            raise VoiceError(
                message("[voice: {name}] in the text asks for an online voice", name=name),
                message(
                    "only you may choose one: build with --voice or --cast, or change the text"
                ),
            )
        return casting.tune_voice(voice, job.delivery)

    cast = casting.add_marked(job.cast, names, load)
    wanted_workers = None if any(voice.network for voice in cast.voices) else job.workers
    workers, cast = casting.share_work(cast, wanted_workers, job.workers)
    return replace(job, cast=cast, workers=workers)
