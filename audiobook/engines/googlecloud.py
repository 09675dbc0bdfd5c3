"""Google Cloud Text-to-Speech, version 1, with the user's own API key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobook.engines.service import Service
from audiobook.messages import Message, message

if TYPE_CHECKING:
    from audiobook.model import Voice

_MOST_BYTES = 5_000
# The most bytes of a character in UTF-8.
_WIDEST = 4


class GoogleCloud(Service):
    """Requests one text at a time; ``voice.model`` is the name of the voice."""

    name = "googlecloud"
    service = "Google Cloud"
    address = "https://texttospeech.googleapis.com"
    key_name = "GOOGLE_CLOUD_API_KEY"
    key_header = "X-Goog-Api-Key"
    model_form = re.compile(r"[a-z]{2,3}-[A-Z]{2}-[\w-]+")
    model_example = "vi-VN-Chirp3-HD-Aoede"
    # Older voices go to 4, those of Chirp 3 to 2.
    speeds = (0.25, 2.0)
    limit: int | None = _MOST_BYTES // _WIDEST

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request, and return the WAV."""
        sound: dict[str, object] = {"audioEncoding": "LINEAR16", "sampleRateHertz": voice.rate}
        if voice.speed != 1:
            sound["speakingRate"] = voice.speed
        language = "-".join(voice.model.split("-")[:2])
        answer = self.post_json(
            "/v1/text:synthesize",
            {
                "input": {"text": text},
                "voice": {"languageCode": language, "name": voice.model},
                "audioConfig": sound,
            },
        )
        return self.sound_in(answer, "audioContent")

    def remedies(self) -> dict[int, Message]:
        """Return what to do about refusals; a key that is none is refused with 400."""
        return {
            **super().remedies(),
            400: message(
                'check the key in {name}, and the voice\'s model, written as "{example}"',
                name=self.key_name,
                example=self.model_example,
            ),
        }
