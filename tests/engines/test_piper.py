"""Piper's engine: the real library and its phonemes, with a network that hums."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from contract import LONG, SHORT, EngineContract
from onnx_voice import FRAMES, HOP, PITCH, RATE, make_voice

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines import piper as module
from audiobook.engines.piper import Piper
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Voice
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    return Voice(
        name="hum", engine="piper", model=str(make_voice(tmp_path)), foreign="respell", rate=RATE
    )


@pytest.fixture
def engine() -> Piper:
    return Piper()


class TestPiper(EngineContract):
    name = "piper"
    says_the_same_again = True

    @pytest.fixture
    def voice(self, tmp_path: Path) -> Voice:
        model = make_voice(tmp_path, noise=0.05)
        return Voice(name="hiss", engine="piper", model=str(model), rate=RATE)

    def test_a_faulty_sound_is_said_again_with_other_random_numbers(
        self, engine: Piper, voice: Voice
    ) -> None:
        (first,), (again,) = engine.say([LONG], voice), engine.say_again([LONG], voice)
        assert len(again.samples) == len(first.samples)
        assert not np.array_equal(again.samples, first.samples)
        assert np.array_equal(engine.say_again([LONG], voice)[0].samples, again.samples)

    def test_what_was_said_before_changes_nothing(self, engine: Piper, voice: Voice) -> None:
        (alone,) = engine.say([LONG], voice)
        module._load.cache_clear()
        _, after, short = engine.say([SHORT, LONG, "ba"], voice)
        assert np.array_equal(after.samples, alone.samples)
        # The texts do not hiss alike.
        end = len(short.samples)
        assert not np.array_equal(short.samples, alone.samples[:end])


class TestWords:
    @pytest.fixture
    def voice(self, tmp_path: Path) -> Voice:
        return Voice(
            name="hum", engine="piper", model=str(make_voice(tmp_path, aligned=True)), rate=RATE
        )

    def test_each_begins_where_its_first_phoneme_does(self, engine: Piper, voice: Voice) -> None:
        (audio,) = engine.say(["ba ba. Ba — ba?"], voice)
        alone, _ = engine.say(["ba ba.", "Ba — ba?"], voice)
        assert [mark.position for mark in audio.marks] == [0, 3, 7, 12]
        # After the b, a stress, a and its length of the first comes a space.
        first, second, third, fourth = (mark.sample for mark in audio.marks)
        assert (first, second) == (0, 5 * FRAMES * HOP)
        assert third == len(alone.samples) < fourth < len(audio.samples)

    def test_all_words_of_a_sentence_have_one(self, engine: Piper, voice: Voice) -> None:
        (audio,) = engine.say([LONG], voice)
        assert [LONG[mark.position :].split()[0] for mark in audio.marks] == LONG.split()
        (faster,) = engine.say([LONG], replace(voice, speed=2))
        halves = [mark.sample / 2 for mark in audio.marks]
        assert [mark.sample for mark in faster.marks] == pytest.approx(halves, abs=1)

    @pytest.mark.parametrize("text", ["Mưa… mưa mãi.", "nửa \ud800 chữ"])
    def test_words_that_cannot_be_told_apart_have_none(
        self, engine: Piper, voice: Voice, text: str
    ) -> None:
        (audio,) = engine.say([text], voice)
        assert audio.marks == ()

    def test_most_networks_do_not_tell(self, engine: Piper, tmp_path: Path) -> None:
        voice = Voice(name="hum", engine="piper", model=str(make_voice(tmp_path)), rate=RATE)
        (audio,) = engine.say([LONG], voice)
        assert audio.marks == ()


class TestSpeaking:
    def test_every_phoneme_is_there(self, engine: Piper, voice: Voice) -> None:
        first, second = (len(audio.samples) for audio in engine.say(["ba", "ba ba"], voice))
        # Of "ba" b, a stress, a and its length; of two of them also the space between.
        assert first == 4 * FRAMES * HOP
        assert second == 9 * FRAMES * HOP

    def test_all_its_sentences_are_there(self, engine: Piper, voice: Voice) -> None:
        apart = engine.say(["Mưa rồi.", "Đóng cửa lại!", "Ai đấy?"], voice)
        (together,) = engine.say(["Mưa rồi. Đóng cửa lại! Ai đấy?"], voice)
        assert len(together.samples) == sum(len(audio.samples) for audio in apart)

    @pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
    def test_speed_scales_the_duration(self, engine: Piper, voice: Voice, speed: float) -> None:
        (usual,) = engine.say([LONG], voice)
        (scaled,) = engine.say([LONG], replace(voice, speed=speed))
        # A phoneme lasts whole frames.
        assert len(scaled.samples) == pytest.approx(len(usual.samples) / speed, rel=1 / FRAMES)
        assert (len(scaled.samples) > len(usual.samples)) == (speed < 1)

    def test_speed_goes_from_the_pace_of_the_voice(self, engine: Piper, tmp_path: Path) -> None:
        slow = Voice(
            name="slow",
            engine="piper",
            model=str(make_voice(tmp_path, length_scale=2.0)),
            rate=RATE,
        )
        (audio,) = engine.say(["ba"], slow)
        (faster,) = engine.say(["ba"], replace(slow, speed=2))
        assert len(audio.samples) == 2 * len(faster.samples) == 8 * FRAMES * HOP

    @pytest.mark.parametrize("amplitude", [0.01, 0.3, 0.9])
    def test_loudness_is_as_the_network_made_it(
        self, engine: Piper, tmp_path: Path, amplitude: float
    ) -> None:
        voice = Voice(
            name="hum",
            engine="piper",
            model=str(make_voice(tmp_path, amplitude=amplitude)),
            rate=RATE,
        )
        (audio,) = engine.say([LONG], voice)
        assert np.abs(audio.samples).max() == pytest.approx(amplitude * 32767, abs=2)

    def test_what_is_too_loud_does_not_wrap_around(self, engine: Piper, tmp_path: Path) -> None:
        voice = Voice(
            name="hum", engine="piper", model=str(make_voice(tmp_path, amplitude=3.0)), rate=RATE
        )
        (audio,) = engine.say([LONG], voice)
        steps = np.abs(np.diff(audio.samples.astype(int)))
        assert steps.max() < 32_767

    def test_brackets_are_no_phonemes(self, engine: Piper, voice: Voice) -> None:
        # Between two of them Piper would take phonemes: x as a sound, not as the name of a letter.
        doubled, single = engine.say(["xem [[x]] nhé", "xem [x] nhé"], voice)
        assert len(doubled.samples) == len(single.samples)

    def test_it_does_not_disturb_the_embedded_voice(self, engine: Piper, voice: Voice) -> None:
        # Piper brings an eSpeak NG of its own, for phonemes.
        embedded, hanoi = engines.load("espeak"), load_voice("hanoi")
        lengths = []
        for _ in range(2):
            (hummed,), (spoken,) = engine.say([LONG], voice), embedded.say([LONG], hanoi)
            lengths.append((len(hummed.samples), len(spoken.samples) // 500))
        assert lengths[0][0] == lengths[1][0]
        assert lengths[0][1] == pytest.approx(lengths[1][1], abs=1)


class TestSpeakers:
    @pytest.fixture
    def voice(self, tmp_path: Path) -> Voice:
        model = make_voice(tmp_path, speakers={"An": 0, "Bình": 1, "7": 2})
        return Voice(name="ba", engine="piper", model=str(model), rate=RATE)

    @pytest.mark.parametrize(
        ("speaker", "number"),
        [("", 0), ("#An", 0), ("#Bình", 1), ("#2", 2), ("#7", 2), ("#0", 0)],
    )
    def test_one_is_named_after_the_model(
        self, engine: Piper, voice: Voice, speaker: str, number: int
    ) -> None:
        (audio,) = engine.say([LONG], replace(voice, model=voice.model + speaker))
        assert pitch_of(audio.samples) == pytest.approx(PITCH * (number + 1), rel=0.02)

    @pytest.mark.parametrize("speaker", ["Chi", "3", "-1", "²"])
    def test_one_who_is_not_there(self, engine: Piper, voice: Voice, speaker: str) -> None:
        with pytest.raises(VoiceError) as caught:
            engine.say([SHORT], replace(voice, model=f"{voice.model}#{speaker}"))
        assert caught.value.what == f"the model has no speaker {speaker!r}"
        assert caught.value.remedy == "its speakers are An, Bình, 7, or the numbers 0 to 2"

    def test_a_model_of_one_speaker_has_none_to_name(
        self, engine: Piper, voice: Voice, tmp_path: Path
    ) -> None:
        alone = f"{make_voice(tmp_path)}#0"
        with pytest.raises(VoiceError, match=r"only one: leave out #0$"):
            engine.say([SHORT], replace(voice, model=alone))

    def test_speakers_share_their_files(self, engine: Piper, voice: Voice) -> None:
        other = replace(voice, model=f"{voice.model}#An")
        assert engine.version_of(other) == engine.version_of(voice)


def pitch_of(samples: NDArray[np.int16]) -> float:
    """Return the strongest tone of a sound in Hz."""
    strengths = np.abs(np.fft.rfft(samples))
    return float(np.argmax(strengths) * RATE / len(samples))


class TestProcess:
    def test_a_network_is_loaded_once(self, engine: Piper, voice: Voice) -> None:
        misses = module._load.cache_info().misses
        engine.say([SHORT], voice)
        engine.say([LONG, SHORT], replace(voice, speed=2))
        Piper().say([SHORT], voice)
        assert module._load.cache_info().misses == misses + 1

    def test_it_computes_in_one_thread(self, engine: Piper, voice: Voice) -> None:
        engine.say([SHORT], voice)
        session = module._load(module._model_files(voice)).session
        options = session.session.get_session_options()
        assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)

    def test_it_prints_nothing(
        self, engine: Piper, voice: Voice, capfd: pytest.CaptureFixture[str]
    ) -> None:
        # Sounds that the voice has no number for are passed over with a warning each.
        path = module._model_files(voice).paths[1]
        description = json.loads(path.read_text("utf-8"))
        del description["phoneme_id_map"]["ŋ"]
        path.write_text(json.dumps(description), "utf-8")
        logging.getLogger("piper").handlers.clear()
        engine.say([LONG], voice)
        assert capfd.readouterr() == ("", "")


class TestIdentity:
    def test_it_follows_what_the_files_hold(self, engine: Piper, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        hum = Voice(name="hum", engine="piper", model=str(make_voice(tmp_path / "a")), rate=RATE)
        same = replace(hum, model=str(make_voice(tmp_path / "b")))
        version = engine.version_of(hum)
        assert version.startswith(engine.version)
        assert engine.version_of(same) == version
        make_voice(tmp_path / "b", amplitude=0.4)
        assert engine.version_of(same) != version
        make_voice(tmp_path / "a", length_scale=1.5)
        assert engine.version_of(hum) != version

    def test_a_replaced_network_is_spoken_with(
        self, engine: Piper, voice: Voice, tmp_path: Path
    ) -> None:
        (quiet,) = engine.say([SHORT], voice)
        make_voice(tmp_path, amplitude=0.6)
        os.utime(voice.model, ns=(1, 1))
        (loud,) = engine.say([SHORT], voice)
        assert np.abs(loud.samples).max() > 1.9 * np.abs(quiet.samples).max()


class TestRefusing:
    @pytest.mark.parametrize("amplitude", [0.0, 1e-4, float("nan")])
    def test_silence_and_nonsense_are_errors(
        self, engine: Piper, tmp_path: Path, amplitude: float
    ) -> None:
        voice = Voice(
            name="hum",
            engine="piper",
            model=str(make_voice(tmp_path, amplitude=amplitude)),
            rate=RATE,
        )
        with pytest.raises(EngineError, match=r"'Xin chào\.'"):
            engine.say([SHORT], voice)

    def test_a_voice_that_was_not_fetched(self, engine: Piper) -> None:
        with pytest.raises(VoiceError) as caught:
            engine.say([SHORT], load_voice("vais1000"))
        assert str(voice_folder("vais1000") / "vi_VN-vais1000-medium.onnx") in caught.value.what
        assert caught.value.remedy == "audiobook voices add vais1000"

    def test_a_voice_without_its_description(self, engine: Piper, voice: Voice) -> None:
        Path(f"{voice.model}.json").unlink()
        with pytest.raises(VoiceError, match=r"needs .*tiny\.onnx\.json, which is not there"):
            engine.say([SHORT], voice)

    def test_a_voice_is_found_in_its_folder(self, engine: Piper) -> None:
        folder = voice_folder("hum")
        folder.mkdir(parents=True)
        make_voice(folder)
        assert engine.say([SHORT], Voice(name="hum", engine="piper", model="tiny.onnx", rate=RATE))

    @pytest.mark.parametrize("file", ["", ".json"])
    @pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\x00 nonsense"])
    def test_damaged_files(self, engine: Piper, voice: Voice, file: str, content: bytes) -> None:
        Path(f"{voice.model}{file}").write_bytes(content)
        with pytest.raises(VoiceError, match="cannot use the voice"):
            engine.say([SHORT], voice)

    def test_another_rate(self, engine: Piper, voice: Voice) -> None:
        with pytest.raises(VoiceError, match="write rate = 22050"):
            engine.say([SHORT], replace(voice, rate=16000))

    def test_a_network_that_fails(self, engine: Piper, voice: Voice) -> None:
        path = module._model_files(voice).paths[1]
        description = json.loads(path.read_text("utf-8"))
        description["phoneme_id_map"]["a"] = [9999]
        path.write_text(json.dumps(description), "utf-8")
        with pytest.raises(EngineError, match="Piper failed at 'ba'"):
            engine.say(["ba"], voice)
