"""Google Cloud Text-to-Speech, against a stand-in written from its documentation.

https://cloud.google.com/text-to-speech/docs/reference/rest/v1/text/synthesize
"""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from typing import ClassVar

import pytest
from contract import SHORT
from openai_stand_in import wav_of
from service_stand_in import SECRET, Asked, Reply, ServiceContract, StandIn, google_error

from audiobook.engines.googlecloud import GoogleCloud
from audiobook.errors import EngineError
from audiobook.model import Voice


class TestGoogleCloud(ServiceContract):
    name = "googlecloud"
    voice_name = "gcloud-aoede"
    engine_class = GoogleCloud
    empty: ClassVar = Reply.json({"audioContent": ""})
    wrong: ClassVar = Reply.json({"audioContent": "*"})
    refusal: ClassVar = google_error(400, "INVALID_ARGUMENT", "too bad")

    def service(self, asked: Asked) -> Reply:
        if asked.path != "/v1/text:synthesize":
            return Reply(404, b"<html>", "text/html")
        if asked.headers.get("x-goog-api-key") != SECRET:
            return google_error(
                400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."
            )
        content = asked.content
        text, voice, sound = content["input"]["text"], content["voice"], content["audioConfig"]
        if not 0 < len(text.encode()) <= 5_000:
            return google_error(
                400, "INVALID_ARGUMENT", "Either `input.text` is longer than the limit"
            )
        if not voice["name"].startswith(f"{voice['languageCode']}-"):
            return google_error(
                400, "INVALID_ARGUMENT", "Requested language code doesn't match the voice"
            )
        assert sound["audioEncoding"] == "LINEAR16"
        wav = wav_of(len(text), sound["sampleRateHertz"])
        return Reply.json({"audioContent": base64.b64encode(wav).decode()})

    def text_of(self, asked: Asked) -> str:
        return str(asked.content["input"]["text"])

    def test_another_speed_is_asked_for_only_where_wanted(
        self, engine: GoogleCloud, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say([SHORT], voice)
        engine.say([SHORT], replace(voice, speed=1.25))
        rates = [asked.content["audioConfig"].get("speakingRate") for asked in stand_in.asked]
        assert rates == [None, 1.25]

    def test_a_text_at_the_limit_fits_in_any_script(
        self, engine: GoogleCloud, voice: Voice
    ) -> None:
        assert engine.limit
        assert len(engine.say(["𠀀" * engine.limit], voice)) == 1

    def test_a_key_that_is_none_is_named(
        self, engine: GoogleCloud, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(engine.key_name, "another")
        with pytest.raises(EngineError, match="API key not valid") as caught:
            engine.say([SHORT], voice)
        assert "GOOGLE_CLOUD_API_KEY" in caught.value.remedy

    def test_it_waits_as_long_as_the_details_say(
        self, engine: GoogleCloud, voice: Voice, stand_in: StandIn
    ) -> None:
        retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.5s"}
        stand_in.script.append(google_error(429, "RESOURCE_EXHAUSTED", "quota", details=[retry]))
        start = time.monotonic()
        engine.say([SHORT], voice)
        assert time.monotonic() - start > 0.9
