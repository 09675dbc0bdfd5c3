"""What every engine must do: a test class of each engine inherits these."""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiobook import engines
from audiobook.config import load_voice
from audiobook.errors import EngineError, VoiceError

if TYPE_CHECKING:
    from audiobook.engines import Engine
    from audiobook.model import Voice

SHORT = "Xin chào."
LONG = "Sáng sớm, sương còn giăng trên mặt hồ, người bán hoa đã gánh hàng ra phố."

ODD = [
    pytest.param("Vui quá 😀👍🏽", id="emoji"),
    pytest.param("trước\0sau", id="NUL"),
    pytest.param("nửa \ud800 chữ", id="lone surrogate"),
    pytest.param("“Ừ”, 'thế' thì \"thôi\"", id="quotes"),
    pytest.param("một <b>hai</b> &amp; ba & bốn", id="markup"),
    pytest.param(unicodedata.normalize("NFD", "Nguyễn Huệ"), id="NFD"),
    pytest.param("a\u0301\u0301\u0301\u0323\u0323", id="many marks"),
    pytest.param("một\n\thai\u00a0ba\u200b", id="white space"),
    pytest.param("7", id="digit"),
    pytest.param(r"\n {} %s $(x) `y`", id="escapes"),
]
NOTHING = ["", " \n\t", "\0", "…", "?!", "—", "“”", "***", "😀", "\ud800", "\u0301"]
# What an engine may have no sounds for: then it says so.
STRANGE = ["北京", "Привет", "ﷺ", "\u202ea", "\x01\x1b[31m a", "a" * 90, "HTTP/2.0", "ỹ ẫ ợ"]


