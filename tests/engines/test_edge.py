"""Microsoft's voices: the real client against a stand-in, over real websockets."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from contract import LONG, SHORT, EngineContract
from edge_stand_in import (
    Answer,
    Microsoft,
    break_off,
    hang,
    say_nothing,
    tell_nonsense,
)
from edge_tts.drm import DRM
from stand_in import SAMPLES_PER_CHARACTER, Google, hurry

from audiobook.config import load_voice
from audiobook.engines import clips
from audiobook.engines import edge as module
from audiobook.engines.clips import CachedEngine, Clips
from audiobook.engines.edge import Edge
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Cast, Kind, Passage, Sound, Span, Utterance, Voice
from audiobook.outputs.mp3 import DELAY
from audiobook.stages.record import record

# In “Ngày hai tháng chín, mưa.”: where 2/9 is said.
SPANS = (Span(5, 19, 5, 8),)


@pytest.fixture
def microsoft(monkeypatch: pytest.MonkeyPatch) -> Iterator[Microsoft]:
    with Microsoft() as microsoft:
        lead_to(microsoft.url, monkeypatch)
        yield microsoft


@pytest.fixture
def voice() -> Voice:
    return replace(load_voice("hoaimy"), concurrency=1)


@pytest.fixture
def engine(microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch) -> Edge:
    del microsoft
    hurry(monkeypatch)
    monkeypatch.setattr(Edge, "interval", 0.0005)
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)
    return Edge()


class TestEdge(EngineContract):
    name = "edge"
    voice_name = "hoaimy"

    @pytest.fixture
    def engine(self, engine: Edge) -> Edge:
        return engine


class TestAsking:
    def test_the_voice_its_speed_and_its_pitch_are_asked_for(
        self, engine: Edge, microsoft: Microsoft, voice: Voice
    ) -> None:
        engine.say([SHORT], replace(voice, speed=1.1, pitch=0.9))
        engine.say([SHORT], replace(load_voice("namminh"), speed=0.75))
        hoaimy, namminh = microsoft.asked
        assert "(vi-VN, HoaiMyNeural)" in hoaimy["voice"]
        assert (hoaimy["rate"], hoaimy["pitch"]) == ("+10%", "-21Hz")
        assert "(vi-VN, NamMinhNeural)" in namminh["voice"]
        assert (namminh["rate"], namminh["pitch"]) == ("-25%", "+0Hz")

    def test_the_longest_text_goes_whole(
        self, engine: Edge, microsoft: Microsoft, voice: Voice
    ) -> None:
        text = "ữ " * 499 + "ữữ"
        engine.say([text], voice)
        assert microsoft.texts == [text]

    @pytest.mark.parametrize("text", ["x" * 1_001, "a&" * 400 + "ữ" * 200 + "&" * 200])
    def test_more_than_the_service_takes_is_refused_unasked(
        self, engine: Edge, microsoft: Microsoft, voice: Voice, text: str
    ) -> None:
        with pytest.raises(EngineError, match="Microsoft takes"):
            engine.say([text], voice)
        assert not microsoft.doors

    @pytest.mark.parametrize("model", ["", "HoaiMy", "vi-VN", "'/><x y='"])
    def test_a_model_that_is_none_is_refused_unasked(
        self, engine: Edge, microsoft: Microsoft, voice: Voice, model: str
    ) -> None:
        with pytest.raises(VoiceError, match="vi-VN-HoaiMyNeural"):
            engine.say([SHORT], replace(voice, model=model))
        assert not microsoft.doors

    @pytest.mark.parametrize("wanted", [{"speed": 0.4}, {"speed": 2.1}, {"pitch": 1.6}])
    def test_what_it_would_bend_is_refused_unasked(
        self, engine: Edge, microsoft: Microsoft, voice: Voice, wanted: dict[str, float]
    ) -> None:
        with pytest.raises(VoiceError, match=r"Microsoft goes from 0\.5 to"):
            engine.say([SHORT], replace(voice, **wanted))  # type: ignore[arg-type]
        assert not microsoft.doors


class TestWords:
    def test_each_word_has_its_moment(self, engine: Edge, voice: Voice) -> None:
        (audio,) = engine.say(["Anh & em, “đi” về."], voice)
        assert [mark.position for mark in audio.marks] == [0, 6, 11, 15]
        assert [mark.sample for mark in audio.marks] == [
            position * SAMPLES_PER_CHARACTER + DELAY for position in (0, 6, 11, 15)
        ]

    def test_a_word_it_names_otherwise_loses_no_other(self, engine: Edge, voice: Voice) -> None:
        text = "Hôm nay ESA họp, rồi ESA về."
        (audio,) = engine.say([text], voice)
        words = [text[mark.position :].split()[0] for mark in audio.marks]
        assert words == ["Hôm", "nay", "họp,", "rồi", "về."]

    def test_words_are_remembered_with_the_sound(
        self, engine: Edge, microsoft: Microsoft, voice: Voice
    ) -> None:
        clips = Clips()
        (first,) = CachedEngine(engine, clips).say([LONG], voice)
        (again,) = CachedEngine(engine, clips).say([LONG], replace(voice, rate=48_000))
        assert len(microsoft.texts) == 1
        assert len(first.marks) == len(LONG.split())
        assert [(2 * sample, place) for sample, place in first.marks] == list(again.marks)

    def test_a_book_has_them_in_its_cues(
        self, engine: Edge, microsoft: Microsoft, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clips, "load", lambda _name: CachedEngine(engine, Clips()))
        # The sound is a tone, which the checks would not take for speech.
        monkeypatch.setattr("audiobook.speech.checks.find_problem", lambda *_: "")
        utterance = Utterance(
            text="Ngày 2/9, mưa.",
            spoken=("Ngày hai tháng chín, mưa.",),
            role=Kind.PROSE,
            pause=0.5,
            spans=SPANS,
        )
        recording = record(Passage(0, 0, (utterance,)), Cast(voice), Sound(rate=24_000))
        (cue,) = recording.timing.cues
        assert microsoft.texts == ["Ngày hai tháng chín, mưa."]
        assert [utterance.text[word.start : word.end] for word in cue.words] == [
            "Ngày",
            "2/9,",
            "mưa.",
        ]
        # A hundredth of a second is left before the first.
        wanted = [0, 5 * SAMPLES_PER_CHARACTER, 21 * SAMPLES_PER_CHARACTER]
        assert [word.at for word in cue.words] == pytest.approx(wanted, abs=0.011 * 24_000)


class TestFailures:
    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_what_passes_is_tried_again(
        self, engine: Edge, microsoft: Microsoft, voice: Voice, status: int
    ) -> None:
        microsoft.refusals.append((status, {"Retry-After": "0"}))
        assert len(engine.say([SHORT], voice)) == 1
        assert microsoft.doors == 2

    def test_an_answer_that_breaks_off_is_not_taken_for_whole(
        self, engine: Edge, microsoft: Microsoft, voice: Voice
    ) -> None:
        (clip,) = engine.say([LONG], voice)
        microsoft.script.append(break_off)
        (again,) = engine.say([LONG], voice)
        assert len(again.samples) == len(clip.samples)
        assert len(microsoft.texts) == 3

    def test_no_answer_is_not_waited_for(
        self, engine: Edge, microsoft: Microsoft, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_IN_ALL", 0.3)
        microsoft.script.append(hang)
        assert len(engine.say([SHORT], voice)) == 1
        assert microsoft.texts == [SHORT] * 2

    @pytest.mark.parametrize("headers", [{}, {"Date": "Sun, 01 Nov 2026 00:00:00 GMT"}])
    def test_a_refusal_is_final(
        self, engine: Edge, microsoft: Microsoft, voice: Voice, headers: dict[str, str]
    ) -> None:
        microsoft.refusals += [(403, headers)] * 3
        with pytest.raises(EngineError, match=r"refused \(403.*clock.*edge-tts"):
            engine.say([SHORT, LONG], voice)
        assert microsoft.doors <= 2  # the client itself tries with the server's clock
        assert not microsoft.texts

    def test_an_empty_answer_is_asked_for_again(
        self, engine: Edge, microsoft: Microsoft, voice: Voice
    ) -> None:
        microsoft.script += [say_nothing, say_nothing]
        assert len(engine.say([SHORT], voice)) == 1
        assert microsoft.texts == [SHORT] * 3

    @pytest.mark.parametrize(
        ("answer", "message", "times"),
        [(say_nothing, f"no sound for '{SHORT}'", 3), (tell_nonsense, "something else", 1)],
    )
    def test_an_answer_without_sound_is_never_silence(
        self,
        engine: Edge,
        microsoft: Microsoft,
        voice: Voice,
        answer: Answer,
        message: str,
        times: int,
    ) -> None:
        microsoft.script += [answer] * times
        with pytest.raises(EngineError, match=message):
            engine.say([SHORT], voice)
        assert microsoft.texts == [SHORT] * times
        assert len(engine.say([SHORT], voice)) == 1, "the service is not left alone for it"

    def test_no_route_is_an_error_in_one_line(
        self, engine: Edge, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lead_to("ws://127.0.0.1:1/edge/v1?x=y", monkeypatch)
        with pytest.raises(EngineError, match=r"no connection to Microsoft .*online") as caught:
            engine.say([SHORT], voice)
        assert len(str(caught.value)) < 250


class TestNetwork:
    def test_an_unknown_certificate_is_refused(
        self, engine: Edge, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
        with Microsoft(tls) as stranger:
            lead_to(stranger.url, monkeypatch)
            with pytest.raises(EngineError, match="another server answers in place of Microsoft"):
                engine.say([SHORT], voice)
            assert not stranger.doors

    def test_the_proxy_of_the_environment_is_asked(
        self, engine: Edge, voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The proxy of the other stand-in, which leads to nobody but Google.
        monkeypatch.undo()
        monkeypatch.setenv("AUDIOBOOK_CACHE", str(tmp_path / "cache"))
        with Google(tmp_path) as elsewhere:
            elsewhere.lead_here(monkeypatch)
            with pytest.raises(EngineError, match=r"refused \(403"):
                engine.say([SHORT], voice)


def lead_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the real client find the service here."""
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", url)
