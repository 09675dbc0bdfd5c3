from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from audiobook.config import load_voice
from audiobook.errors import OutputError
from audiobook.model import (
    Cast,
    Cue,
    Kind,
    Passage,
    Pauses,
    Recording,
    Sound,
    Timing,
    Utterance,
    Voice,
    Word,
)
from audiobook.store.recordings import Recordings, recording_key

if TYPE_CHECKING:
    from pathlib import Path

RECORDING = Recording(
    Timing(1152, (Cue(0, 600, "Xin\nchào “bạn”.", (Word(9, 0, 3),)),), -21.5, 2),
    b"\xff\x00\n{" * 99,
)
CUTS = (slice(None, -5), slice(5, None), slice(40))
UTTERANCE = Utterance(text="Có 2.", spoken=("Có hai.",), role=Kind.PROSE, pause=0.4)
PASSAGE = Passage(0, 0, (UTTERANCE,))


def test_a_recording_comes_back_as_it_was(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    assert recordings.get("abc") is None
    assert "abc" not in recordings
    recordings.keep("abc", RECORDING)
    assert "abc" in recordings
    assert recordings.get("abc") == RECORDING


def test_sound_and_times_come_back_alone(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    assert recordings.sound("abc") is None
    assert recordings.timing("abc") is None
    recordings.keep("abc", RECORDING)
    assert recordings.sound("abc") == RECORDING.sound
    (cue,) = RECORDING.timing.cues
    without_words = replace(RECORDING.timing, cues=(replace(cue, words=()),))
    assert recordings.timing("abc") == without_words


def test_silence_comes_back(tmp_path: Path) -> None:
    silent = replace(RECORDING, timing=replace(RECORDING.timing, loudness=float("-inf")))
    Recordings(tmp_path).keep("abc", silent)
    assert Recordings(tmp_path).get("abc") == silent


def test_a_length_is_read_from_the_head(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    assert recordings.samples("abc") is None
    recordings.keep("abc", RECORDING)
    assert recordings.samples("abc") == RECORDING.timing.samples
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    for content in (b"", b"another format", path.read_bytes()[:40]):
        path.write_bytes(content)
        assert recordings.samples("abc") is None


def test_a_damaged_recording_is_not_there(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    recordings.keep("abc", RECORDING)
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    content = path.read_bytes()
    flipped = (
        content[:index] + bytes([content[index] ^ 1 << index % 8]) + content[index + 1 :]
        for index in range(len(content))
    )
    for damaged in (*flipped, b"", b"{}\nsound", content + b"\0", *map(content.__getitem__, CUTS)):
        path.write_bytes(damaged)
        assert recordings.get("abc") is None
        assert recordings.sound("abc") is None
        assert recordings.timing("abc") is None
    path.write_bytes(content)
    assert recordings.get("abc") == RECORDING


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    recordings.keep("abc", RECORDING)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    recordings = Recordings(tmp_path / "file")
    with pytest.raises(OutputError):
        recordings.keep("abc", RECORDING)
    with pytest.raises(OutputError):
        recordings.get("abc")


def test_key_is_of_what_is_heard() -> None:
    voice, sound = load_voice("hanoi"), Sound()

    def of(
        passage: Passage = PASSAGE, voice: Voice = voice, sound: Sound = sound, version: str = "1"
    ) -> str:
        return recording_key(passage, Cast(voice), sound, {voice: version})

    first = of()
    same = (
        of(replace(PASSAGE, chapter=7, first=9)),
        of(voice=replace(voice, description="khác", name="khác", pace=9.0)),
        of(voice=replace(voice, pauses=replace(voice.pauses, chapter=9.0))),
    )
    assert set(same) == {first}
    louder = replace(PASSAGE, utterances=(replace(UTTERANCE, pause=0.5),))
    others = (
        of(louder),
        of(replace(PASSAGE, utterances=(replace(UTTERANCE, gaps=(0.2,)),))),
        of(voice=replace(voice, speed=1.1)),
        of(voice=replace(voice, model="vi-vn-x-south")),
        of(voice=replace(voice, pauses=Pauses(clause=0.3))),
        of(sound=replace(sound, bitrate=96)),
        of(version="2"),
    )
    assert len({first, *others}) == 1 + len(others)


def test_the_first_take_does_not_change_the_key() -> None:
    """Keys of what was recorded before there were takes."""
    voice = Voice(name="a", engine="tone", model="m")

    def of(*takes: int, name: str = "") -> str:
        utterances = tuple(replace(UTTERANCE, take=take, voice=name) for take in takes)
        passage = replace(PASSAGE, utterances=utterances)
        return recording_key(passage, Cast(voice), Sound(), {voice: "1"})

    assert of(1) == "bb33237b7cd6be3efd439ab45a458c5613109f07"
    assert of(1, 1) == "1878ee0dd092a9143d1aefd29e3677729722fe7d"
    keys = [of(1, 1), of(1, 2), of(2, 1), of(2, 2), of(1, 3)]
    assert len(set(keys)) == len(keys)
