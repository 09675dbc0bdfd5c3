"""VieNeu-TTS: the real package and its phonemes, with networks that hum."""

from __future__ import annotations

import gc
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

for library in ("vieneu", "sea_g2p", "onnx", "tokenizers"):
    pytest.importorskip(library)

from contract import LONG, SHORT, EngineContract  # noqa: E402
from vieneu_fixtures import tiny_networks, vieneu_voices  # noqa: E402, F401
from vieneu_voice import NANO_RATE, PHONES, make_nano  # noqa: E402

from audiobook.config import load_voice, voice_names  # noqa: E402
from audiobook.engines import vieneu as module  # noqa: E402
from audiobook.engines import vieneu_reference  # noqa: E402
from audiobook.engines.vieneu import Vieneu  # noqa: E402
from audiobook.engines.vieneu_networks import Nano, Turbo, TurboOnGpu  # noqa: E402
from audiobook.errors import EngineError, VoiceError  # noqa: E402
from audiobook.system.folders import voice_folder  # noqa: E402

if TYPE_CHECKING:
    from audiobook.model import Voice

pytestmark = pytest.mark.usefixtures("vieneu_voices")

NANO, TURBO = "anhkhoi", "quynhanh"
OURS = sorted(name for name in voice_names() if load_voice(name).engine == "vieneu")

SPEAK = """
import sys
from audiobook import engines
from audiobook.config import load_voice
text, *names = sys.argv[1:]
for name in names:
    (audio,) = engines.load("vieneu").say([text], load_voice(name))
    sys.stdout.buffer.write(audio.samples.tobytes())
"""


@pytest.fixture
def engine() -> Vieneu:
    return Vieneu()


@pytest.fixture(params=[NANO, TURBO])
def voice(request: pytest.FixtureRequest) -> Voice:
    return load_voice(request.param)


@pytest.fixture
def nano() -> Voice:
    return load_voice(NANO)


class TestNano(EngineContract):
    name = "vieneu"
    voice_name = NANO
    says_the_same_again = True


class TestTurbo(EngineContract):
    name = "vieneu"
    voice_name = TURBO
    says_the_same_again = True


class TestTheSame:
    def test_in_any_process(self, engine: Vieneu) -> None:
        here = [engine.say([SHORT], load_voice(name))[0].samples for name in (NANO, TURBO)]
        elsewhere = subprocess.run(
            [sys.executable, "-c", SPEAK, SHORT, NANO, TURBO], capture_output=True, check=True
        )
        assert elsewhere.stdout == np.concatenate(here).tobytes()
        assert elsewhere.stderr == b""

    def test_whatever_was_drawn_before(self, engine: Vieneu, voice: Voice) -> None:
        sounds = []
        for seed in (1, 2):
            np.random.seed(seed)
            (audio,) = engine.say([SHORT], voice)
            sounds.append(audio.samples)
            # And others draw what they would have drawn.
            drawn = np.random.random()
            np.random.seed(seed)
            assert np.random.random() == drawn
        assert np.array_equal(sounds[0], sounds[1])

    def test_a_faulty_sound_is_said_again_with_other_random_numbers(
        self, engine: Vieneu, voice: Voice
    ) -> None:
        (first,), (again,) = engine.say([SHORT], voice), engine.say_again([SHORT], voice)
        assert not np.array_equal(again.samples, first.samples)
        assert np.array_equal(engine.say_again([SHORT], voice)[0].samples, again.samples)

    def test_other_words_and_other_speakers_draw_otherwise(
        self, engine: Vieneu, voice: Voice
    ) -> None:
        first, second = engine.say(["ba ma", "ma ba"], voice)
        assert len(first.samples) == len(second.samples)
        assert not np.array_equal(first.samples, second.samples)
        names = {"nano": "Trúc Ly", "turbo": "Thiện Minh"}
        kind, _, _ = voice.model.partition("#")
        (other,) = engine.say(["ba ma"], replace(voice, model=f"{kind}#{names[kind]}"))
        assert not np.array_equal(first.samples, other.samples)


