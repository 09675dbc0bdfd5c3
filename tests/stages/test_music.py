"""A file of music becomes a recording: as loud as music is to be, faded, whole frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from tones import FORMATS, sound_of

from audiobook.errors import UsageError
from audiobook.model import MusicPlace, Pauses, Recording, Sound
from audiobook.outputs import SoundFormat, mp3
from audiobook.speech import loudness
from audiobook.stages.music import LONGEST, UNDER_SPEECH, record_music
from audiobook.system import ffmpeg

RATE = 22_050


def chord(seconds: float, height: float = 0.3, rate: int = 44_100) -> NDArray[np.float64]:
    """Return a chord in stereo, with silence around it."""
    time = np.arange(int(seconds * rate)) / rate
    left, right = (
        sum(np.sin(2 * np.pi * hertz * time) for hertz in hertzes) / 2
        for hertzes in ((220, 330), (220, 440))
    )
    silence = np.zeros((rate // 2, 2))
    return np.concatenate((silence, height * np.stack((left, right), axis=1), silence))


@pytest.fixture(scope="module")
def piece(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("music") / "nhạc dạo.flac"
    soundfile.write(path, chord(6), 44_100)
    return path


def heard(recording: Recording) -> NDArray[np.int16]:
    """Return the sound of a recording for an MP3."""
    sound = ffmpeg.decode(mp3.standalone_file(recording.sound), RATE)
    return np.frombuffer(sound, np.int16)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.NAME)
def test_it_is_a_passage_without_sentences_in_every_format(form: SoundFormat, piece: Path) -> None:
    sound = sound_of(form.NAME)
    timing = record_music(piece, MusicPlace.INTRO, sound).timing
    assert not timing.cues
    assert timing.samples == form.whole_frames(timing.samples, sound.rate)
    # The silence of the file is left out; a second is left before the first word.
    assert timing.samples / sound.rate == pytest.approx(7.0, abs=0.1)
    assert timing.loudness == pytest.approx(-16 - UNDER_SPEECH, abs=0.1)


@pytest.mark.parametrize("height", [0.02, 0.9])
@pytest.mark.parametrize("target", [-16.0, -23.0])
def test_it_is_a_little_softer_than_speech(tmp_path: Path, height: float, target: float) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, chord(3, height), 44_100)
    recording = record_music(path, MusicPlace.BETWEEN, Sound(loudness=target))
    assert loudness.measure(heard(recording), RATE) == pytest.approx(target - UNDER_SPEECH, abs=0.3)


def test_what_is_hardly_heard_is_not_turned_up_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, chord(3, 0.003), 44_100)
    recording = record_music(path, MusicPlace.BETWEEN, Sound())
    assert recording.timing.loudness < -16 - UNDER_SPEECH - 5


def test_it_fades_in_and_out(piece: Path) -> None:
    sound = heard(record_music(piece, MusicPlace.OUTRO, Sound())).astype(float)
    second = RATE

    def level(start: float, seconds: float = 0.1) -> float:
        part = sound[int(start * second) : int((start + seconds) * second)]
        return float(np.sqrt(np.mean(part**2)))

    assert level(0.0, 0.95) < 1  # a second after the last word
    body = level(3.0)
    assert level(1.0, 0.05) < 0.3 * body
    assert level(1.4) == pytest.approx(body, rel=0.2)
    falling = [level(5.0 + step / 4) for step in range(8)]
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] < 0.1 * body


def test_shops_find_their_silence_around_the_book(piece: Path) -> None:
    pauses = Pauses(opening=0.7, closing=2.0)
    for place, before, after in (
        (MusicPlace.INTRO, 0.7, 1.0),
        (MusicPlace.OUTRO, 1.0, 2.0),
        (MusicPlace.BETWEEN, 0.0, 1.0),
    ):
        sound = np.abs(heard(record_music(piece, place, Sound(), pauses)).astype(int))
        audible = np.flatnonzero(sound > 60)
        assert audible[0] / RATE == pytest.approx(before, abs=0.1)
        assert (len(sound) - audible[-1]) / RATE == pytest.approx(after, abs=0.2)


def test_what_cannot_be_played_is_named(tmp_path: Path) -> None:
    silent, long, empty, text = (tmp_path / name for name in ("a.wav", "b.wav", "c.mp3", "d.mp3"))
    soundfile.write(silent, np.zeros(44_100), 44_100)
    soundfile.write(long, np.full(8_000 * (LONGEST[MusicPlace.BETWEEN] + 1), 0.1), 8_000)
    empty.touch()
    text.write_text("Không phải nhạc.")
    for path, why in (
        (silent, "silent"),
        (long, "60 seconds"),
        (empty, "decode"),
        (text, "decode"),
    ):
        with pytest.raises(UsageError, match=why) as caught:
            record_music(path, MusicPlace.BETWEEN, Sound())
        assert str(path) in str(caught.value)
    assert record_music(long, MusicPlace.INTRO, Sound()).timing.samples > 60 * RATE
