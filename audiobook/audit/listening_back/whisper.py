"""Whisper models as recognisers, by faster-whisper, which is imported here alone."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from audiobook.audit.listening_back.models import TOKENIZER, find_model
from audiobook.audit.listening_back.recogniser import RATE, Heard
from audiobook.config import cores
from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.messages.foreign import explain
from audiobook.system.json_data import load_json
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LIBRARY = "faster-whisper"
# What ctranslate2 and faster-whisper raise for a model or a clip that they cannot use.
_FAILURES = (RuntimeError, ValueError, KeyError, TypeError, OSError, MemoryError)
_CIRCLES = 2.2
"""How much better than prose a text can be compressed that repeats itself: then it is heard once
more, and may not."""
# What Whisper writes, out of subtitles that it was taught, where it understands nothing.
_STOCK = re.compile(r"\bsubscribe\b|\bGhiền Mì Gõ\b", re.IGNORECASE)
# What stands in texts but Whisper does not write, and what it writes but nobody says.
_UNHEARD = re.compile(r"[^\w\s,.?!]+")
_MARKS = frozenset(",.?!")
_SURE = 0.5
"""The probability from which a language is told."""
_WINDOW, _SILENCE = 3000, 800
"""Frames of 10 ms that models hear at once at most, and those of silence after a clip."""
_FRAMES, _FEWEST, _MOST = 4, 40, 440
"""Frames in which no voice says more than a token, and the tokens that are read of a window."""
_WITHIN = 0.9
"""The share of the words that fit in a window by their number which surely are in it."""
_LEAST = 1e-9


class _Window(NamedTuple):
    """A part of a clip."""

    encoded: Any
    """As the model reads it."""
    frames: int
    """Of 10 ms, without the silence after it."""


class Whisper:
    """A Whisper model in memory, in 8-bit integers, on the processor.

    Args:
        model: a folder of a model for CTranslate2, or the name of one in `models.models_folder`.

    Raises:
        EngineError: faster-whisper is missing, or the model is missing or damaged.
    """

    def __init__(self, model: str) -> None:
        self._silence: _Window | None = None
        folder = find_model(model)
        try:
            from faster_whisper import WhisperModel
        except ImportError as problem:
            raise EngineError(
                message("listening needs the library {library}", library=LIBRARY),
                install_hint(LIBRARY),
            ) from problem
        try:
            load_json((folder / TOKENIZER).read_text("utf-8"))
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

    def hear(self, samples: NDArray[np.float32], language: str = "vi", expected: str = "") -> Heard:
        """Return what is said in a clip; see `Recogniser.hear`."""
        try:
            return self._hear(samples, language, expected)
        except _FAILURES as problem:
            raise EngineError(
                message("the recogniser failed: {reason}", reason=explain(problem))
            ) from problem

    def _hear(self, samples: NDArray[np.float32], language: str, expected: str) -> Heard:
        features = self._model.feature_extractor(samples)
        windows = [
            _Window(self._encode(window), window.shape[-1])
            for start in range(0, features.shape[-1], _WINDOW)
            if (window := features[:, start : start + _WINDOW]).size
        ]
        is_sure = True
        if not language:
            (language, probability) = self._model.model.detect_language(windows[0].encoded)[0][0]
            language, is_sure = language.strip("<|>"), probability >= _SURE
        tokenizer = self._tokenizer(language)
        text = " ".join(self._write(window, tokenizer) for window in windows).strip()
        support = self._support(windows, expected, tokenizer) if expected else ()
        if _STOCK.search(text):
            return Heard("", "", support)
        return Heard(text, language if is_sure else "", support)

    def _encode(self, features: NDArray[np.float32]) -> Any:
        """Return features of at most 30 seconds as the model reads them, with silence after them.

        Models were taught with windows of 30 seconds. Base understands as much with 8 seconds of
        silence (27 % and 29 % of 24 sentences of books misheard, 2026-11-30), three times as fast;
        with one second it goes in circles.
        """
        from faster_whisper.audio import pad_or_trim

        frames = min(features.shape[-1] + _SILENCE, _WINDOW)
        return self._model.encode(pad_or_trim(features, frames - frames % 2))

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(
            self._model.hf_tokenizer,
            self._model.model.is_multilingual,
            task="transcribe",
            language=language,
        )

    def _write(self, window: _Window, tokenizer: Any) -> str:
        """Write down what is said in a window."""
        text = self._generate(window, tokenizer)
        if _compressed(text) > _CIRCLES:
            text = self._generate(window, tokenizer, no_repeat_ngram_size=3)
        return text

    def _generate(self, window: _Window, tokenizer: Any, **options: int) -> str:
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        (result,) = self._model.model.generate(
            window.encoded,
            [prompt],
            beam_size=5,
            max_length=min(window.frames // _FRAMES + _FEWEST, _MOST),
            **options,
        )
        return str(tokenizer.decode(result.sequences_ids[0])).strip()

    def _support(
        self, windows: Sequence[_Window], expected: str, tokenizer: Any
    ) -> tuple[float, ...]:
        """Return what speaks for each token of a text, as far as it is in the first window."""
        frames = sum(window.frames for window in windows)
        share = windows[0].frames / frames
        words = _UNHEARD.sub(" ", expected).split()
        within = words if len(windows) == 1 else words[: int(len(words) * share * _WITHIN)]
        tokens = tokenizer.encode(" " + " ".join(within))[: _MOST // 2]
        if not tokens:
            return ()
        if self._silence is None:
            silence = self._model.feature_extractor(np.zeros(RATE, np.float32))
            self._silence = _Window(self._encode(silence), silence.shape[-1])
        here, nowhere = (
            self._logarithms(window, tokens, tokenizer) for window in (windows[0], self._silence)
        )
        support = zip(tokens, (here - nowhere).tolist(), strict=True)
        return tuple(value for token, value in support if tokenizer.decode([token]) not in _MARKS)

    def _logarithms(
        self, window: _Window, tokens: list[int], tokenizer: Any
    ) -> NDArray[np.float64]:
        """Return how likely a model takes each token of a text to come next in a window."""
        (result,) = self._model.model.align(
            window.encoded, tokenizer.sot_sequence, [tokens], [window.frames]
        )
        probabilities = np.array(result.text_token_probs, np.float64)
        return np.log(np.maximum(probabilities, _LEAST))


def _compressed(text: str) -> float:
    """Return how many times shorter a text is when it is compressed."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))
