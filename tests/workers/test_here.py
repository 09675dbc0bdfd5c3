"""Processes of this machine: none is waited for in vain, none takes others with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import util
from typing import TYPE_CHECKING, Any

import pytest
from fragile import CAST, install, passage

from audiobook.errors import EngineError, UsageError
from audiobook.model import Cast, Recording, Sound
from audiobook.system.processes import SpawnContext, interrupts_withheld
from audiobook.workers import Recorder
from audiobook.workers.local import TIMEOUT, LocalWorkers, record_in_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.model import Passage

SOUND = Sound()

pytestmark = pytest.mark.usefixtures("worker_processes")


@pytest.fixture(autouse=True)
def fragile_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    packages = install(tmp_path)
    monkeypatch.syspath_prepend(str(packages))
    return packages


def numbered(texts: list[str]) -> list[tuple[int, Passage]]:
    return [(number, passage(text, number)) for number, text in enumerate(texts)]


def test_only_what_kills_its_process_is_lost() -> None:
    texts = [f"Câu {number}." for number in range(9)]
    texts[4] = "Câu này chết."
    with Recorder(2) as recorder:
        found = dict(recorder.record_all(numbered(texts), CAST, SOUND))
        again = dict(recorder.record_all(numbered(["Còn sống."]), CAST, SOUND))
    failure = found.pop(4)
    assert isinstance(failure, EngineError)
    assert "chapter 1, sentence 5: every process" in failure.what
    assert len(found) == 8
    assert all(isinstance(one, Recording) for one in (*found.values(), *again.values()))


def test_a_process_that_began_before_records() -> None:
    with Recorder(2) as recorder:
        recorder.begin(CAST)
        (early,) = multiprocessing.active_children()
        recorder.begin(CAST)
        found = dict(recorder.record_all(numbered(["Một câu.", "Hai câu."]), CAST, SOUND))
        assert early in multiprocessing.active_children()
    assert all(isinstance(one, Recording) for one in found.values())
    assert len(found) == 2


def test_a_process_that_began_in_vain_ends() -> None:
    with Recorder(2) as recorder:
        recorder.begin(CAST)
    assert multiprocessing.active_children() == []


def test_none_begins_for_online_voices() -> None:
    online = Cast(replace(CAST.narrator, network=True))
    with Recorder(2) as recorder:
        recorder.begin(online)
        assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Windows have no descriptors")
@pytest.mark.parametrize("processes", [1, 2])
def test_a_process_killed_while_it_hands_over(
    processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for the rest of what it was sending."""
    monkeypatch.setattr("audiobook.workers._LOOK_AFTER", 0.2)
    texts = ["Một câu.", "Câu này dở dang.", "Câu sau."]
    with Recorder(processes) as recorder:
        found = dict(recorder.record_all(numbered(texts), CAST, SOUND))
    assert isinstance(found.pop(1), EngineError)
    assert all(isinstance(recording, Recording) for recording in found.values())


def test_what_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TIMEOUT, "2")
    with Recorder(1) as recorder:
        found = dict(recorder.record_all(numbered(["Câu này treo.", "Một câu."]), CAST, SOUND))
    assert isinstance(found[0], EngineError)
    assert isinstance(found[1], Recording)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e300", "9" * 400])
def test_a_number_that_is_no_time(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(TIMEOUT, text)
    with pytest.raises(UsageError, match=f"AUDIOBOOK_TIMEOUT is '{text}'"):
        record_in_time(passage("Một câu.", 0), CAST, SOUND)


def test_a_time_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TIMEOUT, "soon")
    with Recorder(1) as recorder, pytest.raises(UsageError, match="AUDIOBOOK_TIMEOUT is 'soon'"):
        dict(recorder.record_all(numbered(["Một câu."]), CAST, SOUND))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell what is held")
