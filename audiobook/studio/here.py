"""Processes of this machine that record, each with engines of its own."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import processes
from audiobook.errors import UsageError
from audiobook.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.model import Cast, Passage, Recording, Sound

TIMEOUT = "AUDIOBOOK_TIMEOUT"
"""Environment variable: seconds that recording a passage may take."""
# A passage takes a second or two, of the slowest voices on slow machines about as long as it
# lasts; whoever takes so many times as long, and more than so many seconds, does not come back.
_TIMES, _AT_LEAST = 4.0, 300.0


class Here:
    """A pool of processes, begun as passages come; when it breaks, another takes its place."""

    tries = 2

    def __init__(self, number: int) -> None:
        self.number = number
        # Not fork: engines hold threads and open files.
        self._context = multiprocessing.get_context("spawn")
        self._others = set(multiprocessing.active_children())
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Have a passage recorded."""
        with self._lock:
            if self._pool is not None:
                try:
                    return self._pool.submit(record_in_time, passage, cast, sound)
                except BrokenProcessPool:
                    pass  # those whose passages went with it learn it from them
            self._pool = self._begin(self.number)
            return self._pool.submit(record_in_time, passage, cast, sound)

    def submit_again(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Have a passage recorded by a process of its own, so that only its own fault ends it."""
        alone = self._begin(1)
        future = alone.submit(record_in_time, passage, cast, sound)
        alone.shutdown(wait=False)  # it ends when it is done
        return future

    def is_loss(self, problem: BaseException) -> bool:
        """Whether a process ended; with it end all that were recorded at the time."""
        return isinstance(problem, BrokenProcessPool)

    def close(self, *, at_once: bool) -> None:
        """End the processes."""
        if at_once:
            for worker in set(multiprocessing.active_children()) - self._others:
                worker.kill()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _begin(self, number: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(number, self._context, initializer=processes.begin_work)


def record_in_time(passage: Passage, cast: Cast, sound: Sound) -> Recording:
    """Record a passage, or end this process if that takes far too long: see `record`."""
    if any(voice.network for voice in cast.voices):
        return record(passage, cast, sound)  # has time-outs of its own, and may wait its turn
    with _end_after(_patience(passage, cast)):
        return record(passage, cast, sound)


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