class TestSpeaking:
    @pytest.mark.parametrize("amplitude", [0.01, 0.3, 0.9])
    def test_loudness_is_as_the_network_made_it(
        self, engine: Vieneu, nano: Voice, amplitude: float
    ) -> None:
        make_nano(voice_folder("vieneu-nano"), amplitude=amplitude)
        (audio,) = engine.say([LONG], nano)
        assert np.abs(audio.samples).max() == pytest.approx(amplitude * 32767, rel=0.01)

    def test_what_is_too_loud_does_not_wrap_around(self, engine: Vieneu, nano: Voice) -> None:
        make_nano(voice_folder("vieneu-nano"), amplitude=3.0)
        (audio,) = engine.say([LONG], nano)
        assert np.abs(np.diff(audio.samples.astype(int))).max() < 32_767

    def test_the_longest_text_fits_into_what_nano_was_taught(
        self, engine: Vieneu, nano: Voice
    ) -> None:
        text = f"{LONG} {LONG}"[: engine.limit]
        (audio,) = engine.say([text], nano)
        assert len(audio.samples) / NANO_RATE < 15

    @pytest.mark.parametrize("name", OURS)
    def test_each_of_our_voices_speaks(self, engine: Vieneu, name: str) -> None:
        assert len(engine.say([SHORT], load_voice(name))) == 1

    def test_it_prints_nothing_of_what_it_does_not_know(
        self, engine: Vieneu, nano: Voice, capfd: pytest.CaptureFixture[str]
    ) -> None:
        make_nano(voice_folder("vieneu-nano"), phones=PHONES.replace("ŋ", ""))
        for name in ("Vieneu", "Vieneu.V3Nano"):
            logging.getLogger(name).handlers.clear()
        engine.say([LONG], nano)
        assert capfd.readouterr() == ("", "")

    def test_it_computes_in_one_thread(self, engine: Vieneu, voice: Voice) -> None:
        engine.say([SHORT], voice)
        network: Any = module._load(*module._network_files(voice))
        assert network._engine.ort_intra_op_threads == 1

    def test_a_network_is_loaded_once(self, engine: Vieneu, nano: Voice) -> None:
        misses = module._load.cache_info().misses
        engine.say([SHORT], nano)
        engine.say([LONG], load_voice("trucly"))
        assert module._load.cache_info().misses == misses + 1


class TestOffline:
    @pytest.fixture(autouse=True)
    def no_network(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        """Note whoever is called, without an answer."""
        called: list[object] = []

        def call(_socket: socket.socket, address: object) -> None:
            called.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket.socket, "connect", call)
        return called

    def test_it_speaks(self, engine: Vieneu, voice: Voice, no_network: list[object]) -> None:
        module._load.cache_clear()
        assert engine.say([SHORT], voice)
        assert no_network == []

    @pytest.mark.parametrize("name", OURS)
    def test_it_fetches_nothing_that_is_missing(
        self, engine: Vieneu, name: str, no_network: list[object]
    ) -> None:
        voice = load_voice(name)
        for file in voice.files:
            path = voice_folder(voice.shared) / file.name
            content = path.read_bytes()
            path.unlink()
            with pytest.raises(VoiceError) as caught:
                engine.say([SHORT], voice)
            assert str(path) in caught.value.what
            assert caught.value.remedy == f"audiobook voices add {name}"
            path.write_bytes(content)
        assert no_network == []

    def test_the_library_that_fetches_is_offline(self, no_network: list[object]) -> None:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import LocalEntryNotFoundError, OfflineModeIsEnabled

        with pytest.raises((LocalEntryNotFoundError, OfflineModeIsEnabled)):
            hf_hub_download("pnnbao-ump/VieNeu-TTS-v3-Nano", "denoiser.onnx")
        assert no_network == []


class TestIdentity:
    def test_it_follows_what_the_files_hold(self, engine: Vieneu, nano: Voice) -> None:
        version = engine.version_of(nano)
        assert version.startswith(engine.version)
        assert engine.version_of(load_voice("trucly")) == version
        assert engine.version_of(load_voice(TURBO)) != version
        make_nano(voice_folder("vieneu-nano"), amplitude=0.4)
        assert engine.version_of(nano) != version

    def test_a_replaced_network_is_spoken_with(self, engine: Vieneu, nano: Voice) -> None:
        (quiet,) = engine.say([SHORT], nano)
        decoder = make_nano(voice_folder("vieneu-nano"), amplitude=0.6) / "codec_decoder.onnx"
        os.utime(decoder, ns=(1, 1))
        (loud,) = engine.say([SHORT], nano)
        assert np.abs(loud.samples).max() > 1.9 * np.abs(quiet.samples).max()


