"""Passage to Recording: speak, trim, join, level, encode. Pure: the same here or anywhere."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from audiobook import engines, faults, formats, loudness
from audiobook.errors import EngineError
from audiobook.model import Audio, Cue, Passage, Recording, Sound, Timing, Utterance, Voice

with warnings.catch_warnings():
    # It looks for an ffmpeg of its own; what it is used for here needs none.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

VERSION = 1
"""Goes up when the same passage would sound different."""

# Sound begins and ends where it passes this part of full scale (-55 dB); around it stays a
# little, more after it: final p, t, c and ch are soft.
_AUDIBLE = 58
_BEFORE, _AFTER = 0.01, 0.04
_FADE = 0.003


def record(passage: Passage, voice: Voice, sound: Sound) -> Recording:
    """Record a passage.

    Args:
        passage: what is said.
        voice: who says it.
        sound: how it is recorded; its rate is the voice's.

    Raises:
        EngineError: an utterance could not be spoken, or twice not as long or as loud as speech
            is; it is named by chapter and sentence.
        VoiceError: the voice is not usable here.
    """
    samples, cues = _join(passage, _speak_all(passage, voice), sound)
    measured = loudness.measure(samples, sound.rate)
    form = formats.load(sound.format)
    lost = form.attenuation(sound.bitrate, sound.vbr)
    levelled = loudness.level(
        samples, measured, sound.loudness + lost, sound.ceiling + lost, sound.rate
    )
    syllables = sum(len(piece.split()) for said in passage.utterances for piece in said.spoken)
    timing = Timing(len(samples), cues, measured, syllables)
    return Recording(timing, form.encode(levelled, sound.rate, sound.bitrate, sound.vbr))


def _speak_all(passage: Passage, voice: Voice) -> list[list[NDArray[np.int16]]]:
    return [_speak(passage, position, voice) for position in range(len(passage.utterances))]


def _speak(passage: Passage, position: int, voice: Voice) -> list[NDArray[np.int16]]:
    """Return the clips of one utterance, with the pauses between them."""
    utterance = passage.utterances[position]
    try:
        clips = _say(utterance.spoken, voice)
        for number, text in enumerate(utterance.spoken):
            if faults.fault(clips[number], text, voice):
                clips[number] = _say_again(text, voice)
    except EngineError as problem:
        raise EngineError(
            f"chapter {passage.chapter + 1}, sentence {passage.first + position + 1} "
            f"({_shortened(utterance)}): {problem.what}",
            problem.remedy or "mend the sentence or choose another voice; what is recorded is kept",
        ) from problem
    between = _silence(voice.pauses.clause, voice.rate)
    parts = [part for clip in clips for part in (clip, between)]
    return parts[:-1]


def _say(texts: Sequence[str], voice: Voice) -> list[NDArray[np.int16]]:
    spoken = engines.load(voice.engine).say(texts, voice) if texts else []
    if len(spoken) != len(texts):
        raise EngineError(f"{len(spoken)} clips came for {len(texts)} texts")
    return [_trim(audio, voice) for audio in spoken]


def _say_again(text: str, voice: Voice) -> NDArray[np.int16]:
    (clip,) = _say([text], voice)
    if fault := faults.fault(clip, text, voice):
        raise EngineError(fault)
    return clip


def _shortened(utterance: Utterance) -> str:
    text = utterance.text
    return f"“{text}”" if len(text) <= 60 else f"“{text[:60]}…”"


def _trim(audio: Audio, voice: Voice) -> NDArray[np.int16]:
    """Cut the silence off both ends of a clip, all of it perhaps, and soften the cuts."""
    if audio.rate != voice.rate:
        raise EngineError(f"sound came at {audio.rate} Hz instead of {voice.rate}")
    loud = np.flatnonzero((audio.samples > _AUDIBLE) | (audio.samples < -_AUDIBLE))
    if not len(loud):
        return audio.samples[:0]
    start = max(int(loud[0]) - int(_BEFORE * audio.rate), 0)
    end = int(loud[-1]) + int(_AFTER * audio.rate)
    clip = audio.samples[start:end].copy()
    fade = min(int(_FADE * audio.rate), len(clip) // 2)
    ramp = np.arange(fade) / max(fade, 1)
    clip[:fade] = clip[:fade] * ramp
    clip[len(clip) - fade :] = clip[len(clip) - fade :] * ramp[::-1]
    return clip


def _silence(seconds: float, rate: int) -> NDArray[np.int16]:
    return np.zeros(round(seconds * rate), np.int16)


def _join(
    passage: Passage, clips: list[list[NDArray[np.int16]]], sound: Sound
) -> tuple[NDArray[np.int16], tuple[Cue, ...]]:
    """Join clips and pauses at once (joining two by two copies everything each time)."""
    form, rate = formats.load(sound.format), sound.rate
    parts: list[NDArray[np.int16]] = []
    cues: list[Cue] = []
    position = 0
    for utterance, said in zip(passage.utterances, clips, strict=True):
        end = position + sum(map(len, said))
        cues.append(Cue(position, end, utterance.text))
        pause = _silence(utterance.pause, rate)
        parts += (*said, pause)
        position = end + len(pause)
    # The last pause has room for what the encoder adds, and fills up the last frame.
    length = form.whole_frames(max(position, cues[-1].end + form.tail(rate)), rate)
    parts.append(np.zeros(length - position, np.int16))
    segments = [_segment(part.tobytes(), rate) for part in parts]
    joined = _segment(b"".join(segment.raw_data for segment in segments), rate)
    return np.frombuffer(joined.raw_data, np.int16), tuple(cues)


def _segment(data: bytes, rate: int) -> AudioSegment:
    return AudioSegment(data, sample_width=2, frame_rate=rate, channels=1)
