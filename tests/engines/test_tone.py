"""The tone engine: exact, so that other tests can count on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from contract import LONG, EngineContract

from audiobook.engines import Engine
from audiobook.model import Voice


class TestTone(EngineContract):
    name = "tone"
    voice_name = "tone"
    says_the_same_again = True
    has_models = False

    def test_gives_each_syllable_the_same_time(self, engine: Engine, voice: Voice) -> None:
        for text in ("một", "một hai", LONG):
            (audio,) = engine.say([text], voice)
            assert len(audio.samples) == int(0.15 * voice.rate) * len(text.split())

    def test_speed_shortens_it(self, engine: Engine, voice: Voice) -> None:
        (usual,) = engine.say(["một hai"], voice)
        (quick,) = engine.say(["một hai"], replace(voice, speed=3))
        assert abs(len(usual.samples) - 3 * len(quick.samples)) < 10  # a syllable is whole samples

    def test_pitch_raises_it(self, engine: Engine, voice: Voice) -> None:
        def hertz(pitch: float) -> float:
            (audio,) = engine.say(["ba ba ba ba"], replace(voice, pitch=pitch))
            peak = np.argmax(np.abs(np.fft.rfft(audio.samples)))
            return float(peak * audio.rate / len(audio.samples))

        assert hertz(1.5) == pytest.approx(1.5 * hertz(1), rel=0.01)

    def test_is_the_same_each_time_and_different_for_other_words(
        self, engine: Engine, voice: Voice
    ) -> None:
        first, again, other = (audio.samples for audio in engine.say(["ba", "ba", "bốn"], voice))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)
