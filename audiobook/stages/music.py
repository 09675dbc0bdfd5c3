"""File of music to Recording: decode, level, fade, encode; it stands between passages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from audiobook import outputs
from audiobook.errors import EngineError, UsageError
from audiobook.messages import message
from audiobook.model import MusicPlace, Pauses, Recording, Timing
from audiobook.speech import levelling, loudness
from audiobook.speech.room_tone import add_room_tone
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from audiobook.model import Sound

VERSION = 1
"""Goes up when the same music would sound different."""

UNDER_SPEECH = 4.0
"""LU that music is softer than speech. Integrated loudness leaves the pauses of speech out, and
music has none: at the same number it seems louder. So far below, it startles nobody who set the
volume by the voice, and needs no limiter."""
LONGEST = {MusicPlace.INTRO: 180, MusicPlace.OUTRO: 180, MusicPlace.BETWEEN: 60}
"""Seconds."""
_MOST_GAIN = 20.0
"""dB: what is softer than that is hiss more than music."""
_FADE_IN, _FADE_OUT = 0.3, 2.0
"""Seconds; at most a quarter of the music each."""
_BEFORE = {MusicPlace.INTRO: 0.0, MusicPlace.OUTRO: 1.0, MusicPlace.BETWEEN: 0.0}
"""Seconds of silence: after a chapter there is the pause that ends it, but none ends the book."""
_AFTER = {MusicPlace.INTRO: 1.0, MusicPlace.OUTRO: 0.5, MusicPlace.BETWEEN: 1.0}
"""Seconds of silence, until the next chapter begins."""
_AUDIBLE = 58
"""Music begins and ends at samples greater than this (-55 dB)."""
_SHORTEST = 0.2
"""Seconds."""


def record_music(
    path: Path, place: MusicPlace, sound: Sound, pauses: Pauses | None = None
) -> Recording:
    """Make a recording without sentences of a file of music.

    Args:
        path: a sound file in any format that ffmpeg knows.
        place: where in the book it stands.
        sound: how the book is recorded.
        pauses: those of the narrator; its opening and closing are kept around the book.

    Raises:
        UsageError: it cannot be decoded, is silent, or is too long for its place.
        EngineError: there is no ffmpeg, or the encoder failed.
    """
    rate, form = sound.rate, outputs.load_sound(sound.format)
    music = _faded(_decode(path, place, rate), rate)
    energies = loudness.energies_of(music, rate)
    own_level = loudness.integrated(energies)
    lost, tail = form.attenuation(sound.bitrate, sound.vbr), form.silent_tail(rate)
    target = own_level + _MOST_GAIN
    if sound.loudness is not None:
        target = min(target, sound.loudness - UNDER_SPEECH + lost)
    levelled, reached = levelling.adjust(music, energies, target, sound.ceiling + lost, rate)
    before, after = silences(place, pauses or Pauses())
    start = round(before * rate)
    end = start + len(levelled)
    length = form.whole_frames(end + max(round(after * rate), tail), rate)
    samples = np.zeros(length, np.int16)
    samples[start:end] = levelled
    samples = add_room_tone(samples, rate, sound.room_tone, tail)
    timing = Timing(length, (), reached - lost, 0)
    return Recording(timing, form.encode(samples, rate, sound.bitrate, sound.vbr))


def silences(place: MusicPlace, pauses: Pauses) -> tuple[float, float]:
    """Return the seconds of silence before and after music at a place."""
    opening = pauses.opening if place is MusicPlace.INTRO else 0.0
    closing = pauses.closing if place is MusicPlace.OUTRO else 0.0
    return max(_BEFORE[place], opening), max(_AFTER[place], closing)


def _decode(path: Path, place: MusicPlace, rate: int) -> NDArray[np.int16]:
    """Return the sound of a file without the silence at its ends."""
    ffmpeg.find()
    longest = LONGEST[place] * rate
    blocks, length = [], 0
    try:
        with ffmpeg.stream(path, rate) as stream:
            for block in stream.blocks:
                blocks.append(block)
                length += len(block)
                if length > longest:
                    raise _too_long_error(path, place)
    except EngineError as problem:
        raise UsageError(
            message("cannot use the music {path}: {reason}", path=path, reason=problem.what),
            message("name a sound file, such as an MP3"),
        ) from problem
    samples = np.concatenate(blocks)
    loud = np.flatnonzero((samples > _AUDIBLE) | (samples < -_AUDIBLE))
    music = samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]
    if len(music) < _SHORTEST * rate or loudness.measure(music, rate) == -math.inf:
        raise UsageError(
            message("the music {path} is silent", path=path),
            message("name a sound file, such as an MP3"),
        )
    return music


def _too_long_error(path: Path, place: MusicPlace) -> UsageError:
    return UsageError(
        message(
            "the music {path} lasts longer than {seconds} seconds",
            path=path,
            seconds=LONGEST[place],
        ),
        message("cut it, for example with `ffmpeg -i LONG.mp3 -t 20 SHORT.mp3`"),
    )


def _faded(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    """Return sound that fades in and out, each along half a cosine."""
    fade_in, fade_out = (
        min(round(seconds * rate), len(samples) // 4) for seconds in (_FADE_IN, _FADE_OUT)
    )
    faded = samples.astype(np.float32)
    faded[:fade_in] *= _rise(fade_in)
    faded[len(faded) - fade_out :] *= _rise(fade_out)[::-1]
    return np.rint(faded).astype(np.int16)


def _rise(length: int) -> NDArray[np.float32]:
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
