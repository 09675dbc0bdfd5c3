"""Speech of FPT.AI, against a stand-in written from its documentation.

https://docs.fpt.ai/docs/en/speech/api/text-to-speech
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest
from contract import SHORT
from openai_stand_in import wav_of
from service_stand_in import SECRET, Asked, Reply, ServiceContract, StandIn

from audiobook.config import load_voice
from audiobook.engines import fpt as module
from audiobook.engines.fpt import Fpt
from audiobook.errors import EngineError
from audiobook.model import Voice

_LOOKS = 2
_VOICES = ("banmai", "giahuy", "lannhi", "leminh", "linhsan", "myan", "thuminh")


class TestFpt(ServiceContract):
    name = "fpt"
    voice_name = "fpt-banmai"
    engine_class = Fpt
    # Only the link can lead to nothing.
    empty: ClassVar = Reply(500)
    wrong: ClassVar = Reply.json({"error": 0, "message": "", "async": "ftp://example.org/a.wav"})
    refusal: ClassVar = Reply.json({"error": 1, "message": "too bad"}, 400)

    @pytest.fixture(autouse=True)
    def store(self, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
        """The sounds, each there when it was looked for a second time."""
        monkeypatch.setattr(module, "_FIRST_LOOK", 0.001)
        self.address = stand_in.url
        self.sounds: dict[str, bytes] = {}
        self.looks: dict[str, int] = {}

    def service(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            assert "api_key" not in asked.headers
            self.looks[asked.path] = self.looks.get(asked.path, 0) + 1
            if self.looks[asked.path] < _LOOKS:
                return Reply(404, b"<Error><Code>NoSuchKey</Code></Error>", "application/xml")
            return Reply(200, self.sounds[asked.path], "audio/wav")
        if asked.path != "/hmi/tts/v5":
            return Reply(404)
        if asked.headers.get("api_key") != SECRET:
            return Reply.json({"message": "Invalid authentication credentials"}, 401)
        text = asked.body.decode()
        if not 3 <= len(text) <= 5_000 or asked.headers["voice"] not in _VOICES:
            return Reply.json({"error": 1, "message": "text or voice"}, 400)
        assert (asked.headers["speed"], asked.headers["format"]) == ("0", "wav")
        link = f"/sound/{len(self.sounds)}.wav"
        self.sounds[link] = wav_of(len(text))
        return Reply.json(
            {
                "async": f"{self.address}{link}",
                "error": 0,
                "message": "The content will be returned after a few seconds under the async link.",
                "request_id": "4b5b15285847e83acbb3beb945434453",
            }
        )

    def text_of(self, asked: Asked) -> str:
        return asked.body.decode()

    def test_the_sound_is_looked_for_until_it_is_there(
        self, engine: Fpt, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say([SHORT], voice)
        assert [asked.method for asked in stand_in.asked] == ["POST", *["GET"] * _LOOKS]

    def test_one_that_never_comes_is_asked_for_again(
        self, engine: Fpt, voice: Voice, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_PATIENCE", 0.0)
        link = {"async": f"{stand_in.url}/sound/none.wav", "error": 0, "message": ""}
        stand_in.script += [Reply.json(link)] * 10
        with pytest.raises(EngineError, match=r"10 times: FPT\.AI took longer than 0 seconds"):
            engine.say([SHORT], voice)

    def test_an_empty_sound_is_asked_for_again(
        self, engine: Fpt, voice: Voice, stand_in: StandIn
    ) -> None:
        link = {"async": f"{stand_in.url}/sound/none.wav", "error": 0, "message": ""}
        stand_in.script += [Reply.json(link), Reply(200, b"", "audio/wav")]
        assert len(engine.say([SHORT], voice)) == 1

    def test_an_error_in_an_answer_that_succeeded_is_a_refusal(
        self, engine: Fpt, voice: Voice, stand_in: StandIn
    ) -> None:
        stand_in.script.append(Reply.json({"error": 3, "message": "no quota"}))
        with pytest.raises(EngineError, match=r"FPT\.AI refused \(no quota\)"):
            engine.say([SHORT], voice)

    def test_a_text_shorter_than_it_takes_is_filled_up(
        self, engine: Fpt, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say(["A"], voice)
        assert stand_in.asked[0].body == b"A.."

    def test_another_speed_is_left_to_others(
        self, engine: Fpt, voice: Voice, stand_in: StandIn
    ) -> None:
        engine.say([SHORT], replace(voice, speed=1.0))
        assert stand_in.asked[0].headers["speed"] == "0"
        assert not engine.native


def test_all_three_regions_have_voices() -> None:
    voices = [load_voice(f"fpt-{name}") for name in _VOICES]
    assert {voice.accent for voice in voices} == {"north", "central", "south"}
