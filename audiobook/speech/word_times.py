"""Finds when the words of a clip begin where its engine does not tell.

The text is said once more by eSpeak NG, which tells its words exactly, and the clip is warped onto
that. `bench/word_times.py` measures how far off the times are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audiobook import engines
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Mark, Voice, WordTimes
from audiobook.speech.speak import speak
from audiobook.speech.warping import FRAMES, warp
from audiobook.vietnamese.alignment import guess_marks

if TYPE_CHECKING:
    from audiobook.model import Audio

_VERSION = 1
"""Goes up when the words of the same clip would be found elsewhere."""
_ENGINE = "espeak"
_VIETNAMESE = {"central": "vi-vn-x-central", "south": "vi-vn-x-south"}
_LATER = 0.04
"""Seconds by which words are heard later than warping has it: eSpeak begins a word with the silence
before its first sound, as before a t. Fitted to some fifty sentences of a novel said by sano."""
_SHORTEST, _LONGEST = 0.4, 2.5
"""How many times as long as the reference a clip may be; another one does not say the same."""


def version(voice: Voice) -> tuple[object, ...]:
    """Return what decides when the words of a voice are heard, unless its engine always tells."""
    if not _is_aligned(voice):
        return ()
    return "words", _VERSION, engines.load(_ENGINE).version


def with_word_times(clip: Audio, text: str, voice: Voice) -> Audio:
    """Return a clip that tells when its words begin, if that can be found out.

    Where it does not sound like eSpeak NG at all, or that cannot say the text, the times are
    guessed.

    Args:
        clip: the text as spoken.
        text: what the engine was given.
        voice: who speaks.

    Raises:
        VoiceError: eSpeak NG is missing.
    """
    if clip.marks or not len(clip.samples) or not _is_aligned(voice):
        return clip
    marks = _aligned_marks(clip, text, voice) or guess_marks(text, len(clip.samples))
    return replace(clip, marks=marks)


def _is_aligned(voice: Voice) -> bool:
    is_asked = voice.word_times is WordTimes.ALIGN and voice.speaks
    return is_asked and not engines.tells_words(engines.load(voice.engine))


def _aligned_marks(clip: Audio, text: str, voice: Voice) -> tuple[Mark, ...]:
    try:
        (reference,) = speak([text], _reference_voice(voice))
    except (EngineError, VoiceError):
        return ()  # it has no such language, or cannot say this
    ratio = (len(clip.samples) / clip.rate) / (len(reference.samples) / reference.rate)
    if not reference.marks or not _SHORTEST <= ratio <= _LONGEST:
        return ()
    frames = warp(clip, reference)
    places = [round(mark.sample / reference.rate * FRAMES) for mark in reference.marks]
    seconds = frames[np.minimum(places, len(frames) - 1)] / FRAMES + _LATER
    samples = np.clip(np.rint(seconds * clip.rate), 0, len(clip.samples)).astype(int)
    return tuple(
        Mark(int(sample), mark.position)
        for sample, mark in zip(samples, reference.marks, strict=True)
    )


def _reference_voice(voice: Voice) -> Voice:
    """Return a voice of eSpeak NG for the language and the region of another."""
    language = voice.language.partition("-")[0].lower()
    model = _VIETNAMESE.get(voice.accent, language) if language == "vi" else language
    return Voice(name=f"{_ENGINE} {model}", engine=_ENGINE, model=model, language=voice.language)
