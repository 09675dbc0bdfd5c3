"""Any server with OpenAI's interface `/v1/audio/speech`, in the internet or at home."""

from __future__ import annotations

import os
import ssl
import time
import weakref
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx

from audiobook.engines.online import OnlineEngine, TemporaryError, refusal_error, root_cause
from audiobook.errors import EngineError, VoiceError
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Generator

    from audiobook.model import Voice

KEY = "OPENAI_API_KEY"
BASE = "OPENAI_BASE_URL"
_OPENAI = "https://api.openai.com/v1"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
# Seconds; a neural server takes long before its first byte.
_CONNECT, _READ, _IN_ALL = 10.0, 60.0, 180.0
_LARGEST = 64 << 20  # bytes; five minutes of sound at 96 kHz
_REDIRECTS = 3
# A WAV header sent before the length is known holds this length or more.
_UNKNOWN_LENGTH = 0x7FFF_0000
_REMEDIES = {
    401: f"set {KEY} to a key of that server",
    402: "pay, or choose an offline voice: audiobook voices",
    403: f"{KEY} holds a key that may not do this: ask for one that may",
    404: f"check the server's address in url or {BASE} (it ends in /v1), and the voice's model",
    0: "check the voice's model, written MODEL/VOICE",
}


class _Key(httpx.Auth):
    """Sends the key of the environment, without storing it."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if _may_have_key(request.url):
            request.headers["Authorization"] = f"Bearer {_read_key()}"
        yield request


class OpenAi(OnlineEngine):
    """Requests one text at a time; ``voice.model`` is ``MODEL/VOICE``.

    The server is ``voice.url``, else OPENAI_BASE_URL, else OpenAI's own. The key is that of
    OPENAI_API_KEY. It is sent only to the server of OPENAI_BASE_URL, or else to OpenAI, because a
    voice file from a stranger may name any server; and only through TLS or within this computer.
    """

    name = "openai"
    version = "1"
    native = frozenset({"speed"})
    limit: int | None = 4_096
    service = "the server"

    def server(self, voice: Voice) -> str:
        """Return the address of the server, after checking the voice and the key."""
        model, _, name = voice.model.rpartition("/")
        if not model or not name:
            raise VoiceError(
                f"the voice {voice.name} names no model and voice of its server",
                'write model = "MODEL/VOICE", as in "gpt-4o-mini-tts/alloy"',
            )
        if not 0.25 <= voice.speed <= 4:
            raise VoiceError(
                f"the speed {voice.speed:g} is not one the server knows", "use 0.25 to 4"
            )
        base = _base_url(voice)
        if _may_have_key(base):
            _read_key()
        elif base.host == httpx.URL(_OPENAI).host:
            raise VoiceError(f"OpenAI wants a key, and {KEY} holds none", _REMEDIES[401])
        return str(base)

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request, and return the sound file: WAV, unless the server knows only others."""
        model, _, name = voice.model.rpartition("/")
        request = {
            "model": model,
            "input": text,
            "voice": name,
            "response_format": "wav",
            "speed": voice.speed,
        }
        base = _base_url(voice)
        try:
            address = base.copy_with(path=f"{base.path.rstrip('/')}/audio/speech")
            with self._http.stream("POST", address, json=request) as response:
                sound = _read_answer(response)
                _check_answer(response, sound)
        except httpx.TooManyRedirects as problem:
            raise EngineError(
                f"{base.host} redirects more than {_REDIRECTS} times", _REMEDIES[404]
            ) from problem
        except (httpx.RequestError, OSError) as problem:
            cause = root_cause(problem)
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise EngineError(
                    f"another server answers in place of {base.host}: {cause.verify_message}",
                    "if your network does that on purpose, name the file of its certificate in "
                    "SSL_CERT_FILE",
                ) from problem
            reason = str(cause) or type(cause).__name__
            raise TemporaryError(f"no connection to {base.host} ({reason})") from problem
        return sound

    @cached_property
    def _http(self) -> httpx.Client:
        client = httpx.Client(
            auth=_Key(),
            timeout=httpx.Timeout(_READ, connect=_CONNECT),
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            headers={"User-Agent": f"audiobook/{__version__}", "Accept": "audio/*"},
            limits=httpx.Limits(max_connections=None),
        )
        weakref.finalize(self, client.close)
        return client


