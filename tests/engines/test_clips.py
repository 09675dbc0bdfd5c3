"""What was delivered is kept at once, and asked for once: a real engine and a real server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from contract import LONG, SHORT, EngineContract
from stand_in import Google, answer_with, drop, hurry, refuse

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines import UnsaidError, clips
from audiobook.engines.clips import CachedEngine, Clips
from audiobook.engines.gtts import Gtts
from audiobook.errors import OutputError, VoiceError
from audiobook.model import Cast, Kind, Passage, Sound, Utterance, Voice
from audiobook.speech.speak import pending_requests
from audiobook.stages.record import record

TEXTS = [f"Câu thứ {number} của truyện." for number in range(8)]


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    hurry(monkeypatch)
    monkeypatch.setattr(Gtts, "interval", 0.0005)
    with Google(tmp_path) as google:
        google.lead_here(monkeypatch)
        yield google


@pytest.fixture
def voice() -> Voice:
    return replace(load_voice("google"), concurrency=1)


@pytest.fixture
def engine(google: Google) -> CachedEngine:
    del google
    return CachedEngine(Gtts(), Clips())


class TestRemembering(EngineContract):
    """An engine that remembers keeps the promises of engines."""

    name = "gtts"
    voice_name = "google"

    @pytest.fixture
    def engine(self, engine: CachedEngine) -> CachedEngine:
        return engine


class TestMemory:
    def test_what_was_said_is_not_asked_for_again(
        self, engine: CachedEngine, google: Google, voice: Voice
    ) -> None:
        first = engine.say(TEXTS[:3], voice)
        again = CachedEngine(Gtts(), Clips()).say([*TEXTS[1:4], TEXTS[0]], voice)
        assert google.texts == TEXTS[:4]
        assert np.array_equal(again[0].samples, first[1].samples)
        assert np.array_equal(again[3].samples, first[0].samples)

    def test_what_occurs_twice_is_asked_for_once(
        self, engine: CachedEngine, google: Google, voice: Voice
    ) -> None:
        spoken = engine.say([SHORT, LONG, SHORT], voice)
        assert google.texts == [SHORT, LONG]
        assert np.array_equal(spoken[0].samples, spoken[2].samples)

    def test_another_speed_is_another_clip(
        self, engine: CachedEngine, google: Google, voice: Voice
    ) -> None:
        engine.say([SHORT], voice)
        engine.say([SHORT], replace(voice, speed=0.5))
        assert google.texts == [SHORT, SHORT]

    def test_another_take_is_another_clip(
        self, engine: CachedEngine, google: Google, voice: Voice
    ) -> None:
        second = engines.in_take(engine, 2)
        for _ in range(2):
            engine.say([SHORT], voice)
            second.say([SHORT], voice)
        assert google.texts == [SHORT, SHORT]

    def test_another_take_leaves_its_neighbours(
        self, google: Google, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remembering = CachedEngine(Gtts(), Clips())
        monkeypatch.setattr(clips, "load", lambda _name: remembering)
        utterances = [
            Utterance(text=text, spoken=(text,), role=Kind.PROSE, pause=0.3) for text in TEXTS[:3]
        ]
        record(Passage(0, 0, tuple(utterances)), Cast(voice), Sound(rate=voice.rate))
        asked = list(google.texts)
        utterances[1] = replace(utterances[1], take=2)
        passage = Passage(0, 0, tuple(utterances))
        record(passage, Cast(voice), Sound(rate=voice.rate))
        assert google.texts == [*asked, TEXTS[1]]
        assert pending_requests([TEXTS[1]], voice, 2) == []
        assert pending_requests([TEXTS[1]], voice, 3) == [(voice, TEXTS[1])]

    def test_another_voice_is_another_clip(self, engine: CachedEngine, voice: Voice) -> None:
        engine.say([SHORT], voice)
        assert not engine.has_clip(SHORT, replace(voice, model="com.vn"))

    def test_another_rate_is_the_same_clip(
        self, engine: CachedEngine, google: Google, voice: Voice
    ) -> None:
        engine.say([SHORT], voice)
        (audio,) = engine.say([SHORT], replace(voice, rate=16_000))
        assert audio.rate == 16_000
        assert google.texts == [SHORT]

    @pytest.mark.parametrize("in_flight", [1, 3])
    def test_a_failure_loses_nothing_that_came(
        self, engine: CachedEngine, google: Google, voice: Voice, in_flight: int
    ) -> None:
        google.script += [drop, refuse(500)]
        spoken: list[str] = []
        google.when_spoken = spoken.append
        google.refused = TEXTS[5]
        with pytest.raises(UnsaidError) as caught:
            engine.say(TEXTS, replace(voice, concurrency=in_flight))
        assert caught.value.position == 5
        google.refused = ""
        engine.say(TEXTS, voice)
        assert sorted(spoken) == TEXTS, "each was delivered once"

    def test_positions_count_all_texts(
        self, engine: CachedEngine, google: Google, voice: Voice
    ) -> None:
        engine.say(TEXTS[:2], voice)
        google.script.append(refuse(403))
        with pytest.raises(UnsaidError, match="403") as caught:
            engine.say([TEXTS[0], TEXTS[1], TEXTS[0], TEXTS[2]], voice)
        assert caught.value.position == 3

    def test_what_is_no_sound_is_not_kept(
        self, engine: CachedEngine, google: Google, voice: Voice
    ) -> None:
        google.script.append(answer_with('jQ1olc","[\\"bm90IHNvdW5k\\"]'))
        with pytest.raises(UnsaidError, match="cannot decode"):
            engine.say([SHORT], voice)
        assert len(engine.say([SHORT], voice)) == 1
        assert google.texts == [SHORT] * 2

    def test_what_is_forgotten_is_asked_for_again(
        self, engine: CachedEngine, google: Google, voice: Voice
    ) -> None:
        engine.say([SHORT, LONG], voice)
        assert engine.has_clip(SHORT, voice)
        engine.forget(SHORT, voice)
        engine.forget("never said", voice)
        assert not engine.has_clip(SHORT, voice)
        engine.say([SHORT, LONG], voice)
        assert google.texts == [SHORT, LONG, SHORT]

    def test_a_voice_that_is_none_is_refused(self, engine: CachedEngine, voice: Voice) -> None:
        with pytest.raises(VoiceError):
            engine.say([SHORT], replace(voice, model="nowhere"))


class TestLoading:
    def test_online_engines_remember_and_others_do_not(self) -> None:
        for name in ("gtts", "edge", "openai"):
            assert isinstance(clips.load(name), CachedEngine)
            assert clips.load(name) is clips.load(name)
        assert clips.load("tone") is engines.load("tone")


class TestClips:
    def test_a_damaged_clip_is_not_there(self, tmp_path: Path) -> None:
        clips = Clips(tmp_path)
        clips.keep("abc", b"sound")
        (path,) = tmp_path.rglob("*.clip")
        assert clips.get("abc") == b"sound"
        for damaged in (path.read_bytes()[:-1], b"", path.read_bytes() + b"x"):
            path.write_bytes(damaged)
            assert clips.get("abc") is None

    def test_the_oldest_make_room(self, tmp_path: Path) -> None:
        clips = Clips(tmp_path, most=300)
        for number in range(5):
            clips.keep(f"{number}", bytes(84))  # 100 bytes with what it begins with
            (path,) = tmp_path.rglob(f"{number}.clip")
            os.utime(path, (number, number))
        clips.make_room()
        assert [number for number in range(5) if clips.get(f"{number}") is not None] == [2, 3, 4]

    def test_a_folder_that_cannot_be_used_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "clips").write_text("a file, not a folder")
        with pytest.raises(OutputError, match="AUDIOBOOK_CACHE"):
            Clips(tmp_path / "clips").get("abc")
        with pytest.raises(OutputError, match="AUDIOBOOK_CACHE"):
            Clips(tmp_path / "clips").keep("abc", b"sound")
