from __future__ import annotations

import math
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines import clips
from audiobook.errors import VoiceError
from audiobook.model import Audio, Mark, Voice
from audiobook.speech import loudness
from audiobook.speech.speak import speak
from audiobook.speech.stretch import check_reachable, stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RATE = 22_050
HANOI = load_voice("hanoi")
SENTENCE = "Hôm nay trời đẹp quá, chúng tôi đi ra bờ sông ngồi câu cá với nhau."


@pytest.fixture(scope="module")
def speech() -> NDArray[np.int16]:
    samples: NDArray[np.int16] = engines.load("espeak").say([SENTENCE], HANOI)[0].samples
    return samples


def vowel(hertz: float) -> NDArray[np.int16]:
    """Half a second of a, its formants at 700, 1,220 and 2,600 Hz."""
    time = np.arange(RATE // 2) / RATE
    wave = np.zeros(len(time))
    for harmonic in np.arange(hertz, 5_000, hertz):
        height = hertz / harmonic
        for formant, band in ((700, 80), (1_220, 90), (2_600, 120)):
            height *= formant**2 / math.hypot(formant**2 - harmonic**2, band * harmonic)
        wave += height * np.sin(2 * np.pi * harmonic * time)
    samples: NDArray[np.int16] = (wave / np.abs(wave).max() * 9_000).astype(np.int16)
    return samples


def pitch(samples: NDArray[np.int16]) -> float:
    import parselmouth

    frequencies = (
        parselmouth.Sound(samples / 32_768, sampling_frequency=RATE)
        .to_pitch()
        .selected_array["frequency"]
    )
    return float(np.median(frequencies[frequencies > 0]))


def formants(samples: NDArray[np.int16]) -> list[float]:
    import parselmouth

    # The third formant is unsure.
    formant_track = parselmouth.Sound(samples / 32_768, sampling_frequency=RATE).to_formant_burg()
    return [formant_track.get_value_at_time(number, len(samples) / RATE / 2) for number in (1, 2)]


@pytest.mark.parametrize("speed", [0.7, 1.1, 1.5])
def test_it_lasts_as_long_as_it_should(speech: NDArray[np.int16], speed: float) -> None:
    faster = stretch(speech, RATE, speed, 1.0)
    assert len(faster) == pytest.approx(len(speech) / speed, rel=0.001)
    assert pitch(faster) == pytest.approx(pitch(speech), rel=0.02)
    assert loudness.measure(faster, RATE) == pytest.approx(loudness.measure(speech, RATE), abs=0.5)


@pytest.mark.parametrize("ratio", [0.8, 1.25])
def test_a_higher_voice_keeps_its_vowels(ratio: float) -> None:
    original = vowel(150)
    stretched = stretch(original, RATE, 1.0, ratio)
    assert pitch(stretched) == pytest.approx(150 * ratio, rel=0.01)
    assert formants(stretched) == pytest.approx(formants(original), rel=0.06)
    assert len(stretched) == len(original)


def test_onsets_are_not_smeared() -> None:
    burst = np.zeros(RATE, np.int16)
    burst[RATE // 2 : RATE // 2 + 2_000] = vowel(150)[:2_000]
    faster = stretch(burst, RATE, 1.25, 1.0).astype(float)
    onset = int(RATE / 2 / 1.25)
    assert np.abs(faster[onset - 1_000 : onset - 200]).max() < 10
    assert np.abs(faster[onset + 200 : onset + 1_000]).max() > 5_000


def test_what_is_to_stay_as_it_is_does(speech: NDArray[np.int16]) -> None:
    assert stretch(speech, RATE, 1.0, 1.0) is speech
    nothing = speech[:0]
    assert stretch(nothing, RATE, 2.0, 1.0) is nothing


def test_the_shortest_clip_is_changed_too() -> None:
    for length in (1, 100, 700, 1_400):
        clip = vowel(150)[:length]
        assert len(stretch(clip, RATE, 1.25, 1.1)) == round(length / 1.25)


@pytest.mark.parametrize("ratio", [0.8, 0.9, 1.1, 1.25])
def test_another_pitch_is_as_loud(speech: NDArray[np.int16], ratio: float) -> None:
    # Fewer periods a second are softer by themselves: 1 LU and more at 0.8.
    changed = stretch(speech, RATE, 1.0, ratio)
    assert loudness.measure(changed, RATE) == pytest.approx(loudness.measure(speech, RATE), abs=0.2)


def test_no_sample_passes_full_scale(speech: NDArray[np.int16]) -> None:
    loud = np.clip(speech * 3.0, -32_768, 32_767).astype(np.int16)
    for ratio in (0.8, 1.25):
        changed = stretch(loud, RATE, 1.1, ratio).astype(int)
        assert np.abs(np.diff(changed)).max() < 40_000  # it does not wrap around
        assert np.abs(changed).max() > 30_000


def test_no_click_at_the_ends(speech: NDArray[np.int16]) -> None:
    ramp = np.minimum(1, np.arange(len(speech)) / 66)
    faded = (speech * ramp * ramp[::-1]).astype(np.int16)
    for speed, ratio in ((0.8, 1.0), (1.25, 1.0), (1.0, 0.85), (1.25, 1.15)):
        changed = stretch(faded, RATE, speed, ratio)
        assert np.abs(changed[[0, -1]]).max() < 60


@pytest.mark.parametrize("wanted", [(0.4, 1.0), (2.1, 1.0), (1.0, 0.4), (1.0, 2.1)])
def test_what_nobody_would_understand_is_refused(
    speech: NDArray[np.int16], wanted: tuple[float, float]
) -> None:
    with pytest.raises(VoiceError, match=r"choose 0\.5 to 2"):
        stretch(speech, RATE, *wanted)
    with pytest.raises(VoiceError, match="cannot be understood"):
        check_reachable(*wanted)


def test_silence_stays_silent() -> None:
    assert not stretch(np.zeros(RATE, np.int16), RATE, 1.5, 1.2).any()


class _Stiff:
    """An engine with one speed and one pitch."""

    name, version, limit = "stiff", "1", None
    native = frozenset[str]()

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        assert (voice.speed, voice.pitch) == (1, 1)
        clips = engines.load("espeak").say(texts, replace(voice, engine="espeak"))
        return [replace(audio, marks=(Mark(len(audio.samples) // 2, 3),)) for audio in clips]


class TestSpeaking:
    @pytest.fixture(autouse=True)
    def _stiff(self, monkeypatch: pytest.MonkeyPatch) -> None:
        engine = _Stiff()
        monkeypatch.setattr(clips, "load", lambda _name: engine)

    def test_an_engine_without_a_speed_is_helped(self) -> None:
        (usual,) = speak([SENTENCE], HANOI)
        (faster,) = speak([SENTENCE], replace(HANOI, speed=1.25, pitch=1.1))
        assert len(faster.samples) == pytest.approx(len(usual.samples) / 1.25, rel=0.01)
        assert pitch(faster.samples) == pytest.approx(pitch(usual.samples) * 1.1, rel=0.03)
        assert faster.marks[0].sample == pytest.approx(usual.marks[0].sample / 1.25, rel=0.01)

    def test_without_the_library_it_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "parselmouth", None)
        with pytest.raises(VoiceError, match="pip install 'praat-parselmouth"):
            speak([SENTENCE], replace(HANOI, speed=1.1))


@pytest.mark.parametrize("ratio", [0.8, 1.2, 1.5])
def test_espeak_has_a_pitch_of_its_own(speech: NDArray[np.int16], ratio: float) -> None:
    (higher,) = engines.load("espeak").say([SENTENCE], replace(HANOI, pitch=ratio))
    assert pitch(higher.samples) == pytest.approx(pitch(speech) * ratio, rel=0.03)
    with pytest.raises(VoiceError, match=r"0\.6 to 1\.7"):
        engines.load("espeak").say([SENTENCE], replace(HANOI, pitch=2.0))
