"""Cloning a voice by the real package, with tiny networks: from the clip to the tags of a book."""

from __future__ import annotations

import os
import socket
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

for library in ("vieneu", "sea_g2p", "onnx", "kaldi_native_fbank"):
    pytest.importorskip(library)

from mutagen.id3 import ID3  # noqa: E402
from terminal import run_on_terminal  # noqa: E402
from typer.testing import CliRunner  # noqa: E402

sys.path.append(str(Path(__file__).parents[1] / "engines"))

from vieneu_voice import make_encoders, make_nano  # noqa: E402

from audiobook import build, config, engines  # noqa: E402
from audiobook.app import cloning, voice_sources  # noqa: E402
from audiobook.app.cloning_clip import RATE, Clip  # noqa: E402
from audiobook.cli import questions  # noqa: E402
from audiobook.cli.app import app  # noqa: E402
from audiobook.engines import vieneu_cloning  # noqa: E402
from audiobook.errors import EngineError, OutputError, UsageError, VoiceError  # noqa: E402
from audiobook.system import ffmpeg  # noqa: E402
from audiobook.system.folders import config_folder, data_folder, voice_folder  # noqa: E402

if TYPE_CHECKING:
    from typer.testing import Result

TEXT = "Hôm nay trời nắng đẹp, chúng tôi đi bộ ra bờ sông. Ở đó có một bến thuyền cũ."


