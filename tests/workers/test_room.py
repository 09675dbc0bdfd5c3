"""As many processes record as the memory has room for, unless the user asks for a number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from recording_here import WorkersHere

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines import neural
from audiobook.model import Cast, Chapter, Kind, Paragraph, Sound
from audiobook.stages.script import write_passages
from audiobook.system import memory
from audiobook.vietnamese import Lexicon
from audiobook.workers import Recorder, room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.model import Passage, Voice

TONE = Cast(load_voice("tone"))
NEED = room.memory_needed(TONE)


class Heavy:
    """Speaks as the engine tone does, but says that it takes ten times as much memory."""

    def __init__(self) -> None:
        self._engine = engines.load("tone")

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def memory_of(self, _voice: Voice) -> int:
        return 9 * NEED


def passages() -> Iterator[tuple[int, Passage]]:
    chapter = Chapter("Một", (Paragraph("Một câu."),))
    return enumerate(write_passages(chapter, 0, TONE, lambda _voice: None, Lexicon()))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of processes that are started, or fewer that are used from then on."""
    numbers: list[int] = []

    class Noted(WorkersHere):
        def __init__(self, number: int) -> None:
            super().__init__(number)
            numbers.append(number)

        def reduce(self, number: int) -> None:
            self.number = number
            numbers.append(number)

    monkeypatch.setattr("audiobook.workers.local.LocalWorkers", Noted)
    return numbers


def record(recorder: Recorder, cast: Cast = TONE) -> None:
    list(recorder.record_all(passages(), cast, Sound()))


@pytest.mark.parametrize(
    ("free", "number"), [(100 * NEED, 8), (3 * NEED + 1, 3), (NEED - 1, 1), (0, 1), (None, 8)]
)
def test_the_number_by_memory(
    started: list[int], monkeypatch: pytest.MonkeyPatch, free: int | None, number: int
) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: free)
    with Recorder(8) as recorder:
        record(recorder)
    assert started == [number]


def test_whoever_asks_for_a_number_gets_it(
    started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 0)
    with Recorder(8, is_asked=True) as recorder:
        record(recorder)
    assert started == [8]


def test_fewer_for_voices_that_need_more(
    started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 20 * NEED)
    with Recorder(8) as recorder:
        record(recorder)
        heavy = Heavy()
        with monkeypatch.context() as patch:
            patch.setattr(engines, "load", lambda _name: heavy)
            record(recorder)
        record(recorder)
    assert started == [8, 2]


def test_voices_that_share_a_model_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heavy = Heavy()
    monkeypatch.setattr(engines, "load", lambda _name: heavy)
    voice = TONE.narrator
    other = replace(voice, name="khác", model="another")
    twice = Cast(voice, ((Kind.HEADING, replace(voice, name="hai")),))
    both = Cast(voice, ((Kind.HEADING, other),))
    assert room.memory_needed(twice) == room.memory_needed(TONE) == 10 * NEED
    assert room.memory_needed(both) == 19 * NEED


def test_a_larger_network_needs_more(tmp_path: Path) -> None:
    def need(size: int) -> int:
        path = tmp_path / "voice.onnx"
        path.write_bytes(bytes(size))
        return neural.memory_of(neural.check_files(TONE.narrator, [path]))

    assert need(1 << 20) - need(0) == 2 << 20