class EngineContract:
    """Inherit it as TestX, name the engine and one of its voices."""

    name: str
    voice_name: str
    says_the_same_again = False
    """Whether it promises the same samples for the same text."""
    has_models = True
    """Whether it speaks with anything but what ``voice.model`` names."""

    @pytest.fixture
    def engine(self) -> Engine:
        return engines.load(self.name)

    @pytest.fixture
    def voice(self) -> Voice:
        return load_voice(self.voice_name)

    def test_is_loaded_by_name_once(self) -> None:
        engine = engines.load(self.name)
        assert engine.name == self.name
        assert engines.load(self.name) is engine

    def test_says_what_it_is(self, engine: Engine) -> None:
        assert engine.name == self.name
        assert isinstance(engine.version, str)
        assert engine.version
        assert engine.limit is None or engine.limit > len(LONG)
        assert getattr(engine, "native", engines.SETTINGS) <= engines.SETTINGS

    def test_gives_mono_sound_at_the_rate_of_the_voice(self, engine: Engine, voice: Voice) -> None:
        (audio,) = engine.say([SHORT], voice)
        assert audio.rate == voice.rate
        assert audio.samples.dtype == np.int16
        assert audio.samples.ndim == 1
        assert np.abs(audio.samples.astype(int)).max() > 1_000

    def test_says_each_text_in_order(self, engine: Engine, voice: Voice) -> None:
        short, long, again = (
            len(audio.samples) for audio in engine.say([SHORT, LONG, SHORT], voice)
        )
        assert long > 2 * short
        assert again == pytest.approx(short, rel=0.1)

    def test_keeps_the_order_of_many(self, engine: Engine, voice: Voice) -> None:
        syllables = (1, 12, 4, 18, 8, 26)
        clips = engine.say([" ".join(["ba"] * count) for count in syllables], voice)
        assert np.argsort([len(audio.samples) for audio in clips]).tolist() == [0, 2, 4, 1, 3, 5]

    def test_says_the_same_again_where_it_promises_to(self, engine: Engine, voice: Voice) -> None:
        first, _, again = engine.say([LONG, SHORT, LONG], voice)
        assert len(again.samples) == pytest.approx(len(first.samples), rel=0.1)
        if self.says_the_same_again:
            assert np.array_equal(first.samples, again.samples)

    def test_each_variant_is_another_sound(self, engine: Engine, voice: Voice) -> None:
        if not hasattr(engine, "say_again"):
            assert engines.in_take(engine, 2).name == engine.name
            return
        takes = [engines.in_take(engine, take) for take in (1, 2, 3)]
        sounds = [clip.samples.tobytes() for one in takes for clip in one.say([LONG], voice)]
        (again,) = engine.say_again([LONG], voice)
        assert len({*sounds, again.samples.tobytes()}) == 4
        if self.says_the_same_again:
            assert takes[1].say([LONG], voice)[0].samples.tobytes() == sounds[1]

    def test_its_sound_is_the_callers_own(self, engine: Engine, voice: Voice) -> None:
        (audio,) = engine.say([SHORT], voice)
        kept = audio.samples.copy()
        engine.say([LONG], voice)
        assert np.array_equal(audio.samples, kept)

    def test_serves_one_thread_after_the_other(self, engine: Engine, voice: Voice) -> None:
        (here,) = engine.say([SHORT], voice)
        for _ in range(2):
            with ThreadPoolExecutor(1) as elsewhere:
                (clip,) = elsewhere.submit(engine.say, [SHORT], voice).result()
            assert len(clip.samples) == pytest.approx(len(here.samples), rel=0.1)

    def test_speaks_at_another_rate_or_says_why_not(self, engine: Engine, voice: Voice) -> None:
        (usual,) = engine.say([SHORT], voice)
        try:
            (other,) = engine.say([SHORT], replace(voice, rate=16_000))
        except VoiceError as problem:
            assert f"rate = {voice.rate}" in problem.remedy
        else:
            assert other.rate == 16_000
            seconds = len(usual.samples) / usual.rate
            assert len(other.samples) / other.rate == pytest.approx(seconds, rel=0.1)

    def test_a_model_that_is_none_is_an_error_of_the_voice(
        self, engine: Engine, voice: Voice
    ) -> None:
        if self.has_models:
            with pytest.raises(VoiceError) as caught:
                engine.say([SHORT], replace(voice, model="nowhere"))
            assert caught.value.remedy
            assert len(engine.say([SHORT], voice)) == 1

    def test_prints_nothing(
        self, engine: Engine, voice: Voice, capfd: pytest.CaptureFixture[str]
    ) -> None:
        engine.say([LONG], voice)
        assert capfd.readouterr() == ("", "")

    def test_no_texts_give_no_sound(self, engine: Engine, voice: Voice) -> None:
        assert engine.say([], voice) == []
        assert engine.say((), voice) == []

    def test_takes_text_as_long_as_its_limit(self, engine: Engine, voice: Voice) -> None:
        limit = engine.limit or 2_000
        text = (f"{LONG} " * (limit // len(LONG) + 1))[: limit - 1].rstrip() + "."
        long, short = engine.say([text, "xin"], voice)
        assert len(long.samples) > 2 * len(short.samples)

    def test_tells_its_words_where_it_promises_to(self, engine: Engine, voice: Voice) -> None:
        if not engines.tells_words(engine):
            return
        for audio, text in zip(engine.say([SHORT, LONG], voice), (SHORT, LONG), strict=True):
            starts = [match.start() for match in re.finditer(r"\S+", text)]
            assert [mark.position for mark in audio.marks] == starts
            samples = [mark.sample for mark in audio.marks]
            assert samples == sorted(samples)
            assert samples[-1] < len(audio.samples)

    @pytest.mark.parametrize("text", ODD)
    def test_says_odd_text(self, engine: Engine, voice: Voice, text: str) -> None:
        (audio,) = engine.say([text], voice)
        assert np.abs(audio.samples.astype(int)).max() > 1_000

    @pytest.mark.parametrize("text", STRANGE, ids=ascii)
    def test_says_strange_text_or_names_it(self, engine: Engine, voice: Voice, text: str) -> None:
        try:
            (audio,) = engine.say([text], voice)
        except EngineError as problem:
            assert text[:20] in problem.what or ascii(text)[1:-1] in problem.what
        else:
            assert np.abs(audio.samples.astype(int)).max() > 1_000

    def test_marks_may_come_apart_from_their_letters(self, engine: Engine, voice: Voice) -> None:
        together, apart = engine.say([LONG, unicodedata.normalize("NFD", LONG)], voice)
        assert len(apart.samples) == pytest.approx(len(together.samples), rel=0.05)

    @pytest.mark.parametrize("text", NOTHING, ids=ascii)
    def test_does_not_invent_silence(self, engine: Engine, voice: Voice, text: str) -> None:
        with pytest.raises(EngineError, match="nothing to say"):
            engine.say([text], voice)

    def test_goes_on_after_a_failure(self, engine: Engine, voice: Voice) -> None:
        with pytest.raises(EngineError, match="…"):
            engine.say([SHORT, "…", LONG], voice)
        assert len(engine.say([SHORT], voice)) == 1