# --- the server and the key ---------------------------------------------------------------------


def _base_url(voice: Voice) -> httpx.URL:
    """Return the address of the server of a voice, after checking that it holds no secret."""
    address = voice.url or os.environ.get(BASE) or _OPENAI
    try:
        url = httpx.URL(address.strip())
    except httpx.InvalidURL as problem:
        raise VoiceError("the address of the server is not right", f"fix url or {BASE}") from (
            problem
        )
    if url.scheme not in ("http", "https") or not url.host:
        raise VoiceError(
            "the address of the server is not one of http:// or https://", f"fix url or {BASE}"
        )
    if url.userinfo or url.query:
        raise VoiceError(
            f"the address of the server {url.host} holds a password or a query",
            f"give nothing but the address; the key belongs in {KEY}",
        )
    return url


def _may_have_key(url: httpx.URL) -> bool:
    """Whether there is a key, and the environment trusts a server with it."""
    if not os.environ.get(KEY, "").strip():
        return False
    trusted = httpx.URL((os.environ.get(BASE) or _OPENAI).strip())
    is_trusted = (url.scheme, url.host, url.port) == (trusted.scheme, trusted.host, trusted.port)
    return is_trusted and (url.scheme == "https" or url.host in _LOOPBACK)


def _read_key() -> str:
    """Return the key, which must never stand in a message."""
    key = os.environ.get(KEY, "").strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise VoiceError(f"{KEY} holds no key: there are odd characters in it", "copy it again")
    return key


# --- the answer ---------------------------------------------------------------------------------


def _read_answer(response: httpx.Response) -> bytes:
    """Return the body of an answer, read within limits of size and time."""
    deadline = time.monotonic() + _IN_ALL
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size > _LARGEST:
            raise EngineError(
                f"{response.url.host} sent more than {_LARGEST >> 20} MB for one text",
                "it is not a speech server, or it is broken: try another",
            )
        if time.monotonic() > deadline:
            raise TemporaryError(f"{response.url.host} took longer than {_IN_ALL:g} seconds")
    return b"".join(chunks)


def _check_answer(response: httpx.Response, content: bytes) -> None:
    """Check that an answer is sound, and complete."""
    host = response.url.host
    if not response.is_success:
        message = f"{response.reason_phrase} {_error_message(response, content)}"
        raise refusal_error(
            host,
            response.status_code,
            _without_key(" ".join(message.split())),
            response.headers.get("Retry-After"),
            _REMEDIES,
        )
    kind = response.headers.get("Content-Type", "audio/").partition(";")[0].strip().lower()
    if not kind.startswith("audio/") and kind not in ("application/octet-stream", "video/mp4"):
        message = _without_key(_error_message(response, content))
        raise EngineError(f"{host} sent {kind} instead of sound ({message})", _REMEDIES[404])
    if not content:
        raise EngineError(f"{host} sent no sound", "try again later")
    if _is_cut_off(content):
        raise TemporaryError(f"the answer of {host} broke off")


def _error_message(response: httpx.Response, content: bytes) -> str:
    """Return the error message of a server; an empty string where it may repeat the key."""
    if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return ""
    try:
        answer = httpx.Response(200, content=content).json()
    except ValueError:
        return ""  # no JSON, perhaps a page for a browser
    message: Any = answer.get("error", answer.get("detail", "")) if isinstance(answer, dict) else ""
    if isinstance(message, dict):
        message = message.get("message", "")
    return str(message)[:200]


def _without_key(text: str) -> str:
    key = os.environ.get(KEY, "").strip()
    return text.replace(key, "…") if key else text


def _is_cut_off(content: bytes) -> bool:
    """Whether a WAV file is shorter than the length in its RIFF header."""
    if content[:4] != b"RIFF":
        return False
    promised = int.from_bytes(content[4:8], "little")
    return len(content) - 8 < promised < _UNKNOWN_LENGTH
