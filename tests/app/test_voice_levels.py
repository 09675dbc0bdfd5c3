"""How loud the voices of a cast usually are is measured once, and never for a single voice."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook.app.voice_levels import reference_passages, with_levels
from audiobook.config import load_voice
from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.model import Cast, Kind, Passage, Recording, Sound, Voice
from audiobook.stages.record import record
from audiobook.store.recordings import Recordings

TONE, HANOI, ENGLISH = map(load_voice, ("tone", "hanoi", "english"))


def test_voices_are_measured_once(tmp_path: Path) -> None:
    cast, recordings = Cast(TONE, ((Kind.DIALOGUE, HANOI),)), Recordings(tmp_path)
    asked: list[Voice] = []

    def record_alone(passage: Passage, cast: Cast, sound: Sound) -> Recording:
        asked.append(cast.narrator)
        return record(passage, cast, sound)

    first = with_levels(cast, Sound(), recordings, record_alone)
    again = with_levels(cast, Sound(loudness=-20), recordings, record_alone)
    assert asked == [TONE, HANOI]
    assert first == again
    tone, hanoi = first.voices
    # Sines of -15.3 dB RMS, heard in both ears; low ones count a little less.
    assert tone.level == pytest.approx(-15.3 + 3 - 0.7, abs=0.7)
    assert hanoi.level == pytest.approx(-19, abs=1)


def _fail(*_: object) -> Recording:
    raise EngineError(message("nobody answers"))


def test_the_level_of_a_voice_that_fails_stays_unknown(tmp_path: Path) -> None:
    cast = Cast(TONE, ((Kind.DIALOGUE, HANOI),))
    assert with_levels(cast, Sound(), Recordings(tmp_path), _fail) == cast


def test_a_single_voice_is_not_asked(tmp_path: Path) -> None:
    def never(*_: object) -> Recording:
        raise AssertionError

    assert with_levels(Cast(TONE), Sound(), Recordings(tmp_path), never) == Cast(TONE)


def test_a_voice_of_another_language_says_its_own_sample_or_nothing() -> None:
    voices = [voice for voice, _ in reference_passages(Cast(HANOI, ((Kind.FOREIGN, ENGLISH),)))]
    assert voices == [HANOI, ENGLISH] if ENGLISH.sample else [HANOI]
