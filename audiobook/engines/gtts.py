"""The voice of Google Translate, online, through the gTTS client."""

from __future__ import annotations

import io
from importlib.metadata import version
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import gtts.tts
import requests
import requests.adapters

from audiobook.engines.online import OnlineEngine
from audiobook.engines.online_failures import (
    NoSoundError,
    TemporaryError,
    connection_error,
    refusal_error,
    root_cause,
)
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message
from audiobook.system import connection

if TYPE_CHECKING:
    from urllib3 import ProxyManager

    from audiobook.model import Voice

# Google's hosts that speak. Any other text could lead the client elsewhere (`com@example.org`).
_DOMAINS = ("com", "com.vn", "com.au", "com.sg", "co.uk", "co.jp", "fr", "de")
_TIME_OUT = 15.0


class _TrustingAdapter(requests.adapters.HTTPAdapter):
    """Connects, directly or through a proxy, with the certificates that we trust everywhere."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=connection.trust_of("gtts"), **options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> ProxyManager:
        context = connection.trust_of("gtts")
        manager: ProxyManager = super().proxy_manager_for(
            proxy, ssl_context=context, proxy_ssl_context=context, **options
        )
        return manager

    def cert_verify(self, conn: Any, *words: Any) -> None:
        """Verify with the certificates of the context, which holds those of certifi.

        urllib3 would read certifi's file again for each connection, and gTTS opens one for each
        text. It takes 16 ms of processor time.
        """
        super().cert_verify(conn, *words)  # type: ignore[no-untyped-call]
        conn.ca_certs = conn.ca_cert_dir = None


class _VerifiedSession(requests.Session):
    """A session that always verifies certificates, though gTTS asks it not to."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("https://", _TrustingAdapter())

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        return super().send(request, **options | {"verify": True})


# gTTS opens its sessions through this name of its module.
gtts.tts.requests = SimpleNamespace(
    **{name: getattr(requests, name) for name in ("Request", "exceptions", "packages")},
    Session=_VerifiedSession,
)


class Gtts(OnlineEngine):
    """Requests one text at a time through gTTS."""

    name = "gtts"
    version = version("gTTS")
    native = frozenset[str]()  # its slow voice has one speed, not any ratio
    # What Google takes at once; gTTS would cut longer text at every comma and drop the comma.
    limit: int | None = gtts.tts.gTTS.GOOGLE_TTS_MAX_CHARS
    service = "Google"
    # People who ask much faster have been blocked.
    interval = 0.4

    def server(self, voice: Voice) -> str:
        """Return one name for all of Google's hosts: together they limit the user."""
        if voice.model not in _DOMAINS:
            raise VoiceError(
                message("Google has no voice at {model!r}", model=voice.model),
                message("model is one of {domains}", domains=", ".join(_DOMAINS)),
            )
        return "google"

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request to ``translate.google.{voice.model}``, and return its MP3."""
        client = gtts.tts.gTTS(
            text,
            tld=voice.model,
            lang=voice.language,
            lang_check=False,
            pre_processor_funcs=[],
            tokenizer_func=lambda line: [line],
            timeout=_TIME_OUT,
        )
        sound = io.BytesIO()
        try:
            client.write_to_fp(sound)
        except gtts.tts.gTTSError as problem:
            raise _failure_error(problem, text) from problem
        except requests.exceptions.RequestException as problem:
            # The answer broke off; gTTS does not catch this.
            raise TemporaryError(
                message("the answer broke off ({reason})", reason=root_cause(problem))
            ) from problem
        except (OSError, ValueError) as problem:
            # An answer that is not Google's, as in the network of a hotel; gTTS does not catch this
            # either.
            raise EngineError(
                message("gTTS failed: {reason}", reason=problem), message("see `audiobook doctor`")
            ) from problem
        return sound.getvalue()


def _failure_error(problem: gtts.tts.gTTSError, text: str) -> Exception:
    """Return the error for a failure: a `TemporaryError` where another try may help."""
    response: requests.Response | None = problem.rsp
    if response is None:
        timed_out = isinstance(problem.__context__, requests.exceptions.ConnectTimeout)
        return connection_error(Gtts.service, problem, never_connected=timed_out)
    if response.status_code == requests.codes.ok:
        return NoSoundError(Gtts.service, text)
    return refusal_error(
        "Google",
        response.status_code,
        response.reason,
        response.headers.get("Retry-After"),
        {0: message("wait some hours, or choose an offline voice: audiobook voices")},
    )