class TestCloned:
    @pytest.fixture
    def clone(self, nano: Voice) -> Voice:
        preset = vieneu_reference.preset("nano", "Trúc Ly", "style")
        path = voice_folder("toi") / "reference.json"
        path.parent.mkdir()
        path.write_text(preset.document("style"), "utf-8")
        return replace(nano, name="toi", model="nano#reference.json", cloned=True)

    def test_it_speaks_as_the_reference_says(self, engine: Vieneu, clone: Voice) -> None:
        (audio,) = engine.say([SHORT], clone)
        reference = module._reference(clone, Nano)
        same = vieneu_reference.preset("nano", "Trúc Ly", "style")
        assert np.array_equal(reference.speaker, same.speaker)
        assert np.array_equal(reference.manner, same.manner)
        assert len(audio.samples)

    def test_its_identity_follows_the_reference(self, engine: Vieneu, clone: Voice) -> None:
        version = engine.version_of(clone)
        path = voice_folder("toi") / "reference.json"
        document = json.loads(path.read_text("utf-8"))
        document["speaker_emb"][0] += 1
        path.write_text(json.dumps(document), "utf-8")
        assert engine.version_of(clone) != version

    def test_one_that_is_gone_cannot_be_fetched(self, engine: Vieneu, clone: Voice) -> None:
        (voice_folder("toi") / "reference.json").unlink()
        with pytest.raises(VoiceError, match=r"reference\.json, which is not there") as caught:
            engine.say([SHORT], clone)
        assert "voices add" not in caught.value.remedy

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "[]",
            "{}",
            '{"speaker_emb": [1], "style": [[1]]}',
            '{"speaker_emb": "x", "style": null}',
            json.dumps({"speaker_emb": [float("nan")] * 192, "style": [[0.0] * 256] * 50}),
            json.dumps({"speaker_emb": [0.0] * 192, "style": [[0.0] * 256] * 50}),
            json.dumps({"speaker_emb": [1.0] * 192, "codes": [[1] * 16]}),
        ],
    )
    def test_damaged_ones(self, engine: Vieneu, clone: Voice, content: str) -> None:
        (voice_folder("toi") / "reference.json").write_text(content, "utf-8")
        with pytest.raises(VoiceError, match="cannot use the voice") as caught:
            engine.say([SHORT], clone)
        assert caught.value.remedy == "clone it again"


class TestRefusing:
    @pytest.mark.parametrize("amplitude", [0.0, 1e-4, float("nan")])
    def test_silence_and_nonsense_are_errors(
        self, engine: Vieneu, nano: Voice, amplitude: float
    ) -> None:
        make_nano(voice_folder("vieneu-nano"), amplitude=amplitude)
        with pytest.raises(EngineError, match=r"'Xin chào\.'"):
            engine.say([SHORT], nano)

    @pytest.mark.parametrize("model", ["", "nano", "nano#", "#Anh Khôi", "v2#Anh Khôi"])
    def test_a_model_of_another_form(self, engine: Vieneu, nano: Voice, model: str) -> None:
        with pytest.raises(VoiceError, match="is no voice of VieNeu") as caught:
            engine.say([SHORT], replace(nano, model=model))
        assert '"nano#NAME"' in caught.value.remedy

    def test_a_speaker_that_the_package_does_not_have(self, engine: Vieneu, voice: Voice) -> None:
        kind, _, speaker = voice.model.partition("#")
        with pytest.raises(VoiceError, match="has no voice 'Chí Phèo'") as caught:
            engine.say([SHORT], replace(voice, model=f"{kind}#Chí Phèo"))
        assert speaker in caught.value.remedy

    # The package leaves a file open.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    @pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\x00 nonsense"])
    def test_damaged_files(self, engine: Vieneu, voice: Voice, content: bytes) -> None:
        kind, _ = module._network_files(voice)
        for file in kind.files:
            path = voice_folder(voice.shared) / file
            right = path.read_bytes()
            if not right:
                continue  # of the tiny network
            path.write_bytes(content)
            with pytest.raises(VoiceError, match="cannot use the voice") as caught:
                engine.say([SHORT], voice)
            assert caught.value.remedy == "fetch it again"
            path.write_bytes(right)
        del caught
        gc.collect()  # while the warning is ignored

    def test_a_network_that_fails(self, engine: Vieneu, nano: Voice) -> None:
        folder = voice_folder("vieneu-nano")
        shutil.copy(folder / "codec_decoder.onnx", folder / "vector_estimator.onnx")
        with pytest.raises(EngineError, match=r"VieNeu failed at 'Xin chào\.'"):
            engine.say([SHORT], nano)


class TestGpu:
    @pytest.fixture(autouse=True)
    def files(self) -> Path:
        folder = voice_folder("vieneu-turbo-gpu")
        for file in TurboOnGpu.files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(b"{}")
        return folder

    @pytest.mark.parametrize("is_there", [True, False])
    def test_it_is_used_where_there_is_one(
        self, files: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
    ) -> None:
        monkeypatch.setattr(module, "is_gpu_there", lambda: is_there)
        kind, model = module._network_files(load_voice(TURBO))
        assert kind is (TurboOnGpu if is_there else Turbo)
        assert module._folder_of(kind, model) == (
            files if is_there else voice_folder("vieneu-turbo")
        )
        kind, _ = module._network_files(load_voice(NANO))
        assert kind is Nano

    def test_its_sound_is_another(self, engine: Vieneu, monkeypatch: pytest.MonkeyPatch) -> None:
        voice = load_voice(TURBO)
        version = engine.version_of(voice)
        monkeypatch.setattr(module, "is_gpu_there", lambda: True)
        assert engine.version_of(voice) != version
