"""Connections on which nothing happens are closed; others stay."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import uvicorn

from audiobook.podcast import serving
from audiobook.podcast.serving import protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUEST = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
SOUND = bytes(20_000_000)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[uvicorn.Server]:
    """A server that waits for half a second, and a little longer while nothing is taken."""
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.5)
    monkeypatch.setattr(protocol, "ANSWER_SECONDS", 1.5)
    (tmp_path / "index.html").write_text("inside")
    (tmp_path / "a.mp3").write_bytes(SOUND)
    with serving.listen(0) as listener:
        config = uvicorn.Config(
            serving.make_app(tmp_path),
            http=protocol.PatientProtocol,
            lifespan="off",
            log_config=None,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        server.config.port = listener.getsockname()[1]
        yield server
        server.should_exit = True
        thread.join()


@pytest.fixture
def port(server: uvicorn.Server) -> int:
    return server.config.port


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        yield line


def rest_of(line: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    received = b""
    try:
        while block := line.recv(1 << 20):
            received += block
    except ConnectionResetError:
        pass
    return received


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n"])
def test_who_does_not_ask_in_time_is_let_go(port: int, sent: bytes) -> None:
    with connected(port) as line:
        line.sendall(sent)
        assert rest_of(line) == b""


def test_a_byte_now_and_then_does_not_prolong_it(port: int) -> None:
    with connected(port) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError):
            for _ in range(400):
                line.sendall(b"X")
                time.sleep(0.05)


def test_the_same_holds_after_an_answer(port: int) -> None:
    with connected(port) as line:
        line.sendall(REQUEST % b"")
        assert line.recv(1 << 16)
        line.sendall(b"GET / HT")
        rest_of(line)


def test_who_takes_nothing_is_let_go(server: uvicorn.Server, port: int) -> None:
    with connected(port) as line:
        line.sendall(REQUEST % b"a.mp3")
        assert line.recv(100)
        assert server.server_state.connections
        end = time.monotonic() + 20
        while server.server_state.connections:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert len(rest_of(line)) < len(SOUND)


def test_who_takes_a_little_all_the_time_gets_all_of_it(port: int) -> None:
    with connected(port) as line:
        line.sendall(REQUEST % b"a.mp3")
        received = 0
        while received < len(SOUND):
            received += len(line.recv(1_000_000))
            time.sleep(0.05)


def test_hundreds_who_say_nothing_keep_nobody_away(port: int) -> None:
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(400)]
    for line in lines:
        line.sendall(b"GET / HTTP/1.1\r\n")
    for line in lines:
        line.settimeout(20)
        assert rest_of(line) == b""
        line.close()
    with connected(port) as line:
        line.sendall(REQUEST % b"")
        assert rest_of(line).endswith(b"inside")
