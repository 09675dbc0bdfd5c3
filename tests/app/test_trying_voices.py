"""Voices as a program sees them: listed with what they need, tried with a sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook import config
from audiobook.app import voices
from audiobook.errors import UsageError


def test_the_list_tells_what_is_needed() -> None:
    entries = {entry.name: entry for entry in voices.list_voices()}
    assert set(entries) == set(config.voice_names())
    assert [entry.name for entry in entries.values() if entry.default] == ["hanoi"]
    assert entries["hanoi"].usable and entries["hanoi"].network is False
    assert entries["sano"].problem.endswith("audiobook voices add sano")


def test_a_trial_tells_how_fast_it_was(tmp_path: Path) -> None:
    tone = config.load_voice("tone")
    assert voices.measured_speed(tone) is None
    trial = voices.try_voice("tone", tmp_path / "x.wav", "Xin chào.")
    assert trial.path.is_file() and trial.seconds > 0
    assert voices.measured_speed(tone) == trial.speed
    with pytest.raises(UsageError, match=r"an \.mp3 or a \.wav"):
        voices.try_voice("tone", tmp_path / "x.ogg")
