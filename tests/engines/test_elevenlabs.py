"""ElevenLabs text to speech, against a stand-in written from its documentation.

https://elevenlabs.io/docs/api-reference/text-to-speech/convert
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest
from contract import LONG, SHORT
from service_stand_in import SECRET, Asked, Reply, ServiceContract, StandIn
from stand_in import mp3_of

from audiobook.engines.elevenlabs import ElevenLabs
from audiobook.errors import EngineError
from audiobook.model import Voice

_LIMITS = {"eleven_v3": 5_000, "eleven_multilingual_v2": 10_000, "eleven_flash_v2_5": 40_000}


def error(status: int, code: str, text: str) -> Reply:
    """Return an error as the service writes it."""
    return Reply.json({"detail": {"status": code, "message": text}}, status)


class TestElevenLabs(ServiceContract):
    name = "elevenlabs"
    voice_name = "eleven-george"
    engine_class = ElevenLabs
    empty: ClassVar = Reply(kind="audio/mpeg")
    wrong: ClassVar = Reply(200, b"<html>", "text/html")
    refusal: ClassVar = error(400, "voice_not_found", "too bad")

    def service(self, asked: Asked) -> Reply:
        _, version, what, voice = asked.path.split("/")
        if (version, what) != ("v1", "text-to-speech"):
            return Reply.json({"detail": "Not Found"}, 404)
        if asked.headers.get("xi-api-key") != SECRET:
            return error(401, "invalid_api_key", "Invalid API key")
        if len(voice) != 20:
            return error(400, "voice_not_found", f"A voice with id {voice} was not found.")
        content = asked.content
        model = content["model_id"]
        if len(content["text"]) > _LIMITS[model]:
            return error(400, "max_character_limit_exceeded", "The text is too long.")
        if "language_code" in content and model == "eleven_multilingual_v2":
            return error(400, "unsupported_language", "Model does not support language_code.")
        assert 0 <= content["seed"] < 1 << 32
        assert asked.query["output_format"] == "mp3_44100_128"
        return Reply(200, mp3_of(len(content["text"])), "audio/mpeg")

    def text_of(self, asked: Asked) -> str:
        return str(asked.content["text"])

    def test_it_asks_as_the_documentation_says(
        self, engine: ElevenLabs, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say([SHORT], replace(voice, speed=1.1))
        (asked,) = stand_in.asked
        assert asked.path == "/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb"
        content = {**asked.content}
        content.pop("seed")
        assert content == {
            "text": SHORT,
            "model_id": "eleven_flash_v2_5",
            "language_code": "vi",
            "voice_settings": {"speed": 1.1},
        }

    def test_the_same_text_has_the_same_seed(
        self, engine: ElevenLabs, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say([SHORT, LONG, SHORT], voice)
        first, other, again = (asked.content["seed"] for asked in stand_in.asked)
        assert first == again != other

    def test_a_model_that_recognises_languages_is_not_told_one(
        self, engine: ElevenLabs, voice: Voice
    ) -> None:
        model = "eleven_multilingual_v2/JBFqnCBsd6RMkjVDRZzb"
        assert len(engine.say([SHORT], replace(voice, model=model))) == 1

    def test_a_quota_that_is_used_up_is_named(
        self, engine: ElevenLabs, voice: Voice, stand_in: StandIn
    ) -> None:
        stand_in.script.append(error(401, "quota_exceeded", f"This request of {SECRET} exceeds"))
        with pytest.raises(EngineError, match=r"refused \(401 quota_exceeded\)"):
            engine.say([SHORT], voice)
