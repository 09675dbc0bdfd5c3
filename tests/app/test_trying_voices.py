"""Voices as a program sees them: listed with what they need, tried with a sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run

from audiobook import config
from audiobook.app import voice_samples, voices
from audiobook.errors import UsageError
from audiobook.model import Paragraph


def test_the_list_tells_what_is_needed() -> None:
    entries = {entry.name: entry for entry in voices.list_voices()}
    assert set(entries) == set(config.voice_names())
    assert [entry.name for entry in entries.values() if entry.default] == ["hanoi"]
    assert entries["hanoi"].usable and entries["hanoi"].network is False
    assert entries["sano"].problem.endswith("audiobook voices add sano")


def test_a_trial_tells_how_fast_it_was(tmp_path: Path) -> None:
    tone = config.load_voice("tone")
    assert voices.measured_speed(tone) is None
    trial = voice_samples.try_voice("tone", tmp_path / "x.wav", "Xin chào.")
    assert trial.path.is_file() and trial.seconds > 0
    assert voices.measured_speed(tone) == trial.speed
    with pytest.raises(UsageError, match=r"an \.mp3 or a \.wav"):
        voice_samples.try_voice("tone", tmp_path / "x.ogg")


def write_voice(folder: Path, language: str) -> None:
    voice_files = folder / "config" / "voices"
    voice_files.mkdir(parents=True)
    lines = ('engine = "espeak"', 'model = "gmw/en"', f'language = "{language}"', "rate = 22050")
    (voice_files / "la.toml").write_text("\n".join(lines), "utf-8")


def test_a_voice_of_another_language_speaks_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_voice(tmp_path, "en-gb")
    texts: list[str] = []
    paragraphs_of = voice_samples._paragraphs_of

    def remember(text: str) -> tuple[Paragraph, ...]:
        texts.append(text)
        return paragraphs_of(text)

    monkeypatch.setattr(voice_samples, "_paragraphs_of", remember)
    voice_samples.try_voice("la", tmp_path / "x.mp3")
    assert texts == [voice_samples.SAMPLES["en"]]


def test_a_voice_whose_language_has_no_sample_wants_a_text(tmp_path: Path) -> None:
    write_voice(tmp_path, "cy")
    with pytest.raises(UsageError, match="speaks 'cy', in which there is no sample: give a text"):
        voice_samples.try_voice("la", tmp_path / "x.mp3")
    assert not (tmp_path / "x.mp3").exists()
    assert voice_samples.try_voice("la", tmp_path / "x.mp3", "Bore da.").seconds > 0


@pytest.mark.parametrize("words", [("try", "tone"), ("compare",)], ids=lambda words: words[0])
@pytest.mark.parametrize("ending", [".mp3", ".wav"])
def test_no_file_of_others_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], ending: str
) -> None:
    monkeypatch.setattr(voice_samples, "_comparable_voices", lambda: ["tone"])
    kept = tmp_path / f"keep{ending}"
    kept.write_bytes(b"mine")
    command = ("voices", *words, "-o", str(kept))
    if words[0] == "try":
        command = (*command, "Xin chào.")
    refused = run(*command)
    assert refused.returncode == 7
    assert f"{kept} exists already" in refused.stderr and "--overwrite" in refused.stderr
    assert kept.read_bytes() == b"mine"
    assert run(*command, "--overwrite").returncode == 0
    assert kept.read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("words", "name"), [(("try", "tone"), "tone.mp3"), (("compare",), "compare.mp3")]
)
def test_an_earlier_sample_is_replaced_until_somebody_changes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], name: str
) -> None:
    monkeypatch.setattr(voice_samples, "_comparable_voices", lambda: ["tone"])
    command = ("voices", *words, "Xin chào.") if words[0] == "try" else ("voices", *words)
    assert run(*command, folder=tmp_path).returncode == 0
    assert run(*command, folder=tmp_path).returncode == 0
    sample = tmp_path / name
    changed = sample.read_bytes() + b"\0"
    sample.write_bytes(changed)
    refused = run(*command, folder=tmp_path)
    assert refused.returncode == 7
    assert f"{name} exists already" in refused.stderr
    assert sample.read_bytes() == changed
