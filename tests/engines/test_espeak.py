"""The embedded voice, through the real library."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import espeakng_loader
import numpy as np
import pytest
from contract import LONG, SHORT, EngineContract

from audiobook.config import load_voice
from audiobook.engines import Engine
from audiobook.engines.espeak import Espeak
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Voice
from audiobook.system.memory import held_memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Accents differ in d, gi, r, s, tr, v and in the tones hỏi and ngã.
TELLING = "Rồi giữa trời xuân, chị vẫn nhớ những ngã rẽ dẫn về bãi biển cũ."
LOUD = "ĐÁNH! ĐÁNH! ĐÁNH! Ai? Tao! Bắt lấy nó, nhanh lên, chạy đi! Ôi trời ơi là trời! " * 5

# The library can be started once in a process: to start it otherwise takes another one.
SPEAK_WITH_DATA_FROM = """
import sys
import espeakng_loader
from audiobook import engines
from audiobook.config import load_voice
espeakng_loader.get_data_path = lambda: sys.argv[1]
(audio,) = engines.load("espeak").say([sys.argv[2]], load_voice("hanoi"))
print(len(audio.samples) / audio.rate)
"""


class TestEspeak(EngineContract):
    name = "espeak"
    voice_name = "hanoi"

    @pytest.mark.skipif(sys.platform != "linux", reason="memory is looked at only there")
    def test_dashes_and_quotation_marks_take_no_memory(self, engine: Engine, voice: Voice) -> None:
        """For them the library would load a second language each time, 180 kB that it keeps."""
        for text in ("— Mẹ về làng.", "Mẹ về – xa lắm!", '“Mẹ về”, «chim» hót "đêm".'):
            engine.say([text] * 5, voice)
            before = held_memory()
            for _ in range(50):
                engine.say([text], voice)
            assert held_memory() - before < 4_000_000

    @pytest.mark.parametrize("voice_name", ["hanoi", "hue", "saigon", "english", "french"])
    def test_signs_of_one_language_change_no_sound(
        self, engine: Engine, voice_name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        texts = [
            "— Mẹ về làng “xa” lắm.",
            "Anh nói: “Mẹ về!” – rồi đi…",
            'Từ hai–ba người, «chim» hót "đêm".',
            "Mẹ (“xa”), rồi–đi ”.",
            "“Mẹ về?”",
            "“To be” – an ong.",
        ]
        voice = load_voice(voice_name)
        replaced = [clip.samples.tobytes() for clip in engine.say(texts, voice)]
        monkeypatch.setattr("audiobook.engines.espeak._in_one_language", str)
        assert [clip.samples.tobytes() for clip in engine.say(texts, voice)] == replaced

    def test_what_was_said_before_changes_nothing(self, engine: Engine, voice: Voice) -> None:
        """The library alone would flutter on where it was, and go on in its random numbers."""
        (first,) = engine.say([SHORT], voice)
        for before in ("Ờ.", LONG, "Trời mưa, đường trơn."):
            engine.say([before], load_voice("saigon"))
            (again,) = engine.say([SHORT], voice)
            assert np.array_equal(first.samples, again.samples)

    def test_accents_sound_different(self, engine: Engine) -> None:
        def colours(voice: str) -> list[NDArray[np.float64]]:
            # No second sentence sounds quite like the first, so each is heard twice.
            clips = engine.say([TELLING, TELLING], load_voice(voice))
            return [_colour(audio.samples) for audio in clips]

        heard = {voice: colours(voice) for voice in ("hanoi", "hue", "saigon")}
        for voice, (first, second) in heard.items():
            same = np.abs(first - second).sum()
            others = [other for name, both in heard.items() if name != voice for other in both]
            assert min(np.abs(first - other).sum() for other in others) > 4 * same

    @pytest.mark.parametrize("speed", [0.5, 2.0, 4.0])
    def test_speed_scales_the_duration(self, engine: Engine, voice: Voice, speed: float) -> None:
        (usual,) = engine.say([LONG], voice)
        (scaled,) = engine.say([LONG], replace(voice, speed=speed))
        assert len(scaled.samples) == pytest.approx(len(usual.samples) / speed, rel=0.15)

    def test_refuses_a_speed_that_it_would_not_keep(self, engine: Engine, voice: Voice) -> None:
        with pytest.raises(VoiceError, match=r"goes down to 0\.46"):
            engine.say([LONG], replace(voice, speed=0.3))

    @pytest.mark.parametrize("model", ["nowhere", "", "../../etc/passwd"])
    def test_refuses_an_unknown_model(self, engine: Engine, voice: Voice, model: str) -> None:
        with pytest.raises(VoiceError, match="no voice"):
            engine.say([LONG], replace(voice, model=model))

    def test_refuses_another_rate(self, engine: Engine, voice: Voice) -> None:
        with pytest.raises(VoiceError, match="rate = 22050"):
            engine.say([LONG], replace(voice, rate=24000))

    def test_a_refused_voice_changes_nothing(self, engine: Engine, voice: Voice) -> None:
        (original,) = engine.say([LONG], voice)
        for wrong in (replace(voice, model="nowhere"), replace(voice, rate=8000)):
            with pytest.raises(VoiceError):
                engine.say([LONG], wrong)
            (again,) = engine.say([LONG], voice)
            assert len(again.samples) == pytest.approx(len(original.samples), rel=0.02)

    def test_tells_when_words_begin(self, engine: Engine, voice: Voice) -> None:
        text = "Một “ngày”, mây 😀 trắng: 25 con (cò) bay."
        (audio,) = engine.say([text], voice)
        words = re.findall(r"[^\W_]+", text)
        heard = {mark.position: mark.sample for mark in audio.marks}
        assert [mark.position for mark in audio.marks] == sorted(heard)
        assert {text.index(word) for word in words} <= heard.keys()
        assert list(heard.values()) == sorted(heard.values())
        # Between two parts of the sentence there is silence until the word begins.
        begins = heard[text.index("mây")]
        original, again = (
            np.abs(part.astype(int)).max()
            for part in (audio.samples[begins - 1500 : begins - 500], audio.samples[begins:])
        )
        assert original < 100 < again

    def test_tells_nothing_of_a_text_it_had_to_change(self, engine: Engine, voice: Voice) -> None:
        (changed,) = engine.say([unicodedata.normalize("NFD", LONG)], voice)
        assert changed.marks == ()

    @pytest.mark.parametrize("voice_name", ["hanoi", "hue", "saigon"])
    def test_clips_no_sample(self, engine: Engine, voice_name: str) -> None:
        # Where it is too loud the library bends its peaks to 32,600 and above.
        for audio in engine.say([LOUD, TELLING], load_voice(voice_name)):
            assert np.abs(audio.samples.astype(int)).max() < 32_000


def test_speaks_with_data_under_a_very_long_path(tmp_path: Path) -> None:
    deep = tmp_path / ("sâu" * 20) / ("xa" * 40)
    deep.mkdir(parents=True)
    data = deep / "espeak-ng-data"
    data.symlink_to(espeakng_loader.get_data_path(), target_is_directory=True)
    assert len(str(data)) > 150
    done = _speak_with_data_from(data)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 2


def test_missing_data_is_an_error(tmp_path: Path) -> None:
    done = _speak_with_data_from(tmp_path / "espeak-ng-data")
    assert "EngineError: eSpeak NG did not start" in done.stderr
    assert "pip install --force-reinstall espeakng-loader" in done.stderr


def test_a_missing_library_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(tmp_path / "none.so"))
    with pytest.raises(EngineError, match=r"did not start: .*none\.so"):
        Espeak()


def _speak_with_data_from(data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SPEAK_WITH_DATA_FROM, str(data), LONG],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def _colour(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return the parts of the power up to 5.5 kHz, in 32 bands of equal width."""
    power = np.abs(np.fft.rfft(samples, n=1 << 17)[: 1 << 15]) ** 2
    bands = power.reshape(32, -1).sum(axis=1)
    return np.asarray(bands / bands.sum())
