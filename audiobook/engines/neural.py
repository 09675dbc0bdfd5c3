"""Shared by engines that speak from files of the voice: finding files, and converting sound."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message, verbatim
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from audiobook.model import Voice

_LOUDEST = np.iinfo(np.int16).max
# Bytes that onnxruntime takes with a small network, and how often another is in memory at once: one
# of 63 MB took 180 MB while it was opened, 60 of them pages of its file, and 20 MB afterwards
# (2026-12-01).
_RUNTIME, _COPIES = 90 << 20, 2
# Share of full scale (-54 dB). Sound below it is cut off a clip as silence.
_AUDIBLE = 0.002


@dataclass(frozen=True, slots=True)
class Model:
    """The files that a voice speaks from, with the time and size that identify their contents."""

    paths: tuple[Path, ...]
    stamps: tuple[tuple[int, int], ...]
    """For each file the time of its last change, in nanoseconds, and its size in bytes."""


def model_path(voice: Voice) -> Path:
    """Return the path of a model: ``voice.model``, relative to the folder of the voice.

    ``../OTHER/NAME.onnx`` is that of another voice, although the folder itself may not exist.
    """
    return Path(os.path.normpath(voice_folder(voice.name) / Path(voice.model).expanduser()))


def check_files(voice: Voice, paths: Iterable[Path]) -> Model:
    """Return the files of a voice as a `Model`, after checking that they exist.

    Raises:
        VoiceError: a file does not exist.
    """
    paths = tuple(paths)
    stamps = []
    for path in paths:
        try:
            status = path.stat()
        except OSError as problem:
            raise VoiceError(
                message(
                    "voice {voice} needs {path}, which is not there", voice=voice.name, path=path
                ),
                verbatim(f"audiobook voices add {voice.name}")
                if voice.files
                else message("put it there, or name its place as model in the voice file"),
            ) from problem
        stamps.append((status.st_mtime_ns, status.st_size))
    return Model(paths, tuple(stamps))


def memory_of(model: Model) -> int:
    """Return the bytes of memory that speaking from a model with onnxruntime takes at most.

    Each process reads a network and parses it before it leaves the weights to its file.
    """
    return _RUNTIME + _COPIES * sum(size for _, size in model.stamps)


@cache
def digest(model: Model) -> str:
    """Return a hash of the contents of a model; files are read again only when one has changed."""
    total = hashlib.blake2b(digest_size=16)
    for path in model.paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "blake2b").digest())
    return total.hexdigest()


def check_rate(voice: Voice, rate: int) -> None:
    """Raise a VoiceError if a voice asks for another sample rate than that of its model."""
    if voice.rate != rate:
        raise VoiceError(
            message(
                "voice {voice} asks for {asked} Hz, its model speaks {rate}",
                voice=voice.name,
                asked=voice.rate,
                rate=rate,
            ),
            message("write rate = {rate} in its file", rate=rate),
        )


def to_samples(wave: NDArray[np.float32], text: str) -> NDArray[np.int16]:
    """Convert a wave between -1 and 1 into 16-bit samples.

    Raises:
        EngineError: it is empty, silent or not finite.
    """
    if not wave.size or not np.isfinite(wave).all():
        raise EngineError(message("the voice made no sound of {text!r}", text=text[:80]))
    if np.abs(wave).max() < _AUDIBLE:
        raise EngineError(message("the voice made nothing but silence of {text!r}", text=text[:80]))
    return np.rint(wave * _LOUDEST).astype(np.int16)
