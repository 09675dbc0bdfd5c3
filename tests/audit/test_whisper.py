"""What is made of the answers of a Whisper model; a stand-in gives them."""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from audiobook.audit.listening_back import RATE
from audiobook.audit.listening_back.whisper import Whisper
from audiobook.errors import EngineError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SAID, _SILENT = 0.5, 0.05
"""The probability of each token where there is sound, and where there is none."""


class Tokens:
    """A tokenizer whose tokens are words and marks."""

    no_timestamps = -1

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self.sot_sequence: list[int] = []

    def encode(self, text: str) -> list[int]:
        pieces = re.findall(r"\w+|[^\w\s]", text)
        self._words += [piece for piece in pieces if piece not in self._words]
        return [self._words.index(piece) for piece in pieces]

    def decode(self, tokens: list[int]) -> str:
        return " ".join(self._words[token] for token in tokens)


@dataclass
class Network:
    """A model of CTranslate2 that hears a text wherever there is sound."""

    tokens: Tokens
    text: str = "trời mưa"
    text_without_circles: str = ""
    language: tuple[str, float] = ("<|en|>", 0.9)
    is_multilingual: bool = True
    windows: list[NDArray[np.float32]] = field(default_factory=list)
    """Those of which it wrote down what is said."""

    def generate(self, window: NDArray[np.float32], _prompts: object, **options: int) -> Any:
        self.windows.append(window)
        may_repeat = "no_repeat_ngram_size" not in options
        text = self.text if may_repeat else self.text_without_circles
        if not text:
            raise RuntimeError("no memory")
        return [SimpleNamespace(sequences_ids=[self.tokens.encode(text)])]

    def align(
        self, window: NDArray[np.float32], _start: object, texts: list[list[int]], _frames: object
    ) -> Any:
        probability = _SAID if window.any() else _SILENT
        return [SimpleNamespace(text_token_probs=[probability] * len(texts[0]))]

    def detect_language(self, _window: object) -> Any:
        return [[self.language]]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """What `Whisper` finds in any folder of a model."""
    words: list[str] = []
    network = Network(Tokens(words))
    model = SimpleNamespace(
        model=network,
        hf_tokenizer=None,
        encode=lambda features: features,
        feature_extractor=lambda samples: samples[::160].reshape(1, -1),
    )
    library, audio, tokenizer = (
        ModuleType(f"faster_whisper{part}") for part in ("", ".audio", ".tokenizer")
    )
    names: dict[ModuleType, dict[str, Any]] = {
        library: {"WhisperModel": lambda *_, **_options: model},
        audio: {
            "pad_or_trim": lambda features, length: np.pad(
                features, ((0, 0), (0, length - features.shape[-1]))
            )
        },
        tokenizer: {"Tokenizer": lambda *_, **_options: network.tokens},
    }
    for module, values in names.items():
        vars(module).update(values)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return network


@pytest.fixture
def whisper(network: Network, tmp_path: Path) -> Whisper:
    assert network
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    return Whisper(str(tmp_path))


def sound(seconds: float) -> NDArray[np.float32]:
    return np.full(round(seconds * RATE), 0.5, np.float32)


def test_support_is_how_much_likelier_each_word_is_than_in_silence(whisper: Whisper) -> None:
    heard = whisper.hear(sound(2), "vi", "“Trời” – mưa, to.")
    assert heard.support == pytest.approx([math.log(_SAID / _SILENT)] * 3)
    assert whisper.hear(sound(2), "vi", "…").support == ()
    assert whisper.hear(sound(2)).support == ()
    silence = whisper.hear(np.zeros(RATE, np.float32), "vi", "Trời mưa.")
    assert silence.support == pytest.approx([0, 0])


def test_a_long_clip_is_heard_in_windows(whisper: Whisper, network: Network) -> None:
    heard = whisper.hear(sound(70), "vi", " ".join(map(str, range(700))))
    assert [np.count_nonzero(window) for window in network.windows] == [3000, 3000, 1000]
    assert heard.text == "trời mưa trời mưa trời mưa"
    # Of the 300 words that the first window may hold, those that surely are in it, and no more
    # than the model reads.
    assert len(heard.support) == 220
    assert len(whisper.hear(sound(70), "vi", " ".join(map(str, range(100)))).support) == 38


def test_a_short_clip_is_not_made_thirty_seconds_long(whisper: Whisper, network: Network) -> None:
    whisper.hear(sound(2))
    assert network.windows[0].shape[-1] == 1000


def test_a_model_in_circles_is_asked_once_more(whisper: Whisper, network: Network) -> None:
    network.text, network.text_without_circles = "một hai " * 50, "một hai ba"
    assert whisper.hear(sound(2)).text == "một hai ba"


def test_stock_phrases_are_nothing_heard(whisper: Whisper, network: Network) -> None:
    network.text = "Hãy subscribe cho kênh Ghiền Mì Gõ"
    heard = whisper.hear(sound(2), "vi", "Trời mưa.")
    assert heard.text == ""
    assert len(heard.support) == 2


def test_a_language_is_told_where_it_is_sure(whisper: Whisper, network: Network) -> None:
    assert whisper.hear(sound(2), "").language == "en"
    network.language = ("<|en|>", 0.4)
    assert whisper.hear(sound(2), "").language == ""


def test_a_model_that_fails_is_an_error(whisper: Whisper, network: Network) -> None:
    network.text = ""
    with pytest.raises(EngineError, match="no memory"):
        whisper.hear(sound(2))
