"""A stand-in for servers that speak `/v1/audio/speech`: a real HTTP server on 127.0.0.1."""

from __future__ import annotations

import io
import json
import threading
import time
import wave
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    import ssl

RATE = 24_000
SAMPLES_PER_CHARACTER = 1_200


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    content: dict[str, Any]
    key: str | None
    """What the Authorization header held."""


class Http(BaseHTTPRequestHandler):
    """One request."""

    timeout = 20.0
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server = cast("_Server", self.server).speech
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/audio/speech":
            self.reply(404, b"<html>Not found</html>", "text/html")
            return
        asked = Asked(json.loads(body), self.headers["Authorization"])
        server.choose(asked)(self, asked)

    def reply(
        self,
        status: int,
        body: bytes = b"",
        kind: str = "audio/wav",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # who has heard enough just goes
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


Answer = Callable[[Http, Asked], None]


def wav_of(characters: int, rate: int = RATE, channels: int = 1) -> bytes:
    """Return what a text of so many characters sounds like."""
    length = characters * SAMPLES_PER_CHARACTER * rate // RATE
    tone = (9_000 * np.sin(2 * np.pi * 300 * np.arange(length) / rate)).astype("<i2")
    wav = io.BytesIO()
    with wave.open(wav, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(tone, channels).tobytes())
    return wav.getvalue()


def speak(http: Http, asked: Asked) -> None:
    """Answer as a server does when all is well."""
    http.reply(200, wav_of(len(asked.content["input"])))


def answer(
    status: int, body: bytes = b"", kind: str = "application/json", **headers: str
) -> Answer:
    """Answer with something else; underlines in the names of headers stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda http, _asked: http.reply(status, body, kind, named)


def break_off(http: Http, asked: Asked) -> None:
    """Promise all the sound, send half of it, and go."""
    sound = wav_of(len(asked.content["input"]))
    http.send_response(200)
    http.send_header("Content-Type", "audio/wav")
    http.send_header("Content-Length", str(len(sound)))
    http.end_headers()
    http.wfile.write(sound[: len(sound) // 2])
    http.close_connection = True


def end_early(http: Http, asked: Asked) -> None:
    """Send half of the sound with a length that fits the half, not the sound."""
    sound = wav_of(len(asked.content["input"]))
    http.reply(200, sound[: len(sound) // 2])


def hang(_http: Http, _asked: Asked) -> None:
    """Take longer than anybody waits."""
    time.sleep(0.6)


class Speech:
    """The stand-in; a context in which it runs.

    Args:
        tls: makes it a server of https.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.script: deque[Answer] = deque()
        """Answers to the next requests; `speak` when there are no more."""
        self._lock = threading.Lock()
        self._server = _Server(self)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Speech:
        threading.Thread(target=self._server.serve_forever, args=(0.01,)).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def texts(self) -> list[str]:
        return [asked.content["input"] for asked in self.asked]

    def choose(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            return self.script.popleft() if self.script else speak


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, speech: Speech) -> None:
        super().__init__(("127.0.0.1", 0), Http)
        self.speech = speech
