"""Speech of Microsoft Azure, against a stand-in written from the documentation of its REST API.

https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import pytest
from contract import LONG, SHORT
from openai_stand_in import wav_of
from service_stand_in import SECRET, Asked, Reply, ServiceContract, StandIn

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.engines.azure import REGION, Azure
from audiobook.errors import VoiceError
from audiobook.model import Job, Voice

_FORMAT = re.compile(r"riff-(\d+)(khz|hz)-16bit-mono-pcm")
_SSML = "{http://www.w3.org/2001/10/synthesis}"


class TestAzure(ServiceContract):
    name = "azure"
    voice_name = "azure-hoaimy"
    engine_class = Azure
    empty: ClassVar = Reply(kind="audio/x-wav")
    wrong: ClassVar = Reply(200, b"<html>", "text/html")
    refusal: ClassVar = Reply.json({"error": {"code": "BadRequest", "message": "too bad"}}, 400)

    @pytest.fixture(autouse=True)
    def region(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(REGION, "southeastasia")

    def service(self, asked: Asked) -> Reply:
        if asked.path != "/cognitiveservices/v1":
            return Reply(404)
        if asked.headers.get("ocp-apim-subscription-key") != SECRET:
            return Reply(401)
        form = _FORMAT.fullmatch(asked.headers["x-microsoft-outputformat"])
        if asked.headers["content-type"] != "application/ssml+xml" or not form:
            return Reply(415)
        assert 0 < len(asked.headers["user-agent"]) < 255
        speak = ET.fromstring(asked.body)
        (voice,) = speak
        if speak.tag != f"{_SSML}speak" or not voice.get("name", "").endswith("Neural"):
            return Reply(400)
        rate = int(form[1]) * (1000 if form[2] == "khz" else 1)
        return Reply(200, wav_of(len(self.text_of(asked)), rate), "audio/x-wav")

    def text_of(self, asked: Asked) -> str:
        return "".join(ET.fromstring(asked.body).itertext())

    def test_the_voice_and_its_language_are_named(
        self, engine: Azure, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say(["A < B & C"], replace(voice, model="vi-VN-NamMinhNeural"))
        speak = ET.fromstring(stand_in.asked[0].body)
        assert speak.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi-VN"
        assert [(part.tag, part.get("name"), part.text) for part in speak] == [
            (f"{_SSML}voice", "vi-VN-NamMinhNeural", "A < B & C")
        ]

    def test_only_another_speed_costs_markup(
        self, engine: Azure, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say([SHORT], voice)
        engine.say([SHORT], replace(voice, speed=1.25))
        assert [b"prosody" in asked.body for asked in stand_in.asked] == [False, True]
        assert b'rate="1.25"' in stand_in.asked[1].body

    def test_the_region_is_part_of_the_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert Azure().base() == "https://southeastasia.tts.speech.microsoft.com"
        for region in ("", "evil.example/x"):
            monkeypatch.setenv(REGION, region)
            with pytest.raises(VoiceError, match=REGION):
                Azure().base()

    def test_a_plan_needs_no_region(
        self, make_job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(REGION)
        monkeypatch.delenv(Azure.key_name, raising=False)
        job = make_job(LONG, voice=self.voice_name)
        assert plan(job).cost > 0
        monkeypatch.setenv(Azure.key_name, SECRET)
        with pytest.raises(VoiceError, match=f"{REGION} does not name"):
            build(job)
