"""The commands about voices: what they print, where it goes wrong, and with which exit code."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import subprocess
import sys
import threading
import wave
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import mutagen
import pytest
from mutagen.mp3 import MP3
from typer.testing import CliRunner, Result

from audiobook.cli.app import app
from audiobook.outputs import mp3

MODEL = bytes(range(256)) * 1_000


def run(*words: str) -> Result:
    """Run a command in this process, which saves the second that a new one needs."""
    return CliRunner().invoke(app, ["voices", *words])


def length(path: Path) -> float:
    """Return the seconds of sound in an MP3."""
    file = mutagen.File(path)
    assert isinstance(file, MP3) and file.info is not None
    return float(file.info.length)


def cells(listed: str, name: str) -> list[str]:
    """Return the cells of one row of the table."""
    (row,) = (line for line in listed.splitlines() if line.split()[0] == name)
    return re.split(r" {2,}", row)


def write_voice(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "config" / "voices"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rieng.toml").write_text(text, "utf-8")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a model from this computer, and give its address."""
    monkeypatch.setenv("no_proxy", "*")
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "model").write_bytes(MODEL)
    handler = partial(_Quiet, directory=tmp_path / "served")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/model"
        server.shutdown()
        thread.join()


@pytest.fixture
def own(tmp_path: Path, model: str) -> str:
    """A voice of the user's that needs a file."""
    sha256 = hashlib.sha256(MODEL).hexdigest()
    write_voice(
        tmp_path,
        'engine = "tone"\nsex = "female"\nlicence = "CC BY 4.0"\nsample = "Chào cô."\n'
        f'[[files]]\nname = "model.onnx"\nurl = "{model}"\nsha256 = "{sha256}"\n',
    )
    return "rieng"


class TestList:
    def test_what_each_is_and_needs(self, own: str) -> None:
        done = run()
        assert (done.exit_code, done.stderr) == (0, "")
        assert re.split(" +", done.stdout.splitlines()[0]) == [
            *("NAME", "ENGINE", "ACCENT", "SEX", "NETWORK", "LICENCE", "SPEED", "USABLE")
        ]
        licence = "GPL-3.0-or-later"
        hanoi = ["hanoi", "espeak", "north", "-", "no", licence, "-", "yes (default)"]
        assert cells(done.stdout, "hanoi") == hanoi
        assert cells(done.stdout, "google")[3:5] == ["female", "yes"]
        assert cells(done.stdout, own)[-1] == (
            "no: model.onnx not fetched yet: audiobook voices add rieng"
        )

    def test_a_missing_engine_and_a_broken_file(self, tmp_path: Path) -> None:
        write_voice(tmp_path, 'engine = "nobody"')
        assert cells(run().stdout, "rieng")[-1].startswith("no: there is no engine nobody: ")
        write_voice(tmp_path, "engine = ")
        done = run()
        assert done.exit_code == 0
        assert cells(done.stdout, "rieng")[:2] == ["rieng", "-"]
        assert "fix the voice file" in cells(done.stdout, "rieng")[-1]

    def test_json(self, own: str) -> None:
        told = {voice["name"]: voice for voice in json.loads(run("--json").stdout)}
        assert told[own] == {
            "name": own,
            "description": "",
            "engine": "tone",
            "accent": "north",
            "sex": "female",
            "network": False,
            "licence": "CC BY 4.0",
            "speed": None,
            "usable": False,
            "problem": "model.onnx not fetched yet: audiobook voices add rieng",
            "default": False,
        }
        assert told["hanoi"]["usable"] and told["hanoi"]["default"]

    def test_help_teaches(self) -> None:
        assert "audiobook voices try hanoi -o hanoi.mp3" in run("--help").stdout
        for command in ("try", "add", "remove"):
            assert f"audiobook voices {command}" in run(command, "--help").stdout
        assert run("--json", "add", "hanoi").exit_code == 2


