"""What the engines share that speak from a voice's own files: finding these, and its sound."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, VoiceError
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from audiobook.model import Voice

_LOUDEST = np.iinfo(np.int16).max
# Of full scale (-54 dB). What stays below is cut off a clip as silence when it is recorded.
_AUDIBLE = 0.002


@dataclass(frozen=True, slots=True)
class Model:
    """The files that a voice speaks from, as they were when they were looked at."""

    paths: tuple[Path, ...]
    stamps: tuple[tuple[int, int], ...]
    """Of each the time of its last change, in nanoseconds, and its size, in bytes."""


def place(voice: Voice) -> Path:
    """Return where a voice's model lies: at ``voice.model``, from the voice's own folder."""
    return voice_folder(voice.name) / Path(voice.model).expanduser()


def look(voice: Voice, paths: Iterable[Path]) -> Model:
    """Make sure that the files of a voice are there.

    Raises:
        VoiceError: one is not.
    """
    paths = tuple(paths)
    stamps = []
    for path in paths:
        try:
            status = path.stat()
        except OSError as problem:
            raise VoiceError(
                f"voice {voice.name} needs {path}, which is not there",
                f"audiobook voices add {voice.name}"
                if voice.files
                else "put it there, or name its place as model in the voice file",
            ) from problem
        stamps.append((status.st_mtime_ns, status.st_size))
    return Model(paths, tuple(stamps))


@cache
def digest(model: Model) -> str:
    """Hash what a model's files hold; read again only when one of them has changed."""
    held = hashlib.blake2b(digest_size=16)
    for path in model.paths:
        with path.open("rb") as file:
            held.update(hashlib.file_digest(file, "blake2b").digest())
    return held.hexdigest()


def require_rate(voice: Voice, rate: int) -> None:
    """Raise a VoiceError if a voice asks for another rate than its model's."""
    if voice.rate != rate:
        raise VoiceError(
            f"voice {voice.name} asks for {voice.rate} Hz, its model speaks {rate}",
            f"write rate = {rate} in its file",
        )


def to_samples(wave: NDArray[np.float32], text: str) -> NDArray[np.int16]:
    """Turn a wave that keeps between -1 and 1 into 16-bit samples.

    Raises:
        EngineError: there is no sound in it.
    """
    if not wave.size or not np.isfinite(wave).all():
        raise EngineError(f"the voice made no sound of {text[:80]!r}")
    if np.abs(wave).max() < _AUDIBLE:
        raise EngineError(f"the voice made nothing but silence of {text[:80]!r}")
    return np.rint(wave * _LOUDEST).astype(np.int16)
