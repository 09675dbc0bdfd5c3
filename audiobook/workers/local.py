"""Runs processes of this machine that record, each with its own engines."""

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
from weakref import WeakSet

from audiobook.errors import EngineError, UsageError, located
from audiobook.messages import message
from audiobook.stages.record import record
from audiobook.system import processes
from audiobook.workers.outcome import FailureKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from multiprocessing.context import SpawnContext
    from multiprocessing.process import BaseProcess
    from types import FrameType

    from audiobook.model import Cast, Passage, Recording, Sound

TIMEOUT = "AUDIOBOOK_TIMEOUT"
"""Environment variable: seconds that recording a passage may take."""
# A passage takes a second or two to record; with the slowest voices on slow machines, about as
# long as its sound lasts. A process that takes more than _TIMES that length, and more than
# _AT_LEAST seconds, hangs.
_TIMES, _AT_LEAST = 4.0, 300.0
# All in seconds.
_TO_LEAVE, _TO_HAND_OVER, _NAP = 1.0, 0.2, 0.01


class LocalWorkers:
    """A pool of processes, started with the first passage, and replaced when it breaks."""

    def __init__(self, number: int) -> None:
        self.number = number
        # Not fork: engines hold threads and open files.
        self._context = multiprocessing.get_context("spawn")
        self._others = set(multiprocessing.active_children())
        # Held while processes start, so that none starts while the others are ended.
        self._lock = threading.Lock()
        self._pool: _Pool | None = None
        # Also those of one process.
        self._pools: WeakSet[_Pool] = WeakSet()
        self._closed = False

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Submit a passage; the future gives its recording."""
        with self._lock, processes.starting():
            self._check_open()
            if self._pool is not None:
                try:
                    return self._pool.submit(_record, passage, cast, sound)
                except BrokenProcessPool:
                    pass  # the futures of the passages in it report that
            self._pool = self._start_pool(self.number)
            return self._pool.submit(_record, passage, cast, sound)

    def submit_alone(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Submit a passage to a process of its own."""
        with self._lock, processes.starting():
            self._check_open()
            pool = self._start_pool(1)
            future = pool.submit(_record, passage, cast, sound)
            pool.shutdown(wait=False)  # the process ends after this passage
            # Not to be collected before: it is asked whether its process lives.
            future.add_done_callback(lambda _: self._pools.discard(pool))
        return future

    def break_stuck(self) -> None:
        """Let the recordings of a pool fail that waits for the rest of one, in vain.

        It does if a process was killed in the moment in which it handed over a recording.
        """
        with self._lock:
            for pool in list(self._pools):
                if pool.has_lost_process():
                    pool.fail()

    def judge(self, problem: BaseException) -> FailureKind:
        """Return the kind of a failure: when a process ends, all passages of its pool fail."""
        return FailureKind.SUSPECT if isinstance(problem, BrokenProcessPool) else FailureKind.FAILED

    def close(self, *, at_once: bool) -> None:
        """End the processes, and start no others."""
        with self._lock:
            self._closed = True
            if at_once:
                _end_processes(set(multiprocessing.active_children()) - self._others)
                for pool in list(self._pools):
                    pool.fail()
        if self._pool is not None:
            # Without cancelling futures, because then those who wait for them would not wake up.
            # The futures of processes that were ended fail, which wakes them.
            self._pool.shutdown()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError(message("recording was stopped"))

    def _start_pool(self, number: int) -> _Pool:
        pool = _Pool(number, self._context, initializer=_start_worker)
        self._pools.add(pool)
        return pool


class _Pool(ProcessPoolExecutor):
    """A pool that can be made to fail when it would wait for ever.

    Its thread reads a recording to its end, and never sees that no more comes: this process holds
    the pipe open itself, to hand it to processes that start later.
    """

    def __init__(
        self, number: int, context: SpawnContext, initializer: Callable[[], object]
    ) -> None:
        super().__init__(number, context, initializer)
        # A pool forgets them when it is shut down, though its processes still work.
        self._results = self._result_queue
        self._started = self._processes

    def has_lost_process(self) -> bool:
        """Return whether a process has ended that the pool has not yet missed."""
        return any(not process.is_alive() for process in list(self._started.values()))

    def fail(self) -> None:
        """End the processes, and what they were sending."""
        _end_processes(list(self._started.values()))
        self._results._writer.close()  # type: ignore[attr-defined]


def _end_processes(workers: Collection[BaseProcess]) -> None:
    """End processes, first by SIGTERM and after a second by SIGKILL."""
    for worker in workers:
        worker.terminate()
    deadline = time.monotonic() + _TO_LEAVE
    while any(worker.is_alive() for worker in workers) and time.monotonic() < deadline:
        time.sleep(_NAP)
    for worker in workers:
        worker.kill()  # if a library in it does not let it end


# --- in a worker ----------------------------------------------------------------------------------

_is_recording = False


def _start_worker() -> None:
    processes.begin_work()
    signal.signal(signal.SIGTERM, _exit_on_sigterm)


def _exit_on_sigterm(_signal: int, _frame: FrameType | None) -> None:
    if _is_recording:
        os._exit(1)
    # It is idle, or returns a recording, which takes a millisecond.
    threading.Timer(_TO_HAND_OVER, os._exit, (1,)).start()


def _record(passage: Passage, cast: Cast, sound: Sound) -> Recording:
    global _is_recording
    _is_recording = True
    try:
        return record_in_time(passage, cast, sound)
    finally:
        _is_recording = False


def record_in_time(passage: Passage, cast: Cast, sound: Sound) -> Recording:
    """Record a passage as `record` does, but end this process if that takes far too long.

    Args:
        passage: what is said.
        cast: who says it.
        sound: how it is recorded.
    """
    with located(describe_place(passage)):
        if any(voice.network for voice in cast.voices):
            return record(passage, cast, sound)  # it has its own time limits, and may have to wait
        with _exit_after(_time_limit(passage, cast)):
            return record(passage, cast, sound)


def describe_place(passage: Passage) -> str:
    """Return the place of a passage in its book, such as "chapter 3, sentences 4 to 9"."""
    first, last = passage.first + 1, passage.first + len(passage.utterances)
    sentences = (
        message("sentence {first}", first=first)
        if first == last
        else message("sentences {first} to {last}", first=first, last=last)
    )
    return message(
        "chapter {chapter}, {sentences}", chapter=passage.chapter + 1, sentences=sentences
    )


def _time_limit(passage: Passage, cast: Cast) -> float:
    """Return how many seconds recording a passage may take."""
    if text := os.environ.get(TIMEOUT):
        try:
            return float(text)
        except ValueError as problem:
            raise UsageError(
                message("AUDIOBOOK_TIMEOUT is {value!r}", value=text),
                message("set it to a number of seconds"),
            ) from problem
    characters = sum(len(utterance.text) for utterance in passage.utterances)
    return max(_AT_LEAST, _TIMES * characters / cast.narrator.pace)


@contextmanager
def _exit_after(seconds: float) -> Iterator[None]:
    """End this process if the block takes longer; nothing else stops a library that hangs."""
    with Path(os.devnull).open("wb") as nowhere:
        # The timer runs in a thread of C, which does not need the interpreter.
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
