"""The offer of a natural voice, on a real terminal: who is asked, and what an answer does."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from command import run
from terminal import run_on_terminal
from typer.testing import CliRunner

from audiobook.cli import offering
from audiobook.cli.app import app
from audiobook.config import choose_voice, chosen_voice
from audiobook.system.folders import voice_folder

QUESTION = "Fetch a natural voice, 3 MB, GPL-3.0? [Y/n]"
HINT = "a neural voice sounds better"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"model")

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Where the natural voice lies, on 127.0.0.1."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []


def write_natural_voice(address: str, engine: str = "tone") -> None:
    """Let the natural voice be one that needs a file from an address."""
    path = Path(os.environ["AUDIOBOOK_CONFIG"]) / "voices" / "sano.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'engine = "{engine}"\nsize = 3.1\nlicence = "GPL-3.0; of a voice"\n'
        f'[[files]]\nname = "model"\nurl = "{address}/model"\n'
    )


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv("CI", raising=False)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        write_natural_voice(f"http://127.0.0.1:{server.server_port}")
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def text(tmp_path: Path) -> str:
    path = tmp_path / "a.txt"
    path.write_text("Chào.", "utf-8")
    return str(path)


def build(
    text: str, *words: str, typed: bytes = b"", stdin: int | None = None, stderr: int | None = None
) -> str:
    """Build a book on a terminal where somebody types, and return what the terminal showed.

    Args:
        text: the source.
        words: more options.
        typed: the keys that are pressed.
        stdin: something else than the terminal.
        stderr: something else than the terminal.
    """
    completed = run_on_terminal(
        *("build", text, "-o", str(Path(text).parent / "out"), "--cover", "none", *words),
        typed=typed,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stderr


@pytest.mark.parametrize("typed", [b"\n", b"Y\n", "có\n".encode(), b"what?\nyes\n"])
def test_yes_fetches_the_voice_and_is_remembered(server: Server, text: str, typed: bytes) -> None:
    shown = build(text, typed=typed)
    assert shown.count(QUESTION) == typed.count(b"\n")
    assert "sano: licence GPL-3.0; of a voice" in shown
    assert "sano reads from now on; " in shown
    assert chosen_voice() == "sano"
    assert server.asked == ["/model"]
    assert QUESTION not in build(text, "--overwrite", typed=b"\n")


@pytest.mark.parametrize("typed", [b"n\n", "KHÔNG\n".encode()])
def test_no_is_remembered_too(server: Server, text: str, typed: bytes) -> None:
    shown = build(text, typed=typed)
    assert QUESTION in shown
    assert HINT not in shown
    assert chosen_voice() == "hanoi"
    again = build(text, "--speed", "1.1")
    assert QUESTION not in again and HINT not in again
    assert not server.asked


def test_no_answer_is_asked_for_again(server: Server, text: str) -> None:
    end_of_input = b"\x04"
    assert QUESTION in build(text, typed=end_of_input)
    assert not chosen_voice()
    assert QUESTION in build(text, typed=end_of_input)
    assert not server.asked


def test_the_question_is_in_vietnamese(
    server: Server, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
    shown = build(text, typed=b"k\n")
    assert "Tải một giọng tự nhiên, 3 MB, GPL-3.0? [C/k]" in shown
    assert not server.asked


@pytest.mark.parametrize("words", [("--quiet",), ("--voice", "hue"), ("--dry-run",)])
def test_options_that_leave_nothing_to_ask(
    server: Server, text: str, words: tuple[str, ...]
) -> None:
    assert QUESTION not in build(text, *words, typed=b"\n")
    assert not server.asked and not chosen_voice()


def test_a_book_that_names_its_voice(server: Server, text: str) -> None:
    Path(text).with_suffix(".toml").write_text('voice = "hue"')
    assert QUESTION not in build(text, typed=b"\n")
    assert not server.asked


@pytest.mark.parametrize("piped", ["stdin", "stderr"])
def test_a_pipe_is_not_asked(server: Server, text: str, piped: str) -> None:
    with Path(os.devnull).open("r+b") as pipe:
        assert QUESTION not in build(text, typed=b"\n", **{piped: pipe.fileno()})
    assert not server.asked and not chosen_voice()


def test_a_script_gets_the_hint(server: Server, text: str, tmp_path: Path) -> None:
    assert HINT in run("build", text, "-o", str(tmp_path)).stderr
    assert not server.asked


def test_ci_is_not_asked(server: Server, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert QUESTION not in build(text, typed=b"\n")
    assert not server.asked


def test_a_voice_that_cannot_be_fetched(server: Server, text: str) -> None:
    """It is offered again: whoever said yes still wants it."""
    server.status = 404
    shown = build(text, typed=b"y\n")
    assert "answers 404); hanoi reads for now" in shown
    assert not chosen_voice()
    assert QUESTION in build(text, typed=b"n\n")


def test_fetched_without_asking(server: Server, text: str, tmp_path: Path) -> None:
    words = ("build", text, "-o", str(tmp_path), "--fetch-voice")
    completed = run(*words)
    assert completed.returncode == 0
    assert "sano: licence GPL-3.0" in completed.stderr and HINT not in completed.stderr
    assert not chosen_voice()  # nobody answered
    assert "sano:" not in run(*words).stderr
    assert server.asked == ["/model"]


def test_a_chosen_voice_is_kept(server: Server, text: str, tmp_path: Path) -> None:
    choose_voice("hue")
    assert run("build", text, "-o", str(tmp_path), "--fetch-voice").returncode == 0
    assert not server.asked


def test_a_network_that_does_not_answer(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(offering, "_PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        write_natural_voice(f"http://127.0.0.1:{silent.getsockname()[1]}")
        done = CliRunner().invoke(app, ["build", text, "-o", str(tmp_path), "--fetch-voice"])
    assert done.exit_code == 0
    (line,) = (line for line in done.stderr.splitlines() if "hanoi" in line)
    assert line == (
        "sano was not fetched (the network did not answer within 0.3 s); hanoi reads for now"
    )


def test_a_voice_that_does_not_speak_is_not_kept(server: Server, text: str, tmp_path: Path) -> None:
    write_natural_voice(f"http://127.0.0.1:{server.server_port}", engine="sano")
    completed = run("build", text, "-o", str(tmp_path), "--fetch-voice")
    assert completed.returncode == 0
    assert "hanoi reads for now" in completed.stderr
    assert not voice_folder("sano").exists()


def test_what_else_stands_in_the_settings_stays(tmp_path: Path) -> None:
    path = tmp_path / "config" / "config.toml"
    path.parent.mkdir()
    path.write_text('# Giọng của tôi\nvoice = ""\n# hết\n', "utf-8")
    choose_voice("sano")
    assert path.read_text("utf-8") == 'voice = "sano"\n# Giọng của tôi\n# hết\n'
