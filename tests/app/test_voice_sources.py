"""Voices of others: from files, addresses and a stand-in for Hugging Face, until they speak."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import run
from hub_stand_in import COMMIT, Hub, serving
from places import ROOT
from terminal import run_on_terminal

sys.path.insert(0, str(ROOT / "tests" / "engines"))
from onnx_voice import RATE, make_voice

from audiobook import config
from audiobook.app import voice_sources
from audiobook.app.voice_samples import try_voice
from audiobook.config.catalogue import KNOWN_VOICES, known_voice
from audiobook.errors import AudiobookError, EngineError, UsageError, VoiceError
from audiobook.system.downloads import download, hub, texts
from audiobook.system.folders import config_folder, voice_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.system.downloads import Fetched

CARD = b"# Model card for tiny (low)\n\n* Speakers: 1\n* License: CC BY-NC-SA 4.0\n"
LICENCE = "CC BY 4.0"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Lay a model of the user's own where the program has nothing."""
    folder = tmp_path / "mine"
    folder.mkdir()
    return make_voice(folder)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(download, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(texts, "_PAUSES", (0.0, 0.0))
    with serving() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.base)
        yield running


def repository(model: Path, folder: str = "", **more: bytes) -> dict[str, bytes]:
    """Return a voice as files of a repository."""
    start = f"{folder}/" if folder else ""
    return {
        f"{start}{model.name}": model.read_bytes(),
        f"{start}{model.name}.json": Path(f"{model}.json").read_bytes(),
        **{f"{start}{name}": body for name, body in more.items()},
    }


def describe(model: Path, **changes: Any) -> None:
    """Change the description of a model."""
    path = Path(f"{model}.json")
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


def add(source: str | Path, name: str | None = None, licence: str = LICENCE) -> Fetched:
    found = voice_sources.find(str(source), name)
    return voice_sources.add(found, licence, lambda *_: None)


def remains() -> list[str]:
    """Return what lies in the folders of voices."""
    folders = (voice_folder("x").parent, config_folder() / "voices")
    return sorted(path.name for folder in folders if folder.exists() for path in folder.iterdir())


class TestFiles:
    def test_it_speaks_as_any_other(self, model: Path, tmp_path: Path) -> None:
        added = add(model)
        voice = config.load_voice("tiny")
        assert (voice.engine, voice.rate, voice.language) == ("piper", RATE, "vi")
        assert (voice.foreign, voice.licence, voice.files) == ("respell", LICENCE, ())
        assert sorted(path.name for path in added.folder.iterdir()) == [
            "tiny.onnx",
            "tiny.onnx.json",
        ]
        assert try_voice("tiny", tmp_path / "x.wav", "Xin chào cô.").seconds > 0.1

    @pytest.mark.parametrize(
        ("phonemes", "language", "accent", "foreign"),
        [
            ("vi", "vi", "", "respell"),
            ("vi-vn-x-south", "vi", "south", "respell"),
            ("vi-VN-x-central", "vi", "central", "respell"),
            ("en-us", "en", "", "keep"),
        ],
    )
    def test_phonemes_decide_how_it_is_set_up(
        self, model: Path, phonemes: str, language: str, accent: str, foreign: str
    ) -> None:
        describe(model, espeak={"voice": phonemes})
        add(model)
        voice = config.load_voice("tiny")
        assert (voice.language, voice.accent, voice.foreign) == (language, accent, foreign)

    @pytest.mark.parametrize(
        ("file", "name"),
        [
            ("vi_VN-vais1000x-medium.onnx", "vais1000x"),
            ("Giọng Đọc (nữ).onnx", "giong-doc-nu"),
            ("vi_VN-25hours_single-low.onnx", "25hours-single"),
        ],
    )
    def test_its_name_is_like_that_of_the_file(self, model: Path, file: str, name: str) -> None:
        renamed = model.with_name(file)
        model.rename(renamed)
        Path(f"{model}.json").rename(f"{renamed}.json")
        add(renamed)
        assert config.load_voice(name).model == file

    @pytest.mark.parametrize("name", ["giọng", "../x", "", "-x", "a b", "con", "NUL"])
    def test_names_are_plain(self, model: Path, name: str) -> None:
        with pytest.raises(UsageError, match="a voice cannot be called"):
            add(model, name)

    def test_a_name_that_is_taken(self, model: Path) -> None:
        with pytest.raises(UsageError, match="there is a voice 'hanoi' already: add --name"):
            add(model, "hanoi")
        assert remains() == []

    def test_added_again_it_is_replaced(self, model: Path) -> None:
        add(model)
        make_voice(model.parent, amplitude=0.5)
        add(model, licence="MIT")
        assert config.load_voice("tiny").licence == "MIT"
        assert (voice_folder("tiny") / "tiny.onnx").read_bytes() == model.read_bytes()

    def test_what_the_user_changed_is_not_overwritten(self, model: Path) -> None:
        add(model)
        path = config_folder() / "voices" / "tiny.toml"
        path.write_text(path.read_text("utf-8") + "speed = 1.1\n", "utf-8")
        with pytest.raises(UsageError, match="there is a voice 'tiny' already"):
            add(model)

    def test_any_licence_can_be_written_down(self, model: Path) -> None:
        add(model, licence='mine: "C:\\đọc"\nfor\x7f\x00 all')
        assert config.load_voice("tiny").licence.startswith('mine: "C:\\đọc" for')

    @pytest.mark.parametrize("card", ["MODEL_CARD", "README.md"])
    def test_a_card_beside_it_is_shown(self, model: Path, card: str) -> None:
        model.with_name(card).write_bytes(CARD)
        found = voice_sources.find(str(model))
        assert voice_sources.stated_licence(found) == (f"CC BY-NC-SA 4.0 ({model.with_name(card)})")

    def test_the_description_may_state_the_licence(self, model: Path) -> None:
        describe(model, license="MIT")
        found = voice_sources.find(f"{model}.json")
        assert voice_sources.stated_licence(found) == "MIT (tiny.onnx.json)"

    def test_nothing_states_a_licence(self, model: Path) -> None:
        assert voice_sources.stated_licence(voice_sources.find(str(model))) == ""

    def test_tones_that_it_was_not_taught(self, model: Path) -> None:
        assert voice_sources.find(str(model)).missing_tones == ()
        ids = json.loads(Path(f"{model}.json").read_text("utf-8"))["phoneme_id_map"]
        describe(model, phoneme_id_map={sign: ids[sign] for sign in ids if sign not in "46"})
        assert voice_sources.find(str(model)).missing_tones == ("hỏi", "nặng")


