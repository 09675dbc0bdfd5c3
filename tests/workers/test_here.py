"""Processes of this machine: none is waited for in vain, none takes others with it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from fragile import CAST, install, passage

from audiobook.errors import EngineError, UsageError
from audiobook.model import Recording, Sound
from audiobook.workers import Studio
from audiobook.workers.local import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.model import Passage

SOUND = Sound()


@pytest.fixture(autouse=True)
def fragile_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path)))


def numbered(texts: list[str]) -> list[tuple[int, Passage]]:
    return [(number, passage(text, number)) for number, text in enumerate(texts)]


def test_only_what_kills_its_process_is_lost() -> None:
    texts = [f"Câu {number}." for number in range(9)]
    texts[4] = "Câu này chết."
    with Studio(2) as studio:
        found = dict(studio.record_all(numbered(texts), CAST, SOUND))
        again = dict(studio.record_all(numbered(["Còn sống."]), CAST, SOUND))
    failure = found.pop(4)
    assert isinstance(failure, EngineError)
    assert "chapter 1, sentence 5: every process" in failure.what
    assert len(found) == 8
    assert all(isinstance(one, Recording) for one in (*found.values(), *again.values()))


def test_what_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TIMEOUT, "0.5")
    with Studio(1) as studio:
        found = dict(studio.record_all(numbered(["Câu này treo.", "Một câu."]), CAST, SOUND))
    assert isinstance(found[0], EngineError)
    assert isinstance(found[1], Recording)


def test_a_time_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TIMEOUT, "soon")
    with Studio(1) as studio, pytest.raises(UsageError, match="AUDIOBOOK_TIMEOUT is 'soon'"):
        dict(studio.record_all(numbered(["Một câu."]), CAST, SOUND))


def test_no_more_is_drawn_than_can_be_recorded() -> None:
    drawn: list[int] = []

    def endless() -> Iterator[tuple[int, Passage]]:
        number = 0
        while True:
            drawn.append(number)
            yield number, passage("Một câu chậm.", number)
            number += 1

    with Studio(2) as studio:
        recording = studio.record_all(endless(), CAST, SOUND)
        for _ in range(3):
            next(recording)
        recording.close()
    assert len(drawn) <= 3 + 2 * 2


def test_a_small_book_does_not_wait_for_a_large_one() -> None:
    """Two books share the processes; the one of three passages is done long before the other."""
    ended: dict[str, float] = {}

    def record(name: str, texts: list[str], studio: Studio) -> None:
        list(studio.record_all(numbered(texts), CAST, SOUND))
        ended[name] = time.monotonic()

    began = time.monotonic()
    with Studio(2) as studio:
        large = threading.Thread(target=record, args=("large", ["Câu chậm."] * 24, studio))
        large.start()
        time.sleep(0.2)
        record("small", ["Câu chậm."] * 3, studio)
        large.join()
    assert ended["small"] - began < 0.8 * (ended["large"] - began)


def test_whoever_waits_when_it_is_stopped_gets_an_error() -> None:
    failed: list[EngineError] = []

    def wait_for_ever(studio: Studio) -> None:
        try:
            list(studio.record_all(numbered(["Câu này treo."]), CAST, SOUND))
        except EngineError as problem:
            failed.append(problem)

    studio = Studio(1)
    waiting = threading.Thread(target=wait_for_ever, args=(studio,))
    waiting.start()
    time.sleep(0.5)
    studio.stop()
    waiting.join(10)
    assert not waiting.is_alive()
    assert "recording was stopped" in str(failed[0])
