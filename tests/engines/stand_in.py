"""A stand-in for Google Translate that the real client reaches through the real environment.

It is a proxy on 127.0.0.1. Whoever asks it for a tunnel to translate.google.com gets one that ends
right here, in TLS with a certificate for that name, and answers as Google does. HTTPS_PROXY and
REQUESTS_CA_BUNDLE lead there, in this process and in those it starts.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import ssl
import sys
import threading
import time
import urllib.parse
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import trustme

from audiobook.engines import pacing
from audiobook.outputs import mp3

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

RATE = 24_000
SAMPLES_PER_CHARACTER = 1_200
"""What a text sounds like: so many samples of a tone for every character."""
SECONDS_A_CHARACTER = SAMPLES_PER_CHARACTER / RATE

# So many characters before the space between two sentences cannot be heard.
_PAUSE = 4
_SENTENCE_END = re.compile(r"(?<=[.?!…]) ")

_HOST = "translate.google.com"
_PATH = "/_/TranslateWebserverUi/data/batchexecute"
_LONGEST = 100
_RPC = "jQ1olc"
# Nobody is waited for longer than this, so that a broken test ends.
_PATIENCE = 20.0


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    text: str
    language: str
    slow: bool
    path: str
    moment: float
    """Seconds on the clock of `time.monotonic`."""


class Http(BaseHTTPRequestHandler):
    """One request inside the tunnel."""

    timeout = _PATIENCE
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        # A client behind a proxy sends its text only when its headers are acknowledged, which
        # by default takes 40 ms.
        if hasattr(socket, "TCP_QUICKACK"):
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def do_POST(self) -> None:
        google = cast("_Server", self.server).google
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
        asked = _understand(body, self.path)
        google.choose(asked)(self, asked)

    def reply(self, status: int, body: str = "", headers: dict[str, str] | None = None) -> None:
        data = body.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


Answer = Callable[[Http, Asked], None]


def speak(http: Http, asked: Asked) -> None:
    """Answer as Google does when all is well."""
    ends = tuple(end.start() for end in _SENTENCE_END.finditer(asked.text))
    sound = base64.b64encode(mp3_of(len(asked.text), ends)).decode()
    content = json.dumps([sound], separators=(",", ":"))
    http.reply(200, _envelope([["wrb.fr", _RPC, content, None, None, None, "generic"]]))
    cast("_Server", http.server).google.when_spoken(asked.text)


def say_nothing(http: Http, _asked: Asked) -> None:
    """Answer as Google does for what it has no sound for."""
    http.reply(200, _envelope([["wrb.fr", _RPC, None, None, None, [3], "generic"]]))


def drop(_http: Http, _asked: Asked) -> None:
    """End the connection without a word."""


def hang(http: Http, _asked: Asked) -> None:
    """Say nothing until the client goes away."""
    with suppress(OSError):
        http.connection.recv(1)


def break_off(http: Http, _asked: Asked) -> None:
    """Promise more than is sent."""
    http.send_response(200)
    http.send_header("Content-Length", "10000")
    http.end_headers()
    http.wfile.write(b")]}'")


def refuse(status: int, retry_after: str | None = None) -> Answer:
    """Answer with an error."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda http, _asked: http.reply(status, "<html>Sorry…</html>", headers)


def answer_with(body: str) -> Answer:
    """Answer with something else than Google would."""
    return lambda http, _asked: http.reply(200, body)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the pauses after failures short."""
    monkeypatch.setattr(pacing, "_FIRST_PAUSE", 0.005)
    monkeypatch.setattr(pacing, "_LONGEST_PAUSE", 0.02)


@cache
def _identity(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return the TLS of all stand-ins, and the file with the certificate to trust.

    Whoever trusts another file reads the certificates of the system anew, for a tenth of a second.
    """
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(_HOST).configure_cert(tls)
    certificate = folder / "certificate-of-google.pem"
    authority.cert_pem.write_to_path(str(certificate))
    return tls, certificate


