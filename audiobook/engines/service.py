"""Shared by engines of official services: the key, requests, and what refusals mean."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from audiobook.engines.answers import Connections, read_key, told_error, value_at, without_key
from audiobook.engines.online import OnlineEngine
from audiobook.engines.online_failures import refusal_error
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobook.engines.answers import Answer
    from audiobook.model import Voice


class Service(OnlineEngine):
    """An engine that sends each text to a service, with a key that the environment holds.

    The key is sent to that service only, and stands in no message, file or log.
    """

    address: str
    """Where requests go, without a path."""
    key_name: str
    """The environment variable of the key."""
    key_header: str
    """The header that carries it."""
    model_form: re.Pattern[str]
    """What ``voice.model`` looks like."""
    model_example: str
    speeds: tuple[float, float] = (1.0, 1.0)
    """The range of speeds that the service follows, if speed is in ``native``."""
    native: frozenset[str] = frozenset({"speed"})
    version = "1"
    interval = 0.1

    def __init__(self) -> None:
        self.connections = Connections()

    def server(self, voice: Voice) -> str:
        """Return one name for the service, which limits the user of a key, whatever the voice."""
        if not self.model_form.fullmatch(voice.model):
            raise VoiceError(
                message(
                    "{service} has no voice {model!r}", service=self.service, model=voice.model
                ),
                message('write model = "{example}"', example=self.model_example),
            )
        least, most = self.speeds
        if not least <= voice.speed <= most:
            raise VoiceError(
                message(
                    "voice {voice} asks for speed {speed:g}", voice=voice.name, speed=voice.speed
                ),
                message(
                    "{service} goes from {least:g} to {most:g}",
                    service=self.service,
                    least=least,
                    most=most,
                ),
            )
        return self.name

    def check_ready(self, voice: Voice) -> None:  # noqa: ARG002
        """Check that there is a key."""
        if not read_key(self.key_name):
            raise VoiceError(
                message("{service} wants a key, and {name} holds none", **self._names),
                message("set {name}", name=self.key_name),
            )

    def base(self) -> str:
        """Return the address of the service."""
        return self.address

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a request with the key, and return the answer if it is no refusal.

        Args:
            path: what follows the address, with its query.
            body: the content of the request.
            headers: the media type of the body, and what else the service asks for.

        Raises:
            TemporaryError: there was no whole answer, or one that says to ask again.
            EngineError: the service refused.
        """
        named_key = {self.key_header: read_key(self.key_name)}
        answer = self.connections.send("POST", self.base() + path, body, {**headers, **named_key})
        if not 200 <= answer.status < 300:
            raise self.refusal(answer)
        return answer

    def post_json(self, path: str, content: object) -> Answer:
        """Send a request whose content is JSON; see `post`."""
        body = json.dumps(content, ensure_ascii=False).encode()
        return self.post(path, body, {"Content-Type": "application/json"})

    def get(self, url: str) -> Answer:
        """Send a request without the key, and return any answer."""
        return self.connections.send("GET", url, None, {})

    def sound_of(self, answer: Answer) -> bytes:
        """Return the sound file that is the content of an answer.

        Raises:
            EngineError: it is something else.
        """
        if not answer.kind.startswith("audio/") and answer.kind != "application/octet-stream":
            raise self.misunderstanding(answer)
        return answer.content

    def sound_in(self, answer: Answer, *path: str | int) -> bytes:
        """Return the sound in Base64 at a path of keys and positions in an answer of JSON."""
        return self.decoded(self.value_in(answer, *path), answer)

    def value_in(self, answer: Answer, *path: str | int) -> Any:
        """Return the value at a path of keys and positions in an answer of JSON.

        Raises:
            EngineError: there is none.
        """
        value = value_at(answer.content, *path)
        if value is None:  # raised here, because the error of the reader of JSON holds the content
            raise self.misunderstanding(answer)
        return value

    def decoded(self, text: object, answer: Answer) -> bytes:
        """Return what a text in Base64 encodes."""
        try:
            return base64.b64decode(str(text), validate=True)
        except ValueError as problem:
            raise self.misunderstanding(answer) from problem

    def misunderstanding(self, answer: Answer) -> EngineError:
        """Return the error for an answer that is not what the documentation says."""
        return EngineError(
            message(
                "{service} answered something else than sound ({reason})",
                service=self.service,
                reason=self.reason_in(answer),
            ),
            message("try again later; if it stays, report it"),
        )

    def reason_in(self, answer: Answer) -> str:
        """Return the explanation in an answer, or what kind of answer it is."""
        return self._without_key(told_error(answer.content)[1]) or answer.kind

    def refusal(self, answer: Answer) -> Exception:
        """Return the error for an answer that is a refusal by its status."""
        name, explanation, delay = told_error(answer.content)
        # An explanation of what is wrong with a key may repeat it in part.
        reason = name if answer.status in (401, 403) else explanation or name
        return refusal_error(
            self.service,
            answer.status,
            self._without_key(reason),
            answer.headers.get("Retry-After") or delay,
            self.remedies(),
        )

    def remedies(self) -> dict[int, Message]:
        """Return what to do about refusals, by status; 0 for any other."""
        return {
            401: message("set {name} to a key of {service}", **self._names),
            402: message("pay, or choose an offline voice: audiobook voices"),
            403: message("the key in {name} may not do this: ask for one that may", **self._names),
            0: message(
                'check the voice\'s model, written as "{example}"', example=self.model_example
            ),
        }

    @property
    def _names(self) -> dict[str, str]:
        return {"service": self.service, "name": self.key_name}

    def _without_key(self, text: str) -> str:
        return without_key(text, self.key_name)
