"""What is said of clips to clone a voice from: each fault is found, and good clips pass."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiobook import engines
from audiobook.app.cloning_clip import RATE, Clip, read_clip
from audiobook.config import load_voice
from audiobook.errors import SourceError
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Wave = NDArray[np.float64]

TEXT = "Hôm nay trời nắng đẹp, chúng tôi đi bộ ra bờ sông. Ở đó có một bến thuyền cũ."


def speech(pitch: float = 1.0) -> Wave:
    """Return about six seconds of speech at `RATE`, as loud as people speak to a phone."""
    voice = replace(load_voice("hanoi"), pitch=pitch)
    (audio,) = engines.load("espeak").say([TEXT], voice)
    wave: Wave = np.repeat(audio.samples.astype(np.float64), RATE // audio.rate)
    wave *= 3_000 / np.sqrt(np.mean(wave**2))
    return wave


@pytest.fixture(scope="module")
def low() -> Wave:
    return speech(0.6)


@pytest.fixture(scope="module")
def high() -> Wave:
    return speech(1.6)


def hear(wave: Wave, folder: Path, form: str = "wav") -> Clip:
    """Return what is said of a clip in a format."""
    options = {"wav": ["-f", "wav"], "mp3": ["-f", "mp3"], "m4a": ["-f", "ipod"]}[form]
    samples = np.clip(wave, -32_768, 32_767).astype(np.int16)
    path = folder / f"clip.{form}"
    if form == "m4a":  # needs a file that it can go back in
        options = ["-movflags", "frag_keyframe+empty_moov", *options]
    path.write_bytes(ffmpeg.encode(samples.tobytes(), RATE, options))
    return read_clip(path)


def faults(wave: Wave, folder: Path) -> list[str]:
    return [finding.what for finding in hear(wave, folder).findings]


@pytest.mark.parametrize("form", ["wav", "mp3", "m4a"])
def test_a_good_clip_passes(low: Wave, tmp_path: Path, form: str) -> None:
    clip = hear(low, tmp_path, form)
    assert clip.findings == ()
    assert clip.seconds == pytest.approx(len(low) / RATE, abs=0.5)


def test_silence_around_it_goes(low: Wave, tmp_path: Path) -> None:
    silence = np.zeros(3 * RATE)
    clip = hear(np.concatenate([silence, low, silence]), tmp_path)
    assert clip.findings == ()
    assert clip.seconds == pytest.approx(len(low) / RATE, abs=0.5)


@pytest.mark.parametrize(
    ("seconds", "what"), [(2.0, "2.0 s of speech"), (2.8, "2.8 s of speech"), (40.0, "longer")]
)
def test_the_length_of_the_speech_counts(
    low: Wave, tmp_path: Path, seconds: float, what: str
) -> None:
    wave = np.resize(low, round(seconds * RATE))
    wave = np.concatenate([np.zeros(RATE), wave, np.zeros(RATE)])
    (fault,) = faults(wave, tmp_path)
    assert what in fault or abs(float(fault.split()[2]) - seconds) < 0.3


@pytest.mark.parametrize("gain", [1.0, 0.3, 0.1])
def test_one_may_speak_softly(low: Wave, tmp_path: Path, gain: float) -> None:
    assert faults(low * gain, tmp_path) == []


def test_but_not_too_softly(low: Wave, tmp_path: Path) -> None:
    (finding,) = hear(low * 0.02, tmp_path).findings
    assert "too quiet" in finding.what
    assert "closer to the microphone" in finding.remedy


@pytest.mark.parametrize("gain", [3, 6])
def test_what_is_cut_off(low: Wave, tmp_path: Path, gain: float) -> None:
    loudest = low * (32_767 / np.abs(low).max())
    assert faults(loudest, tmp_path) == []
    (finding,) = hear(loudest * gain, tmp_path).findings
    assert "cut off" in finding.what
    assert "microphone down" in finding.remedy


@pytest.mark.parametrize(("below", "is_fault"), [(40, False), (30, False), (12, True), (6, True)])
def test_noise(low: Wave, tmp_path: Path, below: float, is_fault: bool) -> None:
    level = np.sqrt(np.mean(low**2)) * 10 ** (-below / 20)
    noise = np.random.default_rng(0).normal(size=len(low)) * level
    found = faults(low + noise, tmp_path)
    assert any("noise" in fault for fault in found) == is_fault


def test_two_people_of_other_pitch(low: Wave, high: Wave, tmp_path: Path) -> None:
    assert faults(high, tmp_path) == []
    for wave in (np.concatenate([low, high]), np.concatenate([high[: 2 * RATE], low])):
        (finding,) = hear(wave, tmp_path).findings
        assert "two people seem to speak" in finding.what
        assert "only one speaks" in finding.remedy


def test_all_that_is_wrong_is_said_at_once(low: Wave, high: Wave, tmp_path: Path) -> None:
    both = np.concatenate([low[:RATE], high[:RATE]])
    noise = np.random.default_rng(0).normal(size=len(both)) * 20
    assert len(faults(both * 0.01 + noise, tmp_path)) >= 3


@pytest.mark.parametrize("content", [b"", b"hello" * 100, b"RIFF\x00\x00\x00\x00WAVEfmt "])
def test_what_is_no_sound(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.wav"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"clip\.wav"):
        read_clip(path)


def test_silence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nothing is heard in") as caught:
        hear(np.zeros(5 * RATE), tmp_path)
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["nowhere.wav", "."])
def test_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="there is no file"):
        read_clip(tmp_path / name)


def test_of_an_endless_recording_only_the_beginning_is_read(low: Wave, tmp_path: Path) -> None:
    clip = hear(np.resize(low, 120 * RATE), tmp_path)
    assert clip.seconds < 110
    assert "longer than 30 s" in clip.findings[0].what
