"""Decodes the sound files that servers send, and refuses those whose headers claim the absurd."""

from __future__ import annotations

import io

import numpy as np
import soundfile
import soxr

from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.model import HIGHEST_RATE, LOWEST_RATE
from audiobook.system import ffmpeg

_MOST_CHANNELS = 8
_LONGEST = 1_800
"""Seconds of one clip: the longest requests, of 4,096 characters, last 20 minutes at a quarter of
the usual speed."""
_BLOCK = 1 << 16
"""Samples that are read at once: some headers claim a length that the file does not have."""
_ANOTHER = message("try again; if it stays, choose another voice or another server")


def is_empty(data: bytes) -> bool:
    """Return whether a sound file holds nothing, or by its header no samples."""
    if not data:
        return True
    try:
        return bool(soundfile.info(io.BytesIO(data)).frames == 0)
    except soundfile.LibsndfileError:
        return False  # of a format that only ffmpeg knows, or no sound file: `decode` will tell


def decode(data: bytes, rate: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Return the sound of a file, mixed to one channel.

    Args:
        data: a sound file of any format.
        rate: samples a second to deliver.

    Raises:
        EngineError: it holds no sound, or its header claims what no speech has.
    """
    try:
        mono, own_rate = _read(data)
    except soundfile.LibsndfileError:
        return _decode_by_ffmpeg(data, rate)
    if not len(mono):
        raise EngineError(message("there is no sound in what came"), message("try again later"))
    return mono if own_rate == rate else np.asarray(soxr.resample(mono, own_rate, rate), np.int16)


def _read(data: bytes) -> tuple[np.ndarray[tuple[int], np.dtype[np.int16]], int]:
    """Return the sound of a file and its sample rate."""
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        rate = file.samplerate
        if not LOWEST_RATE <= rate <= HIGHEST_RATE:
            raise EngineError(
                message(
                    "sound came that claims {rate} samples a second, where {lowest} to {highest} "
                    "are usual",
                    rate=rate,
                    lowest=LOWEST_RATE,
                    highest=HIGHEST_RATE,
                ),
                _ANOTHER,
            )
        if file.channels > _MOST_CHANNELS:
            raise EngineError(
                message(
                    "sound came that claims {channels} channels, where 1 or 2 are usual",
                    channels=file.channels,
                ),
                _ANOTHER,
            )
        blocks, length = [np.zeros(0, np.int16)], 0
        while len(block := file.read(_BLOCK, dtype="int16", always_2d=True)):
            blocks.append(
                block[:, 0] if file.channels == 1 else block.mean(axis=1).astype(np.int16)
            )
            length += len(block)
            if length > _LONGEST * rate:
                raise _too_long_error()
    return np.concatenate(blocks), rate


def _decode_by_ffmpeg(data: bytes, rate: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Decode a format that only ffmpeg knows, which takes fifty times as long."""
    samples = np.frombuffer(ffmpeg.decode(data, rate, longest=_LONGEST + 1), np.int16)
    if len(samples) > _LONGEST * rate:
        raise _too_long_error()
    return samples


def _too_long_error() -> EngineError:
    return EngineError(
        message("more than {minutes} minutes of sound came for one text", minutes=_LONGEST // 60),
        _ANOTHER,
    )
