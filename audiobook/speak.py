"""Texts to clips: spoken by a voice, silence cut off, and spoken again where that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook import engines, faults
from audiobook.engines import UnsaidError, clips
from audiobook.errors import EngineError
from audiobook.model import Audio, Mark
from audiobook.stretch import require, stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.engines import Engine
    from audiobook.model import Voice

# Sound begins and ends where it passes this part of full scale (-55 dB); around it stays a
# little, more after it: final p, t, c and ch are soft.
_AUDIBLE = 58
_BEFORE, _AFTER = 0.01, 0.04
_FADE = 0.003


def speak(texts: Sequence[str], voice: Voice) -> list[Audio]:
    """Speak each text, in order, without the silence around it.

    Args:
        texts: each at most as long as the voice's engine takes.
        voice: who speaks; the clips are at its rate.

    Raises:
        EngineError: a text could not be spoken, or twice not as long or as loud as speech is; an
            `UnsaidError` knows which.
        VoiceError: the voice is not usable here.
    """
    if not texts:
        return []
    engine = clips.load(voice.engine)
    asked = engines.asked(engine, voice)
    speed, pitch = voice.speed / asked.speed, voice.pitch / asked.pitch
    require(speed, pitch)  # before anything is asked for in vain
    said = _say(engine, texts, asked)
    for position, text in enumerate(texts):
        if faults.fault(said[position].samples, text, asked):
            said[position] = _say_again(engine, position, text, asked)
    return [_changed(clip, speed, pitch) for clip in said]


def _say(engine: Engine, texts: Sequence[str], voice: Voice) -> list[Audio]:
    spoken = engine.say(texts, voice)
    if len(spoken) != len(texts):
        raise EngineError(f"{len(spoken)} clips came for {len(texts)} texts")
    return [_trim(audio, voice) for audio in spoken]


def _say_again(engine: Engine, position: int, text: str, voice: Voice) -> Audio:
    clips.forget(engine, text, voice)
    try:
        (clip,) = _say(engine, [text], voice)
        if fault := faults.fault(clip.samples, text, voice):
            clips.forget(engine, text, voice)
            raise EngineError(fault)
    except EngineError as problem:
        raise UnsaidError.at(position, problem) from problem
    return clip


def _changed(clip: Audio, speed: float, pitch: float) -> Audio:
    if speed == pitch == 1:
        return clip
    marks = (Mark(round(at / speed), position) for at, position in clip.marks)
    return Audio(stretch(clip.samples, clip.rate, speed, pitch), clip.rate, tuple(marks))


def _trim(audio: Audio, voice: Voice) -> Audio:
    """Cut the silence off both ends of a clip, all of it perhaps, and soften the cuts."""
    if audio.rate != voice.rate:
        raise EngineError(f"sound came at {audio.rate} Hz instead of {voice.rate}")
    loud = np.flatnonzero((audio.samples > _AUDIBLE) | (audio.samples < -_AUDIBLE))
    if not len(loud):
        return Audio(audio.samples[:0], audio.rate)
    start = max(int(loud[0]) - int(_BEFORE * audio.rate), 0)
    end = int(loud[-1]) + int(_AFTER * audio.rate)
    clip = audio.samples[start:end].copy()
    fade = min(int(_FADE * audio.rate), len(clip) // 2)
    ramp = np.arange(fade) / max(fade, 1)
    clip[:fade] = clip[:fade] * ramp
    clip[len(clip) - fade :] = clip[len(clip) - fade :] * ramp[::-1]
    marks = (Mark(min(max(at - start, 0), len(clip)), position) for at, position in audio.marks)
    return Audio(clip, audio.rate, tuple(marks))
