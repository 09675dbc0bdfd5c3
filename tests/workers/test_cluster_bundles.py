"""Quick passages share a task of a cluster, slow ones do not; each has an outcome of its own."""

from __future__ import annotations

import gc
import time
import weakref
from concurrent.futures import CancelledError, Future

import pytest
from fragile import CAST, passage

from audiobook.config import load_voice
from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.model import Cast, Passage, Recording, Sound, Timing
from audiobook.workers import bundles
from audiobook.workers.bundles import Bundles, Outcomes

SOUND = Sound()


class Sent:
    """Keeps the tasks that were sent."""

    def __init__(self) -> None:
        self.tasks: list[tuple[list[Passage], Future[Outcomes]]] = []
        self.bundles = Bundles(self.send)

    def send(self, passages: list[Passage], _cast: Cast, _sound: Sound) -> Future[Outcomes]:
        task: Future[Outcomes] = Future()
        self.tasks.append((passages, task))
        return task

    def submit(self, text: str, cast: Cast = CAST) -> Future[Recording]:
        return self.bundles.submit(passage(text), cast, SOUND)

    def end(self, position: int, seconds: float) -> None:
        passages, task = self.tasks[position]
        task.set_result(Outcomes([recording_of(said) for said in passages], seconds))

    def make_quick(self) -> None:
        """Record passages in a millisecond until it is believed."""
        while self.bundles.size < 16:
            first = len(self.tasks)
            for number in range(self.bundles.size):
                self.submit(f"Câu {number}.")
            self.end(first, 0.001)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    monkeypatch.setattr(bundles, "_PATIENCE", 1000.0)
    return Sent()


def recording_of(said: Passage) -> Recording:
    return Recording(
        Timing(samples=0, cues=(), loudness=-20.0, syllables=0), said.utterances[0].text.encode()
    )


def test_slow_passages_are_sent_one_by_one(sent: Sent) -> None:
    for number in range(3):
        future = sent.submit(f"Câu {number}.")
        sent.end(number, 0.6)
        assert future.result().sound == f"Câu {number}.".encode()
    assert [len(passages) for passages, _ in sent.tasks] == [1, 1, 1]


def test_quick_passages_share_a_task(sent: Sent) -> None:
    sent.make_quick()
    first = len(sent.tasks)
    futures = [sent.submit(f"Câu {number}.") for number in range(16)]
    assert len(sent.tasks) == first + 1
    sent.end(first, 0.001)
    assert [future.result().sound.decode() for future in futures] == [
        f"Câu {number}." for number in range(16)
    ]


def test_a_slow_task_or_a_new_cast_parts_them_again(sent: Sent) -> None:
    sent.make_quick()
    for number in range(16):
        sent.submit(f"Câu {number}.")
    sent.end(len(sent.tasks) - 1, 0.3)
    assert sent.bundles.size == 1
    sent.make_quick()
    sent.submit("Giọng khác.", Cast(load_voice("tone")))
    assert sent.bundles.size == 1


def test_what_is_left_over_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Sent()
    monkeypatch.setattr(bundles, "_PATIENCE", 1000.0)
    sent.make_quick()
    monkeypatch.setattr(bundles, "_PATIENCE", 0.001)
    first = len(sent.tasks)
    future = sent.submit("Câu cuối.")
    while len(sent.tasks) == first:
        time.sleep(0.001)
    sent.end(first, 0.001)
    assert future.result(10).sound == "Câu cuối.".encode()


def test_one_that_fails_fails_alone(sent: Sent) -> None:
    sent.make_quick()
    futures = [sent.submit(f"Câu {number}.") for number in range(16)]
    passages, task = sent.tasks[-1]
    recordings: list[Recording | EngineError] = [recording_of(said) for said in passages]
    recordings[3] = EngineError(message("no sound"))
    task.set_result(Outcomes(recordings, 0.001))
    failed = [number for number, future in enumerate(futures) if future.exception()]
    assert failed == [3]


def test_a_task_that_is_lost_is_lost_for_all_its_passages(sent: Sent) -> None:
    sent.make_quick()
    futures = [sent.submit(f"Câu {number}.") for number in range(16)]
    sent.tasks[-1][1].cancel()
    assert all(isinstance(future.exception(), CancelledError) for future in futures)


def test_a_task_is_cancelled_when_nobody_wants_it(sent: Sent) -> None:
    sent.make_quick()
    futures = [sent.submit(f"Câu {number}.") for number in range(16)]
    task = sent.tasks[-1][1]
    for future in futures[1:]:
        future.cancel()
    assert not task.cancelled()
    futures[0].cancel()
    assert task.cancelled()


def test_what_cannot_be_sent_says_so(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise EngineError(message("no scheduler"))

    monkeypatch.setattr(sent.bundles, "_send_task", refuse)
    assert isinstance(sent.submit("Một câu.").exception(), EngineError)


def test_recordings_are_let_go(sent: Sent) -> None:
    """A build would fill the memory with recordings that wait for the garbage collector."""
    gc.disable()
    try:
        future = sent.submit("Một câu.")
        sent.end(0, 0.6)
        sent.tasks.clear()
        kept = weakref.ref(future)
        del future
        assert kept() is None
    finally:
        gc.enable()