def test_a_process_that_grows_is_replaced(fragile_engine: Path) -> None:
    """A library loses 8 MB with each passage; no process is kept until it has lost 400 MB."""
    texts = [f"Câu {number} phình." for number in range(50)]
    with Recorder(1) as recorder:
        found = dict(recorder.record_all(numbered(texts), CAST, SOUND))
    assert all(isinstance(one, Recording) for one in found.values())
    assert len(found) == 50
    passages = Counter((fragile_engine / "processes").read_text().split())
    assert len(passages) > 1
    assert max(passages.values()) < 30


def test_no_more_is_drawn_than_can_be_recorded() -> None:
    drawn: list[int] = []

    def endless() -> Iterator[tuple[int, Passage]]:
        number = 0
        while True:
            drawn.append(number)
            yield number, passage("Một câu chậm.", number)
            number += 1

    with Recorder(2) as recorder:
        recording = recorder.record_all(endless(), CAST, SOUND)
        for _ in range(3):
            next(recording)
        recording.close()
    assert len(drawn) <= 3 + 2 * 2


def test_a_small_book_does_not_wait_for_a_large_one() -> None:
    """Two books share the processes; the one of three passages is done long before the other."""
    ended: dict[str, float] = {}

    def record(name: str, texts: list[str], recorder: Recorder) -> None:
        list(recorder.record_all(numbered(texts), CAST, SOUND))
        ended[name] = time.monotonic()

    began = time.monotonic()
    with Recorder(2) as recorder:
        large = threading.Thread(target=record, args=("large", ["Câu chậm."] * 24, recorder))
        large.start()
        time.sleep(0.2)
        record("small", ["Câu chậm."] * 3, recorder)
        large.join()
    assert ended["small"] - began < 0.8 * (ended["large"] - began)


def test_whoever_waits_when_it_is_stopped_gets_an_error() -> None:
    failed: list[EngineError] = []

    def wait_for_ever(recorder: Recorder) -> None:
        try:
            list(recorder.record_all(numbered(["Câu này treo."]), CAST, SOUND))
        except EngineError as problem:
            failed.append(problem)

    recorder = Recorder(1)
    waiting = threading.Thread(target=wait_for_ever, args=(recorder,))
    waiting.start()
    time.sleep(0.5)
    recorder.stop()
    waiting.join(10)
    assert not waiting.is_alive()
    assert "recording was stopped" in str(failed[0])


def test_an_interrupt_while_passages_wait() -> None:
    """The thread that gives out passages does not fall over those that nobody waits for."""
    local = LocalWorkers(1)
    cast, sound = CAST, SOUND

    def interrupted() -> Iterator[tuple[int, Passage]]:
        yield from numbered(["Một câu."])
        raise KeyboardInterrupt

    recorder = Recorder(1)
    with pytest.raises(KeyboardInterrupt), recorder:
        recorder._pool = local
        # More than a pool hands to its process at once.
        filling = [local.submit(passage(f"Câu {n}.", n), cast, sound) for n in range(4)]
        list(recorder.record_all(interrupted(), cast, sound))
    assert all(future.done() for future in filling)


def test_ctrl_c_does_not_reach_a_process_that_starts() -> None:
    with ProcessPoolExecutor(1, SpawnContext()) as pool:
        blocked = pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result(60)
    assert signal.SIGINT in blocked
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_what_starts_meanwhile_never_gets_an_interrupt() -> None:
    """As the threads of a cluster of this machine, and the processes that these start."""
    masks: list[set[int]] = []
    with interrupts_withheld():
        thread = threading.Thread(
            target=lambda: masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, []))
        )
        thread.start()
    thread.join()
    assert signal.SIGINT in masks[0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_an_interrupt_waits_until_a_process_has_begun(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Otherwise it prints that it was told nothing."""
    process = SpawnContext().Process(target=time.sleep, args=(0,))
    spawn = util.spawnv_passfds

    def interrupted(*arguments: Any) -> int:
        number = spawn(*arguments)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        return number

    monkeypatch.setattr(util, "spawnv_passfds", interrupted)
    over = threading.Event()
    other = threading.Thread(target=over.wait)  # it receives the signal
    other.start()
    with pytest.raises(KeyboardInterrupt):
        process.start()
    over.set()
    process.join()
    assert process.exitcode == 0
    assert capfd.readouterr().err == ""
