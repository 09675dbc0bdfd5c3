"""Speech of Gemini, against a stand-in written from its documentation.

https://ai.google.dev/gemini-api/docs/speech-generation
"""

from __future__ import annotations

import base64
from typing import ClassVar

import numpy as np
import pytest
from contract import SHORT
from openai_stand_in import SAMPLES_PER_CHARACTER, wav_of
from service_stand_in import SECRET, Asked, Reply, ServiceContract, StandIn, google_error

from audiobook.engines.gemini import Gemini
from audiobook.errors import EngineError
from audiobook.model import Voice

_HEADER = 44
_TYPE = "audio/L16;codec=pcm;rate=24000"


def spoken(sound: bytes, media_type: str = _TYPE) -> Reply:
    """Return an answer that holds a sound."""
    data = {"mimeType": media_type, "data": base64.b64encode(sound).decode()}
    content = {"parts": [{"inlineData": data}], "role": "model"}
    return Reply.json({"candidates": [{"content": content, "finishReason": "STOP", "index": 0}]})


class TestGemini(ServiceContract):
    name = "gemini"
    voice_name = "gemini-kore"
    engine_class = Gemini
    empty: ClassVar = Reply.json({"candidates": [{"content": {}, "finishReason": "OTHER"}]})
    wrong: ClassVar = Reply.json({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    refusal: ClassVar = google_error(400, "INVALID_ARGUMENT", "too bad")

    def service(self, asked: Asked) -> Reply:
        if asked.path != "/v1beta/models/gemini-3.8-flash-tts:generateContent":
            return google_error(404, "NOT_FOUND", "models/... is not found for API version v1beta")
        if asked.headers.get("x-goog-api-key") != SECRET:
            return google_error(
                400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."
            )
        settings = asked.content["generationConfig"]
        assert settings["responseModalities"] == ["AUDIO"]
        voice = settings["speechConfig"]["voiceConfig"]["prebuiltVoiceConfig"]
        if voice != {"voiceName": "Kore"}:
            return google_error(400, "INVALID_ARGUMENT", f"Voice name {voice} is not supported.")
        return spoken(wav_of(len(self.text_of(asked)))[_HEADER:])

    def text_of(self, asked: Asked) -> str:
        (content,) = asked.content["contents"]
        (part,) = content["parts"]
        return str(part["text"])

    def test_a_whole_wav_is_taken_too(
        self, engine: Gemini, voice: Voice, stand_in: StandIn
    ) -> None:
        stand_in.script.append(spoken(wav_of(9), "audio/wav"))
        whole, bare = engine.say([SHORT, SHORT], voice)
        assert len(whole.samples) == 9 * SAMPLES_PER_CHARACTER
        assert len(bare.samples) == len(SHORT) * SAMPLES_PER_CHARACTER
        assert np.array_equal(whole.samples[:1_000], bare.samples[:1_000])

    def test_what_stands_in_angle_brackets_is_no_tag(
        self, engine: Gemini, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say(["nghe <laugh> chưa"], voice)
        assert self.text_of(stand_in.asked[0]) == "nghe  laugh  chưa"

    def test_a_text_that_it_judges_is_refused_at_once(
        self, engine: Gemini, voice: Voice, stand_in: StandIn
    ) -> None:
        stand_in.script.append(Reply.json({"candidates": [{"finishReason": "SAFETY"}]}))
        with pytest.raises(EngineError, match=r"Gemini refused \(SAFETY\): .*--fallback"):
            engine.say([SHORT], voice)
        assert len(stand_in.asked) == 1
