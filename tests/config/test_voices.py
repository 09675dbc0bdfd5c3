"""The commands about voices: what they print, where it goes wrong, and with which exit code."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import threading
import wave
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import mutagen
import pytest
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from terminal import run_on_terminal
from typer.testing import CliRunner, Result

from audiobook.cli.app import app
from audiobook.cli.printing import display_width
from audiobook.config import load_voice
from audiobook.config.catalogue import KNOWN_VOICES
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
    (row,) = (line for line in listed.splitlines() if line.split()[:1] == [name])
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
        'engine = "tone"\nsex = "female"\nsize = 2\nlicence = "CC BY 4.0"\nsample = "Chào cô."\n'
        f'[[files]]\nname = "model.onnx"\nurl = "{model}"\nsha256 = "{sha256}"\n',
    )
    return "rieng"


class TestList:
    def test_what_each_is_and_needs(self, own: str) -> None:
        done = run()
        assert (done.exit_code, done.stderr) == (0, "")
        assert cells(done.stdout, "NAME") == ["NAME", "SOUNDS LIKE", "MB", "USABLE"]
        assert cells(done.stdout, "hanoi") == [
            *("hanoi", "Northern voice, robotic, offline", "-", "yes (default)")
        ]
        assert cells(done.stdout, "google")[1] == "Northern woman, online"
        assert cells(done.stdout, "tone")[1] == "test tone, no speech"
        assert done.stdout.endswith(
            "\n\nFetch one that is not there yet: audiobook voices add NAME\n"
        )
        assert cells(done.stdout, own) == [
            own,
            "Woman, offline",
            "2",
            "not fetched yet",
        ]

    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_it_fits_into_80_columns(
        self, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
    ) -> None:
        """Also what keeps a voice from being used, which goes on in further lines."""
        write_voice(tmp_path, 'engine = "nobody"')
        monkeypatch.setenv("AUDIOBOOK_LANG", language)
        table = run().stdout
        assert max(map(display_width, table.splitlines())) <= 80
        cell = " ".join(line[-30:].strip() for line in table.partition(f"\n{own}")[2].splitlines())
        assert "espeak" in cell

    def test_what_is_free_and_offline_stands_before_what_wants_a_key(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AZURE_SPEECH_KEY", raising=False)
        table = run().stdout
        names = [line.split()[0] for line in table.splitlines() if line]
        assert names.index("google") < names.index("sano") < names.index("azure-hoaimy")
        assert cells(table, "azure-hoaimy")[-1] == "set AZURE_SPEECH_KEY"

    def test_the_long_table(self, own: str) -> None:
        table = run("--long").stdout
        assert re.split(" +", table.splitlines()[0]) == [
            *("NAME", "ENGINE", "ACCENT", "SEX", "NETWORK", "MB", "LICENCE", "SPEED", "USABLE")
        ]
        licence = "GPL-3.0-or-later"
        hanoi = ["hanoi", "espeak", "north", "-", "no", "-", licence, "-", "yes (default)"]
        assert cells(table, "hanoi") == hanoi
        assert cells(table, "google")[3:5] == ["female", "yes"]
        assert cells(table, "tone")[2] == "-"
        assert cells(table, own)[-1] == "no: not fetched yet: audiobook voices add rieng"

    def test_all_about_one(self, own: str) -> None:
        facts = dict(
            re.split(" {2,}", line, maxsplit=1) for line in run("info", own).stdout.splitlines()
        )
        assert facts["sounds like"] == "Woman, offline"
        assert facts["licence"] == "CC BY 4.0"
        assert facts["files from"] == "127.0.0.1"
        assert facts["usable"].endswith("audiobook voices add rieng")
        assert run("info", "nobody").exit_code == 4

    def test_all_about_one_that_can_be_added(self, tmp_path: Path) -> None:
        for voice in KNOWN_VOICES:
            done = run("info", voice.name)
            assert done.exit_code == 0, done.stderr
            facts = dict(re.split(" {2,}", line, maxsplit=1) for line in done.stdout.splitlines())
            assert facts["licence"] == voice.licence
            assert facts["description"] == voice.description
            assert facts["files from"] == voice.source
            assert facts["usable"] == f"not fetched yet: audiobook voices add {voice.name}"
        write_voice(tmp_path, 'engine = "tone"\ndescription = "mine"')
        (tmp_path / "config" / "voices" / "rieng.toml").rename(
            tmp_path / "config" / "voices" / "infore.toml"
        )
        assert "mine" in run("info", "infore").stdout

    @pytest.mark.parametrize("name", ["sano", "infore", "eleven-george"])
    def test_descriptions_are_translated(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        english = run("info", name).stdout.splitlines()[2]
        monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
        vietnamese = run("info", name).stdout.splitlines()[2]
        assert english.startswith("description ") and vietnamese.startswith("mô tả ")
        assert "offline" not in vietnamese and "paid" not in vietnamese

    def test_a_missing_engine_and_a_broken_file(self, tmp_path: Path) -> None:
        write_voice(tmp_path, 'engine = "nobody"')
        assert cells(run("--long").stdout, "rieng")[-1].startswith(
            "no: there is no engine nobody: "
        )
        write_voice(tmp_path, "engine = ")
        done = run("--long")
        assert done.exit_code == 0
        assert cells(done.stdout, "rieng")[:2] == ["rieng", "-"]
        assert "fix the voice file" in cells(done.stdout, "rieng")[-1]

    def test_json(self, own: str) -> None:
        told = {voice["name"]: voice for voice in json.loads(run("--json").stdout)}
        assert told[own] == {
            "name": own,
            "description": "",
            "engine": "tone",
            "accent": "",
            "sex": "female",
            "network": False,
            "licence": "CC BY 4.0",
            "style": "",
            "speaks": True,
            "size": 2.0,
            "is_fetched": False,
            "lacks_files": True,
            "speed": None,
            "usable": False,
            "problem": "not fetched yet: audiobook voices add rieng",
            "remedy": "audiobook voices add rieng",
            "default": False,
        }
        assert told["hanoi"]["usable"] and told["hanoi"]["default"]

    def test_help_teaches(self) -> None:
        assert "audiobook voices try hanoi --play" in run("--help").stdout
        for command in ("try", "compare", "info", "add", "remove"):
            assert f"audiobook voices {command}" in run(command, "--help").stdout
        assert run("--json", "add", "hanoi").exit_code == 2


def add_player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """Make a program that writes down what it is asked to play the only player there is."""
    folder = tmp_path / "programs"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


class TestPlay:
    @pytest.mark.parametrize(
        ("player", "file"), [("mpv", "tone.mp3"), ("afplay", "tone.mp3"), ("aplay", "tone.wav")]
    )
    def test_a_player_of_this_machine(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, player: str, file: str
    ) -> None:
        """One that plays WAV only gets that."""
        monkeypatch.chdir(tmp_path)
        add_player(tmp_path, monkeypatch, player, f'printf "%s\\n" "$@" > "{tmp_path}/played"')
        done = run("try", "tone", "Chào.", "--play")
        assert (done.exit_code, done.stderr) == (0, "")
        assert (tmp_path / "played").read_text().splitlines()[-1] == str(tmp_path / file)

    def test_no_player(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """This is told before anything is spoken."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))
        done = run("try", "tone", "--play")
        assert done.exit_code == 2
        assert "install one of ffplay, mpv, afplay, aplay, or leave out --play" in done.stderr
        assert not list(tmp_path.glob("tone.*"))
        add_player(tmp_path, monkeypatch, "aplay", "exit 0")
        done = run("try", "tone", "-o", "x.mp3", "--play")
        assert "install one of ffplay, mpv, afplay, or" in done.stderr

    def test_a_player_that_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        add_player(tmp_path, monkeypatch, "mpv", "exit 3")
        done = run("try", "tone", "-o", str(tmp_path / "x.wav"), "--play")
        assert done.exit_code == 5
        assert "mpv ended with code 3: open" in done.stderr

    def test_a_player_that_complains(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        add_player(tmp_path, monkeypatch, "mpv", "echo a >&2; echo no device >&2")
        done = run("try", "tone", "-o", str(tmp_path / "x.wav"), "--play")
        assert done.exit_code == 0
        assert done.stderr.startswith("mpv says: no device; if you heard nothing, open")
        assert done.stderr.count("\n") == 1


class TestCompare:
    def test_each_says_its_name_and_the_text(self, tmp_path: Path) -> None:
        """Not those online, in another language, without words, or not fetched."""
        path = tmp_path / "x.mp3"
        done = run("compare", "Chào cô.", "-o", str(path))
        assert (done.exit_code, done.stderr.split()) == (0, ["hanoi", "hue", "saigon"])
        assert re.fullmatch(rf"{path}: 0:\d\d, 3 voices: hanoi, hue, saigon\n", done.stdout)
        chapters = ID3(path).getall("CHAP")
        titles = [str(chapter.sub_frames["TIT2"]) for chapter in chapters]
        assert titles == ["hanoi", "hue", "saigon"]
        (lyrics,) = ID3(path).getall("SYLT")
        assert [line for line, _ in lyrics.text][:2] == ["Giọng hanoi.", "Chào cô."]

    @pytest.mark.parametrize(
        ("words", "message"),
        [(("…",), "there is nothing to say in '…'"), (("-o", "x.ogg"), "an .mp3 or a .wav")],
    )
    def test_what_goes_wrong(self, words: tuple[str, ...], message: str) -> None:
        done = run("compare", *words)
        assert done.exit_code == 2
        assert message in done.stderr


class TestTry:
    def test_a_sample_and_its_speed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        done = run("try", "hanoi")
        assert (done.exit_code, done.stderr) == (0, "")
        assert re.fullmatch(r"hanoi\.mp3: 0:\d\d, [\d,.]+× real time\n", done.stdout)
        assert 5 < length(tmp_path / "hanoi.mp3") < 20
        assert re.fullmatch(r"[\d,.]+×", cells(run("--long").stdout, "hanoi")[-2])

    def test_a_text_is_read_as_in_a_book(self, tmp_path: Path) -> None:
        """The tone lasts as long as what is said, so that numbers are heard to be read out."""
        lengths = []
        for text in ("Có 3.", "Có 3.333.333 con ở TP.HCM.", "Có 3.\nCó 3."):
            path = tmp_path / "ra" / "x.wav"
            done = run("try", "tone", text, "-o", str(path), "--overwrite")
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
        run("try", "tone", "ESA.", "-o", str(path), "--overwrite")
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
        run("try", "tone", "Chào cô.", "-o", str(tmp_path / "y.mp3"))
        assert speed.read_bytes() == first
        run("try", "tone", "-o", str(tmp_path / "z.mp3"))
        assert speed.read_bytes() != first

    @pytest.mark.parametrize("stored", ['{"of": ["tone", "0"], "speed": 3}', "{", "[]"])
    def test_a_speed_of_something_else_is_not_shown(self, tmp_path: Path, stored: str) -> None:
        (tmp_path / "cache" / "speeds").mkdir(parents=True)
        (tmp_path / "cache" / "speeds" / "tone.json").write_text(stored)
        assert cells(run("--long").stdout, "tone")[-2] == "-"

    @pytest.mark.parametrize(
        ("words", "code", "message"),
        [
            (("nobody",), 4, "there is no voice 'nobody'"),
            (("rieng",), 4, "not fetched yet: audiobook voices add rieng"),
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
        assert cells(run().stdout, own)[-1] == "not fetched yet"
        assert cells(run().stdout, "hanoi")[-1] == "yes (default)"

    def test_the_licence_is_translated(
        self, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "config" / "voices" / "rieng.toml"
        licence = "Google's terms of service"
        path.write_text(re.sub("licence = .*", f'licence = "{licence}"', path.read_text()))
        monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
        assert "giấy phép điều khoản dịch vụ của Google\n" in run("add", own).stdout

    def test_a_checksum_comes_with_the_address_of_a_fixed_revision(self) -> None:
        for file in load_voice("vais1000").files:
            assert file.sha256
            assert "/resolve/main/" not in file.urls[0]

    def test_nothing_to_fetch(self) -> None:
        done = run("add", "hanoi")
        assert done.exit_code == 0
        assert done.stdout == "hanoi: nothing to fetch, it needs no files of its own\n"

    def test_a_voice_without_its_key_says_only_that(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("FPT_API_KEY", raising=False)
        done = run("add", "fpt-banmai")
        assert (done.exit_code, done.stdout) == (0, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("fpt-banmai is not usable yet: ")
        assert line.endswith("set FPT_API_KEY")

    @pytest.mark.parametrize("command", ["info", "try", "add", "remove"])
    def test_a_mistyped_name(self, command: str) -> None:
        done = run(command, "snao")
        assert done.exit_code == 4
        assert "there is no voice 'snao': did you mean sano?" in done.stderr

    @pytest.mark.parametrize("command", ["add", "remove"])
    @pytest.mark.parametrize("name", ["nobody", "../hanoi", ""])
    def test_an_unknown_voice(self, command: str, name: str) -> None:
        done = run(command, name)
        assert done.exit_code == 4
        assert f"there is no voice {name!r}" in done.stderr

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("hanoy", "did you mean hanoi? `audiobook voices` lists all"),
            ("Saigon", "did you mean saigon?"),
            ("infor", "did you mean infore?"),
            ("nope", "`audiobook voices --all` lists all"),
            ("xyzzy", "there is no voice 'xyzzy': `audiobook voices --all` lists all"),
        ],
    )
    def test_an_unknown_voice_is_guessed(self, name: str, hint: str) -> None:
        assert hint in run("info", name).stderr

    @pytest.mark.parametrize("command", ["try", "remove"])
    def test_a_voice_that_is_not_added_yet(self, command: str) -> None:
        done = run(command, "infore")
        assert done.exit_code == 4
        assert "the voice 'infore' is not added yet: audiobook voices add infore" in done.stderr

    @pytest.mark.parametrize("name", ["giong.pt", "folder"])
    def test_a_path_that_is_no_model(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "giong.pt").write_bytes(b"")
        (tmp_path / "folder").mkdir()
        done = run("add", str(tmp_path / name))
        assert done.exit_code == 2
        assert f"{name} is not the model of a Piper voice: a Piper voice is two" in done.stderr

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
        nowhere = subprocess.DEVNULL
        shown = run_on_terminal("voices", "add", own, stdin=nowhere, stdout=nowhere)
        assert shown.returncode == 0
        assert "model.onnx" in shown.stderr
        assert "256.0/256.0 kB" in shown.stderr
