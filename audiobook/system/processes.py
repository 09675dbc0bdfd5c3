"""Runs many small tasks in worker processes."""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Self, TypeVar

from audiobook.errors import ShortageError
from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

# Tasks that this process does in the time in which a worker process starts.
_WORTH_IT = 80
_AT_ONCE = 8
# How often tasks are begun whose process is killed.
_TRIALS = 3
# What tells Python to leave the current folder out of its path, and the value by which it is ours.
_SAFE_PATH, _OURS = "PYTHONSAFEPATH", "audiobook"
_starting = threading.RLock()

Task = TypeVar("Task")
Result = TypeVar("Result")


@contextmanager
def interrupts_withheld() -> Iterator[None]:
    """Let Ctrl-C wait until the block ends, and never reach what it starts.

    Threads and processes inherit which signals are blocked from the thread that starts them.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # its start would let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Act on Ctrl-C and SIGTERM at the end of the block, whichever thread receives them."""
    if threading.current_thread() is not threading.main_thread():  # where Python acts on them
        yield
        return
    handlers: dict[int, Callable[[int, FrameType | None], object]] = {}
    received: list[tuple[int, FrameType | None]] = []
    numbers: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        handler = signal.getsignal(number)
        if callable(handler):
            handlers[number] = handler
            signal.signal(number, lambda *details: received.append(details))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if received:
            number, frame = received[0]
            handlers[number](number, frame)


class _Process(SpawnProcess):
    """A process that Ctrl-C does not reach while it starts, and that runs no file of a folder.

    It would print a traceback if this process broke off before it has told it what to do.
    """

    def start(self) -> None:
        with starting(), _interrupts_deferred(), interrupts_withheld():
            super().start()


class SpawnContext(multiprocessing.context.SpawnContext):
    """Starts worker processes; not by fork, which copies the locks of other threads."""

    Process = _Process

    def __init__(self) -> None:
        super().__init__()
        if sys.platform != "win32":
            with starting():  # locks would start it later, and outside of that
                resource_tracker.ensure_running()


class Crew:
    """Does tasks in parallel, or in this process if they are few.

    Args:
        workers: greatest number of processes.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        fewest: int = _WORTH_IT,
        at_once: int = _AT_ONCE,
    ) -> Iterator[Result]:
        """Yield the results of tasks in their order; an exception of a task ends it.

        Args:
            work: does a task. If a process is killed meanwhile, its tasks are done once more.
            tasks: the tasks.
            fewest: how many tasks are worth the start of processes.
            at_once: how many a process is given together.

        Raises:
            ShortageError: processes are killed again and again.
        """
        if self._workers < 2 or len(tasks) < fewest:
            return map(work, tasks)
        return self._map_in_processes(work, tasks, at_once)

    def _map_in_processes(
        self, work: Callable[[Task], Result], tasks: Sequence[Task], at_once: int
    ) -> Iterator[Result]:
        number_done = 0
        for _ in range(_TRIALS):
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._workers, SpawnContext(), initializer=begin_work
                )
            try:
                for result in self._pool.map(work, tasks[number_done:], chunksize=at_once):
                    number_done += 1
                    yield result
            except BrokenProcessPool:
                self._pool = None
            else:
                return
        raise ShortageError(
            message("processes of this command are killed, perhaps for want of memory"),
            message("close other programs, and run the command again"),
        )


@contextmanager
def starting() -> Iterator[None]:
    """Let the processes that start meanwhile import no module from the current folder.

    Python starts them with that folder before all others on its path, so that a file
    ``pickle.py`` among the texts of a stranger would be run.
    """
    with _starting:
        before = os.environ.get(_SAFE_PATH)
        os.environ[_SAFE_PATH] = before or _OURS
        try:
            yield
        finally:
            if before is None:
                del os.environ[_SAFE_PATH]
            else:
                os.environ[_SAFE_PATH] = before


def ignore_interrupts() -> None:
    """Ignore Ctrl-C, which reaches every process of a terminal; the parent process handles it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def begin_work() -> None:
    """Prepare a worker process: it ignores Ctrl-C, and ends when its parent process ends."""
    ignore_interrupts()
    if os.environ.get(_SAFE_PATH) == _OURS:
        del os.environ[_SAFE_PATH]  # it is not meant for programs that an engine starts
    parent = multiprocessing.parent_process()
    if parent is not None:

        def leave_with_parent() -> None:
            parent.join()
            os._exit(1)

        # Without this, a worker whose parent was killed would wait for tasks for ever.
        threading.Thread(target=leave_with_parent, daemon=True).start()
