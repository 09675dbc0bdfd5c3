"""Processes of this machine that record, each with engines of its own."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.errors import EngineError, UsageError, located
from audiobook.stages.record import record
from audiobook.system import processes
from audiobook.workers.outcome import Fate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from multiprocessing.process import BaseProcess
    from types import FrameType

    from audiobook.model import Cast, Passage, Recording, Sound

TIMEOUT = "AUDIOBOOK_TIMEOUT"
"""Environment variable: seconds that recording a passage may take."""
# A passage takes a second or two, of the slowest voices on slow machines about as long as it
# lasts; whoever takes so many times as long, and more than so many seconds, does not come back.
_TIMES, _AT_LEAST = 4.0, 300.0
# All in seconds.
_TO_LEAVE, _TO_HAND_OVER, _NAP = 1.0, 0.2, 0.01


class Here:
    """A pool of processes, begun as passages come; when it breaks, another takes its place."""

    def __init__(self, number: int) -> None:
        self.number = number
        # Not fork: engines hold threads and open files.
        self._context = multiprocessing.get_context("spawn")
        self._others = set(multiprocessing.active_children())
        # Held while processes begin, so that none begins as the others are ended.
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Have a passage recorded."""
        with self._lock:
            self._check_open()
            if self._pool is not None:
                try:
                    return self._pool.submit(_record, passage, cast, sound)
                except BrokenProcessPool:
                    pass  # those whose passages went with it learn it from them
            self._pool = self._begin(self.number)
            return self._pool.submit(_record, passage, cast, sound)

    def submit_alone(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Have a passage recorded by a process of its own."""
        with self._lock:
            self._check_open()
            alone = self._begin(1)
            future = alone.submit(_record, passage, cast, sound)
            alone.shutdown(wait=False)  # it ends when it is done
        return future

    def judge(self, problem: BaseException) -> Fate:
        """Tell what a future means: with a process end all that were recorded at the time."""
        return Fate.SUSPECT if isinstance(problem, BrokenProcessPool) else Fate.FAILED

    def close(self, *, at_once: bool) -> None:
        """End the processes; no others begin."""
        with self._lock:
            self._closed = True
            if at_once:
                _end(set(multiprocessing.active_children()) - self._others)
        if self._pool is not None:
            # Without cancelling futures, of which those who wait for them would not be told: of
            # workers that were ended they are.
            self._pool.shutdown()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError("recording was stopped")

    def _begin(self, number: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(number, self._context, initializer=_begin_work)


def _end(workers: Collection[BaseProcess]) -> None:
    """End processes, which are asked at first.

    One that ended while it hands a recording over would leave us waiting for the rest of it.
    """
    for worker in workers:
        worker.terminate()
    patience = time.monotonic() + _TO_LEAVE
    while any(worker.is_alive() for worker in workers) and time.monotonic() < patience:
        time.sleep(_NAP)
    for worker in workers:
        worker.kill()  # in a library that does not listen


# --- in a worker ----------------------------------------------------------------------------------

_is_recording = False


def _begin_work() -> None:
    processes.begin_work()
    signal.signal(signal.SIGTERM, _leave)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    if _is_recording:
        os._exit(1)
    # It waits, or hands a recording over, which takes a millisecond.
    threading.Timer(_TO_HAND_OVER, os._exit, (1,)).start()


def _record(passage: Passage, cast: Cast, sound: Sound) -> Recording:
    global _is_recording
    _is_recording = True
    try:
        return record_in_time(passage, cast, sound)
    finally:
        _is_recording = False


def record_in_time(passage: Passage, cast: Cast, sound: Sound) -> Recording:
    """Record a passage, or end this process if that takes far too long: see `record`."""
    with located(place_of(passage)):
        if any(voice.network for voice in cast.voices):
            return record(passage, cast, sound)  # has time-outs of its own, and may wait its turn
        with _end_after(_patience(passage, cast)):
            return record(passage, cast, sound)


def place_of(passage: Passage) -> str:
    """Return the place of a passage in its book, as "chapter 3, sentences 4 to 9"."""
    first, last = passage.first + 1, passage.first + len(passage.utterances)
    sentences = f"sentence {first}" if first == last else f"sentences {first} to {last}"
    return f"chapter {passage.chapter + 1}, {sentences}"


def _patience(passage: Passage, cast: Cast) -> float:
    """Return how many seconds a passage may take."""
    if said := os.environ.get(TIMEOUT):
        try:
            return float(said)
        except ValueError as problem:
            raise UsageError(f"{TIMEOUT} is {said!r}", "make it a number of seconds") from problem
    characters = sum(len(utterance.text) for utterance in passage.utterances)
    return max(_AT_LEAST, _TIMES * characters / cast.narrator.pace)


@contextmanager
def _end_after(seconds: float) -> Iterator[None]:
    """End this process if what is within takes longer: nothing else stops a library that hangs."""
    with Path(os.devnull).open("wb") as nowhere:
        # Its clock runs in a thread of C, which needs nothing of what hangs.
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
