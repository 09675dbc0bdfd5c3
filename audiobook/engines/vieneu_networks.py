"""The networks of VieNeu-TTS v3, opened from local files: Nano, and Turbo on a CPU or a GPU.

None of them adds the watermark that the package offers. It exists only where another library is
installed, so that the same book would sound different elsewhere; tags say what a book is.
"""

from __future__ import annotations

import sys
import zipfile
from abc import ABC, abstractmethod
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from huggingface_hub import constants
from vieneu._v3_turbo_engine.onnx_runtime_lite import OnnxV3LiteEngine
from vieneu.v3nano import OnnxV3NanoEngine

from audiobook.engines import onnx_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from audiobook.engines.vieneu_reference import Reference

# What the package lacks it would fetch, even in the middle of a book.
constants.HF_HUB_OFFLINE = True

FAILURES: tuple[type[Exception], ...] = (
    *onnx_session.FAILURES,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    TypeError,
    zipfile.BadZipFile,
)
"""The errors of the package and of the libraries that it uses."""


class Network(ABC):
    """A network in memory, which speaks as whoever a reference describes."""

    files: ClassVar[tuple[str, ...]]
    """What must lie in its folder."""
    manner: ClassVar[str]
    """What a reference holds for it, beside the speaker."""
    rate: ClassVar[int]
    """Samples a second."""

    @abstractmethod
    def __init__(self, folder: Path) -> None: ...

    @abstractmethod
    def speak(self, phonemes: str, reference: Reference, seed: int) -> NDArray[np.float32]:
        """Return phonemes as a wave between -1 and 1, always the same for the same seed."""

    @abstractmethod
    def knows(self, phonemes: str) -> bool:
        """Return whether it has a sound for any of these phonemes."""


class Nano(Network):
    """48 million parameters, for a CPU: makes the whole sound at once, out of noise."""

    files: ClassVar[tuple[str, ...]] = (
        "text_encoder.onnx",
        "duration_predictor.onnx",
        "vector_estimator.onnx",
        "codec_decoder.onnx",
        "config.json",
        "constants.npz",
    )
    manner = "style"
    rate = OnnxV3NanoEngine.SAMPLE_RATE

    def __init__(self, folder: Path) -> None:
        # One thread, because several processes in parallel use the cores better.
        self._engine = OnnxV3NanoEngine(local_dir=str(folder), threads=1)

    def speak(self, phonemes: str, reference: Reference, seed: int) -> NDArray[np.float32]:
        """Return phonemes as a wave, made out of noise that the seed decides."""
        sound = self._engine.infer(phonemes, reference.speaker, reference.manner, seed=seed)
        return _wave(sound)

    def knows(self, phonemes: str) -> bool:
        """Return whether any of these phonemes is in its list."""
        return any(sign.isalpha() and sign in self._engine.vocab for sign in phonemes)


class Turbo(Network):
    """The larger network, for a CPU: makes frame after frame, each drawn by chance."""

    files: ClassVar[tuple[str, ...]] = (
        "vieneu_prefill.onnx",
        "vieneu_decode_step.onnx",
        "vieneu_acoustic_cached.onnx",
        "vieneu_backbone_shared.data",
        "vieneu_v3_heads.npz",
        "config.json",
        "tokenizer.json",
        "moss_audio_tokenizer_decode_full.onnx",
        "moss_audio_tokenizer_decode_shared.data",
    )
    manner = "codes"
    rate = OnnxV3LiteEngine.SAMPLE_RATE
    _engine: Any

    def __init__(self, folder: Path) -> None:
        path = str(folder)
        try:
            self._engine = OnnxV3LiteEngine(
                checkpoint_path=path, onnx_dir=path, codec_dir=path, threads=1
            )
        except FAILURES:
            raise
        except Exception as problem:  # tokenizers has no errors of its own
            raise ValueError(problem) from problem

    def speak(self, phonemes: str, reference: Reference, seed: int) -> NDArray[np.float32]:
        """Return phonemes as a wave; the seed decides what is drawn."""
        with _drawing_by(seed):
            sound = self._engine.infer(
                phonemes=phonemes, speaker_emb=reference.speaker, ref_codes=reference.manner
            )
        return _wave(sound)

    def knows(self, phonemes: str) -> bool:
        """Return whether they hold more than marks: its tokenizer takes any sign."""
        return any(map(str.isalpha, phonemes))


class TurboOnGpu(Turbo):
    """The same on a GPU, by PyTorch, from the files that it was trained to.

    They hold a program of the makers of its codec, which runs, so only the user puts them there.
    """

    files: ClassVar[tuple[str, ...]] = (
        "update/config.json",
        "update/model.safetensors",
        "moss/config.json",
    )

    def __init__(self, folder: Path) -> None:
        from vieneu._v3_turbo_engine import VieNeuTTSv3Turbo

        self._engine = VieNeuTTSv3Turbo(
            checkpoint_path=str(folder), moss_tokenizer_path=str(folder / "moss"), device="cuda"
        )


def is_gpu_there() -> bool:
    """Return whether PyTorch is installed and finds a GPU."""
    if not find_spec("torch"):
        return False
    import torch

    return bool(torch.cuda.is_available())


def _wave(sound: Any) -> NDArray[np.float32]:
    return np.clip(np.asarray(sound, np.float32).reshape(-1), -1, 1)


@contextmanager
def _drawing_by(seed: int) -> Iterator[None]:
    """Seed the generators of the whole process, which the package draws from, for a while."""
    state = np.random.get_state()
    np.random.seed(seed)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)