class Google:
    """The stand-in; a context in which it runs.

    Args:
        folder: of the test; the certificate lies beside it.
    """

    def __init__(self, folder: Path) -> None:
        self.tls, self.certificate = _identity(folder.parent)
        self.asked: list[Asked] = []
        """All requests, in the order they arrived."""
        self.tunnels = 0
        """How often somebody came, also those who went when they saw the certificate."""
        self.script: deque[Answer] = deque()
        """Answers to the next requests; `speak` when there are no more."""
        self.silent_on: tuple[str, ...] = ()
        """Words that it hangs on, whatever the script says."""
        self.refused = ""
        """A text that it refuses for good, also among others, whatever the script says."""
        self.when_spoken: Callable[[str], object] = len
        """Is told each text whose sound was sent."""
        self.failures: list[BaseException] = []
        """What went wrong in the stand-in itself."""
        self._lock = threading.Lock()
        self._server = _Server(self)
        self.proxy = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Google:
        threading.Thread(target=self._server.serve_forever, args=(0.01,)).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self.failures:
            raise self.failures[0]

    def lead_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Set the environment so that Google is found here."""
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, self.proxy)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(self.certificate))

    @property
    def texts(self) -> list[str]:
        return [asked.text for asked in self.asked]

    def choose(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            if any(word in asked.text for word in self.silent_on):
                return hang
            if self.refused and self.refused in asked.text:
                return refuse(403)
            return self.script.popleft() if self.script else speak


class _Server(ThreadingTCPServer):
    daemon_threads = False  # they are waited for, so that none outlives its test

    def __init__(self, google: Google) -> None:
        super().__init__(("127.0.0.1", 0), _Proxy)
        self.google = google

    def handle_error(self, _request: object, _client: object) -> None:
        problem = sys.exc_info()[1]
        # Clients that are killed or have waited long enough just go.
        if problem is not None and not isinstance(problem, OSError):
            self.google.failures.append(problem)


class _Proxy(BaseHTTPRequestHandler):
    timeout = _PATIENCE
    disable_nagle_algorithm = True

    def do_CONNECT(self) -> None:
        google = cast("_Server", self.server).google
        host, _, port = self.path.partition(":")
        if not host.startswith("translate.google.") or port != "443":
            self.send_error(403)
            return
        google.tunnels += 1
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        with google.tls.wrap_socket(self.connection, server_side=True) as tunnel:
            Http(tunnel, self.client_address, self.server)

    def log_message(self, *_: object) -> None:
        pass


def _understand(body: str, path: str) -> Asked:
    """Read a request as Google would, and be as strict."""
    (request,) = urllib.parse.parse_qs(body.removesuffix("&"), strict_parsing=True)["f.req"]
    (((name, parameters, _, kind),),) = json.loads(request)
    text, language, slow, _ = json.loads(parameters)
    assert (name, kind, path) == (_RPC, "generic", _PATH)
    assert 0 < len(text) <= _LONGEST, f"{len(text)} characters: {text}"
    return Asked(text, language, bool(slow), path, time.monotonic())


def _envelope(content: list[Any]) -> str:
    line = json.dumps(content, separators=(",", ":"))
    return f')]}}\'\n\n{len(line)}\n{line}\n25\n[["e",4,null,null,{len(line)}]]\n'


@cache
def mp3_of(characters: int, ends: tuple[int, ...] = ()) -> bytes:
    """Return what a text of so many characters sounds like, with pauses where sentences end."""
    length = characters * SAMPLES_PER_CHARACTER
    samples = np.zeros(mp3.whole_frames(length + mp3.TAIL, RATE), np.int16)
    samples[:length] = 9_000 * np.sin(2 * np.pi * 300 * np.arange(length) / RATE)
    for end in ends:
        samples[(end - _PAUSE) * SAMPLES_PER_CHARACTER : end * SAMPLES_PER_CHARACTER] = 0
    return mp3.encode(samples, RATE, 32)
