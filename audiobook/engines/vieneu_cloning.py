"""Listens to a clip of a speaker, so that VieNeu-TTS v3 Nano can speak as this one does."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from vieneu.v3nano import OnnxV3NanoEngine

from audiobook.engines.vieneu_networks import FAILURES, Nano
from audiobook.engines.vieneu_reference import Reference
from audiobook.errors import VoiceError
from audiobook.messages import message
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_FAILURES: tuple[type[Exception], ...] = (*FAILURES, ImportError)
_LIBRARY = "kaldi-native-fbank"
RATE = Nano.rate
"""Samples a second of the cloned voice."""
MODEL = "nano#{file}"
"""What ``voice.model`` says of a file that describes a speaker."""


def check_library() -> None:
    """Check that the library is there that speaking does not need.

    Raises:
        VoiceError: it is not.
    """
    if not find_spec(_LIBRARY.replace("-", "_")):
        raise VoiceError(
            message("cloning needs {module}, which is not installed", module=_LIBRARY),
            install_hint(_LIBRARY),
        )


def listen(samples: NDArray[np.int16], rate: int, network: Path, listeners: Path) -> str:
    """Return the speaker of a clip, as JSON.

    Args:
        samples: one speaker without silence around, shape (n,).
        rate: samples a second.
        network: the folder of Nano.
        listeners: the folder of what it listens with.

    Raises:
        VoiceError: a network is damaged, or finds no speaker.
    """
    sound = samples.astype(np.float32) / (np.iinfo(np.int16).max + 1)
    try:
        engine = OnnxV3NanoEngine(local_dir=str(network), threads=1)
        # It looks there for what it has not opened yet.
        engine.local_dir = str(listeners)
        speaker, style = engine.prepare_reference(sound, sr=rate)
        document = Reference(speaker, style).document(Nano.manner)
        Reference.parse({"speaker_emb": speaker, "style": style}, Nano.manner)
    except _FAILURES as problem:
        raise VoiceError(
            message("VieNeu cannot clone this voice: {reason}", reason=problem),
            message("fetch its files again, or try another clip"),
        ) from problem
    return document
