"""Speaks texts: one clip for each, without silence, spoken again where the sound is faulty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook import engines
from audiobook.engines import UnsaidError, clips
from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.model import Audio, Mark
from audiobook.speech import batching, checks
from audiobook.speech.stretch import check_reachable, stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobook.engines import Engine
    from audiobook.model import Voice

    Say = Callable[[Sequence[str], Voice], Sequence[Audio]]

# Sound begins and ends at samples greater than this (-55 dB). A few hundredths of a second around
# it are kept, more of them after it, because final p, t, c and ch are soft.
_AUDIBLE = 58
_BEFORE, _AFTER = 0.01, 0.04
_FADE = 0.003

# Most characters of a request of several texts, even where the engine takes more: the longer it
# is, the more must be said again when it cannot be split.
_LONGEST_TOGETHER = 400
# So many such requests show whether a voice pauses between sentences.
_TRIED = 4


def speak(texts: Sequence[str], voice: Voice, take: int = 1) -> list[Audio]:
    """Speak each text, in order, without the silence around it.

    Args:
        texts: each no longer than the limit of the engine.
        voice: who speaks; the clips have its rate.
        take: in which of the ways that its engine has, from 1.

    Raises:
        EngineError: a text could not be spoken, or its sound was faulty twice; an `UnsaidError`
            knows which text.
        VoiceError: the voice is not usable here.
    """
    if not texts:
        return []
    engine = engines.in_take(clips.load(voice.engine), take)
    engine_voice = engines.voice_to_ask(clips.load(voice.engine), voice)
    speed, pitch = voice.speed / engine_voice.speed, voice.pitch / engine_voice.pitch
    check_reachable(speed, pitch)  # before any request is made in vain
    with engines.turn([voice]):
        spoken = _say_groups(engine, _group_requests(engine, texts), texts, engine_voice)
        missing = [range(index, index + 1) for index in range(len(texts)) if index not in spoken]
        spoken |= _say_groups(engine, missing, texts, engine_voice)
    return [_stretched(spoken[position], speed, pitch) for position in range(len(texts))]


def pending_requests(texts: Sequence[str], voice: Voice, take: int = 1) -> list[tuple[Voice, str]]:
    """Return the requests that `speak` would send for these texts, without those delivered before.

    Each comes with the voice that the engine is asked for. Texts whose sound cannot be split from
    that of their neighbours take one more request each.

    Args:
        texts: as `speak` is given them.
        voice: who speaks.
        take: in which of the ways that its engine has, from 1.

    Raises:
        VoiceError: there is no such engine, or what it needs is not installed.
    """
    return [
        (engine_voice, joined)
        for engine, engine_voice, joined, parts in _requests(texts, voice, take)
        if not clips.has_clip(engine, joined, engine_voice)
        and not all(clips.has_clip(engine, part, engine_voice) for part in parts)
    ]


def clip_paths(texts: Sequence[str], voice: Voice, take: int = 1) -> Iterator[Path]:
    """Yield the files of the cache in which `speak` may keep the sound of these texts.

    Args:
        texts: as `speak` is given them.
        voice: who speaks.
        take: in which of the ways that its engine has, from 1.

    Raises:
        VoiceError: there is no such engine, or what it needs is not installed.
    """
    for engine, engine_voice, joined, parts in _requests(texts, voice, take):
        for text in dict.fromkeys((joined, *parts)):
            if path := clips.clip_path(engine, text, engine_voice):
                yield path


def _requests(
    texts: Sequence[str], voice: Voice, take: int
) -> Iterator[tuple[Engine, Voice, str, Sequence[str]]]:
    """Yield each request that `speak` would send: engine, voice, its text and the texts in it."""
    engine = engines.in_take(clips.load(voice.engine), take)
    engine_voice = engines.voice_to_ask(clips.load(voice.engine), voice)
    for group in _group_requests(engine, texts):
        parts = texts[group.start : group.stop]
        yield engine, engine_voice, " ".join(parts), parts


def _group_requests(engine: Engine, texts: Sequence[str]) -> list[range]:
    """Return the positions of the texts of each request.

    They depend only on the texts and the limit of the engine, so that a build that was interrupted
    makes the same requests again and finds the clips that were delivered.
    """
    if not isinstance(engine, clips.CachedEngine):
        return [range(position, position + 1) for position in range(len(texts))]
    return batching.group_texts(texts, min(engine.limit or _LONGEST_TOGETHER, _LONGEST_TOGETHER))


# --- several in one request ----------------------------------------------------------------------


def _say_groups(
    engine: Engine, groups: Sequence[range], texts: Sequence[str], voice: Voice
) -> dict[int, Audio]:
    """Say texts, each group in one request; return the faultless clips by position.

    Of a group of several, texts are missing whose sound cannot be split from that of their
    neighbours with certainty, or is faulty: they must be said alone. If the first few groups
    show that the voice does not pause between sentences, the other groups are not tried.
    """
    several = [group for group in groups if len(group) > 1]
    single = [group for group in groups if len(group) == 1]
    spoken: dict[int, Audio] = {}
    split_count = 0
    for batch in several[:_TRIED] + single, several[_TRIED:]:
        for group, clip in zip(batch, _say_joined(engine, batch, texts, voice), strict=True):
            if len(group) == 1:
                spoken[group.start] = _faultless_clip(engine, clip, group.start, texts, voice)
                continue
            parts = _split_clip(clip, texts[group.start : group.stop], voice)
            split_count += bool(parts)
            spoken |= {
                position: part
                for position, part in zip(group if parts else (), parts, strict=True)
                if not checks.find_problem(part.samples, texts[position], voice)
            }
        if 2 * split_count < min(len(several), _TRIED):
            break
    return spoken


def _say_joined(
    engine: Engine, groups: Sequence[range], texts: Sequence[str], voice: Voice
) -> list[Audio]:
    joined = [" ".join(texts[group.start : group.stop]) for group in groups]
    try:
        return _trimmed(engine.say(joined, voice), len(joined), voice) if joined else []
    except UnsaidError as problem:
        raise UnsaidError.at(groups[problem.position].start, problem) from problem


def _split_clip(joined: Audio, texts: Sequence[str], voice: Voice) -> list[Audio]:
    """Return the clip of each text; an empty list where it is uncertain where to cut."""
    trimmed: list[Audio] = []
    first = sample = 0
    parts = batching.split_sound(joined.samples, joined.rate, texts)
    for text, samples in zip(texts if parts else (), parts or (), strict=True):
        marks = tuple(
            Mark(mark.sample - sample, mark.position - first)
            for mark in joined.marks
            if first <= mark.position < first + len(text)
        )
        trimmed.append(_trim(Audio(samples, joined.rate, marks), voice))
        first += len(text) + 1
        sample += len(samples)
    return trimmed


# --- one by one ----------------------------------------------------------------------------------


def _faultless_clip(
    engine: Engine, clip: Audio, position: int, texts: Sequence[str], voice: Voice
) -> Audio:
    """Return the clip if it has no fault, or a new one of the same text."""
    if checks.find_problem(clip.samples, texts[position], voice):
        return _say_again(engine, position, texts[position], voice)
    return clip


def _trimmed(spoken: Sequence[Audio], count: int, voice: Voice) -> list[Audio]:
    if len(spoken) != count:
        raise EngineError(
            message("{clips} clips came for {texts} texts", clips=len(spoken), texts=count)
        )
    return [_trim(audio, voice) for audio in spoken]


def _say_again(engine: Engine, position: int, text: str, voice: Voice) -> Audio:
    clips.forget(engine, text, voice)
    say: Say = getattr(engine, "say_again", engine.say)
    try:
        (clip,) = _trimmed(say([text], voice), 1, voice)
        if fault := checks.find_problem(clip.samples, text, voice):
            clips.forget(engine, text, voice)
            raise EngineError(fault)
    except EngineError as problem:
        raise UnsaidError.at(position, problem) from problem
    return clip


def _stretched(clip: Audio, speed: float, pitch: float) -> Audio:
    if speed == pitch == 1:
        return clip
    marks = (Mark(round(sample / speed), position) for sample, position in clip.marks)
    return Audio(stretch(clip.samples, clip.rate, speed, pitch), clip.rate, tuple(marks))


def _trim(audio: Audio, voice: Voice) -> Audio:
    """Return a clip without the silence at its ends, faded in and out; empty if all is silent."""
    if audio.rate != voice.rate:
        raise EngineError(
            message(
                "sound came at {rate} Hz instead of {wanted}", rate=audio.rate, wanted=voice.rate
            )
        )
    if audio.samples.dtype != np.int16 or audio.samples.ndim != 1:
        layout = f"{audio.samples.dtype} of {audio.samples.ndim} dimensions"
        raise EngineError(
            message("samples came as {layout} instead of int16 of one", layout=layout)
        )
    is_loud = (audio.samples > _AUDIBLE) | (audio.samples < -_AUDIBLE)
    if not is_loud.any():
        return Audio(audio.samples[:0], audio.rate)
    last = len(is_loud) - 1 - int(is_loud[::-1].argmax())
    start = max(int(is_loud.argmax()) - int(_BEFORE * audio.rate), 0)
    end = last + int(_AFTER * audio.rate)
    clip = audio.samples[start:end].copy()
    fade = min(int(_FADE * audio.rate), len(clip) // 2)
    ramp = np.arange(fade) / max(fade, 1)
    clip[:fade] = clip[:fade] * ramp
    clip[len(clip) - fade :] = clip[len(clip) - fade :] * ramp[::-1]
    marks = (
        Mark(min(max(sample - start, 0), len(clip)), position) for sample, position in audio.marks
    )
    return Audio(clip, audio.rate, tuple(marks))
