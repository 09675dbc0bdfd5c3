"""Listens to a clip that a voice is to be cloned from, and says what would make it better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, SourceError
from audiobook.messages import Message, message
from audiobook.system import ffmpeg, files

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RATE = 44_100
"""Samples a second at which a clip is read: those of the network that takes noise out of it."""
_FULL_SCALE = 32768
SHORTEST, LONGEST = 3.0, 30.0
"""Seconds of a clip, without the silence around it."""
_LONGEST_READ = 90.0
_LARGEST = 500 << 20  # bytes of a file
_FRAME = 0.02

# Measured on 11 clips of people that come with the package, from 0 dB to 50 dB of white noise below
# their speech, and cut off at twice to eight times full scale.
_QUIETEST = -40.0
"""Level of loud speech in dB of full scale. People who speak to a phone reach -20."""
_NOISIEST = 18.0
"""Decibels from the softest to loud frames; a clip of people in a quiet room has 40 and more."""
_MOST_CUT = 0.001
"""Share of samples near the highest; speech that is not cut off stays below 0.0003."""
_NEAR_PEAK = 0.97
_BELOW_SPEECH = 10 ** (-30 / 20)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a clip, and what to do better."""

    what: Message
    remedy: Message


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of a clip at `RATE`, without the silence around it."""

    samples: NDArray[np.int16]
    findings: tuple[Finding, ...]

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / RATE


def read_clip(path: Path) -> Clip:
    """Return the sound of a file of any format that ffmpeg knows, and what is wrong with it.

    Raises:
        SourceError: it cannot be read, or nothing is heard in it.
    """
    samples = _decode(path)
    levels = _levels(samples)
    loud = float(np.percentile(levels, 90)) if len(levels) else 0.0
    speech = np.flatnonzero(levels > max(loud * _BELOW_SPEECH, 1 / _FULL_SCALE))
    if not loud or not len(speech):
        raise SourceError(
            message("nothing is heard in {path}", path=path), message("record a few sentences")
        )
    frame = round(_FRAME * RATE)
    spoken = samples[max(speech[0] - 5, 0) * frame : (speech[-1] + 6) * frame]
    findings = (
        _length_finding(len(spoken) / RATE),
        _loudness_finding(_decibels(loud)),
        _cut_finding(spoken),
        _noise_finding(_decibels(loud), _decibels(float(np.percentile(levels, 5)))),
        _speakers_finding(spoken[: round(LONGEST * RATE)]),
    )
    return Clip(spoken, tuple(filter(None, findings)))


def _decode(path: Path) -> NDArray[np.int16]:
    """Return the first minute and a half of a file."""
    if not files.is_file(path):
        raise SourceError(
            message("there is no file {path}", path=path), message("name a recording of the voice")
        )
    try:
        size = path.stat().st_size
    except OSError as problem:
        raise SourceError(
            message("cannot read {path}: {reason}", path=path, reason=problem)
        ) from problem
    if size > _LARGEST:
        raise SourceError(
            message("{path} is too large for a clip", path=path), message("cut out 10 seconds")
        )
    blocks, count = [], 0
    try:
        with ffmpeg.stream(path, RATE) as stream:
            for block in stream.blocks:
                blocks.append(block)
                count += len(block)
                if count > _LONGEST_READ * RATE:
                    break
    except EngineError as problem:
        raise SourceError(
            message("{path}: {reason}", path=path, reason=problem.what), problem.remedy
        ) from problem
    return np.concatenate(blocks) if blocks else np.zeros(0, np.int16)


def _levels(samples: NDArray[np.int16]) -> Floats:
    """Return the level of each frame as a share of full scale."""
    frame = round(_FRAME * RATE)
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame).astype(np.float64)
    levels: Floats = np.sqrt(np.mean(frames**2, axis=1)) / _FULL_SCALE
    return levels


def _decibels(level: float) -> float:
    return 20 * math.log10(max(level, 1e-6))


def _length_finding(seconds: float) -> Finding | None:
    if seconds < SHORTEST:
        return Finding(
            message("it holds {seconds:.1f} s of speech, and 3 are needed", seconds=seconds),
            message("record two or three sentences, 5 to 10 seconds"),
        )
    if seconds > LONGEST:
        return Finding(
            message("it is longer than 30 s"), message("cut out the clearest 5 to 10 seconds")
        )
    return None


def _loudness_finding(level: float) -> Finding | None:
    if level >= _QUIETEST:
        return None
    return Finding(
        message("it is too quiet: speech at {level:.0f} dB", level=level),
        message("go closer to the microphone, or turn it up"),
    )


def _cut_finding(samples: NDArray[np.int16]) -> Finding | None:
    heights = np.abs(samples.astype(np.int32))
    share = float(np.mean(heights >= _NEAR_PEAK * heights.max()))
    if share <= _MOST_CUT:
        return None
    return Finding(
        message("it is cut off where it is loud, in {share:.1%} of it", share=share),
        message("turn the microphone down, or go further away, and record it again"),
    )


def _noise_finding(loud: float, soft: float) -> Finding | None:
    if loud - soft >= _NOISIEST:
        return None
    return Finding(
        message(
            "there is noise, music or echo: only {distance:.0f} dB below the speech",
            distance=loud - soft,
        ),
        message("record it in a quiet room with curtains, without music, near the microphone"),
    )


# --- one speaker or two -------------------------------------------------------------------------

_PITCH_RATE = 8_820
_PITCH_FRAME, _PITCH_HOP = 0.04, 0.02
_LOWEST_PITCH, _HIGHEST_PITCH = 70.0, 400.0
_VOICED = 0.6
"""Least correlation of a frame with itself a period later."""
_BLOCK = 0.5
"""Seconds of voiced frames whose middle pitch is taken, so that tones even out."""
_APART = 7.0
"""Semitones between two people who are told apart; the tones of one move the middle by less."""
_LEAST_SHARE = 0.2


def _speakers_finding(samples: NDArray[np.int16]) -> Finding | None:
    """Return that two people of different pitch speak; others are not told apart."""
    pitches = np.sort(_block_pitches(samples))
    if len(pitches) < 4:
        return None
    least = max(math.ceil(_LEAST_SHARE * len(pitches)), 2)
    best = 0.0
    low = high = 0.0
    for cut in range(least, len(pitches) - least + 1):
        lower, upper = np.median(pitches[:cut]), np.median(pitches[cut:])
        gap = 12 * math.log2(pitches[cut] / pitches[cut - 1])
        if gap > best:
            best, low, high = gap, float(lower), float(upper)
    if not low or 12 * math.log2(high / low) < _APART or best < _APART / 3:
        return None
    return Finding(
        message("two people seem to speak, at {low:.0f} and {high:.0f} Hz", low=low, high=high),
        message("use a clip in which only one speaks, in one tone of voice"),
    )


def _block_pitches(samples: NDArray[np.int16]) -> Floats:
    """Return the middle pitch of each half second of voice, in Hz."""
    pitches = _pitches(samples)
    size = round(_BLOCK / _PITCH_HOP)
    return np.array(
        [np.median(pitches[start : start + size]) for start in range(0, len(pitches), size)]
    )


def _pitches(samples: NDArray[np.int16]) -> Floats:
    """Return the pitch of each voiced frame in Hz, by autocorrelation."""
    step = RATE // _PITCH_RATE
    wave = samples[: len(samples) // step * step].reshape(-1, step).mean(axis=1)
    size, hop = round(_PITCH_FRAME * _PITCH_RATE), round(_PITCH_HOP * _PITCH_RATE)
    if len(wave) < size:
        return np.zeros(0)
    frames = np.lib.stride_tricks.sliding_window_view(wave, size)[::hop]
    frames = frames - frames.mean(axis=1, keepdims=True)
    energy = np.mean(frames**2, axis=1)
    frames = frames[energy > np.percentile(energy, 90) * 0.02]
    spectrum = np.fft.rfft(frames, 2 * size, axis=1)
    likeness = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :size]
    # Fewer samples overlap at longer periods.
    likeness = likeness / np.maximum(likeness[:, :1], 1e-9) * (size / np.arange(size, 0, -1))
    first, last = round(_PITCH_RATE / _HIGHEST_PITCH), round(_PITCH_RATE / _LOWEST_PITCH)
    periods = likeness[:, first:last]
    best = periods.max(axis=1)
    voiced = best > _VOICED
    # Twice the period fits as well: the shortest that nearly does is the pitch.
    shortest = np.argmax(periods >= 0.9 * best[:, None], axis=1)
    result: Floats = _PITCH_RATE / (first + shortest[voiced])
    return result
