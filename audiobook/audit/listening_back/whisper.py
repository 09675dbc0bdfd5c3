"""Whisper models as recognisers, by faster-whisper, which is imported here alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.audit.listening_back.recogniser import Heard
from audiobook.config import cores
from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.messages.foreign import explain
from audiobook.system.folders import data_folder
from audiobook.system.json_data import load_json
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIBRARY = "faster-whisper"
_WEIGHTS, _TOKENIZER = "model.bin", "tokenizer.json"
# Without a tokenizer, faster-whisper would fetch one.
_FILES = (_WEIGHTS, "config.json", _TOKENIZER)
# What ctranslate2 and faster-whisper raise for a model or a clip that they cannot use.
_FAILURES = (RuntimeError, ValueError, KeyError, TypeError, OSError, MemoryError)
_CIRCLES = 2.2
"""How much better than prose a text can be compressed that repeats itself: then it is heard once
more, and may not."""
# What Whisper writes, out of subtitles that it was taught, where it understands nothing.
_STOCK = re.compile(r"\bsubscribe\b|\bGhiền Mì Gõ\b", re.IGNORECASE)
_SURE = 0.5
"""The probability from which a language is told."""


class Whisper:
    """A Whisper model in memory, in 8-bit integers, on the processor.

    Args:
        model: a folder of a model for CTranslate2, or the name of one in `models_folder`.

    Raises:
        EngineError: faster-whisper is missing, or the model is missing or damaged.
    """

    def __init__(self, model: str) -> None:
        folder = find_model(model)
        try:
            from faster_whisper import WhisperModel
        except ImportError as problem:
            raise EngineError(
                message("listening needs the library {library}", library=LIBRARY),
                install_hint(LIBRARY),
            ) from problem
        try:
            load_json((folder / _TOKENIZER).read_text("utf-8"))
            self._model: Any = WhisperModel(
                str(folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=cores(),
                local_files_only=True,
            )
        except _FAILURES as problem:
            raise EngineError(
                message("no model can be read in {path}: {reason}", path=folder, reason=problem),
                message("put a Whisper model for CTranslate2 there"),
            ) from problem

    def hear(self, samples: NDArray[np.float32], language: str = "vi") -> Heard:
        """Return what is said in a clip; see `Recogniser.hear`."""
        try:
            segments, info = self._transcribe(samples, language)
            if any(segment.compression_ratio > _CIRCLES for segment in segments):
                segments, info = self._transcribe(samples, language, no_repeat_ngram_size=3)
        except _FAILURES as problem:
            raise EngineError(
                message("the recogniser failed: {reason}", reason=explain(problem))
            ) from problem
        text = " ".join(segment.text.strip() for segment in segments)
        is_sure = bool(language) or info.language_probability >= _SURE
        if _STOCK.search(text):
            return Heard("", "")
        return Heard(text.strip(), info.language if is_sure else "")

    def _transcribe(
        self, samples: NDArray[np.float32], language: str, **options: int
    ) -> tuple[list[Any], Any]:
        segments, info = self._model.transcribe(
            samples,
            language=language or None,
            beam_size=5,
            temperature=0.0,
            # Whatever is there is speech: silence is not handed over.
            no_speech_threshold=None,
            condition_on_previous_text=False,
            without_timestamps=True,
            **options,
        )
        return list(segments), info


def models_folder() -> Path:
    """Return the folder in which models are looked for by name."""
    return data_folder() / "recognisers"


def find_model(model: str) -> Path:
    """Return the folder of a model.

    Args:
        model: a folder, or the name of one in `models_folder`.

    Raises:
        EngineError: it is not there, or files of it are missing.
    """
    named = models_folder() / model
    folder = Path(model).expanduser()
    if not folder.is_dir():
        folder = named
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise EngineError(
            message("there is no recogniser {model!r} here", model=model)
            if not folder.is_dir()
            else message("{path} lacks {names}", path=folder, names=", ".join(missing)),
            message(
                "put a Whisper model for CTranslate2 ({names}) in {folder}, or name its folder",
                names=", ".join(_FILES),
                folder=named,
            ),
        )
    return folder
