"""A recogniser that understands the engine Tone, and an engine Tone that says some texts wrong."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

from audiobook.audit.listening_back import RATE, Heard
from audiobook.engines.tone import Tone, _hertz
from audiobook.model import Audio

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest
    from numpy.typing import NDArray

    from audiobook.model import Voice

SENTENCES = """Con sông nhỏ chảy qua làng.
Nước trong và mát quanh năm.
Người lái đò ngồi trên bến cũ.
Ông nhìn thuyền đi qua trước mặt.
Không ai biết ông đang chờ gì.
Mùa mưa năm ấy nước dâng cao.
Cả làng thức suốt đêm giữ đê.
Sáng hôm sau trời lại nắng to.
Trẻ con ra đồng bắt cá rô.
Mẹ già phơi thóc ngoài sân đình.
Đàn trâu lội qua bãi lầy sâu.
Khói bếp bay trên mái rạ vàng.""".splitlines()
_SYLLABLE = round(0.15 * RATE)
# Of the takes of Tone, each higher by a hundredth or two.
_PITCHES = (1.0, 1.02, 1.04, 1.06)
_PADDED = 1 << 15
_MUCH, _NONE = 2.5, -0.4
"""What Whisper base finds for words of Sano that are said, and for those that are not."""


class ToneRecogniser:
    """Knows words by the pitches of their syllables, as Tone plays them.

    Args:
        text: holds all words that it knows.
        language: what it takes all speech for when it is asked for the language.
    """

    def __init__(self, text: str, language: str = "vi") -> None:
        self._words = {_hertz(word): word for word in re.findall(r"[^\W_]+", text)}
        self._pitches = np.array(list(self._words))
        self._language = language
        self.heard = 0
        """How many clips it has heard."""

    def hear(self, samples: NDArray[np.float32], language: str = "vi", expected: str = "") -> Heard:
        self.heard += 1
        pitches = [self._pitch(samples[start : start + _SYLLABLE]) for start in _starts(samples)]
        texts = {scale: self._understand(pitches, scale) for scale in _PITCHES}
        text = min(texts.values(), key=lambda words: words[1])[0]
        return Heard(text, language or self._language, _support(expected, text))

    def _pitch(self, samples: NDArray[np.float32]) -> float:
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), _PADDED))
        return float(spectrum.argmax() * RATE / _PADDED)

    def _understand(self, pitches: list[float], scale: float) -> tuple[str, float]:
        """Return the words nearest to pitches, and how far they are in all."""
        words, distance = [], 0.0
        for pitch in pitches:
            nearest = int(np.abs(self._pitches - pitch / scale).argmin())
            distance += abs(self._pitches[nearest] - pitch / scale)
            words.append(self._words[int(self._pitches[nearest])])
        return " ".join(words), distance


def _support(expected: str, text: str) -> tuple[float, ...]:
    """Return what speaks for each word that is expected: much if it was heard in turn."""
    words, heard = (re.findall(r"[^\W_]+", row.lower()) for row in (expected, text))
    support = [_NONE] * len(words)
    for block in SequenceMatcher(None, words, heard, autojunk=False).get_matching_blocks():
        support[block.a : block.a + block.size] = [_MUCH] * block.size
    return tuple(support)


def _starts(samples: NDArray[np.float32]) -> range:
    count = round(len(samples) / _SYLLABLE)
    return range(0, count * _SYLLABLE, _SYLLABLE)


def say_wrong(
    monkeypatch: pytest.MonkeyPatch,
    spoilt: Mapping[str, Callable[[list[str]], list[str]]],
    takes: int = 1,
) -> None:
    """Let Tone say other words in some texts, in so many of its first takes.

    Args:
        monkeypatch: undoes it.
        spoilt: texts as they are spoken, and what becomes of their words.
        takes: how many takes of each are wrong.
    """
    say_right = Tone._speak_text

    def speak_text(engine: Tone, text: str, voice: Voice) -> Audio:
        # Of each take the second variant is for sound that was faulty.
        if text in spoilt and voice.pitch < 1 + 0.02 * takes - 0.001:
            text = " ".join(spoilt[text](text.split()))
        return say_right(engine, text, voice)

    monkeypatch.setattr(Tone, "_speak_text", speak_text)
