from __future__ import annotations

import math
import re
import subprocess

import numpy as np
import pytest

from audiobook.speech import levelling, loudness
from audiobook.system import ffmpeg

Samples = np.ndarray[tuple[int], np.dtype[np.int16]]


def sine(seconds: float, rate: int, decibels: float, hertz: float = 997) -> Samples:
    time = np.arange(int(seconds * rate)) / rate
    return (np.sin(2 * np.pi * hertz * time) * 10 ** (decibels / 20) * 32767).astype(np.int16)


def speech(seconds: float, rate: int) -> Samples:
    """Bursts of noise with pauses, soft and loud, and a click now and then."""
    generator = np.random.default_rng(7)
    noise = generator.normal(0, 2500, int(seconds * rate))
    noise[rate * 3 : rate * 4] = 0
    noise[rate * 6 : rate * 8] *= 0.05
    noise[:: rate // 3] = 30000
    return noise.clip(-32768, 32767).astype(np.int16)


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
def test_reference_tone(rate: int) -> None:
    # EBU Tech 3341: a stereo sine of 1 kHz at -23 dBFS measures -23 LUFS; mono as dual mono.
    assert loudness.measure(sine(20, rate, -23, 1000), rate) == pytest.approx(-23, abs=0.1)


def test_gate_leaves_out_silence_and_murmur() -> None:
    # EBU Tech 3341, case 3: -36 dBFS for 10 s, -23 for 60 s, -36 for 10 s.
    rate = 22050
    parts = (sine(10, rate, -36, 1000), sine(60, rate, -23, 1000), sine(10, rate, -36, 1000))
    assert loudness.measure(np.concatenate(parts), rate) == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", [22050, 24000])
def test_agrees_with_ffmpeg(rate: int) -> None:
    samples = speech(15, rate)
    command = [ffmpeg.find(), "-hide_banner", "-nostats", "-f", "s16le", "-ar", str(rate)]
    command += ["-ac", "1", "-i", "-", "-af", "ebur128", "-f", "null", "-"]
    done = subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True)
    peer = float(re.findall(rb"I:\s+(-[\d.]+) LUFS", done.stderr)[-1])
    assert loudness.measure(samples, rate) == pytest.approx(peer + loudness.DUAL_MONO, abs=0.15)


def test_silence_has_no_loudness() -> None:
    silence = np.zeros(22050, np.int16)
    assert loudness.measure(silence, 22050) == -math.inf
    energies = loudness.energies_of(silence, 22050)
    levelled, reached = levelling.adjust(silence, energies, -16, -1, 22050)
    assert (levelled == silence).all()
    assert reached == -math.inf


def test_shorter_than_a_block() -> None:
    short = sine(0.2, 22050, -20)
    assert loudness.measure(short, 22050) == pytest.approx(-20, abs=1.5)


@pytest.mark.parametrize("target", [-16.0, -19.0, -23.0])
def test_level_reaches_its_target_under_the_ceiling(target: float) -> None:
    rate = 22050
    samples = speech(15, rate)
    energies = loudness.energies_of(samples, rate)
    levelled, reached = levelling.adjust(samples, energies, target, -1.5, rate)
    assert reached == pytest.approx(target, abs=0.3)
    assert loudness.measure(levelled, rate) == pytest.approx(reached, abs=0.1)
    assert np.abs(levelled.astype(int)).max() <= 10 ** (-1.5 / 20) * 32768 + 1


def test_one_gain_where_nothing_is_too_loud() -> None:
    rate = 22050
    samples = sine(3, rate, -30)
    energies = loudness.energies_of(samples, rate)
    levelled, reached = levelling.adjust(samples, energies, -20, -1.5, rate)
    assert reached == pytest.approx(-20, abs=1e-6)
    loud = np.abs(samples) > 300
    ratios = levelled[loud] / samples[loud]
    assert ratios.std() / ratios.mean() < 0.003


