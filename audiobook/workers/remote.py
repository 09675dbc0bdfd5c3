"""What a worker of a cluster does: checks that it is like the machine that sends, and records."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message
from audiobook.system import build_id, processes
from audiobook.system.folders import data_folder
from audiobook.workers.bundles import Outcomes
from audiobook.workers.local import record_in_time

if TYPE_CHECKING:
    from audiobook.model import Cast, Passage, Recording, Sound, Voice

_DATA = "{data}"
"""Stands for the data folder in voices that are sent."""

Identities = tuple[tuple["Voice", tuple[str, ...]], ...]


def record_on_worker(
    passages: list[Passage], cast: Cast, sound: Sound, build: str, identities: Identities
) -> Outcomes:
    """Record passages exactly as the machine that sent them would, though one of them fails.

    Args:
        passages: what is said.
        cast: who says it, as `with_portable_files` sends it.
        sound: how it is recorded.
        build: identity of the program that sent them.
        identities: of its voices on the machine that sent them.

    Raises:
        VoiceError: this is another build of the program, or a voice has other files here.
    """
    # A worker may have several threads. They wait here, because recording has a time limit.
    with engines.turn(cast.voices):
        check_identities(build, identities)
        local_cast = cast.each(_with_local_files)
        began = time.monotonic()
        recordings = [_record(passage, local_cast, sound) for passage in passages]
        return Outcomes(recordings, (time.monotonic() - began) / len(passages))


def _record(passage: Passage, cast: Cast, sound: Sound) -> Recording | EngineError:
    try:
        return record_in_time(passage, cast, sound)
    except EngineError as problem:
        return problem


@cache
def check_identities(build: str, identities: Identities) -> None:
    """Check that this is the same build of the program, and that voices have the same files here.

    Raises:
        VoiceError: it is not, or one has not.
    """
    import socket

    host = socket.gethostname()
    if build_id.identity() != build:
        raise other_build_error(host, f"audiobook {build_id.identity()}")
    for voice, identity in identities:
        local_identity = engines.identity(_with_local_files(voice))
        if local_identity != identity:
            raise VoiceError(
                message(
                    "the voice {voice} differs on the worker {worker}: {theirs} there, {ours} here",
                    voice=voice.name,
                    worker=host,
                    theirs=" ".join(local_identity),
                    ours=" ".join(identity),
                ),
                message(
                    "fetch the same files there: audiobook voices add {voice}", voice=voice.name
                ),
            )


def dask_setup(_worker: object) -> None:
    """Ignore Ctrl-C, which is for the command that started this worker (a hook of Dask)."""
    processes.ignore_interrupts()


def with_portable_files(voice: Voice) -> Voice:
    """Return a voice with a placeholder for the data folder, which each machine has elsewhere."""
    return _with_model_folder(voice, str(data_folder()), _DATA)


def _with_local_files(voice: Voice) -> Voice:
    """Return a voice that was sent, with its files in the data folder of this machine."""
    return _with_model_folder(voice, _DATA, str(data_folder()))


def _with_model_folder(voice: Voice, old: str, new: str) -> Voice:
    if not voice.model.startswith(old):
        return voice
    return replace(voice, model=new + voice.model.removeprefix(old))


def other_build_error(worker: str, program: str) -> VoiceError:
    """Return the error that a worker runs another program than this machine."""
    return VoiceError(
        message(
            "the worker {worker} runs {program}, this machine runs audiobook {version}",
            worker=worker,
            program=program,
            version=build_id.identity(),
        ),
        message("install the same version on all machines and start the worker again"),
    )