class TestTry:
    def test_a_sample_and_its_speed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        done = run("try", "hanoi")
        assert (done.exit_code, done.stderr) == (0, "")
        assert re.fullmatch(r"hanoi\.mp3: 0:\d\d, [\d,.]+× real time\n", done.stdout)
        assert 5 < length(tmp_path / "hanoi.mp3") < 20
        assert re.fullmatch(r"[\d,.]+×", cells(run().stdout, "hanoi")[-2])

    def test_a_text_is_read_as_in_a_book(self, tmp_path: Path) -> None:
        """The tone lasts as long as what is said, so that numbers are heard to be read out."""
        lengths = []
        for text in ("Có 3.", "Có 3.333.333 con ở TP.HCM.", "Có 3.\nCó 3."):
            path = tmp_path / "ra" / "x.wav"
            done = run("try", "tone", text, "-o", str(path))
            assert done.exit_code == 0, done.stderr
            with wave.open(str(path)) as wav:
                assert (wav.getnchannels(), wav.getsampwidth()) == (1, 2)
                assert wav.getframerate() == 22050
                lengths.append(wav.getnframes() / wav.getframerate())
        assert lengths[1] > 4 * lengths[0]
        assert lengths[2] > 2 * lengths[0]

    def test_what_the_user_taught_counts(self, tmp_path: Path) -> None:
        path = tmp_path / "x.mp3"
        run("try", "tone", "ESA.", "-o", str(path))
        usual_length = length(path)
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "lexicon.tsv").write_text("ESA\tcơ quan vũ trụ châu Âu\n", "utf-8")
        run("try", "tone", "ESA.", "-o", str(path))
        assert length(path) > usual_length + 0.2

    def test_the_mp3_is_whole_frames(self, tmp_path: Path) -> None:
        path = tmp_path / "x.mp3"
        run("try", "tone", "Chào.", "-o", str(path))
        data = path.read_bytes()
        size = int.from_bytes(bytes(data[6:10]))
        tag = 10 + (size & 0x7F | size >> 1 & 0x3F80 | size >> 2 & 0x1FC000)
        assert mp3.count_frames(data[tag:]) > 1

    def test_a_text_renews_no_speed_but_makes_the_first(self, tmp_path: Path) -> None:
        speed = tmp_path / "cache" / "speeds" / "tone.json"
        run("try", "tone", "Chào.", "-o", str(tmp_path / "x.mp3"))
        first = speed.read_bytes()
        run("try", "tone", "Chào cô.", "-o", str(tmp_path / "x.mp3"))
        assert speed.read_bytes() == first
        run("try", "tone", "-o", str(tmp_path / "x.mp3"))
        assert speed.read_bytes() != first

    @pytest.mark.parametrize("stored", ['{"of": ["tone", "0"], "speed": 3}', "{", "[]"])
    def test_a_speed_of_something_else_is_not_shown(self, tmp_path: Path, stored: str) -> None:
        (tmp_path / "cache" / "speeds").mkdir(parents=True)
        (tmp_path / "cache" / "speeds" / "tone.json").write_text(stored)
        assert cells(run().stdout, "tone")[-2] == "-"

    @pytest.mark.parametrize(
        ("words", "code", "message"),
        [
            (("nobody",), 4, "there is no voice 'nobody'"),
            (("rieng",), 4, "model.onnx not fetched yet: audiobook voices add rieng"),
            (("tone", "-o", "x.ogg"), 2, "a sample is an .mp3 or a .wav, not 'x.ogg'"),
            (("tone", "…"), 2, "there is nothing to say in '…'"),
            (("tone", ""), 2, "there is nothing to say in ''"),
            (("tone", "-o", "/proc/none.mp3"), 7, "cannot write /proc/none.mp3"),
        ],
    )
    def test_what_goes_wrong(
        self,
        own: str,  # noqa: ARG002 (a voice whose file is missing)
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        words: tuple[str, ...],
        code: int,
        message: str,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        done = run("try", *words)
        assert (done.exit_code, done.stdout) == (code, "")
        assert re.fullmatch(f"audiobook: {re.escape(message)}.*\n", done.stderr)
        assert not list(tmp_path.glob("*.mp3"))


class TestAddAndRemove:
    def test_there_and_back(self, own: str, tmp_path: Path) -> None:
        folder = tmp_path / "data" / "voices" / own
        done = run("add", own)
        assert done.exit_code == 0, done.stderr
        assert done.stdout == f"{own}: licence CC BY 4.0\n{own}: 0.3 MB in {folder}\n"
        assert done.stderr == "model.onnx: 0.3 MB\n"
        assert (folder / "model.onnx").read_bytes() == MODEL
        assert cells(run().stdout, own)[-1] == "yes (default)", "what was fetched is preferred"
        assert cells(run().stdout, "hanoi")[-1] == "yes"
        assert run("try", own, "-o", str(tmp_path / "x.mp3")).exit_code == 0
        assert run("add", own).stdout == f"{own}: already there, in {folder}\n"
        assert run("remove", own).stdout == f"{own}: 0.3 MB freed\n"
        assert not folder.exists()
        assert run("remove", own).stdout == f"{own}: nothing was fetched for it\n"
        assert cells(run().stdout, own)[-1].startswith("no: ")
        assert cells(run().stdout, "hanoi")[-1] == "yes (default)"

    def test_the_licence_is_translated(
        self, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "config" / "voices" / "rieng.toml"
        licence = "Google's terms of service"
        path.write_text(re.sub("licence = .*", f'licence = "{licence}"', path.read_text()))
        monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
        assert "giấy phép điều khoản dịch vụ của Google\n" in run("add", own).stdout

    def test_nothing_to_fetch(self) -> None:
        done = run("add", "hanoi")
        assert done.exit_code == 0
        assert done.stdout == "hanoi: nothing to fetch, it needs no files of its own\n"

    @pytest.mark.parametrize("command", ["add", "remove"])
    @pytest.mark.parametrize("name", ["nobody", "../hanoi", ""])
    def test_an_unknown_voice(self, command: str, name: str) -> None:
        done = run(command, name)
        assert done.exit_code == 4
        assert f"there is no voice {name!r}" in done.stderr

    def test_a_voice_whose_file_is_broken_can_be_removed(self, own: str, tmp_path: Path) -> None:
        run("add", own)
        write_voice(tmp_path, "engine = ")
        assert run("remove", own).stdout == f"{own}: 0.3 MB freed\n"

    def test_no_checksum_is_said(self, own: str, tmp_path: Path) -> None:
        path = tmp_path / "config" / "voices" / "rieng.toml"
        path.write_text(re.sub("sha256.*", "", path.read_text()))
        done = run("add", own)
        assert "model.onnx: no checksum of it was published" in done.stderr

    @pytest.mark.parametrize(
        ("wrong", "code", "message"),
        [("sha256", 5, "whose checksum is not 000000000000…"), ("url", 5, "answers 404")],
    )
    def test_what_goes_wrong(
        self, own: str, tmp_path: Path, wrong: str, code: int, message: str
    ) -> None:
        path = tmp_path / "config" / "voices" / "rieng.toml"
        text = path.read_text()
        if wrong == "url":
            path.write_text(text.replace("/model", "/none"))
        else:
            path.write_text(re.sub('sha256 = ".*"', f'sha256 = "{"0" * 64}"', text))
        done = run("add", own)
        assert done.exit_code == code
        assert message in done.stderr.splitlines()[-1]
        assert isinstance(done.exception, SystemExit)
        assert not (tmp_path / "data" / "voices" / own).exists()

    def test_an_engine_that_is_missing_is_said_too(self, own: str, tmp_path: Path) -> None:
        path = tmp_path / "config" / "voices" / "rieng.toml"
        path.write_text(path.read_text().replace("tone", "nobody"))
        done = run("add", own)
        assert done.exit_code == 0
        assert "rieng is not usable yet: there is no engine nobody" in done.stderr

    def test_a_terminal_gets_a_bar(self, own: str) -> None:
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "audiobook", "voices", "add", own],
            stdout=subprocess.DEVNULL,
            stderr=follower,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "120"},
        )
        os.close(follower)
        shown = b""
        while True:
            try:
                data = os.read(leader, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not data:
                break
            shown += data
        os.close(leader)
        assert process.wait(30) == 0
        assert "model.onnx" in shown.decode()
        assert "256.0/256.0 kB" in shown.decode()
