"""Voices that speak from the same files: one list, one folder, fetched once, removed last."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import CliRunner, Result

from audiobook import config
from audiobook.cli.app import app
from audiobook.config.casting import name_synthetic
from audiobook.errors import VoiceError
from audiobook.model import Meta, Voice
from audiobook.system.folders import config_folder, voice_folder


class Handler(SimpleHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the server was asked for."""
    monkeypatch.setattr(Handler, "asked", [])
    return Handler.asked


@pytest.fixture(autouse=True)
def voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two voices that share a model of 200 kB on a server, `mot` and `hai`, and their folder."""
    monkeypatch.setenv("no_proxy", "*")
    web = tmp_path / "web"
    web.mkdir()
    (web / "model.onnx").write_bytes(bytes(200_000))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(web))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        folder = config_folder() / "voices"
        (folder / "shared").mkdir(parents=True)
        for name in ("mot", "hai"):
            (folder / f"{name}.toml").write_text('engine = "tone"\nshared = "chung"\n')
        (folder / "shared" / "chung.toml").write_text(
            '[[files]]\nname = "model.onnx"\n'
            f'url = "http://127.0.0.1:{server.server_port}/model.onnx"\n'
        )
        yield folder
        server.shutdown()
        thread.join()


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, ["voices", *words])
    assert result.exit_code == 0, result.output
    return result


def test_they_are_fetched_once(asked: list[str]) -> None:
    assert "MB in" in run("add", "mot").stdout
    assert (voice_folder("chung") / "model.onnx").stat().st_size == 200_000
    assert f"already there, in {voice_folder('chung')}" in run("add", "hai").stdout
    assert asked == ["/model.onnx"]


def test_they_go_with_the_last_voice_that_was_added() -> None:
    run("add", "mot")
    run("add", "hai")
    assert "hai: its files stay for mot" in run("remove", "hai").stdout
    assert (voice_folder("chung") / "model.onnx").exists()
    assert "mot: 0.2 MB freed" in run("remove", "mot").stdout
    assert not voice_folder("chung").exists()
    assert "nothing was fetched for it" in run("remove", "mot").stdout


def test_only_a_voice_that_was_added_is_the_default() -> None:
    assert config.default_voice() == "hanoi"
    run("add", "mot")
    assert config.default_voice() == "mot"
    run("add", "hai")
    run("remove", "mot")
    assert config.default_voice() == "hai"


def test_a_cloned_voice_is_not_the_default(voices: Path) -> None:
    (voices / "mot.toml").write_text('engine = "tone"\nshared = "chung"\ncloned = true\n')
    run("add", "mot")
    assert config.default_voice() == "hanoi"


def test_they_are_listed_with_what_they_take() -> None:
    run("add", "mot")
    for name in ("mot", "hai"):
        shown = run("info", name).stdout
        assert str(voice_folder("chung")) in shown
        assert "disk space   1 MB" in shown


@pytest.mark.parametrize("name", ["../gone", "a/b", "Chung", ".", ""])
def test_a_folder_of_another_place_is_refused(voices: Path, name: str) -> None:
    (voices / "mot.toml").write_text(f'engine = "tone"\nshared = "{name}"\n')
    if name:
        with pytest.raises(VoiceError, match="the plain name of a folder"):
            config.load_voice("mot")
    else:
        assert config.load_voice("mot").folder == "mot"


def test_a_list_that_is_not_there(voices: Path) -> None:
    (voices / "shared" / "chung.toml").unlink()
    with pytest.raises(VoiceError, match="no shared files 'chung'") as caught:
        config.load_voice("mot")
    assert str(voices / "shared" / "chung.toml") in caught.value.remedy


@pytest.mark.parametrize("text", ["[[files]]\nname = 1\n", "engine = 'tone'", "]"])
def test_a_list_that_is_not_right(voices: Path, text: str) -> None:
    (voices / "shared" / "chung.toml").write_text(text)
    with pytest.raises(VoiceError, match=r"chung\.toml"):
        config.load_voice("mot")


def test_files_of_its_own_beside_them_are_refused(voices: Path) -> None:
    (voices / "mot.toml").write_text(
        'engine = "tone"\nshared = "chung"\n[[files]]\nname = "a"\nurl = "https://a.example/a"\n'
    )
    with pytest.raises(VoiceError, match="either in it, or where shared says"):
        config.load_voice("mot")


@pytest.mark.parametrize(
    ("narrator", "language", "said"),
    [
        ("", "", "toi (giọng tổng hợp)"),
        ("Lan Anh", "vi", "Lan Anh (giọng tổng hợp)"),
        ("Lan Anh", "en-GB", "Lan Anh (synthetic voice)"),
    ],
)
def test_a_book_of_a_cloned_voice_names_it_as_synthetic(
    narrator: str, language: str, said: str
) -> None:
    meta = Meta(narrator=narrator, language=language)
    cloned = Voice(name="toi", engine="tone", cloned=True)
    other = Voice(name="khac", engine="tone")
    assert name_synthetic(meta, [other, cloned]).narrator == said
    assert name_synthetic(meta, [other]) == meta