def test_limiter_has_no_steps() -> None:
    """A constant sound around a peak is turned down smoothly: no sample jumps."""
    rate = 22050
    samples = np.full(rate, 8000, np.int16)
    samples[rate // 2] = 32000
    energies = loudness.energies_of(samples, rate)
    target = loudness.integrated(energies) + 20 * math.log10(1.5)
    levelled = levelling.adjust(samples, energies, target, -3.0, rate)[0].astype(int)
    away = np.delete(np.diff(levelled), [rate // 2 - 1, rate // 2])
    assert np.abs(away).max() < 60
    assert levelled[0] == pytest.approx(12000, abs=600)


def test_parts_together_are_as_loud_as_the_whole() -> None:
    rate = 22050
    parts = [speech(30, rate), sine(15, rate, -30), np.zeros(rate, np.int16), speech(20, rate)]
    levelled = [
        levelling.adjust(part, loudness.energies_of(part, rate), -16 - number / 4, -1.5, rate)
        for number, part in enumerate(parts)
    ]
    together = loudness.integrated_of_parts((reached, len(part)) for part, reached in levelled)
    joined = loudness.measure(np.concatenate([part for part, _ in levelled]), rate)
    assert together == pytest.approx(joined, abs=0.1)
    assert (
        loudness.integrated_of_parts([(-math.inf, 100)])
        == loudness.integrated_of_parts([])
        == -math.inf
    )


@pytest.mark.parametrize("rate", [22050, 44100])
def test_sound_that_comes_in_parts(rate: int) -> None:
    """Cut anywhere, it measures as the whole."""
    samples = speech(5, rate)
    meter, peak = loudness.Meter(rate), loudness.TruePeak(rate)
    for part in np.split(samples, [1, 700, 701, 50_000, 90_001]):
        meter.add(part)
        peak.add(part)
    energies = meter.finish()
    assert len(energies) == 50
    assert loudness.integrated(energies) == loudness.measure(samples, rate)
    joined = loudness.TruePeak(rate)
    joined.add(samples)
    assert peak.pop_peak() == pytest.approx(joined.pop_peak(), abs=0.05)
    assert peak.pop_peak() == -math.inf  # nothing came since


def test_loudness_over_time() -> None:
    rate = 22050
    meter = loudness.Meter(rate)
    meter.add(np.concatenate((sine(5, rate, -23, 1000), np.zeros(5 * rate, np.int16))))
    energies = meter.finish()
    momentary = loudness.in_lufs(loudness.averaged(energies, 4))
    assert momentary[10] == pytest.approx(-23, abs=0.1)
    assert momentary[60] < -100
    short_term = loudness.in_lufs(loudness.averaged(energies, 30))
    assert short_term[35] == pytest.approx(-26, abs=0.3)  # half sound, half silence
    assert loudness.averaged(energies[:2], 30) == pytest.approx(energies[:2].mean())


@pytest.mark.parametrize(
    ("rate", "hertz", "phase"), [(44100, 11025, 0.25), (22050, 5512.5, 0.25), (48000, 997, 0)]
)
def test_true_peak_between_samples(rate: int, hertz: float, phase: float) -> None:
    # At a quarter of the rate, an eighth of a turn off, samples stand 3 dB below the peak.
    time = np.arange(rate) / rate
    fade = np.minimum(1, np.minimum(time, time[::-1]) * 50)
    wave = (16_384 * fade * np.sin(2 * np.pi * hertz * time + phase * np.pi)).astype(np.int16)
    peak = loudness.TruePeak(rate)
    peak.add(wave)
    assert peak.pop_peak() == pytest.approx(-6.02, abs=0.1)


def test_true_peak_agrees_with_ffmpeg() -> None:
    samples = speech(10, 44100)
    command = [ffmpeg.find(), "-hide_banner", "-nostats", "-f", "s16le", "-ar", "44100"]
    command += ["-ac", "1", "-i", "-", "-af", "ebur128=peak=true", "-f", "null", "-"]
    done = subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True)
    peer = float(re.findall(rb"Peak:\s+(-?[\d.]+) dBFS", done.stderr)[-1])
    peak = loudness.TruePeak(44100)
    peak.add(samples)
    assert peak.pop_peak() == pytest.approx(peer, abs=0.2)