class TestDamaged:
    def refused(self, source: str | Path, problem: type[AudiobookError]) -> str:
        with pytest.raises(problem) as caught:
            add(source)
        assert remains() == []
        return str(caught.value)

    def test_one_of_two_files(self, model: Path) -> None:
        Path(f"{model}.json").unlink()
        assert "tiny.onnx.json: a Piper voice is two files" in self.refused(model, VoiceError)
        assert "no file" in self.refused(model.with_name("other.onnx"), VoiceError)

    @pytest.mark.parametrize(
        "description",
        ["", "[]", "{}", '{"audio": 3}', "[" * 100_000, '{"audio": {"sample_rate": null}}'],
    )
    def test_a_description_of_something_else(self, model: Path, description: str) -> None:
        Path(f"{model}.json").write_text(description, "utf-8")
        assert "describes no Piper voice" in self.refused(model, VoiceError)

    @pytest.mark.parametrize("rate", [1, 10_000_000, "22050", 22050.0])
    def test_a_rate_that_nothing_plays(self, model: Path, rate: object) -> None:
        describe(model, audio={"sample_rate": rate})
        assert "samples a second" in self.refused(model, VoiceError)

    def test_a_pointer_to_the_model(self, model: Path) -> None:
        model.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n")
        assert "git lfs pull" in self.refused(model, VoiceError)


class TestSpeakers:
    @pytest.fixture
    def model(self, tmp_path: Path) -> Path:
        return make_voice(tmp_path, speakers={"An": 0, "Bình": 1})

    def test_one_is_chosen(self, model: Path) -> None:
        add(f"{model}#Bình")
        voice = config.load_voice("tiny-binh")
        assert voice.model == "tiny.onnx#Bình"

    def test_none_is_chosen(self, model: Path) -> None:
        assert voice_sources.find(str(model)).speakers == ("An", "Bình")
        assert voice_sources.find(f"{model}#1").speakers == ()

    def test_one_who_is_not_there(self, model: Path) -> None:
        with pytest.raises(VoiceError, match="its speakers are An, Bình, or the numbers 0 to 1"):
            add(f"{model}#Chi")
        assert remains() == []

    def test_two_voices_share_a_model(self, model: Path, tmp_path: Path) -> None:
        add(model, "hai")
        other = replace(config.load_voice("hai"), name="binh", model="../hai/tiny.onnx#Bình")
        text = f'engine = "piper"\nmodel = "{other.model}"\nrate = {other.rate}\n'
        (config_folder() / "voices" / "binh.toml").write_text(text, "utf-8")
        assert try_voice("binh", tmp_path / "x.wav", "Xin chào.").seconds > 0.1


