"""Where passages are recorded: by processes of this machine, or by the workers of a cluster."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from audiobook.errors import EngineError
from audiobook.studio.here import Here

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from audiobook.model import Cast, Passage, Recording, Sound

# Passages waiting for each worker: one to go on with at once; more would only hold memory.
_AHEAD = 1

Name = TypeVar("Name")


class Workers(Protocol):
    """Those who record."""

    tries: int
    """How often a passage is recorded whose workers are lost."""

    @property
    def number(self) -> int:
        """How many passages are recorded at once."""

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Have a passage recorded."""

    def submit_again(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Have a passage recorded whose worker was lost."""

    def is_loss(self, problem: BaseException) -> bool:
        """Whether a future ended so because its worker was lost, not because it cannot be done."""

    def close(self, *, at_once: bool) -> None:
        """Let the workers go; at once without waiting for what they are doing."""


@dataclass(slots=True)
class _Order(Generic[Name]):
    """A passage that is being recorded."""

    name: Name
    passage: Passage
    tries: int = 1


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
    from audiobook.studio.cluster import Cluster

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
        here = Here(workers)
        self._here: Workers = here
        self._offline: Workers = elsewhere or here
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
        for workers in {self._here, self._offline}:
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
        worker was lost is recorded again.

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
        workers = self._here if online else self._offline
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
                        if failure and workers.is_loss(failure) and order.tries < workers.tries:
                            self._check_open()
                            order.tries += 1
                            again = workers.submit_again(order.passage, cast, sound)
                            running[again] = order
                            continue
                        self._count(-1)
                        yield order.name, _outcome(future, failure, workers, order)
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
            yield _Order(*found)

    def _count(self, change: int) -> None:
        with self._counting:
            self._running += change


def _failure(future: Future[Recording]) -> BaseException | None:
    return CancelledError() if future.cancelled() else future.exception()


def _outcome(
    future: Future[Recording],
    failure: BaseException | None,
    workers: Workers,
    order: _Order[Name],
) -> Recording | EngineError:
    if failure is None:
        return future.result()
    if workers.is_loss(failure):
        return _lost(order.passage, order.tries)
    if isinstance(failure, EngineError):
        return failure
    raise failure


def _lost(passage: Passage, tries: int) -> EngineError:
    first = passage.first + 1
    last = passage.first + len(passage.utterances)
    return EngineError(
        f"chapter {passage.chapter + 1}, sentences {first} to {last}: the process that was to "
        f"record them ended {tries} times, or did not come to an end",
        "choose another voice, or more memory; what is recorded is kept",
    )
