"""A stand-in for official services, and what the engine of each must do with it.

It is a real HTTP server on 127.0.0.1. What a service does when all is well is a function that the
test of its engine writes from the documentation: from a request to a `Reply`.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from contract import LONG, SHORT, EngineContract
from openai_stand_in import RATE, SAMPLES_PER_CHARACTER
from stand_in import hurry

from audiobook import engines
from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.app.voices import why_unusable
from audiobook.config import load_voice
from audiobook.engines import answers as module
from audiobook.engines.clips import CachedEngine, Clips
from audiobook.engines.service import Service
from audiobook.errors import AudiobookError, EngineError, VoiceError
from audiobook.model import Job, Voice

SECRET = "nobody-may-see-this-key"


@dataclass(frozen=True)
class Asked:
    """One request that arrived; the names of headers in small letters."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None
    """How many bytes of the body are sent before the connection ends; None for all."""
    delay: float = 0.0

    @classmethod
    def json(cls, content: object, status: int = 200, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, json.dumps(content).encode(), headers=named)


Answer = Callable[[Asked], Reply]


def google_error(code: int, status: str, text: str, **more: object) -> Reply:
    """Return an error as Google's services write it."""
    return Reply.json({"error": {"code": code, "message": text, "status": status, **more}}, code)


class StandIn:
    """The stand-in; a context in which it runs.

    Args:
        answer: what the service does when all is well.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.script: deque[Reply] = deque()
        """Replies to the next requests; the answer of the service when there are no more."""
        self._lock = threading.Lock()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> StandIn:
        threading.Thread(target=self._server.serve_forever, args=(0.01,)).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def choose(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            if self.script:
                return self.script.popleft()
        return self.answer(asked)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stand_in: StandIn) -> None:
        super().__init__(("127.0.0.1", 0), _Http)
        self.stand_in = stand_in


class _Http(BaseHTTPRequestHandler):
    timeout = 20.0
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        asked = Asked(
            self.command,
            address.path,
            {name: values[0] for name, values in parse_qs(address.query).items()},
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        reply = cast("_Server", self.server).stand_in.choose(asked)
        time.sleep(reply.delay)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        with suppress(OSError):  # who has heard enough just goes
            self.wfile.write(reply.body[: reply.sent])
        self.close_connection = reply.sent is not None

    do_GET = do_POST  # noqa: N815 (the name is that of http.server)

    def log_message(self, *_: object) -> None:
        pass


class ServiceContract(EngineContract):
    """Inherit it as TestX; name the engine, its class, a voice, and how the service works."""

    engine_class: ClassVar[type[Service]]

    def service(self, asked: Asked) -> Reply:
        """Answer as the service does when all is well."""
        raise NotImplementedError

    def text_of(self, asked: Asked) -> str:
        """Return the text of a request."""
        raise NotImplementedError

    empty: ClassVar[Reply]
    """An answer that holds no sound."""
    wrong: ClassVar[Reply]
    """An answer that is not what the documentation says."""
    refusal: ClassVar[Reply]
    """A permanent refusal that says why: "too bad"."""

    @pytest.fixture
    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
        hurry(monkeypatch)
        monkeypatch.setenv(self.engine_class.key_name, SECRET)
        with StandIn(self.service) as stand_in:
            monkeypatch.setattr(self.engine_class, "address", stand_in.url)
            yield stand_in

    @pytest.fixture
    def engine(self, stand_in: StandIn) -> Iterator[Service]:
        del stand_in
        engine = self.engine_class()
        yield engine
        engine.connections.close()

    @pytest.fixture
    def voice(self) -> Voice:
        return replace(load_voice(self.voice_name), concurrency=1)

    def test_the_entry_point_leads_to_it(self) -> None:
        assert isinstance(engines.load(self.name), self.engine_class)

    def test_the_key_goes_to_the_service(
        self, engine: Service, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say([SHORT], voice)
        (asked,) = [asked for asked in stand_in.asked if asked.method == "POST"]
        assert asked.headers[engine.key_header.lower()] == SECRET
        assert self.text_of(asked) == SHORT

    @pytest.mark.parametrize(
        "passing",
        [
            pytest.param(Reply(429, headers={"Retry-After": "0"}), id="429"),
            pytest.param(Reply(500), id="500"),
            pytest.param(Reply(503, headers={"Retry-After": "0"}), id="503"),
            pytest.param(Reply(200, bytes(9_000), "audio/wav", sent=20), id="broken off"),
            pytest.param(Reply(delay=0.6), id="no answer"),
        ],
    )
    def test_what_passes_is_tried_again(
        self,
        engine: Service,
        voice: Voice,
        stand_in: StandIn,
        passing: Reply,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        if passing.delay:
            monkeypatch.setattr(module, "_READ", 0.2)
        stand_in.script.append(passing)
        (audio,) = engine.say([LONG], voice)
        seconds = len(LONG) * SAMPLES_PER_CHARACTER / RATE
        assert len(audio.samples) / voice.rate == pytest.approx(seconds, rel=0.02)
        assert [self.text_of(asked) for asked in stand_in.asked if asked.method == "POST"] == [
            LONG
        ] * 2

    def test_an_empty_answer_is_asked_for_again(
        self, engine: Service, voice: Voice, stand_in: StandIn
    ) -> None:
        stand_in.script.append(self.empty)
        assert len(engine.say([SHORT], voice)) == 1

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_wrong_key_is_named(
        self, engine: Service, voice: Voice, stand_in: StandIn, status: int
    ) -> None:
        stand_in.script.append(Reply.json({"error": {"message": f"Bad {SECRET}"}}, status))
        with pytest.raises(EngineError, match=rf"refused \({status}\)") as caught:
            engine.say([SHORT], voice)
        assert engine.key_name in caught.value.remedy
        assert len(stand_in.asked) == 1

    def test_a_refusal_says_why(self, engine: Service, voice: Voice, stand_in: StandIn) -> None:
        stand_in.script.append(self.refusal)
        with pytest.raises(EngineError, match=r"\(\d+ too bad\): "):
            engine.say([SHORT], voice)
        assert len(stand_in.asked) == 1

    def test_another_answer_than_sound_is_an_error(
        self, engine: Service, voice: Voice, stand_in: StandIn
    ) -> None:
        stand_in.script.append(self.wrong)
        with pytest.raises(EngineError, match="something else than sound"):
            engine.say([SHORT], voice)

    def test_a_redirect_is_not_followed(
        self, engine: Service, voice: Voice, stand_in: StandIn
    ) -> None:
        stand_in.script.append(Reply(307, headers={"Location": f"{stand_in.url}/elsewhere"}))
        with pytest.raises(EngineError, match=r"refused \(307\)"):
            engine.say([SHORT], voice)
        assert len(stand_in.asked) == 1

    def test_nothing_endless_is_read(
        self,
        engine: Service,
        voice: Voice,
        stand_in: StandIn,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(module, "_LARGEST", 1 << 20)
        stand_in.script.append(Reply(200, bytes(3 << 20), "audio/wav"))
        with pytest.raises(EngineError, match="more than 1 MB"):
            engine.say([SHORT], voice)

    def test_no_network_is_an_error_at_once(
        self, engine: Service, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(engine), "address", "http://127.0.0.1:1")
        with pytest.raises(EngineError, match=r"no connection to 127\.0\.0\.1") as caught:
            engine.say([SHORT], voice)
        assert "computer is online" in caught.value.remedy

    def test_without_a_key_nothing_is_asked(
        self,
        engine: Service,
        voice: Voice,
        stand_in: StandIn,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.delenv(engine.key_name)
        with pytest.raises(VoiceError, match=f"{engine.key_name} holds none"):
            engine.say([SHORT], voice)
        monkeypatch.setenv(engine.key_name, f"{SECRET}\nX-Evil: 1")
        with pytest.raises(VoiceError, match=f"{engine.key_name} holds no key") as caught:
            engine.say([SHORT], voice)
        assert SECRET not in str(caught.value)
        assert not stand_in.asked

    def test_a_key_is_needed_only_to_speak(
        self,
        stand_in: StandIn,
        make_job: Callable[..., Job],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.delenv(self.engine_class.key_name)
        job = make_job(LONG, voice=self.voice_name)
        planned = plan(job)
        assert planned.requests == 1
        assert planned.cost == pytest.approx(len(LONG) * job.voice.price / 1_000_000)
        with pytest.raises(VoiceError, match=f"{self.engine_class.key_name} holds none"):
            build(job)
        assert self.engine_class.key_name in why_unusable(job.voice)
        assert not stand_in.asked

    def test_a_speed_out_of_range_is_refused(
        self, engine: Service, voice: Voice, stand_in: StandIn
    ) -> None:
        if "speed" in engine.native:
            with pytest.raises(VoiceError, match=f"goes from {engine.speeds[0]:g} to"):
                engine.say([SHORT], replace(voice, speed=engine.speeds[1] * 2))
            assert not stand_in.asked

    @pytest.mark.parametrize(
        "failure",
        [
            Reply.json({"error": {"message": f"Wrong key {SECRET}"}}, 401),
            Reply.json({"error": {"status": SECRET, "message": f"Wrong key {SECRET}"}}, 400),
            Reply.json({"detail": [{"msg": SECRET}]}, 422),
            Reply.json({"error": f"{SECRET} asks too much"}, 500),
            Reply.json({"error": SECRET}),
            Reply(200, SECRET.encode(), "audio/wav"),
        ],
    )
    def test_the_key_is_in_no_error_no_log_and_no_file(
        self,
        engine: Service,
        voice: Voice,
        stand_in: StandIn,
        failure: Reply,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        stand_in.script += [failure] * 10
        with pytest.raises(AudiobookError) as caught:
            CachedEngine(engine, Clips()).say([SHORT], voice)
        problem: BaseException | None = caught.value
        while problem is not None:
            assert SECRET not in f"{problem}{problem!r}{vars(problem)}"
            problem = problem.__cause__ or problem.__context__
        assert SECRET not in caplog.text
        assert SECRET not in repr(vars(engine))
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or SECRET.encode() not in path.read_bytes()
