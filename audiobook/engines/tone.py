"""Plays a tone for every syllable: quick, exact, and the same on every machine.

It serves for tests, and for trying the pacing of a book without listening to words.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.engines import sayable
from audiobook.model import Audio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Voice

_WORD = re.compile(r"[^\W_]+")
_SYLLABLE = 0.15
_LOW, _HIGH = 200, 800
_AMPLITUDE = 8_000
_STEP = 0.01


class Tone:
    """Says each syllable as a sine, whose length and pitch depend on the text alone.

    When it is asked again, it is a little higher.
    """

    name = "tone"
    version = "3"
    limit = None

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text as a row of tones, of ``0.15 s / voice.speed`` for each syllable."""
        return [self._speak_text(text, voice) for text in texts]

    def say_again(self, texts: Sequence[str], voice: Voice, variant: int = 1) -> list[Audio]:
        """Speak each text as `say` does, but higher by a hundredth for each variant."""
        higher = replace(voice, pitch=voice.pitch * (1 + variant * _STEP))
        return self.say(texts, higher)

    def _speak_text(self, text: str, voice: Voice) -> Audio:
        import numpy as np

        length = int(voice.rate * _SYLLABLE / voice.speed)
        time = np.arange(length) / voice.rate
        tones = [
            np.sin(2 * np.pi * voice.pitch * _hertz(syllable) * time)
            for syllable in _WORD.findall(sayable(text))
        ]
        return Audio((np.concatenate(tones) * _AMPLITUDE).astype(np.int16), voice.rate)


def _hertz(syllable: str) -> int:
    return _LOW + sum(map(ord, syllable)) % (_HIGH - _LOW)