@pytest.fixture(scope="module")
def clip() -> Clip:
    """Some seconds of speech."""
    (audio,) = engines.load("espeak").say([TEXT], config.load_voice("hanoi"))
    return Clip(np.repeat(audio.samples, RATE // audio.rate), ())


@pytest.fixture
def recording(clip: Clip, tmp_path: Path) -> Path:
    path = tmp_path / "ghi-am.wav"
    path.write_bytes(ffmpeg.encode(clip.samples.tobytes(), RATE, ["-f", "wav"]))
    return path


@pytest.fixture
def networks() -> None:
    """What is fetched before a voice is cloned."""
    make_nano(voice_folder("vieneu-nano"))
    make_encoders(voice_folder("vieneu-cloning"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def clone(clip: Clip, sample: Path, name: str = "toi", **details: str) -> None:
    cloning.clone(name, clip, sample, permission="she agrees", **details)


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["voices", "clone", *map(str, words)])


def remains(name: str = "toi") -> list[Path]:
    """Return what is there of a voice."""
    return [
        path
        for folder in (config_folder(), data_folder())
        for path in folder.rglob(f"*{name}*")
        if folder.is_dir()
    ]


@pytest.mark.usefixtures("networks")
class TestCloning:
    def test_the_voice_speaks_as_the_clip_does(self, clip: Clip, tmp_path: Path) -> None:
        clone(clip, tmp_path / "sample.wav", accent="south", sex="female")
        voice = config.load_voice("toi")
        assert (voice.accent, voice.sex, voice.cloned) == ("south", "female", True)
        assert voice.permission == "she agrees"
        assert voice.foreign == "respell"
        preset = replace(config.load_voice("anhkhoi"), name="toi")
        mine, theirs = (
            engines.load("vieneu").say([TEXT], speaker)[0].samples for speaker in (voice, preset)
        )
        assert not np.array_equal(mine, theirs)
        assert (tmp_path / "sample.wav").stat().st_size > 10_000

    def test_another_clip_is_another_voice(self, clip: Clip, tmp_path: Path) -> None:
        clone(clip, tmp_path / "1.wav", "mot")
        noise = np.random.default_rng(0).normal(size=5 * RATE) * 3_000
        clone(Clip(noise.astype(np.int16), ()), tmp_path / "2.wav", "hai")
        first, second = ((voice_folder(name) / "reference.json") for name in ("mot", "hai"))
        assert first.read_text() != second.read_text()
        versions = [
            engines.version_of(engines.load("vieneu"), config.load_voice(name))
            for name in ("mot", "hai")
        ]
        assert versions[0] != versions[1]

    def test_the_same_clip_is_the_same_voice(self, clip: Clip, tmp_path: Path) -> None:
        clone(clip, tmp_path / "1.wav", "mot")
        clone(clip, tmp_path / "2.wav", "hai")
        first, second = ((voice_folder(name) / "reference.json") for name in ("mot", "hai"))
        assert first.read_text() == second.read_text()

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
    def test_only_the_owner_reads_it(self, clip: Clip, tmp_path: Path) -> None:
        before = os.umask(0)
        try:
            clone(clip, tmp_path / "sample.mp3")
        finally:
            os.umask(before)
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in remains() if path.exists()
        }
        assert modes == {"toi": 0o700, "toi.toml": 0o600}
        file = voice_folder("toi") / "reference.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_it_reads_no_book_unasked(self, clip: Clip, tmp_path: Path) -> None:
        clone(clip, tmp_path / "sample.mp3")
        assert config.default_voice() == "hanoi"

    def test_no_voice_is_replaced(self, clip: Clip, tmp_path: Path) -> None:
        clone(clip, tmp_path / "sample.mp3")
        reference = (voice_folder("toi") / "reference.json").read_bytes()
        by_hand = config_folder() / "voices" / "viet-tay.toml"
        by_hand.write_text('engine = "tone"\n', "utf-8")
        remedies = {
            "toi": "`audiobook voices remove toi` frees one",
            "viet-tay": "choose another name",
            "hanoi": "choose another name",
            "anhkhoi": "choose another name",
            "vieneu-nano": "choose another name",
        }
        for name, remedy in remedies.items():
            with pytest.raises(UsageError, match="already") as caught:
                clone(clip, tmp_path / "sample.mp3", name)
            # A command that would free nothing is not advised.
            assert caught.value.remedy.endswith(remedy)
        assert (voice_folder("toi") / "reference.json").read_bytes() == reference

    def test_of_two_at_once_the_first_keeps_its_voice(
        self, clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        listen = vieneu_cloning.listen

        def listen_slowly(*words: Any) -> str:
            monkeypatch.setattr(vieneu_cloning, "listen", listen)
            clone(clip, tmp_path / "first.wav")
            return listen(*words)

        monkeypatch.setattr(vieneu_cloning, "listen", listen_slowly)
        with pytest.raises(UsageError, match="toi is there already"):
            clone(clip, tmp_path / "second.wav")
        assert (voice_folder("toi") / "reference.json").is_file()
        assert config.load_voice("toi").cloned
        assert not (tmp_path / "second.wav").exists()

    @pytest.mark.parametrize(
        "name", ["", "Tôi", "a b", "../a", "-a", "a.b", "a" * 70, "con", "nul", "com1", "lpt9"]
    )
    def test_a_name_that_is_none(self, clip: Clip, tmp_path: Path, name: str) -> None:
        with pytest.raises(UsageError, match="cannot be called"):
            clone(clip, tmp_path / "sample.mp3", name)

    @pytest.mark.parametrize("name", ["speaker_encoder", "codec_encoder", "reference_encoder"])
    def test_damaged_networks(self, clip: Clip, tmp_path: Path, name: str) -> None:
        (voice_folder("vieneu-cloning") / f"{name}.onnx").write_bytes(b"nonsense")
        with pytest.raises(VoiceError, match="cannot clone this voice"):
            clone(clip, tmp_path / "sample.mp3")
        assert remains() == []

    def test_nothing_stays_if_it_does_not_speak(
        self, clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_nano(voice_folder("vieneu-nano"), amplitude=0)
        with pytest.raises(EngineError, match="silence"):
            clone(clip, tmp_path / "sample.mp3")
        assert remains() == []
        monkeypatch.setattr(cloning, "voice_file", None)  # as if its text could not be made
        with pytest.raises(AttributeError):
            clone(clip, tmp_path / "sample.mp3")
        assert remains() == []

    def test_a_place_that_cannot_be_written(self, clip: Clip, tmp_path: Path) -> None:
        (tmp_path / "config").write_text("a file, and no folder")
        with pytest.raises(OutputError):
            clone(clip, tmp_path / "sample.mp3")
        assert not voice_folder("toi").exists()

    def test_nothing_is_asked_of_the_network(
        self, clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        called: list[object] = []

        def call(_socket: socket.socket, address: object) -> None:
            called.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket.socket, "connect", call)
        (voice_folder("vieneu-cloning") / "denoiser.onnx").unlink()
        with pytest.raises(VoiceError, match=r"vieneu-cloning are not fetched yet"):
            clone(clip, tmp_path / "sample.mp3")
        assert called == []

    def test_it_is_removed_with_all_that_tells_the_speaker(
        self, clip: Clip, tmp_path: Path
    ) -> None:
        clone(clip, tmp_path / "sample.mp3")
        assert voice_sources.remove("toi").voice_file
        assert [path for path in remains() if path.suffix in (".toml", ".json")] == []
        assert not voice_folder("toi").exists()


@pytest.mark.usefixtures("networks")
def test_a_book_in_which_it_speaks_says_so(clip: Clip, tmp_path: Path) -> None:
    clone(clip, tmp_path / "sample.mp3")
    source = tmp_path / "a.txt"
    source.write_text("Một.\n\n[voice: toi] Hai.", "utf-8")
    job = config.make_job(
        str(source), folder=tmp_path / "out", voice="tone", without_cover=True, workers=1
    )
    assert str(ID3(build(job).path)["TPE2"]) == "toi (giọng tổng hợp)"


@pytest.mark.usefixtures("here")
class TestCommand:
    @pytest.mark.usefixtures("networks")
    def test_a_script_says_that_it_has_permission(self, recording: Path, here: Path) -> None:
        result = invoke("toi", recording, "--i-have-permission", "--accent", "north")
        assert result.exit_code == 0, result.output
        assert "toi: cloned from " in result.stdout
        assert (here / "toi-sample.mp3").exists()
        voice = config.load_voice("toi")
        assert "the speaker agrees, as was confirmed on 20" in voice.permission
        assert voice.accent == "north"

    @pytest.mark.usefixtures("networks")
    def test_without_permission_nothing_is_made(self, recording: Path, here: Path) -> None:
        result = invoke("toi", recording)
        assert result.exit_code == 2
        (line,) = result.stderr.splitlines()
        assert "only if its speaker allows it: add --i-have-permission" in line
        assert remains() == list(here.iterdir()) == []

    @pytest.mark.usefixtures("networks")
    def test_a_clip_with_faults(self, clip: Clip, recording: Path, here: Path) -> None:
        quiet = (clip.samples[: 2 * RATE] // 100).tobytes()
        recording.write_bytes(ffmpeg.encode(quiet, RATE, ["-f", "wav"]))
        result = invoke("toi", recording, "--i-have-permission")
        assert result.exit_code == 6
        lines = result.stderr.splitlines()
        assert len(lines) >= 2
        assert all(line.startswith(f"{recording}: ") for line in lines)
        assert remains() == list(here.iterdir()) == []

    @pytest.mark.parametrize(
        ("options", "line"),
        [
            (["--accent", "bắc"], "--accent cannot be 'bắc': use one of north, central, south"),
            (["--sex", "nam"], "--sex cannot be 'nam': use one of female, male"),
        ],
    )
    def test_words_that_are_none(self, recording: Path, options: list[str], line: str) -> None:
        result = invoke("toi", recording, "--i-have-permission", *options)
        assert result.exit_code == 2
        assert line in result.stderr

    @pytest.mark.usefixtures("networks")
    def test_what_is_wrong_is_said_before_anything_is_done(
        self, recording: Path, here: Path
    ) -> None:
        result = invoke("toi", recording, "--i-have-permission", "-o", "toi.txt")
        assert result.exit_code == 2
        assert "a sample is an .mp3 or a .wav" in result.stderr
        (here / "old.mp3").write_bytes(b"old")
        words = ("toi", "nowhere.wav", "--i-have-permission", "-o", "old.mp3")
        result = invoke(*words)
        assert result.exit_code == 7
        assert "old.mp3 exists already" in result.stderr
        result = invoke(*words, "--overwrite")
        assert result.exit_code == 3
        assert "there is no file nowhere.wav" in result.stderr
        voice_folder("toi").mkdir(parents=True)
        result = invoke("toi", recording, "--i-have-permission")
        assert result.exit_code == 2
        assert "toi is there already" in result.stderr
        assert voice_folder("toi").is_dir()

    def test_no_file_is_replaced(self, recording: Path, here: Path) -> None:
        (here / "toi-sample.mp3").write_bytes(b"mine")
        result = invoke("toi", recording, "--i-have-permission")
        assert result.exit_code == 7
        assert "toi-sample.mp3 exists already: choose another file with -o" in result.stderr
        before = recording.read_bytes()
        result = invoke("toi", recording, "--i-have-permission", "-o", recording)
        assert result.exit_code == 7
        result = invoke("toi", recording, "--i-have-permission", "-o", recording, "--overwrite")
        assert result.exit_code == 2
        assert f"{recording} is the clip itself" in result.stderr
        assert recording.read_bytes() == before
        assert (here / "toi-sample.mp3").read_bytes() == b"mine"

    def test_what_is_missing_is_fetched_first(
        self, recording: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fetched = []

        def fetch(voice: Any, *_: object) -> None:
            fetched.append(voice.name)
            make = {"vieneu-nano": make_nano, "vieneu-cloning": make_encoders}[voice.name]
            make(voice_folder(voice.name))

        monkeypatch.setattr("audiobook.cli.cloning.fetch_files", fetch)
        result = invoke("toi", recording, "--i-have-permission")
        assert result.exit_code == 0, result.output
        assert fetched == ["vieneu-nano", "vieneu-cloning"]

    def test_a_clip_is_looked_at_before_the_library(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def load(name: str) -> Any:
            raise VoiceError(name)  # type: ignore[arg-type]

        monkeypatch.setattr(engines, "load", load)
        result = invoke("toi", "nowhere.wav")
        assert (result.exit_code, "there is no file nowhere.wav" in result.stderr) == (3, True)
        (here / "text.wav").write_text("no sound")
        assert invoke("toi", "text.wav").exit_code == 3

    def test_without_the_library(self, recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def load(name: str) -> Any:
            raise VoiceError(name)  # type: ignore[arg-type]

        monkeypatch.setattr(engines, "load", load)
        assert invoke("toi", recording, "--i-have-permission").exit_code == 4

    def test_without_the_library_that_only_cloning_needs(
        self, recording: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("audiobook.engines.vieneu_cloning.find_spec", lambda _name: None)
        result = invoke("toi", recording, "--i-have-permission")
        assert result.exit_code == 4
        assert "cloning needs kaldi-native-fbank, which is not installed: pip" in result.stderr

    @pytest.mark.usefixtures("networks")
    @pytest.mark.parametrize("answer", [False, None])
    def test_whoever_does_not_say_yes_gets_none(
        self,
        recording: Path,
        here: Path,
        monkeypatch: pytest.MonkeyPatch,
        answer: bool | None,
    ) -> None:
        monkeypatch.setattr(questions, "is_somebody_there", lambda: True)
        monkeypatch.setattr(questions, "ask", lambda *_, **__: answer)
        result = invoke("toi", recording)
        assert result.exit_code == 2
        assert "nothing was cloned" in result.stderr
        assert remains() == list(here.iterdir()) == []

    @pytest.mark.usefixtures("networks")
    def test_somebody_at_a_terminal_is_asked(self, recording: Path, here: Path) -> None:
        result = run_on_terminal(
            "voices", "clone", "toi", str(recording), typed="có\n".encode(), cwd=here
        )
        assert result.returncode == 0, result.stderr
        assert "does its speaker allow you to imitate it? [y/N]" in result.stderr
        assert config.load_voice("toi").cloned
