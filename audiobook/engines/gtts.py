"""The voice of Google Translate, online, through the gTTS client."""

from __future__ import annotations

import io
import ssl
from importlib.metadata import version
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import gtts.tts
import requests

from audiobook.engines.online import OnlineEngine, TemporaryError, refusal_error, root_cause
from audiobook.errors import EngineError, VoiceError

if TYPE_CHECKING:
    from audiobook.model import Voice

# Google's hosts that speak. Any other text could lead the client elsewhere (`com@example.org`).
_DOMAINS = ("com", "com.vn", "com.au", "com.sg", "co.uk", "co.jp", "fr", "de")
_TIME_OUT = 15.0


class _VerifiedSession(requests.Session):
    """A session that always verifies certificates, though gTTS asks it not to."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        settings = self.merge_environment_settings(request.url or "", {}, None, None, None)
        kwargs["verify"] = settings["verify"]
        return super().send(request, **kwargs)


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
                f"Google has no voice at {voice.model!r}", f"model is one of {', '.join(_DOMAINS)}"
            )
        return "google"

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request to ``translate.google.{voice.model}``, and return its MP3."""
        client = gtts.tts.gTTS(
            text,
            tld=voice.model,
            lang="vi",
            lang_check=False,
            pre_processor_funcs=[],
            tokenizer_func=lambda line: [line],
            timeout=_TIME_OUT,
        )
        sound = io.BytesIO()
        try:
            client.write_to_fp(sound)
        except gtts.tts.gTTSError as problem:
            raise _failure_error(problem) from problem
        except requests.exceptions.RequestException as problem:
            # The answer broke off; gTTS does not catch this.
            raise TemporaryError(f"the answer broke off ({root_cause(problem)})") from problem
        except (OSError, ValueError) as problem:
            # A missing certificate file, or an answer that is not Google's, as in the network of a
            # hotel; gTTS does not catch these either.
            raise EngineError(f"gTTS failed: {problem}", "see `audiobook doctor`") from problem
        if not sound.getvalue():
            raise EngineError(f"Google sent no sound for {text!r}", "try again later")
        return sound.getvalue()


def _failure_error(problem: gtts.tts.gTTSError) -> Exception:
    """Return the error for a failure: a `TemporaryError` where another try may help."""
    response: requests.Response | None = problem.rsp
    if response is None:
        cause = root_cause(problem)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return EngineError(
                f"another server answers in place of Google: {cause.verify_message}",
                "if your network does that on purpose, name the file of its certificate in "
                "REQUESTS_CA_BUNDLE",
            )
        return TemporaryError(f"no connection ({cause})")
    if response.status_code == requests.codes.ok:
        return EngineError("Google sent no sound", "try again later")
    return refusal_error(
        "Google",
        response.status_code,
        response.reason,
        response.headers.get("Retry-After"),
        {0: "wait some hours, or choose an offline voice: audiobook voices"},
    )
