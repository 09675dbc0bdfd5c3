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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.errors import EngineError, UsageError, located
from audiobook.messages import message
from audiobook.stages.record import record
from audiobook.system import memory, processes
from audiobook.workers.outcome import FailureKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from multiprocessing.context import SpawnContext
    from multiprocessing.process import BaseProcess
    from multiprocessing.synchronize import Event
    from types import FrameType

    from audiobook.model import Cast, Passage, Recording, Sound

TIMEOUT = "AUDIOBOOK_TIMEOUT"
"""Environment variable: seconds that recording a passage may take."""
# A passage takes a second or two to record; with the slowest voices on slow machines, about as
# long as its sound lasts. A process that takes more than _TIMES that length, and more than
# _AT_LEAST seconds, hangs.
_TIMES, _AT_LEAST = 4.0, 300.0
# A process that holds so many bytes more than after its first passage, or half as much again, is
# replaced, because libraries lose memory: eSpeak NG 1.52 loses 180 kB with each sentence that has
# a word which it takes for English. A new process takes half a second, so that it comes after
# _FEWEST passages at the earliest.
_MOST_GROWTH, _FEWEST = 48 << 20, 20
_LONGEST = 1e9  # seconds; timers take no more than about ten times that
# All in seconds.
_TO_LEAVE, _TO_HAND_OVER, _NAP = 1.0, 0.2, 0.01


class LocalWorkers:
    """A pool of processes, started with the first passage, and replaced when it breaks."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._context = processes.SpawnContext()
        self._others = set(multiprocessing.active_children())
        # Held while processes start, so that none starts while the others are ended.
        self._lock = threading.Lock()
        self._pool: _Pool | None = None
        # All that still work: that one, those it replaced, and those of one process.
        self._pools: list[_Pool] = []
        # One for each pool, set when a process of it has grown too large. All are kept, because a
        # process that still starts needs its own.
        self._are_grown: list[Event] = []
        self._closed = False

    def begin(self, cast: Cast) -> None:
        """Let a process start and import the engines of a cast, if there is none yet."""
        names = {voice.engine for voice in cast.voices}
        with self._lock:
            if self._pool is None and not self._closed:
                pool = self._new_pool()
                pool.submit(_import_engines, names)
                self._pool = pool

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Submit a passage; the future gives its recording."""
        with self._lock:
            self._check_open()
            if self._pool is not None and self._are_grown[-1].is_set():
                self._pool.shutdown(wait=False)  # its processes end after the passages they have
                self._pool = None
            if self._pool is not None:
                try:
                    return self._pool.submit(_record, passage, cast, sound)
                except BrokenProcessPool:
                    pass  # the futures of the passages in it report that
            pool = self._new_pool()
            future = pool.submit(_record, passage, cast, sound)
            self._pool = pool  # not before its processes were started
            return future

    def submit_alone(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Submit a passage to a process of its own."""
        with self._lock:
            self._check_open()
            pool = self._start_pool(1)
            future = pool.submit(_record, passage, cast, sound)
            pool.shutdown(wait=False)  # the process ends after this passage
        return future

    def reduce(self, number: int) -> None:
        """Use only so many processes from now on; those there are end after their passages."""
        with self._lock:
            self.number = number
            if self._pool is not None:
                self._pool.shutdown(wait=False)
                self._pool = None

    def look_after(self) -> str:
        """Let the recordings of a pool fail that waits for the rest of one, in vain.

        It does if a process was killed in the moment in which it handed over a recording.
        """
        with self._lock:
            for pool in self._pools:
                if pool.has_lost_process:
                    pool.fail()
        return ""

    def judge(self, problem: BaseException) -> FailureKind:
        """Return the kind of a failure: when a process ends, all passages of its pool fail."""
        return FailureKind.SUSPECT if isinstance(problem, BrokenProcessPool) else FailureKind.FAILED

    def close(self, *, at_once: bool) -> None:
        """End the processes, and start no others."""
        with self._lock:
            self._closed = True
            if at_once:
                _end_processes(set(multiprocessing.active_children()) - self._others)
                for pool in self._pools:
                    pool.fail()
        if self._pool is not None:
            # Without cancelling futures, because then those who wait for them would not wake up.
            # The futures of processes that were ended fail, which wakes them.
            self._pool.shutdown()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError(message("recording was stopped"))

    def _new_pool(self) -> _Pool:
        self._are_grown.append(self._context.Event())
        return self._start_pool(self.number, self._are_grown[-1])

    def _start_pool(self, number: int, is_grown: Event | None = None) -> _Pool:
        self._pools = [pool for pool in self._pools if pool.is_working]
        pool = _Pool(number, self._context, is_grown)
        self._pools.append(pool)
        return pool


class _Pool(ProcessPoolExecutor):
    """A pool that can be made to fail when it would wait for ever.

    Its thread reads a recording to its end, and never sees that no more comes: this process holds
    the pipe open itself, to hand it to processes that start later.
    """

    def __init__(self, number: int, context: SpawnContext, is_grown: Event | None) -> None:
        super().__init__(number, context, initializer=_start_worker, initargs=(is_grown,))
        # A pool forgets them when it is shut down, though its processes still work.
        self._results = self._result_queue
        self._started = self._processes

    @property
    def is_working(self) -> bool:
        """Whether a process of it lives."""
        return any(process.is_alive() for process in list(self._started.values()))

    @property
    def has_lost_process(self) -> bool:
        """Whether a process did not end by itself, and the pool has not yet missed it."""
        codes = [process.exitcode for process in list(self._started.values())]
        return any(code not in (None, 0) for code in codes)

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


class _Growth:
    """Tells the parent process when this process has grown too large."""

    def __init__(self, is_grown: Event) -> None:
        self._is_grown = is_grown
        self._passages = self._first = 0

    def note_passage(self) -> None:
        """Look at the memory that is held after a passage."""
        held = memory.held_memory()
        self._passages += 1
        self._first = self._first or held
        most = self._first + max(_MOST_GROWTH, self._first // 2)
        if self._passages >= _FEWEST and held > most:
            self._is_grown.set()


_growth: _Growth | None = None


def _start_worker(is_grown: Event | None) -> None:
    global _growth
    _growth = _Growth(is_grown) if is_grown else None
    processes.begin_work()
    signal.signal(signal.SIGTERM, _exit_on_sigterm)


def _exit_on_sigterm(_signal: int, _frame: FrameType | None) -> None:
    if _is_recording:
        os._exit(1)
    # It is idle, or returns a recording, which takes a millisecond.
    threading.Timer(_TO_HAND_OVER, os._exit, (1,)).start()


def _import_engines(names: Collection[str]) -> None:
    for name in names:
        engines.load(name)


def _record(passage: Passage, cast: Cast, sound: Sound) -> Recording:
    global _is_recording
    _is_recording = True
    try:
        return record_in_time(passage, cast, sound)
    finally:
        _is_recording = False
        if _growth:
            _growth.note_passage()


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
        with suppress(ValueError):
            if 0 < (seconds := float(text)) <= _LONGEST:
                return seconds
        raise UsageError(
            message("AUDIOBOOK_TIMEOUT is {value!r}", value=text),
            message("set it to seconds, such as 600"),
        )
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