class TestAddresses:
    @pytest.fixture(autouse=True)
    def is_no_hub(self, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        assert server
        monkeypatch.delenv("HF_ENDPOINT")

    def test_both_files_are_fetched(self, server: Hub, model: Path, tmp_path: Path) -> None:
        server.files |= {f"/v/{name}": body for name, body in repository(model).items()}
        address = f"{server.base}/v/tiny.onnx?download=true"
        assert add(address).unchecked == ("tiny.onnx", "tiny.onnx.json")
        voice = config.load_voice("tiny")
        assert [file.url for file in voice.files] == [
            address,
            f"{server.base}/v/tiny.onnx.json?download=true",
        ]
        assert try_voice("tiny", tmp_path / "x.wav", "Xin chào.").seconds > 0.1

    def test_the_card_beside_it(self, server: Hub, model: Path) -> None:
        files = repository(model, MODEL_CARD=CARD)
        server.files |= {f"/v/{name}": body for name, body in files.items()}
        (card,) = voice_sources.find(f"{server.base}/v/tiny.onnx").cards
        assert (card.where, card.licence) == (f"{server.base}/v/MODEL_CARD", "CC BY-NC-SA 4.0")

    def test_a_page_for_everything_is_no_card(self, server: Hub, model: Path) -> None:
        files = repository(model, MODEL_CARD=b"<html>Not here</html>")
        server.files |= {f"/v/{name}": body for name, body in files.items()}
        assert voice_sources.find(f"{server.base}/v/tiny.onnx").cards == ()

    def test_no_model(self, server: Hub) -> None:
        with pytest.raises(UsageError, match=r"does not lead to a file NAME\.onnx"):
            add(f"{server.base}/v/tiny.zip")
        with pytest.raises(VoiceError, match=r"no file .*tiny\.onnx\.json"):
            add(f"{server.base}/v/tiny.onnx")


class TestHub:
    def test_a_repository_of_one_voice(self, server: Hub, model: Path) -> None:
        server.hold("ai/giong", repository(model), license="mit")
        found = voice_sources.find("hf:ai/giong")
        assert voice_sources.stated_licence(found) == "mit (hf:ai/giong)"
        assert voice_sources.add(found, "MIT", lambda *_: None).unchecked == ("tiny.onnx.json",)
        network, described = config.load_voice("tiny").files
        assert network.url == f"{server.base}/ai/giong/resolve/{COMMIT}/tiny.onnx"
        assert len(network.sha256) == 64
        assert described.url == f"{network.url}.json"

    @pytest.mark.parametrize(
        "source",
        [
            "hf:ai/giong/vi/nam",
            "hf:ai/giong/vi/nam/tiny.onnx",
            "hf:ai/giong@main/vi/nam/",
            "{base}/ai/giong/blob/main/vi/nam/tiny.onnx",
            "{base}/ai/giong/tree/main/vi/nam",
        ],
    )
    def test_one_of_several_voices(self, server: Hub, model: Path, source: str) -> None:
        voices = repository(model, "vi/nam", MODEL_CARD=CARD) | repository(model, "vi/namviet")
        server.hold("ai/giong", voices, license="mit")
        found = voice_sources.find(source.format(base=server.base))
        assert found.files.files[0].url.endswith("/vi/nam/tiny.onnx")
        # The card of the voice goes before that of the repository.
        assert [card.licence for card in found.cards] == ["CC BY-NC-SA 4.0", "mit"]
        assert "* Speakers: 1" in found.cards[0].text

    def test_several_voices_are_listed(self, server: Hub, model: Path) -> None:
        server.hold("ai/giong", repository(model, "a") | repository(model, "b"))
        with pytest.raises(UsageError) as caught:
            voice_sources.find("hf:ai/giong")
        assert caught.value.remedy == "name one: hf:ai/giong/a/tiny.onnx, hf:ai/giong/b/tiny.onnx"

    def test_models_of_another_kind(self, server: Hub) -> None:
        server.hold("ai/giong", {"x/model.onnx": b"?", "x/tokens.txt": b"?"})
        with pytest.raises(VoiceError, match=r"x/model\.onnx has no x/model\.onnx\.json beside it"):
            voice_sources.find("hf:ai/giong/x")
        with pytest.raises(VoiceError, match=r"it has no model NAME\.onnx there"):
            voice_sources.find("hf:ai/giong/y")

    @pytest.mark.usefixtures("server")
    def test_no_repository(self) -> None:
        with pytest.raises(EngineError, match="shows no hf:ai/giong to everybody"):
            voice_sources.find("hf:ai/giong")
        with pytest.raises(UsageError, match="'hf:giong' names no repository"):
            voice_sources.find("hf:giong")

    @pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"sha": "1", "siblings": [1]}'])
    def test_a_server_that_is_no_hub(self, server: Hub, answer: bytes) -> None:
        server.files["/api/models/ai/giong/revision/main"] = answer
        with pytest.raises(EngineError, match="check HF_ENDPOINT"):
            voice_sources.find("hf:ai/giong")

    def test_a_server_that_recovers_and_one_that_does_not(self, server: Hub, model: Path) -> None:
        server.hold("ai/giong", repository(model))
        server.failures = [503, 429]
        assert voice_sources.find("hf:ai/giong").voice.name == "tiny"
        server.failures = [503, 503, 503]
        with pytest.raises(EngineError, match="answers 503: try again later"):
            voice_sources.find("hf:ai/giong")

    def test_licences_by_name(self, server: Hub, model: Path) -> None:
        server.hold("ai/giong", repository(model), license="other", license_name="openrail")
        assert voice_sources.stated_licence(voice_sources.find("hf:ai/giong")) == (
            "openrail (hf:ai/giong)"
        )

    def test_a_stopped_download_leaves_no_voice_and_goes_on(self, server: Hub, model: Path) -> None:
        server.hold("ai/giong", repository(model))
        server.breaks = 3
        with pytest.raises(EngineError, match="goes on where it stopped"):
            add("hf:ai/giong")
        assert "tiny" not in config.voice_names()
        assert not voice_folder("tiny").exists()
        add("hf:ai/giong")
        assert "tiny" in config.voice_names()
        assert server.sent == len(model.read_bytes())

    def test_a_changed_model_is_not_taken(self, server: Hub, model: Path) -> None:
        server.hold("ai/giong", repository(model))
        server.files[f"/ai/giong/resolve/{COMMIT}/tiny.onnx"] += b"more"
        with pytest.raises(EngineError, match="whose checksum is not"):
            add("hf:ai/giong")
        assert "tiny" not in config.voice_names()

    def test_the_address_of_the_hub(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HF_ENDPOINT", raising=False)
        assert hub.endpoint() == "https://huggingface.co"
        monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/")
        assert hub.endpoint() == "https://mirror.example"


class TestRemoving:
    def test_an_added_voice_goes(self, model: Path) -> None:
        add(model)
        removed = voice_sources.remove("tiny")
        assert removed.size == sum(path.stat().st_size for path in model.parent.iterdir())
        assert removed.voice_file
        assert remains() == []
        assert model.exists()
        assert Path(f"{model}.json").exists()

    def test_what_the_user_wrote_stays(self, model: Path) -> None:
        folder = config_folder() / "voices"
        folder.mkdir(parents=True)
        text = f'engine = "piper"\nmodel = "{model}"\nrate = {RATE}\n'
        (folder / "cua-toi.toml").write_text(text, "utf-8")
        assert voice_sources.remove("cua-toi") == voice_sources.Removed(0, voice_file=False)
        assert (folder / "cua-toi.toml").read_text("utf-8") == text
        assert model.exists()

    def test_what_the_user_changed_stays(self, model: Path) -> None:
        add(model)
        path = config_folder() / "voices" / "tiny.toml"
        path.write_text(path.read_text("utf-8") + "speed = 1.1\n", "utf-8")
        assert not voice_sources.remove("tiny").voice_file
        assert remains() == ["tiny.toml"]


class TestCatalogue:
    def test_every_voice_tells_its_licence_and_size(self) -> None:
        assert len({voice.name for voice in KNOWN_VOICES}) == len(KNOWN_VOICES)
        for voice in KNOWN_VOICES:
            assert voice.licence
            assert voice.size > 1e6
            assert voice.source.startswith("hf:") or voice.name in config.voice_names()
            assert voice.accent in ("", "north", "central", "south")

    def test_one_is_added_by_its_name(self, server: Hub, model: Path) -> None:
        known = known_voice("diemdam")
        assert known
        place = hub.place_of(known.source)
        assert place
        server.hold(place.name, repository(model, place.path))
        found = voice_sources.find(known.source, None, known)
        voice_sources.add(found, LICENCE, lambda *_: None)
        voice = config.load_voice("diemdam")
        assert (voice.sex, voice.accent, voice.description) == (
            "male",
            "north",
            known.description,
        )


# --- the command --------------------------------------------------------------------------------


def command(*words: str, typed: str | None = None) -> tuple[int, str]:
    """Run `audiobook voices`, on a terminal if something is typed; return its code and output."""
    words = ("voices", *words)
    if typed is None:
        ended = run(*words)
        return ended.returncode, ended.stdout + ended.stderr
    shown = run_on_terminal(*words, typed=typed.encode())
    return shown.returncode, shown.stderr


class TestAsking:
    def test_a_script_must_name_the_licence(self, model: Path) -> None:
        code, shown = command("add", str(model))
        assert code == 2
        assert "nothing there states a licence" in shown
        assert "add --licence TEXT" in shown
        assert remains() == []
        assert command("add", str(model), "--licence", " ")[0] == 2

    def test_a_script_that_names_it(self, model: Path) -> None:
        code, shown = command("add", str(model), "--licence", "MIT", "--name", "moi")
        assert code == 0
        assert "moi: licence MIT\n" in shown
        assert config.load_voice("moi").licence == "MIT"
        code, shown = command("remove", "moi")
        assert (code, shown.splitlines()[-1]) == (0, "moi: not listed any more")

    @pytest.mark.parametrize(("answer", "agrees"), [("y", True), ("có", True), ("", False)])
    def test_a_terminal_is_asked(self, model: Path, answer: str, agrees: bool) -> None:
        model.with_name("MODEL_CARD").write_bytes(CARD)
        code, shown = command("add", str(model), typed=f"{answer}\n")
        assert "says: licence CC BY-NC-SA 4.0" in shown
        assert "    * Speakers: 1" in shown
        assert "Use the voice under these terms? [y/N]" in shown
        assert code == (0 if agrees else 2)
        assert ("tiny" in config.voice_names()) == agrees
        if agrees:
            assert config.load_voice("tiny").licence.startswith("CC BY-NC-SA 4.0 (")

    def test_a_licence_that_nobody_states(self, model: Path) -> None:
        _, shown = command("add", str(model), typed="y\n")
        assert "Do you have permission to use it all the same? [y/N]" in shown
        assert config.load_voice("tiny").licence == "not known"

    def test_speakers_and_tones_are_told(self, tmp_path: Path) -> None:
        model = make_voice(tmp_path, speakers={"An": 0, "Bình": 1})
        describe(model, phoneme_id_map={"a": [1]})
        _, shown = command("add", str(model), "--licence", "MIT")
        assert 'tiny has 2 speakers: An, Bình; for another than the first write model = "' in shown
        assert "was not taught the tones huyền, sắc, hỏi, ngã, nặng" in shown

    def test_it_is_told_that_a_fetched_voice_reads_from_now_on(
        self, server: Hub, model: Path
    ) -> None:
        server.hold("ai/giong", repository(model), license="mit")
        code, shown = command("add", "hf:ai/giong", "--licence", "MIT")
        assert code == 0
        assert "hf:ai/giong says: licence mit" in shown
        assert 'tiny now reads unless another voice is named; voice = "hanoi" in' in shown
        assert config.default_voice() == "tiny"

    def test_options_for_a_model_only(self) -> None:
        code, shown = command("add", "hanoi", "--licence", "MIT")
        assert code == 2
        assert "--name and --licence are for the model of a voice" in shown


def test_the_known_voices_are_listed() -> None:
    code, shown = command("--all")
    assert code == 0
    assert "vivos     -       -       27.8 MB  CC BY-NC-SA 4.0, not for commercial use" in shown
    code, shown = command("--all", "--json")
    listed = {voice["name"]: voice for voice in json.loads(shown)}
    assert listed["tramvang"]["licence"] == "not known here; read its page first"
    assert "hf:" in listed["tramvang"]["source"]
    assert listed["vais1000"]["engine"] == "piper"
