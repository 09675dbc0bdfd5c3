"""Speech of Google's Gemini models, with the user's own API key."""

from __future__ import annotations

import io
import re
import wave
from typing import TYPE_CHECKING

from audiobook.engines.answers import value_at
from audiobook.engines.online_failures import NoSoundError
from audiobook.engines.service import Service
from audiobook.errors import EngineError
from audiobook.messages import message

if TYPE_CHECKING:
    from audiobook.engines.answers import Answer
    from audiobook.model import Voice

# Angle brackets hold tags, such as <laugh>; what stands in a book is not one.
_BRACKETS = str.maketrans("<>", "  ")
# 16-bit samples without a header, as "audio/L16;codec=pcm;rate=24000".
_BARE_SAMPLES = re.compile(r"audio/L16\b.*?\brate=(\d{4,6})", re.IGNORECASE)
# Why an answer without sound ended that another try may help with. Others judge the text.
_WORTH_ANOTHER_TRY = ("STOP", "OTHER")
_FIRST_PART = ("candidates", 0, "content", "parts", 0, "inlineData")


class Gemini(Service):
    """Requests one text at a time; ``voice.model`` is ``MODEL/VOICE``.

    The model must be one that reads its input word for word, as those from 3.8 on do: earlier
    ones take a text for a task. Speed is a matter of style to them, so it is left to others.
    """

    name = "gemini"
    service = "Gemini"
    address = "https://generativelanguage.googleapis.com"
    key_name = "GEMINI_API_KEY"
    key_header = "x-goog-api-key"
    model_form = re.compile(r"gemini-[\w.-]+-tts[\w-]*/[A-Z][a-z]+")
    model_example = "gemini-3.8-flash-tts/Kore"
    native: frozenset[str] = frozenset()
    # Its 16,384 tokens of sound, of 40 ms each, last about 9,000 characters.
    limit: int | None = 4_000

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request, and return the WAV."""
        model, _, name = voice.model.partition("/")
        answer = self.post_json(
            f"/v1beta/models/{model}:generateContent",
            {
                "contents": [{"role": "user", "parts": [{"text": text.translate(_BRACKETS)}]}],
                "generationConfig": {
                    "responseModalities": ["AUDIO"],
                    "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": name}}},
                },
            },
        )
        return self._wav_in(answer, text)

    def _wav_in(self, answer: Answer, text: str) -> bytes:
        """Return the sound in an answer."""
        reason = value_at(answer.content, "candidates", 0, "finishReason")
        if reason and value_at(answer.content, *_FIRST_PART) is None:
            if reason in _WORTH_ANOTHER_TRY:
                raise NoSoundError(self.service, text)
            raise EngineError(
                message("{service} refused ({reason})", service=self.service, reason=reason),
                message("let another voice speak what it refuses: --fallback hanoi"),
            )
        sound = self.sound_in(answer, *_FIRST_PART, "data")
        samples = _BARE_SAMPLES.match(str(self.value_in(answer, *_FIRST_PART, "mimeType")))
        return _with_header(sound, int(samples[1])) if samples else sound


def _with_header(samples: bytes, rate: int) -> bytes:
    wav = io.BytesIO()
    with wave.open(wav, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return wav.getvalue()
