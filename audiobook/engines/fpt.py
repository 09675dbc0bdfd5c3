"""Speech of FPT.AI, version 5: a request is answered with a link, where the sound appears later."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from audiobook.engines.online_failures import TemporaryError
from audiobook.engines.service import Service
from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.system import connection

if TYPE_CHECKING:
    from audiobook.engines.answers import Answer
    from audiobook.model import Voice

# Seconds between two looks at a link; the documentation says that the sound takes 5 s to 2 min.
_FIRST_LOOK, _LONGEST_PAUSE = 0.5, 5.0
_PATIENCE = 180.0
# What the store behind the link answers while there is no sound yet.
_NOT_YET = (403, 404)
_LEAST_CHARACTERS = 3


class Fpt(Service):
    """Requests one text at a time and fetches the WAV; ``voice.model`` is the name of the voice.

    Its seven steps of speed are not measured, so it is asked for its usual one.
    """

    name = "fpt"
    service = "FPT.AI"
    address = "https://api.fpt.ai"
    key_name = "FPT_API_KEY"
    key_header = "api_key"
    model_form = re.compile("banmai|thuminh|leminh|myan|giahuy|lannhi|linhsan")
    model_example = "banmai"
    native: frozenset[str] = frozenset()
    limit: int | None = 5_000

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request, and return the WAV once it is there."""
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "voice": voice.model,
            "speed": "0",
            "format": "wav",
        }
        body = text.ljust(_LEAST_CHARACTERS, ".").encode()
        answer = self.post("/hmi/tts/v5", body, headers)
        if self.value_in(answer, "error") != 0:
            raise EngineError(
                message(
                    "{service} refused ({reason})",
                    service=self.service,
                    reason=self.reason_in(answer),
                ),
                self.remedies()[0],
            )
        return self._fetch(self._link_in(answer))

    def _link_in(self, answer: Answer) -> str:
        link = str(self.value_in(answer, "async"))
        schemes = {"https", urlsplit(self.address).scheme}
        parts = connection.parts_of(link)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise self.misunderstanding(answer)
        return link

    def _fetch(self, link: str) -> bytes:
        """Look at the link, less and less often, until the sound is there."""
        deadline = time.monotonic() + _PATIENCE
        pause = _FIRST_LOOK
        while time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            answer = self.get(link)
            if 200 <= answer.status < 300:
                return self.sound_of(answer)
            if answer.status not in _NOT_YET:
                raise self.refusal(answer)
        raise TemporaryError(
            message(
                "{host} took longer than {seconds:g} seconds", host=self.service, seconds=_PATIENCE
            )
        )
