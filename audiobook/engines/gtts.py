"""Google Translate's voice, online, through the real gTTS client."""

from __future__ import annotations

import io
import ssl
import time
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import gtts.tts
import numpy as np
import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from audiobook import ffmpeg
from audiobook.engines import sayable
from audiobook.engines.pacing import Pacer
from audiobook.errors import EngineError, VoiceError
from audiobook.folders import cache_folder
from audiobook.model import Audio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Voice

# Google's hosts that speak; anything else could lead the client anywhere (`com@example.org`).
_DOMAINS = ("com", "com.vn", "com.au", "com.sg", "co.uk", "co.jp", "fr", "de")
_GAP = 0.2
_TIME_OUT = 15.0
_ATTEMPTS = 6
# Asking again helps after these and after 5xx; any other 4xx is for good.
_LATER = (requests.codes.request_timeout, requests.codes.too_many_requests)


class _LaterError(Exception):
    """The service may well answer if asked again."""


class _VerifiedSession(requests.Session):
    """A session that verifies certificates whatever its caller says; gTTS says not to."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        settings = self.merge_environment_settings(request.url or "", {}, None, None, None)
        kwargs["verify"] = settings["verify"]
        return super().send(request, **kwargs)


# gTTS opens its sessions through this name of its module.
gtts.tts.requests = SimpleNamespace(
    **{name: getattr(requests, name) for name in ("Request", "exceptions", "packages")},
    Session=_VerifiedSession,
)


class Gtts:
    """Asks for one text at a time, at one pace with every other process of the user."""

    name = "gtts"
    version = version("gTTS")
    # What Google takes at once; gTTS would cut longer text at every comma and drop the comma.
    limit = gtts.tts.gTTS.GOOGLE_TTS_MAX_CHARS

    def __init__(self) -> None:
        self._pacer = Pacer(cache_folder() / "pace" / "google.json", _GAP)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text with the voice of ``translate.google.{voice.model}``."""
        if voice.model not in _DOMAINS:
            raise VoiceError(
                f"Google has no voice at {voice.model!r}", f"model is one of {', '.join(_DOMAINS)}"
            )
        return [self._one(text, voice) for text in texts]

    def _one(self, text: str, voice: Voice) -> Audio:
        text = sayable(text).strip()
        if len(text) > self.limit:
            raise EngineError(
                f"Google takes {self.limit} characters, not the {len(text)} of {text[:80]!r}"
            )
        again = Retrying(
            retry=retry_if_exception_type(_LaterError),
            stop=stop_after_attempt(_ATTEMPTS),
            reraise=True,
        )
        try:
            sound = again(self._ask, text, voice)
        except _LaterError as problem:
            raise EngineError(
                f"Google did not answer {_ATTEMPTS} times: {problem}",
                "run the same command again later: it goes on where it stopped",
            ) from problem
        return Audio(np.frombuffer(ffmpeg.decode(sound, voice.rate), np.int16), voice.rate)

    def _ask(self, text: str, voice: Voice) -> bytes:
        turn = self._pacer.wait_for_turn()
        client = gtts.tts.gTTS(
            text,
            tld=voice.model,
            lang="vi",
            slow=voice.speed < 1,
            lang_check=False,
            pre_processor_funcs=[],
            tokenizer_func=lambda whole: [whole],
            timeout=_TIME_OUT,
        )
        sound = io.BytesIO()
        try:
            client.write_to_fp(sound)
        except gtts.tts.gTTSError as problem:
            self._judge(problem, turn)
        except (OSError, ValueError) as problem:
            # A certificate file that is not there; an answer that is not Google's, as from a
            # hotel's network: gTTS lets these through.
            raise EngineError(f"gTTS failed: {problem}", "see `audiobook doctor`") from problem
        if not sound.getvalue():
            raise EngineError(f"Google sent no sound for {text!r}", "try again later")
        self._pacer.succeed()
        return sound.getvalue()

    def _judge(self, problem: gtts.tts.gTTSError, turn: float) -> None:
        """Turn a failure into one that is tried again or one that is not."""
        response: requests.Response | None = problem.rsp
        if response is None:
            root = _root(problem)
            if isinstance(root, ssl.SSLCertVerificationError):
                raise EngineError(
                    f"somebody else answers for Google: {root.verify_message}",
                    "if your network does that on purpose, name the file of its certificate in "
                    "REQUESTS_CA_BUNDLE",
                ) from problem
            self._pacer.slow_down(turn, None)
            raise _LaterError(f"no connection ({root})") from problem
        if 400 <= response.status_code < 500 and response.status_code not in _LATER:
            raise EngineError(
                f"Google refused ({response.status_code} {response.reason})",
                "wait some hours, or choose an offline voice: audiobook voices",
            ) from problem
        if response.status_code == requests.codes.ok:
            raise EngineError("Google sent no sound", "try again later") from problem
        self._pacer.slow_down(turn, _retry_after(response))
        raise _LaterError(f"{response.status_code} {response.reason}") from problem


def _root(problem: BaseException) -> BaseException:
    """Return the failure that the others tell of."""
    while (earlier := problem.__context__) is not None:
        problem = earlier
    return problem


def _retry_after(response: requests.Response) -> float | None:
    """Return what a Retry-After header says, in seconds from now (RFC 9110, 10.2.3)."""
    written = response.headers.get("Retry-After", "")
    if written.isdecimal():
        return float(written)
    try:
        return max(0.0, parsedate_to_datetime(written).timestamp() - time.time())
    except ValueError:
        return None
