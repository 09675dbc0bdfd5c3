"""A computer without a network: told at once, and no service is left alone for it."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from contract import LONG, SHORT
from openai_stand_in import Speech, answer
from stand_in import hurry
from typer.testing import CliRunner

from audiobook import engines
from audiobook.cli.app import app
from audiobook.config import load_voice
from audiobook.engines import online_failures
from audiobook.engines.answers import Connections
from audiobook.engines.edge import Edge
from audiobook.engines.gtts import Gtts
from audiobook.engines.online import OnlineEngine
from audiobook.engines.openai import BASE, OpenAi
from audiobook.errors import EngineError
from audiobook.model import Voice

ENGINES: dict[type[OnlineEngine], str] = {Gtts: "google", Edge: "hoaimy", OpenAi: "openai"}


@pytest.fixture(params=ENGINES, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[OnlineEngine]:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody")
    kind: type[OnlineEngine] = request.param
    return kind


def no_such_host(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def no_route(*_: object, **__: object) -> None:
    raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))


@pytest.fixture(params=["no host", "no route", "nobody listens"])
def offline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the network away."""
    if request.param == "no host":
        monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
        return
    here = socket.getaddrinfo("127.0.0.1", 1, type=socket.SOCK_STREAM)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: here)
    if request.param == "no route":
        monkeypatch.setattr(socket.socket, "connect", no_route)


@pytest.mark.usefixtures("offline")
def test_it_is_told_at_once_and_again_and_again(kind: type[OnlineEngine]) -> None:
    voice = replace(load_voice(ENGINES[kind]), concurrency=2)
    for _ in range(12):  # more often than a service may fail in a row
        started = time.monotonic()
        with pytest.raises(
            EngineError, match=r"no connection to .*this computer is online"
        ) as caught:
            kind().say([SHORT, LONG], voice)
        assert time.monotonic() - started < 5
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 300


def test_a_build_says_it_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    # A new process has reached nothing yet; other tests of this one may have.
    monkeypatch.setattr(engines.load("gtts"), "_reached", frozenset[str]())
    source = tmp_path / "book.txt"
    source.write_text("Chương 1\n\nXin chào. Trời đẹp.\n\nChương 2\n\nTạm biệt.\n", "utf-8")
    words = ["build", str(source), "-o", str(tmp_path / "out"), "--voice", "google"]
    for _ in range(2):
        result = CliRunner().invoke(app, words)
        assert result.exit_code == EngineError.exit_code
        lines = [line for line in result.stderr.splitlines() if "no connection to" in line]
        assert len(lines) == 1
        assert "this computer is online" in lines[0]
        assert "left alone" not in result.stderr


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> Iterator[Speech]:
    hurry(monkeypatch)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with Speech() as speech:
        monkeypatch.setenv(BASE, speech.url)
        yield speech


@pytest.fixture
def voice() -> Voice:
    return replace(load_voice("openai"), concurrency=1)


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the connections of engines that a test leaves."""
    every: list[Connections] = []

    class Listed(Connections):
        def __init__(self) -> None:
            super().__init__()
            every.append(self)

    monkeypatch.setattr("audiobook.engines.openai.Connections", Listed)
    yield
    for connections in every:
        connections.close()


class Flaky(OpenAi):
    """An engine whose network is away for some requests."""

    away = 0

    def ask(self, text: str, voice: Voice) -> bytes:
        if self.away:
            self.away -= 1
            raise online_failures.UnreachableError("the network is away")
        return super().ask(text, voice)


def test_an_outage_in_the_middle_is_waited_out(speech: Speech, voice: Voice) -> None:
    engine = Flaky()
    engine.say([SHORT], voice)
    engine.away = 5
    assert len(engine.say([LONG], voice)) == 1
    assert speech.texts == [SHORT, LONG]


def test_after_a_long_outage_the_next_run_tries_at_once(
    speech: Speech, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Flaky()
    engine.say([SHORT], voice)
    engine.away = 10
    with pytest.raises(EngineError, match="did not answer 10 times: the network is away"):
        engine.say([LONG], voice)
    monkeypatch.undo()  # no hurry: a pause would last long
    again = Flaky()
    again.connections._pool_to(speech.url)  # reading the certificates takes a while
    started = time.monotonic()
    assert len(again.say([LONG], replace(voice, url=speech.url))) == 1
    assert time.monotonic() - started < 0.5


def test_what_a_service_refuses_still_closes_it(speech: Speech, voice: Voice) -> None:
    speech.script += [answer(500)] * 10
    with pytest.raises(EngineError, match="did not answer 10 times: 500"):
        OpenAi().say([SHORT], voice)
    with pytest.raises(EngineError, match="left alone for a while"):
        OpenAi().say([SHORT], voice)


def test_waiting_ends_when_another_request_fails(
    speech: Speech, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiobook.engines.pacing._FIRST_PAUSE", 30.0)
    monkeypatch.setattr("audiobook.engines.pacing._LONGEST_PAUSE", 30.0)
    engine = Flaky()
    engine.say([SHORT], voice)
    speech.script += [answer(200, b"", "audio/wav"), answer(401)]
    started = time.monotonic()
    with pytest.raises(EngineError, match="401"):
        engine.say([SHORT, LONG], replace(voice, concurrency=2))
    assert time.monotonic() - started < 10


def test_who_does_not_answer_the_door_was_not_reached(
    kind: type[OnlineEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full queue of a socket that nobody serves: connecting ends only with the time-out."""
    monkeypatch.setattr("audiobook.engines.edge._CONNECT", 1)
    monkeypatch.setattr("audiobook.engines.gtts._TIME_OUT", 0.3)
    monkeypatch.setattr("audiobook.engines.answers._CONNECT", 0.3)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as knocking:
        for _ in range(3):
            client = knocking.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        here = socket.getaddrinfo("127.0.0.1", full.getsockname()[1], type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: here)
        with pytest.raises(EngineError, match=r"no connection to .*this computer is online"):
            kind().say([SHORT], load_voice(ENGINES[kind]))
