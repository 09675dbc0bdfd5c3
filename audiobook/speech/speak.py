"""Texts to clips: spoken by a voice, silence cut off, and spoken again where that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook import engines
from audiobook.engines import UnsaidError, clips
from audiobook.errors import EngineError
from audiobook.model import Audio, Mark
from audiobook.speech import batching, checks
from audiobook.speech.stretch import require, stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.engines import Engine
    from audiobook.model import Voice

# Sound begins and ends where it passes this part of full scale (-55 dB); around it stays a
# little, more after it: final p, t, c and ch are soft.
_AUDIBLE = 58
_BEFORE, _AFTER = 0.01, 0.04
_FADE = 0.003

# Characters of a request of several texts, where the engine takes more: the longer it is, the
# more is said again when it cannot be parted.
_LONGEST_TOGETHER = 400
# After so many such requests it shows whether a voice pauses between sentences.
_TRIED = 4


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
    said = _say_groups(engine, _groups(engine, texts), texts, asked)
    left = [range(one, one + 1) for one in range(len(texts)) if one not in said]
    said |= _say_groups(engine, left, texts, asked)
    return [_changed(said[position], speed, pitch) for position in range(len(texts))]


def unasked(texts: Sequence[str], voice: Voice) -> list[tuple[Voice, str]]:
    """Return the requests that `speak` would send for these texts, but for what was delivered.

    Each comes with the voice as the engine is asked for it.

    Texts whose sound cannot be told from their neighbours' take one more request each.

    Raises:
        VoiceError: there is no such engine, or what it needs is not installed.
    """
    engine = clips.load(voice.engine)
    asked = engines.asked(engine, voice)
    found = []
    for group in _groups(engine, texts):
        parts = texts[group.start : group.stop]
        joined = " ".join(parts)
        if not clips.remembers(engine, joined, asked) and not all(
            clips.remembers(engine, part, asked) for part in parts
        ):
            found.append((asked, joined))
    return found


def _groups(engine: Engine, texts: Sequence[str]) -> list[range]:
    """Return which neighbours go into one request.

    It depends on the texts and the engine's limit only: a build that was interrupted asks for the
    same again, and finds what was delivered.
    """
    if not isinstance(engine, clips.Remembering):
        return [range(position, position + 1) for position in range(len(texts))]
    return batching.pack(texts, min(engine.limit or _LONGEST_TOGETHER, _LONGEST_TOGETHER))


# --- several in one request ----------------------------------------------------------------------


def _say_groups(
    engine: Engine, groups: Sequence[range], texts: Sequence[str], voice: Voice
) -> dict[int, Audio]:
    """Say texts, each group in one request; return the clips that came out well, by position.

    Of a group of several, texts are left out whose sound cannot surely be told from their
    neighbours', and those that have a fault: they are to be said alone. Whether the voice pauses
    between sentences at all shows after the first few.
    """
    several = [group for group in groups if len(group) > 1]
    single = [group for group in groups if len(group) == 1]
    said: dict[int, Audio] = {}
    parted = 0
    for some in several[:_TRIED] + single, several[_TRIED:]:
        for group, clip in zip(some, _ask(engine, some, texts, voice), strict=True):
            if len(group) == 1:
                said[group.start] = _sound(engine, clip, group.start, texts, voice)
                continue
            parts = _part(clip, texts[group.start : group.stop], voice)
            parted += bool(parts)
            said |= {
                position: part
                for position, part in zip(group if parts else (), parts, strict=True)
                if not checks.fault(part.samples, texts[position], voice)
            }
        if 2 * parted < min(len(several), _TRIED):
            break
    return said


def _ask(
    engine: Engine, groups: Sequence[range], texts: Sequence[str], voice: Voice
) -> list[Audio]:
    joined = [" ".join(texts[group.start : group.stop]) for group in groups]
    try:
        return _say(engine, joined, voice) if joined else []
    except UnsaidError as problem:
        raise UnsaidError.at(groups[problem.position].start, problem) from problem


def _part(whole: Audio, texts: Sequence[str], voice: Voice) -> list[Audio]:
    """Return the clip of each text, or none where it is not sure which is whose."""
    found: list[Audio] = []
    first = sample = 0
    parts = batching.part(whole.samples, whole.rate, texts)
    for text, samples in zip(texts if parts else (), parts or (), strict=True):
        marks = tuple(
            Mark(mark.sample - sample, mark.position - first)
            for mark in whole.marks
            if first <= mark.position < first + len(text)
        )
        found.append(_trim(Audio(samples, whole.rate, marks), voice))
        first += len(text) + 1
        sample += len(samples)
    return found


# --- one by one ----------------------------------------------------------------------------------


def _sound(engine: Engine, clip: Audio, position: int, texts: Sequence[str], voice: Voice) -> Audio:
    """Return a clip that has no fault: this one, or another of the same text."""
    if checks.fault(clip.samples, texts[position], voice):
        return _say_again(engine, position, texts[position], voice)
    return clip


def _say(engine: Engine, texts: Sequence[str], voice: Voice) -> list[Audio]:
    spoken = engine.say(texts, voice)
    if len(spoken) != len(texts):
        raise EngineError(f"{len(spoken)} clips came for {len(texts)} texts")
    return [_trim(audio, voice) for audio in spoken]


def _say_again(engine: Engine, position: int, text: str, voice: Voice) -> Audio:
    clips.forget(engine, text, voice)
    try:
        (clip,) = _say(engine, [text], voice)
        if fault := checks.fault(clip.samples, text, voice):
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
    if audio.samples.dtype != np.int16 or audio.samples.ndim != 1:
        came = f"{audio.samples.dtype} of {audio.samples.ndim} dimensions"
        raise EngineError(f"samples came as {came} instead of int16 of one")
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
