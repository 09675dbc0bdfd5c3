"""Any server with OpenAI's interface `/v1/audio/speech`, in the internet or at home."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from urllib3.util import Url, parse_url

from audiobook.engines.answers import Connections, read_key, told_error, without_key
from audiobook.engines.online import OnlineEngine
from audiobook.engines.online_failures import TemporaryError, refusal_error
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message
from audiobook.system.downloads.asking import refuse_private

if TYPE_CHECKING:
    from audiobook.engines.answers import Answer
    from audiobook.model import Voice

KEY = "OPENAI_API_KEY"
BASE = "OPENAI_BASE_URL"
_FIX_ADDRESS = message("fix url or OPENAI_BASE_URL")
_OPENAI = "https://api.openai.com/v1"
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
_REDIRECTS = 3
_REDIRECTING = (301, 302, 307, 308)
# A WAV header sent before the length is known holds this length or more.
_UNKNOWN_LENGTH = 0x7FFF_0000
_REMEDIES = {
    401: message("set OPENAI_API_KEY to a key of that server"),
    402: message("pay, or choose an offline voice: audiobook voices"),
    403: message("OPENAI_API_KEY holds a key that may not do this: ask for one that may"),
    404: message(
        "check the server's address in url or OPENAI_BASE_URL (it ends in /v1), and the voice's "
        "model"
    ),
    0: message("check the voice's model, written MODEL/VOICE"),
}


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
    service = message("the server")

    def __init__(self) -> None:
        self.connections = Connections()

    def server(self, voice: Voice) -> str:
        """Return the address of the server, after checking the voice."""
        model, _, name = voice.model.rpartition("/")
        if not model or not name:
            raise VoiceError(
                message(
                    "the voice {voice} names no model and voice of its server", voice=voice.name
                ),
                message('write model = "MODEL/VOICE", as in "gpt-4o-mini-tts/alloy"'),
            )
        if not 0.25 <= voice.speed <= 4:
            raise VoiceError(
                message("the speed {speed:g} is not one the server knows", speed=voice.speed),
                message("use 0.25 to 4"),
            )
        return _base_url(voice).url

    def check_ready(self, voice: Voice) -> None:
        """Check that there is a key where one is needed."""
        base = _base_url(voice)
        if _may_have_key(base):
            read_key(KEY)
        elif base.host == parse_url(_OPENAI).host:
            raise VoiceError(
                message("{service} wants a key, and {name} holds none", service="OpenAI", name=KEY),
                message("set {name}", name=KEY),
            )

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
        url = base._replace(path=f"{(base.path or '').rstrip('/')}/audio/speech")
        answer = self._post(url, json.dumps(request, ensure_ascii=False).encode())
        _check_answer(base.host or "", answer)
        return answer.content

    def _post(self, url: Url, body: bytes) -> Answer:
        """Send a request, also to where the server says that it should go."""
        first = url.url
        for _ in range(1 + _REDIRECTS):
            headers = {"Accept": "audio/*", "Content-Type": "application/json"}
            if _may_have_key(url):
                headers["Authorization"] = f"Bearer {read_key(KEY)}"
            answer = self.connections.send("POST", url.url, body, headers)
            if answer.status not in _REDIRECTING or "Location" not in answer.headers:
                return answer
            url = _web_address(answer.headers["Location"], url.url)
            refuse_private(url.url, first)
        raise EngineError(
            message("{host} redirects more than {times} times", host=url.host, times=_REDIRECTS),
            _REMEDIES[404],
        )


# --- the server and the key ---------------------------------------------------------------------


def _base_url(voice: Voice) -> Url:
    """Return the address of the server of a voice, after checking that it holds no secret."""
    url = _web_address((voice.url or os.environ.get(BASE) or _OPENAI).strip())
    if url.auth or url.query:
        raise VoiceError(
            message("the address of the server {host} holds a password or a query", host=url.host),
            message("give nothing but the address; the key belongs in OPENAI_API_KEY"),
        )
    return url


def _web_address(address: str, base: str = "") -> Url:
    """Return the parts of an address of HTTP, which may be relative to another."""
    try:
        url = parse_url(urljoin(base, address))
    except ValueError as problem:  # a LocationParseError is one
        raise VoiceError(
            message("the address of the server is not right"), _FIX_ADDRESS
        ) from problem
    if url.scheme not in _PORTS or not url.host:
        raise VoiceError(
            message("the address of the server is not one of http:// or https://"),
            _FIX_ADDRESS,
        )
    return url


def _may_have_key(url: Url) -> bool:
    """Whether there is a key, and the environment trusts a server with it."""
    if not os.environ.get(KEY, "").strip():
        return False
    trusted = _web_address((os.environ.get(BASE) or _OPENAI).strip())
    is_trusted = _place(url) == _place(trusted)
    return is_trusted and (url.scheme == "https" or url.host in _LOOPBACK)


def _place(url: Url) -> tuple[str | None, str | None, int | None]:
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme or "")


# --- the answer ---------------------------------------------------------------------------------


def _check_answer(host: str, answer: Answer) -> None:
    """Check that an answer is sound, and complete."""
    if not 200 <= answer.status < 300:
        explanation = f"{answer.reason} {_error_message(answer)}"
        raise refusal_error(
            host,
            answer.status,
            without_key(" ".join(explanation.split()), KEY),
            answer.headers.get("Retry-After"),
            _REMEDIES,
        )
    kind = answer.kind or "audio/"
    if not kind.startswith("audio/") and kind not in ("application/octet-stream", "video/mp4"):
        raise EngineError(
            message(
                "{host} sent {kind} instead of sound ({reason})",
                host=host,
                kind=kind,
                reason=without_key(_error_message(answer), KEY),
            ),
            _REMEDIES[404],
        )
    if _is_cut_off(answer.content):
        raise TemporaryError(message("the answer of {host} broke off", host=host))


def _error_message(answer: Answer) -> str:
    """Return the error message of a server; an empty string where it may repeat the key."""
    return "" if answer.status in (401, 403) else told_error(answer.content)[1]


def _is_cut_off(content: bytes) -> bool:
    """Whether a WAV file is shorter than the length in its RIFF header."""
    if content[:4] != b"RIFF":
        return False
    promised = int.from_bytes(content[4:8], "little")
    return len(content) - 8 < promised < _UNKNOWN_LENGTH
