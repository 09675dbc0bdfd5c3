"""A small offline neural voice: sanoTTS, a network of 3 MB, by onnxruntime or numpy alone."""

from __future__ import annotations

import logging
import re
from functools import lru_cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
from sanotts import models, piper_g2p
from sanotts.engine import Synthesizer
from threadpoolctl import threadpool_limits

from audiobook.engines import neural, sayable
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message
from audiobook.model import Audio, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from audiobook.engines.sano_decoder import Decode
    from audiobook.model import Voice

# No sound is shorter than a frame, so higher speeds are not reached (2 becomes 1.43).
_FASTEST = 1.4
_CHARACTER = 1 << 20
"""Bytes that each character of a text takes while numpy speaks it."""
_WORD = re.compile(r"\S+")
_FILES = ("manifest.json", "piper-phoneme-config.json", "weights.fp16.bin")
# Errors of its parts; its own are RuntimeErrors.
_FAILURES = (RuntimeError, ValueError, KeyError, TypeError, AttributeError, OSError)


class Sano:
    """Speaks with one network for each voice; the same text always sounds the same.

    From its creation on, the process multiplies matrices in one thread, because several processes
    in parallel use the cores better.
    """

    name = "sano"
    version = f"{version('sanotts')}/3"
    tells_words = True
    native = frozenset({"speed"})
    # The network was trained on sentences; and each character takes memory.
    limit = 200

    def __init__(self) -> None:
        threadpool_limits(1, "blas")
        # sanoTTS warns of every character that is not spoken; those that matter are errors here.
        logging.getLogger("sanotts").setLevel(logging.ERROR)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text with the voice whose files lie in the folder ``voice.model``."""
        if voice.speed > _FASTEST:
            raise VoiceError(
                message(
                    "voice {voice} asks for speed {speed:g}", voice=voice.name, speed=voice.speed
                ),
                message("sanoTTS goes up to {fastest}", fastest=_FASTEST),
            )
        speaker = _load(_model_files(voice))
        neural.check_rate(voice, speaker.rate)
        return [_speak(text, voice, speaker) for text in texts]

    def version_of(self, voice: Voice) -> str:
        """Return what decides how a voice sounds: this version and a hash of the model."""
        return f"{self.version} {neural.digest(_model_files(voice))}"

    def memory_of(self, voice: Voice) -> int:
        """Return the bytes of memory that speaking with a voice takes at most."""
        if has_onnxruntime():
            return neural.memory_of(_model_files(voice))
        return self.limit * _CHARACTER


def _model_files(voice: Voice) -> neural.Model:
    folder = neural.model_path(voice)
    return neural.check_files(voice, [folder / name for name in _FILES])


class _Speaker:
    """A voice in memory: three networks, one after the other.

    The first tells how long each phoneme is, the second what it sounds like, and the third, which
    takes five sixths of the time, makes a wave of that.
    """

    def __init__(self, folder: Path) -> None:
        # With a folder it never uses the internet.
        synthesizer = Synthesizer(voice_dir=folder)
        pack = synthesizer.pack
        self.rate = synthesizer.sample_rate
        ids = synthesizer.phoneme_table.id_map
        self._space = ids.get(" ")
        # By the number of a phoneme: a table is quicker than a set for the few of a word.
        self._is_sound = np.zeros(max(ids.values()) + 1, np.bool_)
        self._is_sound[[number for sign, number in ids.items() if sign.isalpha()]] = True
        self._phonemes = partial(
            piper_g2p.text_to_phoneme_ids,
            table=synthesizer.phoneme_table,
            path=synthesizer.piperlite_g2p,
        )
        self._length_scale = pack.duration_length_scale
        duration, acoustic, decoder = (
            (pack.component_tensors(name), pack.component_config(name))
            for name in ("duration", "acoustic", "decoder")
        )
        self._durations = partial(models.duration_forward, *duration)
        self._latent = partial(models.acoustic_forward, *acoustic)
        self._decode = _fast_decoder(*decoder) or partial(models.decoder_forward, *decoder)

    def phonemes(self, text: str) -> NDArray[np.int64]:
        """Return the numbers of the phonemes of a text [phonemes]."""
        ids, _ = self._phonemes(text)
        return np.asarray(ids, np.int64)

    def syllables(self, word: str) -> int:
        """Return how many syllables are said for a word."""
        return len(self._first_phonemes(self.phonemes(word)))

    def speak(self, text: str, speed: float) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return a text as a wave between -1 and 1, and the samples at which syllables begin."""
        ids = self.phonemes(text)
        durations = self._durations(ids, length_scale=self._length_scale / speed)
        wave = np.clip(self._decode(self._latent(ids, durations)), -1, 1)
        starts = (np.cumsum(durations) - durations)[self._first_phonemes(ids)]
        return wave, starts * (len(wave) // int(durations.sum()))

    def _first_phonemes(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where syllables begin among phonemes: at the first one, and after each space."""
        sounds = np.flatnonzero(self._is_sound[ids])
        spaces = np.cumsum(ids == self._space)[sounds]
        return sounds[np.diff(spaces, prepend=-1) > 0]


def has_onnxruntime() -> bool:
    """Return whether there is what computes the decoder fast."""
    return bool(find_spec("onnx") and find_spec("onnxruntime"))


def _fast_decoder(tensors: dict[str, NDArray[np.float32]], config: dict[str, Any]) -> Decode | None:
    """Return the decoder in onnxruntime; None where that is not installed, or has no such kind."""
    if not has_onnxruntime():
        return None
    from audiobook.engines import sano_decoder

    return sano_decoder.make_decoder(tensors, config) if sano_decoder.can_decode(config) else None


@lru_cache(maxsize=4)
def _load(model: neural.Model) -> _Speaker:
    folder = model.paths[0].parent
    try:
        return _Speaker(folder)
    except _FAILURES as problem:
        raise VoiceError(
            message("cannot use the voice in {folder}: {reason}", folder=folder, reason=problem),
            message("fetch it again"),
        ) from problem


def _speak(text: str, voice: Voice, speaker: _Speaker) -> Audio:
    clean = sayable(text)
    words = [match for match in _WORD.finditer(clean) if any(map(str.isalnum, match[0]))]
    syllables = [_syllables_of(match[0], speaker) for match in words]
    try:
        with np.errstate(all="ignore"):  # the result is checked afterwards
            wave, starts = speaker.speak(clean, voice.speed)
    except _FAILURES as problem:
        raise EngineError(
            message("sanoTTS failed at {text!r}: {reason}", text=text[:80], reason=problem)
        ) from problem
    marks: tuple[Mark, ...] = ()
    # Positions in a changed text are not those in the text; and some words are read otherwise
    # beside others.
    if clean == text and sum(syllables) == len(starts):
        firsts = accumulate(syllables[:-1], initial=0)
        marks = tuple(
            Mark(int(starts[first]), match.start())
            for first, match in zip(firsts, words, strict=True)
        )
    return Audio(neural.to_samples(wave, text), voice.rate, marks)


def _syllables_of(word: str, speaker: _Speaker) -> int:
    """Return how many syllables sanoTTS says for a word.

    It spells words that it does not know, but has no names for some letters.

    Raises:
        EngineError: it would skip the word, such as one in another script.
    """
    try:
        return speaker.syllables(word)
    except RuntimeError as problem:
        raise EngineError(
            message("sanoTTS has no sound for {word!r}", word=word[:80]),
            message("teach it in lexicon.tsv, or choose another voice"),
        ) from problem
