"""Sound files whose headers are wrong: no memory is taken for what they claim."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import soundfile
from openai_stand_in import RATE, wav_of
from stand_in import mp3_of

from audiobook.engines import sound_files
from audiobook.errors import EngineError
from audiobook.system import ffmpeg

SECOND = wav_of(20)


def flac_of(samples: int, claimed: int) -> bytes:
    """Return a FLAC file whose STREAMINFO claims a length (RFC 9639, 8.2)."""
    file = io.BytesIO()
    soundfile.write(file, np.arange(samples, dtype=np.int16), RATE, format="FLAC")
    data = bytearray(file.getvalue())
    data[21] = data[21] & 0xF0 | claimed >> 32
    data[22:26] = struct.pack(">I", claimed & 0xFFFF_FFFF)
    return bytes(data)


def with_rate(wav: bytes, rate: int) -> bytes:
    return wav[:24] + struct.pack("<I", rate) + wav[28:]


def with_channels(wav: bytes, channels: int) -> bytes:
    return (
        wav[:22]
        + struct.pack("<H", channels)
        + wav[24:32]
        + struct.pack("<H", 2 * channels)
        + (wav[34:])
    )


@pytest.mark.parametrize("rate", [1, 100, 3_999, 192_001, 655_350])
def test_a_rate_that_no_speech_has_is_refused(rate: int) -> None:
    with pytest.raises(EngineError, match=f"claims {rate} samples a second") as caught:
        sound_files.decode(with_rate(SECOND, rate), RATE)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("rate", [4_000, 192_000])
def test_the_rates_at_the_ends_are_taken(rate: int) -> None:
    assert len(sound_files.decode(with_rate(SECOND, rate), rate)) == RATE


def test_channels_that_no_speech_has_are_refused() -> None:
    with pytest.raises(EngineError, match="claims 1000 channels"):
        sound_files.decode(with_channels(SECOND, 1_000), RATE)


def test_several_channels_are_mixed() -> None:
    samples = np.stack([np.full(RATE * 4, 3_000), np.full(RATE * 4, 1_000)], axis=1)
    file = io.BytesIO()
    soundfile.write(file, samples.astype(np.int16), RATE, format="WAV")
    assert sound_files.decode(file.getvalue(), RATE).tolist() == [2_000] * 4 * RATE


@pytest.mark.parametrize("claimed", [0, 5_000, (1 << 36) - 1], ids=["none", "right", "absurd"])
def test_a_length_is_not_believed(claimed: int) -> None:
    samples = sound_files.decode(flac_of(5_000, claimed), RATE)
    assert samples.tolist() == list(range(5_000))


def test_hours_for_one_text_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_files, "_LONGEST", 60)
    silence = io.BytesIO()
    soundfile.write(silence, np.zeros(61 * RATE, np.int16), RATE, format="FLAC")
    unknown = ffmpeg.encode(bytes(2 * 61 * RATE), RATE, ["-c:a", "aac", "-f", "adts"])
    for data in (silence.getvalue(), unknown):
        with pytest.raises(EngineError, match="more than 1 minutes of sound"):
            sound_files.decode(data, RATE)


def test_a_format_that_only_ffmpeg_knows() -> None:
    samples = np.frombuffer(SECOND[44:], np.int16)
    data = ffmpeg.encode(samples.tobytes(), RATE, ["-c:a", "aac", "-f", "adts"])
    assert len(sound_files.decode(data, RATE)) == pytest.approx(RATE, abs=3_000)


@pytest.mark.parametrize(
    ("data", "empty"),
    [(b"", True), (wav_of(0), True), (wav_of(1), False), (mp3_of(3), False), (b"a page", False)],
    ids=["nothing", "a header alone", "WAV", "MP3", "no sound"],
)
def test_what_is_empty(data: bytes, empty: bool) -> None:
    assert sound_files.is_empty(data) is empty
