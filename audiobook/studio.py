"""Where passages are recorded: a pool of processes, each with an engine of its own."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from audiobook import processes
from audiobook.errors import EngineError
from audiobook.record import record

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from audiobook.model import Cast, Passage, Recording, Sound

# Passages waiting for each worker: one to go on with at once; more would only hold memory.
_AHEAD = 1

Name = TypeVar("Name")


def record_all(
    passages: Iterable[tuple[Name, Passage]], cast: Cast, sound: Sound, workers: int
) -> Generator[tuple[Name, Recording | EngineError], None, None]:
    """Record passages side by side and yield each, with its name, as soon as it is done.

    For one that could not be recorded comes the error, and the others go on.

    Passages are drawn from the iterable only as workers come free, so neither they nor their
    recordings pile up. Whatever ends the iteration, failure or interruption, ends the workers.

    Raises:
        VoiceError: a voice is not usable here.
        EngineError: a worker died.
    """
    todo = iter(passages)
    # Not fork: engines hold threads and open files. Workers start as passages come.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, context, initializer=processes.begin_work)
    running: dict[Future[Recording], Name] = {}
    try:
        while True:
            for name, passage in islice(todo, workers * (1 + _AHEAD) - len(running)):
                running[pool.submit(record, passage, cast, sound)] = name
            if not running:
                break
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            # Of passages that end together, those that succeeded are handed out first.
            for future in sorted(done, key=lambda future: future.exception() is not None):
                failure = future.exception()
                name = running.pop(future)
                yield name, failure if isinstance(failure, EngineError) else future.result()
    except BrokenProcessPool as problem:
        raise EngineError(
            "a recording process ended unexpectedly",
            "run the same command again: it goes on where it stopped",
        ) from problem
    finally:
        if running:  # left in the middle: nobody waits for what they are doing
            for worker in set(multiprocessing.active_children()) - others:
                worker.kill()
        pool.shutdown(cancel_futures=True)
