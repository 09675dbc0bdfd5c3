"""Servers that speak OpenAI's protocol: over real connections, with a key that must not leak."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from contract import LONG, SHORT, EngineContract
from openai_stand_in import (
    SAMPLES_PER_CHARACTER,
    Answer,
    Speech,
    answer,
    break_off,
    end_early,
    hang,
    wav_of,
)
from stand_in import hurry, mp3_of
from urllib3.util import parse_url

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.config import load_voice
from audiobook.engines import answers
from audiobook.engines import openai as module
from audiobook.engines.clips import CachedEngine, Clips
from audiobook.engines.openai import BASE, KEY, OpenAi
from audiobook.errors import AudiobookError, EngineError, VoiceError
from audiobook.model import Job, Voice

SECRET = "sk-proj-nobody-may-see-this"


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> Iterator[Speech]:
    monkeypatch.delenv(KEY, raising=False)
    with Speech() as speech:
        monkeypatch.setenv(BASE, speech.url)
        yield speech


@pytest.fixture
def voice() -> Voice:
    return replace(load_voice("openai"), concurrency=1)


@pytest.fixture
def engine(speech: Speech, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAi]:
    del speech
    hurry(monkeypatch)
    engine = OpenAi()
    yield engine
    engine.connections.close()


class TestOpenAi(EngineContract):
    name = "openai"
    voice_name = "openai"

    @pytest.fixture
    def engine(self, engine: OpenAi) -> OpenAi:
        return engine


class TestAsking:
    def test_asks_as_the_protocol_says(self, engine: OpenAi, speech: Speech, voice: Voice) -> None:
        (audio,) = engine.say([SHORT], replace(voice, model="org/model-1/alloy", speed=1.25))
        assert speech.asked[0].content == {
            "model": "org/model-1",
            "input": SHORT,
            "voice": "alloy",
            "response_format": "wav",
            "speed": 1.25,
        }
        assert len(audio.samples) == len(SHORT) * SAMPLES_PER_CHARACTER

    def test_the_server_of_the_voice_comes_first(
        self, engine: OpenAi, speech: Speech, voice: Voice
    ) -> None:
        with Speech() as own:
            engine.say([SHORT], replace(voice, url=f"{own.url}/"))
            assert own.texts == [SHORT]
        assert not speech.asked

    @pytest.mark.parametrize(
        ("sound", "kind"),
        [
            pytest.param(wav_of(9, 44_100), "audio/wav", id="another rate"),
            pytest.param(wav_of(9, channels=2), "audio/x-wav", id="stereo"),
            pytest.param(mp3_of(9), "audio/mpeg", id="MP3 all the same"),
            pytest.param(mp3_of(9), "application/octet-stream", id="no type"),
            pytest.param(
                wav_of(9)[:4] + b"\xff" * 4 + wav_of(9)[8:40] + b"\xff" * 4 + wav_of(9)[44:],
                "audio/wav",
                id="streamed",
            ),
        ],
    )
    def test_takes_what_servers_send(
        self, engine: OpenAi, speech: Speech, voice: Voice, sound: bytes, kind: str
    ) -> None:
        speech.script.append(answer(200, sound, kind))
        (audio,) = engine.say([SHORT], voice)
        assert audio.rate == voice.rate
        assert len(audio.samples) == pytest.approx(9 * SAMPLES_PER_CHARACTER, abs=3_000)
        spectrum = np.abs(np.fft.rfft(audio.samples))
        assert np.argmax(spectrum) * audio.rate / len(audio.samples) == pytest.approx(300, abs=8)

    @pytest.mark.parametrize("model", ["", "tts-1", "/alloy", "tts-1/"])
    def test_a_voice_without_model_or_voice_is_refused(
        self, engine: OpenAi, speech: Speech, voice: Voice, model: str
    ) -> None:
        with pytest.raises(VoiceError, match="MODEL/VOICE"):
            engine.say([SHORT], replace(voice, model=model))
        assert not speech.asked

    @pytest.mark.parametrize(
        "url", ["localhost:1/v1", "file:///etc", "http://", "http://a:b@c/v1", "http://a/v1?key=b"]
    )
    def test_an_address_that_is_none_or_holds_a_secret_is_refused(
        self, engine: OpenAi, voice: Voice, url: str
    ) -> None:
        with pytest.raises(VoiceError, match="address of the server") as caught:
            engine.say([SHORT], replace(voice, url=url))
        assert "b@" not in str(caught.value)
        assert "key=b" not in str(caught.value)


class TestFailures:
    @pytest.mark.parametrize(
        "failure",
        [
            pytest.param(answer(429, Retry_After="0"), id="429"),
            pytest.param(answer(500), id="500"),
            pytest.param(answer(503, Retry_After="0"), id="503"),
            pytest.param(break_off, id="broken off"),
            pytest.param(end_early, id="WAV cut off"),
            pytest.param(answer(200, b"", "audio/wav"), id="nothing"),
            pytest.param(answer(200, wav_of(0), "audio/wav"), id="a header alone"),
            pytest.param(hang, id="no answer"),
        ],
    )
    def test_what_passes_is_tried_again(
        self,
        engine: OpenAi,
        speech: Speech,
        voice: Voice,
        failure: Answer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        if failure is hang:
            monkeypatch.setattr(answers, "_READ", 0.2)
        speech.script.append(failure)
        (audio,) = engine.say([LONG], voice)
        assert speech.texts == [LONG] * 2
        assert len(audio.samples) == len(LONG) * SAMPLES_PER_CHARACTER

    @pytest.mark.parametrize(
        ("failure", "message"),
        [
            pytest.param(answer(401), rf"\(401 Unauthorized\): set {KEY}", id="401"),
            pytest.param(answer(403), rf"\(403 Forbidden\): {KEY} holds", id="403"),
            pytest.param(answer(404, b"<html>", "text/html"), "ends in /v1", id="404"),
            pytest.param(
                answer(400, b'{"error": {"message": "no voice\\n alloy"}}'),
                r"no voice alloy\): check the voice's model",
                id="400",
            ),
            pytest.param(answer(422, b'{"detail": "speed"}'), "speed", id="422"),
            pytest.param(answer(200, b"<html>", "text/html"), "text/html instead", id="page"),
            pytest.param(answer(200, b"{}"), "application/json instead", id="JSON"),
            pytest.param(answer(200, b"no sound", "audio/wav"), "cannot decode", id="noise"),
        ],
    )
    def test_a_refusal_is_final(
        self, engine: OpenAi, speech: Speech, voice: Voice, failure: Answer, message: str
    ) -> None:
        speech.script.append(failure)
        with pytest.raises(EngineError, match=message):
            engine.say([SHORT], voice)
        assert len(speech.asked) == 1

    def test_a_text_without_sound_is_named(
        self, engine: OpenAi, speech: Speech, voice: Voice
    ) -> None:
        speech.script += [answer(200, b"", "audio/wav")] * 3
        with pytest.raises(EngineError, match=f"no sound for '{SHORT}'"):
            engine.say([SHORT], voice)
        assert speech.texts == [SHORT] * 3

    def test_a_header_that_claims_one_hertz_is_refused(
        self, engine: OpenAi, speech: Speech, voice: Voice
    ) -> None:
        wav = wav_of(60)
        speech.script.append(answer(200, wav[:24] + bytes([1, 0, 0, 0]) + wav[28:], "audio/wav"))
        with pytest.raises(EngineError, match="claims 1 samples a second"):
            engine.say([SHORT], voice)

    def test_nothing_endless_is_read(
        self, engine: OpenAi, speech: Speech, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(answers, "_LARGEST", 1 << 20)
        speech.script.append(answer(200, bytes(3 << 20), "audio/wav"))
        with pytest.raises(EngineError, match="more than 1 MB"):
            engine.say([SHORT], voice)

    def test_redirects_are_followed_a_few_times(
        self, engine: OpenAi, speech: Speech, voice: Voice
    ) -> None:
        redirect = answer(307, Location=f"{speech.url}/audio/speech")
        speech.script.append(redirect)
        assert len(engine.say([SHORT], voice)) == 1
        speech.script += [redirect] * 9
        with pytest.raises(EngineError, match="redirects more than 3 times"):
            engine.say([SHORT], voice)
        assert len(speech.asked) == 2 + 4

    @pytest.mark.parametrize("place", ["ftp://127.0.0.1/v1", "//[1/v1", "file:/etc"])
    def test_a_redirect_to_no_web_address_is_refused(
        self, engine: OpenAi, speech: Speech, voice: Voice, place: str
    ) -> None:
        speech.script.append(answer(308, Location=place))
        with pytest.raises(VoiceError, match=r"address of the server .* OPENAI_BASE_URL"):
            engine.say([SHORT], voice)
        assert len(speech.asked) == 1

    def test_no_redirect_leads_to_the_secrets_of_a_cloud(
        self, engine: OpenAi, speech: Speech, voice: Voice
    ) -> None:
        speech.script.append(answer(307, Location="http://169.254.169.254/latest"))
        with pytest.raises(EngineError, match="on a private network"):
            engine.say([SHORT], voice)

    def test_json_that_is_nested_without_end(
        self, engine: OpenAi, speech: Speech, voice: Voice
    ) -> None:
        speech.script.append(answer(200, b"[" * 100_000, "application/json"))
        with pytest.raises(EngineError, match="instead of sound"):
            engine.say([SHORT], voice)

    def test_no_server_is_an_error_in_one_line(self, engine: OpenAi, voice: Voice) -> None:
        with pytest.raises(EngineError, match=r"no connection to 127\.0\.0\.1 .*online") as caught:
            engine.say([SHORT], replace(voice, url="http://127.0.0.1:1/v1"))
        assert len(str(caught.value)) < 250


class TestSecrets:
    @pytest.fixture(autouse=True)
    def key(self, speech: Speech, monkeypatch: pytest.MonkeyPatch) -> None:
        del speech
        monkeypatch.setenv(KEY, SECRET)

    def test_the_key_goes_to_the_server_of_the_environment(
        self, engine: OpenAi, speech: Speech, voice: Voice
    ) -> None:
        engine.say([SHORT], voice)
        assert speech.asked[0].key == f"Bearer {SECRET}"

    def test_it_does_not_go_where_only_a_voice_file_says(
        self, engine: OpenAi, voice: Voice
    ) -> None:
        with Speech() as stranger:
            engine.say([SHORT], replace(voice, url=stranger.url))
            assert stranger.asked[0].key is None

    def test_it_does_not_follow_a_redirect_elsewhere(
        self, engine: OpenAi, speech: Speech, voice: Voice
    ) -> None:
        with Speech() as stranger:
            speech.script.append(answer(307, Location=f"{stranger.url}/audio/speech"))
            engine.say([SHORT], voice)
            assert stranger.asked[0].key is None

    @pytest.mark.parametrize(
        ("url", "goes"),
        [
            ("https://api.openai.com/v1", True),
            ("http://api.openai.com/v1", False),
            ("https://api.openai.com.example.org/v1", False),
            ("https://api.openai.com:8443/v1", False),
        ],
    )
    def test_it_goes_to_openai_through_tls_only(
        self, url: str, goes: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(BASE)
        assert module._may_have_key(parse_url(url)) is goes

    def test_a_plan_needs_none(
        self, make_job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(BASE)
        monkeypatch.delenv(KEY)
        job = make_job(LONG, voice="openai")
        assert plan(job).requests == 1
        with pytest.raises(VoiceError, match=f"wants a key, and {KEY} holds none"):
            build(job)

    @pytest.mark.parametrize("key", [f"{SECRET}\nX-Evil: 1", f"{SECRET}ế", f"{SECRET} x"])
    def test_a_key_that_is_none_is_not_shown(
        self, engine: OpenAi, voice: Voice, key: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(KEY, key)
        with pytest.raises(VoiceError, match=KEY) as caught:
            engine.say([SHORT], voice)
        assert SECRET not in _everything(caught.value)

    @pytest.mark.parametrize(
        "failure",
        [
            answer(401, f'{{"error": {{"message": "Wrong key {SECRET}"}}}}'.encode()),
            answer(400, f'{{"error": {{"message": "Wrong key {SECRET}"}}}}'.encode()),
            answer(429, f'{{"error": {{"message": "{SECRET} asks too much"}}}}'.encode()),
            answer(200, f'{{"error": "{SECRET}"}}'.encode()),
            answer(200, SECRET.encode(), "audio/wav"),
            break_off,
        ],
    )
    def test_it_is_in_no_error_no_log_and_no_file(
        self,
        engine: OpenAi,
        speech: Speech,
        voice: Voice,
        failure: Answer,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        speech.script += [failure] * 10
        with pytest.raises(AudiobookError) as caught:
            CachedEngine(engine, Clips()).say([SHORT], voice)
        assert SECRET not in _everything(caught.value)
        assert SECRET not in repr(engine) + repr(vars(engine)) + repr(voice)
        assert SECRET not in caplog.text
        assert SECRET not in "".join(capfd.readouterr())
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or SECRET.encode() not in path.read_bytes()


def _everything(problem: BaseException | None) -> str:
    """Return all that may ever be shown of an error and of those behind it."""
    message = ""
    while problem is not None:
        message += f"{problem}{problem!r}{vars(problem)}"
        problem = problem.__cause__ or problem.__context__
    return message
