"""Finding engines by name, and saying what to do when one is not there."""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audiobook import engines
from audiobook.cli.app import app
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Voice

# The cache of `load` must not keep what these tests make of an engine.
load = engines._load.__wrapped__


@pytest.mark.parametrize("name", ["mozart", "", "Tone", "../tone"])
def test_an_unknown_engine_names_those_there_are(name: str) -> None:
    with pytest.raises(VoiceError) as caught:
        engines.load(name)
    assert f"no engine {name}" in str(caught.value)
    assert "azure, command, edge, elevenlabs, espeak, fpt, gemini, " in str(caught.value)


def test_a_missing_extra_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "edge_tts", None)  # Python's way to say: not importable
    monkeypatch.delitem(sys.modules, "audiobook.engines.edge", raising=False)
    with pytest.raises(VoiceError) as caught:
        load("edge")
    assert "needs edge_tts" in caught.value.what
    assert re.fullmatch(r"pip install 'edge-tts[<>=.,0-9]+'", caught.value.remedy)


def test_a_library_of_the_base_is_reinstalled(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("gtts", "gtts.tts"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "audiobook.engines.gtts", raising=False)
    with pytest.raises(VoiceError) as caught:
        load("gtts")
    assert caught.value.remedy == "reinstall it: pip install --force-reinstall audiobook-vi"


def test_an_engine_of_another_package_may_miss_something_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = EntryPoint("choir", "audiobook_choir:Choir", engines.GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: EntryPoints([entry]))
    with pytest.raises(VoiceError, match="needs audiobook_choir, which is not") as caught:
        load("choir")
    assert "audiobook[" not in caught.value.remedy


class TestNetwork:
    """Whoever says that a voice needs no network must not have texts sent to a server."""

    @pytest.fixture(params=["", "network = false\n"], ids=["left out", "false"])
    def voice_file(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        path = tmp_path / "config" / "voices" / "rieng.toml"
        path.parent.mkdir(parents=True)
        path.write_text(f'engine = "gtts"\nmodel = "com"\nrate = 24000\n{request.param}', "utf-8")
        return path

    @pytest.fixture(autouse=True)
    def nobody_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def ask(*_: object) -> bytes:
            raise AssertionError("a text was sent")

        monkeypatch.setattr("audiobook.engines.gtts.Gtts.ask", ask)

    @pytest.mark.parametrize(
        "command",
        [
            ["build", "SOURCE", "--voice", "rieng"],
            ["build", "SOURCE", "--voice", "rieng", "--dry-run"],
            ["build", "SOURCE", "--voice", "tone", "--cast", "dialogue=rieng"],
            ["build", "SOURCE", "--voice", "google", "--fallback", "rieng"],
            ["voices", "try", "rieng", "-o", "rieng.mp3"],
        ],
        ids=lambda command: " ".join(command[1:]),
    )
    def test_such_a_voice_is_refused_and_its_file_named(
        self, voice_file: Path, tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        source = tmp_path / "book.txt"
        source.write_text("“Xin chào!” Ông nói.", "utf-8")
        words = [str(source) if word == "SOURCE" else word for word in command]
        result = CliRunner().invoke(app, words)
        assert result.exit_code == VoiceError.exit_code
        (line,) = (line for line in result.stderr.splitlines() if "network = true" in line)
        assert str(voice_file) in line
        assert "the engine gtts sends the text to a server" in line

    def test_the_list_tells_it(self, voice_file: Path) -> None:
        result = CliRunner().invoke(app, ["voices", "--json"])
        (entry,) = (voice for voice in json.loads(result.stdout) if voice["name"] == "rieng")
        assert f"{voice_file} does not say network = true" in entry["problem"]

    def test_an_offline_engine_needs_no_network(self) -> None:
        engines.check_network(Voice(name="rieng", engine="tone"))


class TestSayable:
    def test_joins_letters_and_marks(self) -> None:
        assert engines.sayable("Viê\u0323t") == "Việt"

    def test_takes_out_what_libraries_choke_on(self) -> None:
        assert engines.sayable("một\0hai \udcffba 😀") == "một hai ba 😀"

    def test_keeps_punctuation_and_markup(self) -> None:
        assert engines.sayable(" “A & <b>”, 1…") == " “A & <b>”, 1…"

    @pytest.mark.parametrize("text", ["", ".", "😀", "\0"])
    def test_refuses_text_without_a_letter_or_digit(self, text: str) -> None:
        with pytest.raises(EngineError):
            engines.sayable(text)
