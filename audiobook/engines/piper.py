"""Offline neural voices: the VITS networks of Piper, computed by onnxruntime."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from piper import PiperConfig, PiperVoice, SynthesisConfig

from audiobook.engines import neural, onnx_session, sayable
from audiobook.engines.piper_speakers import speaker_number, split_model
from audiobook.engines.repeatable_session import RepeatableSession
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message
from audiobook.model import Audio, Mark
from audiobook.system.json_data import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from piper import AudioChunk

    from audiobook.model import Voice

_FAILURES: tuple[type[Exception], ...] = (
    *onnx_session.FAILURES,
    AttributeError,
    KeyError,
    TypeError,
)
_WORD = re.compile(r"\S*[^\W_]\S*")


class Piper:
    """Speaks with one network for each voice, a sentence at a time.

    The networks use random numbers, which are drawn from a seed made of the text: it sounds the
    same whatever was said before. Each process computes in one thread: several processes in
    parallel use the cores better.
    """

    name = "piper"
    version = f"{version('piper-tts')}/3"
    native = frozenset({"speed"})
    # Memory grows with the sentence, and the networks were trained on short ones.
    limit = 400

    def __init__(self) -> None:
        # Piper warns of every phoneme that the voice does not know.
        logging.getLogger("piper").setLevel(logging.ERROR)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text with the network in ``voice.model``, which has a JSON file beside it.

        After the network may stand one of its speakers: ``MODEL.onnx#SPEAKER``.
        """
        return self._say(texts, voice, variant=0)

    def say_again(self, texts: Sequence[str], voice: Voice, variant: int = 1) -> list[Audio]:
        """Speak each text with other random numbers than `say` does, others for each variant."""
        return self._say(texts, voice, variant=variant)

    def _say(self, texts: Sequence[str], voice: Voice, *, variant: int) -> list[Audio]:
        speaker = _load(_model_files(voice))
        speaker = replace(speaker, session=speaker.session.variation(variant))
        neural.check_rate(voice, speaker.config.sample_rate)
        manner = SynthesisConfig(
            speaker_id=_speaker_id(voice, speaker.config),
            length_scale=speaker.config.length_scale / voice.speed,
            # Otherwise each sentence is as loud as possible, a whisper as loud as a shout.
            normalize_audio=False,
        )
        return [_speak(text, voice, speaker, manner) for text in texts]

    def version_of(self, voice: Voice) -> str:
        """Return what decides how a voice sounds: this version and a hash of the model."""
        return f"{self.version} {neural.digest(_model_files(voice))}"

    def memory_of(self, voice: Voice) -> int:
        """Return the bytes of memory that speaking with a voice takes at most."""
        return neural.memory_of(_model_files(voice))


def _model_files(voice: Voice) -> neural.Model:
    network, _ = split_model(voice.model)
    model = neural.model_path(replace(voice, model=network))
    return neural.check_files(voice, [model, Path(f"{model}.json")])


def _speaker_id(voice: Voice, config: PiperConfig) -> int | None:
    """Return the number of the speaker that a voice names; None for the model's usual one."""
    _, name = split_model(voice.model)
    return speaker_number(name, config.speaker_id_map, config.num_speakers) if name else None


@lru_cache(maxsize=4)
def _load(model: neural.Model) -> PiperVoice:
    network, description = model.paths
    try:
        config = PiperConfig.from_dict(load_json(description.read_text("utf-8")))
        # PiperVoice.load would give every process as many threads as there are cores.
        session = RepeatableSession.open(network)
    except _FAILURES as problem:
        raise VoiceError(
            message("cannot use the voice {path}: {reason}", path=network, reason=problem),
            message("fetch it again"),
        ) from problem
    return PiperVoice(session, config)


def _speak(text: str, voice: Voice, speaker: PiperVoice, manner: SynthesisConfig) -> Audio:
    # Piper reads text between [[ and ]] as phonemes.
    clean = sayable(text).replace("[[", "[ [")
    try:
        chunks = list(speaker.synthesize(clean, manner, include_alignments=True))
    except _FAILURES as problem:
        raise EngineError(
            message("Piper failed at {text!r}: {reason}", text=text[:80], reason=problem)
        ) from problem
    waves = [chunk.audio_float_array for chunk in chunks]
    wave = np.concatenate(waves) if waves else np.zeros(0, np.float32)
    marks = _word_marks(text, chunks) if clean == text else ()
    return Audio(neural.to_samples(wave, text), voice.rate, marks)


def _word_marks(text: str, chunks: Sequence[AudioChunk]) -> tuple[Mark, ...]:
    """Return when each word begins, if the network gives the length of each phoneme.

    The result is empty where several words were spoken as one, or one as several. That happens in
    2 % of sentences, those with dots in them or spelled words.
    """
    starts = list(_word_starts(chunks))
    words = [match.start() for match in _WORD.finditer(text)]
    return tuple(map(Mark, starts, words)) if len(starts) == len(words) else ()


def _word_starts(chunks: Sequence[AudioChunk]) -> Iterator[int]:
    """Yield where words begin, in samples: at the first phoneme, and at each after a space."""
    start = 0
    for chunk in chunks:
        position, is_first = start, True
        for phoneme in chunk.phoneme_alignments or ():
            if is_first and phoneme.phoneme.isalpha():
                yield position
                is_first = False
            is_first = is_first or phoneme.phoneme == " "
            position += int(phoneme.num_samples)
        start += len(chunk.audio_float_array)
