"""Where passages are recorded: by processes of this machine, or by the workers of a cluster."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from audiobook.errors import EngineError
from audiobook.workers.local import Here, place_of
from audiobook.workers.outcome import Fate

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from audiobook.model import Cast, Passage, Recording, Sound

# Passages waiting for each worker: one to go on with at once; more would only hold memory.
_AHEAD = 1
# How often a passage is given to workers who go away before they have recorded it.
_TRIES = 5

Name = TypeVar("Name")


class Workers(Protocol):
    """Those who record."""

    @property
    def number(self) -> int:
        """How many passages are recorded at once."""

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Have a passage recorded."""

    def judge(self, problem: BaseException) -> Fate:
        """Tell what a future means that ended so."""

    def close(self, *, at_once: bool) -> None:
        """Let the workers go; at once without waiting for what they are doing."""


@dataclass(slots=True)
class _Order(Generic[Name]):
    """A passage that is being recorded."""

    name: Name
    passage: Passage
    workers: Workers
    begun: int = 1
    """How often."""
    alone: bool = False
    """In a process of its own."""


def connect(address: str, number: int) -> Workers:
    """Return the workers of a cluster.

    Args:
        address: of its scheduler, as ``tcp://host:8786``, or ``local`` for one of this machine.
        number: workers of a local one.

    Raises:
        UsageError: Dask is not installed, or there is no such address.
        EngineError: the scheduler cannot be reached, or no worker comes.
        VoiceError: a worker has another version of the program.
    """
    from audiobook.workers.cluster import Cluster

    return Cluster(address, number)


class Studio:
    """Records the passages of any number of books, each from a thread of its own.

    No book waits for another to end: each always has a passage among those being recorded.

    Args:
        workers: processes of this machine.
        elsewhere: who records instead whatever needs no network. Online voices are spoken from
            here in any case, for their pace is kept by one machine.
    """

    def __init__(self, workers: int, elsewhere: Workers | None = None) -> None:
        self._here = Here(workers)
        self._offline: Workers = elsewhere or self._here
        # Of several books with online voices one is enough to use up their pace.
        self._online_turn = threading.Lock()
        self._counting = threading.Lock()
        self._running = 0
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        if failure is not None:
            self.stop()
        else:
            self._close(at_once=False)

    def stop(self) -> None:
        """Let everybody drop what they are doing: whoever waits for recordings gets an error."""
        if not self._stopped:
            self._stopped = True
            self._close(at_once=True)

    def _close(self, *, at_once: bool) -> None:
        both: set[Workers] = {self._here, self._offline}
        for workers in both:
            workers.close(at_once=at_once)

    def record_all(
        self,
        passages: Iterable[tuple[Name, Passage]],
        cast: Cast,
        sound: Sound,
        most: int | None = None,
    ) -> Generator[tuple[Name, Recording | EngineError], None, None]:
        """Record passages side by side and yield each, with its name, as soon as it is done.

        For one that could not be recorded comes the error, and the others go on. One whose
        worker ended is recorded again, by itself: then only its own fault can end its process.

        Passages are drawn from the iterable only as workers come free, so neither they nor their
        recordings pile up.

        Args:
            passages: with their names.
            cast: who speaks.
            sound: how it is recorded.
            most: processes of this machine that record this book at once; None for all.

        Raises:
            VoiceError: a voice is not usable, here or where it is recorded.
            EngineError: the cluster is gone, or the studio was stopped.
        """
        online = any(voice.network for voice in cast.voices)
        workers: Workers = self._here if online else self._offline
        todo = iter(passages)
        running: dict[Future[Recording], _Order[Name]] = {}
        with self._online_turn if online else nullcontext():
            try:
                while True:
                    self._check_open()
                    for order in self._next(todo, workers, len(running), most):
                        running[workers.submit(order.passage, cast, sound)] = order
                    if not running:
                        break
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    # Of those that end together, those that succeeded are handed out first.
                    for future in sorted(done, key=lambda one: _failure(one) is not None):
                        order = running.pop(future)
                        failure = _failure(future)
                        fate = order.workers.judge(failure) if failure else None
                        if (again := self._again(order, fate, cast, sound)) is not None:
                            running[again] = order
                            continue
                        self._count(-1)
                        if failure is None:
                            yield order.name, future.result()
                        elif fate is not Fate.FAILED:
                            yield order.name, _lost(order.passage)
                        elif isinstance(failure, EngineError):
                            yield order.name, failure
                        else:
                            raise failure
            finally:
                for future in running:
                    future.cancel()
                self._count(-len(running))

    def _check_open(self) -> None:
        if self._stopped:
            raise EngineError("recording was stopped")

    def _next(
        self, todo: Iterator[tuple[Name, Passage]], workers: Workers, own: int, most: int | None
    ) -> Iterator[_Order[Name]]:
        """Take the passages of a book that may be begun now, and count them."""
        number = workers.number
        if workers is self._here and most:
            number = min(number, most)
        allowed = number * (1 + _AHEAD)
        while own < allowed and (not own or self._running < workers.number * (1 + _AHEAD)):
            if (found := next(todo, None)) is None:
                return
            own += 1
            self._count(1)
            yield _Order(*found, workers)

    def _again(
        self, order: _Order[Name], fate: Fate | None, cast: Cast, sound: Sound
    ) -> Future[Recording] | None:
        """Have a passage recorded once more, if that may help."""
        if fate is Fate.ABANDONED and order.begun < _TRIES:
            self._check_open()
            order.begun += 1
            return order.workers.submit(order.passage, cast, sound)
        if fate is Fate.SUSPECT and not order.alone:
            self._check_open()
            order.workers, order.alone = self._here, True
            return self._here.submit_alone(order.passage, cast, sound)
        return None

    def _count(self, change: int) -> None:
        with self._counting:
            self._running += change


def _failure(future: Future[Recording]) -> BaseException | None:
    return CancelledError() if future.cancelled() else future.exception()


def _lost(passage: Passage) -> EngineError:
    return EngineError(
        f"{place_of(passage)}: each process that was to record it ended, or did not come to an end",
        "choose another voice, or more memory; what is recorded is kept",
    )
