"""Neural voices, offline: Piper's VITS networks, computed by onnxruntime."""

from __future__ import annotations

import json
import logging
import re
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state
from piper import PiperConfig, PiperVoice, SynthesisConfig

from audiobook.engines import neural, sayable
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Audio, Mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from piper import AudioChunk

    from audiobook.model import Voice

# onnxruntime has a dozen errors without a common ancestor but Exception.
_FAILURES: tuple[type[Exception], ...] = (
    *(
        kind
        for kind in vars(onnxruntime_pybind11_state).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
    RuntimeError,
    AttributeError,
    ValueError,
    KeyError,
    TypeError,
    OSError,
)
_ERRORS_ONLY = 3
_WORD = re.compile(r"\S*[^\W_]\S*")


class Piper:
    """Speaks with one network a voice, a sentence at a time.

    A network draws a little chance into each sentence: the same text sounds a little different
    each time. One thread a process: several sentences side by side use the cores better.
    """

    name = "piper"
    version = f"{version('piper-tts')}/2"
    native = frozenset({"speed"})
    # Memory grows with the sentence, and the networks learnt from short ones.
    limit = 400

    def __init__(self) -> None:
        # It warns of every phoneme that the voice does not know.
        logging.getLogger("piper").setLevel(logging.ERROR)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text with the voice in the file ``voice.model``, a JSON file beside it."""
        speaker = _load(_look(voice))
        neural.require_rate(voice, speaker.config.sample_rate)
        manner = SynthesisConfig(
            length_scale=speaker.config.length_scale / voice.speed,
            # It would bring the peak of every sentence to full scale: whispers as loud as shouts.
            normalize_audio=False,
        )
        return [_say(text, voice, speaker, manner) for text in texts]

    def version_of(self, voice: Voice) -> str:
        """Return what decides how a voice sounds: this engine's version and the model's bytes."""
        return f"{self.version} {neural.digest(_look(voice))}"


def _look(voice: Voice) -> neural.Model:
    model = neural.place(voice)
    return neural.look(voice, [model, Path(f"{model}.json")])


@lru_cache(maxsize=4)
def _load(model: neural.Model) -> PiperVoice:
    network, description = model.paths
    # PiperVoice.load would give every process as many threads as there are cores.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    try:
        config = PiperConfig.from_dict(json.loads(description.read_text("utf-8")))
        session = onnxruntime.InferenceSession(
            network, sess_options=options, providers=["CPUExecutionProvider"]
        )
    except _FAILURES as problem:
        raise VoiceError(
            f"cannot use the voice {network}: {problem}", "fetch it again"
        ) from problem
    return PiperVoice(session, config)


def _say(text: str, voice: Voice, speaker: PiperVoice, manner: SynthesisConfig) -> Audio:
    # Between [[ and ]] it would take phonemes.
    whole = sayable(text).replace("[[", "[ [")
    try:
        chunks = list(speaker.synthesize(whole, manner, include_alignments=True))
    except _FAILURES as problem:
        raise EngineError(f"Piper failed at {text[:80]!r}: {problem}") from problem
    waves = [chunk.audio_float_array for chunk in chunks]
    wave = np.concatenate(waves) if waves else np.zeros(0, np.float32)
    marks = _marks(text, chunks) if whole == text else ()
    return Audio(neural.to_samples(wave, text), voice.rate, marks)


def _marks(text: str, chunks: Sequence[AudioChunk]) -> tuple[Mark, ...]:
    """Tell when each word begins, of a network that gives the length of each phoneme.

    There are none where words were spoken as one, or one as several: 2 % of sentences, with dots in
    them or spelled words.
    """
    begun = list(_begun(chunks))
    words = [match.start() for match in _WORD.finditer(text)]
    return tuple(map(Mark, begun, words)) if len(begun) == len(words) else ()


def _begun(chunks: Sequence[AudioChunk]) -> Iterator[int]:
    """Yield where words begin, in samples: with the first phoneme, and with each after a space."""
    start = 0
    for chunk in chunks:
        at, is_first = start, True
        for phoneme in chunk.phoneme_alignments or ():
            if is_first and phoneme.phoneme.isalpha():
                yield at
                is_first = False
            is_first = is_first or phoneme.phoneme == " "
            at += int(phoneme.num_samples)
        start += len(chunk.audio_float_array)
