"""ElevenLabs text to speech, with the user's own key."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from audiobook.engines.service import Service

if TYPE_CHECKING:
    from audiobook.model import Voice

_FORMAT = "mp3_44100_128"
# Models that refuse to be told the language, because they recognise it.
_WITHOUT_LANGUAGE = re.compile(r"eleven_(multilingual|monolingual)_\w+")


class ElevenLabs(Service):
    """Requests one text at a time; ``voice.model`` is ``MODEL/VOICE``, both by their ids.

    The same text gets the same seed each time, with which the service tries to repeat itself.
    """

    name = "elevenlabs"
    service = "ElevenLabs"
    address = "https://api.elevenlabs.io"
    key_name = "ELEVENLABS_API_KEY"
    key_header = "xi-api-key"
    model_form = re.compile(r"\w+/[A-Za-z0-9]{20}")
    model_example = "eleven_flash_v2_5/JBFqnCBsd6RMkjVDRZzb"
    speeds = (0.7, 1.2)
    # That of eleven_v3; other models take more.
    limit: int | None = 5_000

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request, and return the MP3."""
        model, _, name = voice.model.partition("/")
        content: dict[str, object] = {
            "text": text,
            "model_id": model,
            "seed": zlib.crc32(text.encode()),
        }
        if not _WITHOUT_LANGUAGE.fullmatch(model):
            content["language_code"] = voice.language
        if voice.speed != 1:
            content["voice_settings"] = {"speed": voice.speed}
        path = f"/v1/text-to-speech/{name}?output_format={_FORMAT}"
        return self.sound_of(self.post_json(path, content))
