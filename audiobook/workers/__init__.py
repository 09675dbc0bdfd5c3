"""Records passages, by processes of this machine or by the workers of a cluster."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.system import memory
from audiobook.workers.outcome import FailureKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator

    from audiobook.model import Cast, Passage, Recording, Sound
    from audiobook.workers.local import LocalWorkers

# Passages that wait for each worker, so that it need not wait itself; more would only use memory.
_AHEAD = 1
# Times that a passage is given to workers which go away before they have recorded it.
_TRIES = 5
# Seconds without a recording after which it is asked whether the processes are still there.
_LOOK_AFTER = 5.0

Name = TypeVar("Name")


class Workers(Protocol):
    """Processes or machines that record passages."""

    @property
    def number(self) -> int:
        """How many passages they record at once."""

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Submit a passage; the future gives its recording.

        Args:
            passage: what is said.
            cast: who says it.
            sound: how it is recorded.
        """

    def judge(self, problem: BaseException) -> FailureKind:
        """Return what kind of failure an error of a future is."""

    def look_after(self) -> str:
        """Mend what lets passages wait for ever, and return what the user must do; or nothing.

        It is called every few seconds in which nothing was recorded.
        """

    def close(self, *, at_once: bool) -> None:
        """Release the workers; `at_once` without waiting for what they are doing."""


@dataclass(slots=True, kw_only=True)
class _Task(Generic[Name]):
    """A passage that is being recorded."""

    name: Name
    passage: Passage
    workers: Workers
    attempts: int = 1
    """How often it was given to workers."""
    is_alone: bool = False
    """Whether it is recorded in a process of its own."""


def connect(address: str, number: int) -> Workers:
    """Return the workers of a cluster.

    Args:
        address: of its scheduler, as ``tcp://host:8786``, or ``local`` for a cluster on this
            machine.
        number: number of workers of a local cluster.

    Raises:
        UsageError: Dask is not installed, or there is no such address.
        EngineError: the scheduler cannot be reached, or no worker comes.
        VoiceError: a worker has another version of the program.
    """
    from audiobook.workers.cluster import Cluster

    return Cluster(address, number)


class Recorder:
    """Records the passages of any number of books, each book from a thread of its own.

    No book waits for another to end: each always has a passage that is being recorded.

    Args:
        workers: greatest number of processes of this machine.
        elsewhere: workers that record everything that needs no network; None for this machine.
            Online voices always speak here, because one machine must pace their requests.
        is_asked: whether the user asked for so many processes; otherwise there are no more than the
            memory has room for.
        tell: called with a line when nothing can be recorded until the user does something.
    """

    def __init__(
        self,
        workers: int,
        elsewhere: Workers | None = None,
        *,
        is_asked: bool = False,
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._number = workers
        self._elsewhere = elsewhere
        self._is_asked = is_asked
        self._tell = tell
        self._told = ""
        """What the user was told last, and still holds."""
        self._pool: LocalWorkers | None = None
        self._free: int | None = None
        """Bytes of memory that there were before the first process."""
        # One book with online voices uses up the requests that are allowed in a time.
        self._online_turn = threading.Lock()
        self._counting = threading.Lock()
        self._running = 0
        self._stopped = False
        memory.give_large_blocks_back()

    def _open_pool(self, cast: Cast) -> LocalWorkers:
        """Return the processes of this machine, no more than have room; at first there are none."""
        with self._counting:
            self._check_open()
            if self._pool is None:
                self._free = None if self._is_asked else memory.free_memory()
            number = self._number
            if self._free is not None:
                from audiobook.workers.room import processes_for

                number = processes_for(cast, self._free, number)
            if self._pool is None:
                from audiobook.workers.local import LocalWorkers

                self._pool = LocalWorkers(number)
            elif number < self._pool.number:  # voices that need more than those before
                self._pool.reduce(number)
            return self._pool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        if failure is not None:
            self.stop()
        else:
            self._close(at_once=False)

    def stop(self) -> None:
        """Stop all recording at once; whoever waits for recordings gets an error."""
        if not self._stopped:
            self._stopped = True
            self._close(at_once=True)

    def _close(self, *, at_once: bool) -> None:
        with self._counting:
            groups = (self._pool, self._elsewhere)
        for workers in filter(None, groups):
            workers.close(at_once=at_once)

    def begin(self, cast: Cast) -> None:
        """Let a process start where voices will soon speak, so that they need not wait for it.

        Args:
            cast: who will speak.
        """
        if self._elsewhere is None and not any(voice.network for voice in cast.voices):
            self._open_pool(cast).begin(cast)

    def record_all(
        self,
        passages: Iterable[tuple[Name, Passage]],
        cast: Cast,
        sound: Sound,
        most: int | None = None,
    ) -> Generator[tuple[Name, Recording | EngineError], None, None]:
        """Record passages in parallel and yield each, with its name, as soon as it is done.

        A passage that could not be recorded yields its error, and the others go on. A passage
        whose worker process ended is recorded once more, alone in a process, so that only it can
        be the cause if that process ends too.

        Passages are drawn from the iterable only as workers become free, so that neither they nor
        their recordings fill the memory.

        Args:
            passages: with their names.
            cast: who speaks.
            sound: how it is recorded.
            most: greatest number of local processes that record this book at once; None for all.

        Raises:
            VoiceError: a voice is not usable, on this machine or on a worker.
            EngineError: the cluster is gone, or the recorder was stopped.
        """
        online = any(voice.network for voice in cast.voices)
        workers: Workers = (not online and self._elsewhere) or self._open_pool(cast)
        pending = iter(passages)
        running: dict[Future[Recording], _Task[Name]] = {}
        with self._online_turn if online else nullcontext():
            try:
                while True:
                    self._check_open()
                    for task in self._next_tasks(pending, workers, len(running), most):
                        running[workers.submit(task.passage, cast, sound)] = task
                    if not running:
                        break
                    done = self._wait(running)
                    # Of those that end together, the successful ones are yielded first, in the
                    # order of the book.
                    ended = [future for future in running if future in done]
                    for future in sorted(ended, key=lambda end: _failure_of(end) is not None):
                        task = running.pop(future)
                        failure = _failure_of(future)
                        kind = task.workers.judge(failure) if failure else None
                        if (retry := self._retry(task, kind, cast, sound)) is not None:
                            running[retry] = task
                            continue
                        self._count(-1)
                        if failure is None:
                            yield task.name, future.result()
                        elif kind is not FailureKind.FAILED:
                            yield task.name, _lost_error(task.passage)
                        elif isinstance(failure, EngineError):
                            yield task.name, failure
                        else:
                            raise failure
            finally:
                for future, task in running.items():
                    # A pool of processes that breaks stops at futures that were cancelled, and it
                    # gives out all passages at once, so that it has nothing to gain from that.
                    if task.workers is not self._pool:
                        future.cancel()
                self._count(-len(running))

    def _wait(self, running: Collection[Future[Recording]]) -> set[Future[Recording]]:
        """Wait until recordings end, and return them."""
        while True:
            done, _ = wait(running, _LOOK_AFTER, FIRST_COMPLETED)
            if done:
                self._told = ""
                return done
            for workers in filter(None, (self._pool, self._elsewhere)):
                self._tell_once(workers.look_after())

    def _tell_once(self, line: str) -> None:
        with self._counting:
            is_news = bool(line) and line != self._told
            self._told = line or self._told
        if is_news:
            self._tell(line)

    def _check_open(self) -> None:
        if self._stopped:
            raise EngineError(message("recording was stopped"))

    def _next_tasks(
        self,
        pending: Iterator[tuple[Name, Passage]],
        workers: Workers,
        running_count: int,
        most: int | None,
    ) -> Iterator[_Task[Name]]:
        """Yield a task for each passage that may be started now, and count it as running."""
        worker_count = workers.number
        if workers is self._pool and most:
            worker_count = min(worker_count, most)
        allowed = worker_count * (1 + _AHEAD)
        while running_count < allowed and (
            not running_count or self._running < workers.number * (1 + _AHEAD)
        ):
            if (named_passage := next(pending, None)) is None:
                return
            name, passage = named_passage
            running_count += 1
            self._count(1)
            yield _Task(name=name, passage=passage, workers=workers)

    def _retry(
        self, task: _Task[Name], kind: FailureKind | None, cast: Cast, sound: Sound
    ) -> Future[Recording] | None:
        """Submit a passage once more if that may help; return None if it is not."""
        if kind is FailureKind.ABANDONED and task.attempts < _TRIES:
            self._check_open()
            task.attempts += 1
            return task.workers.submit(task.passage, cast, sound)
        if kind is FailureKind.SUSPECT and not task.is_alone:
            self._check_open()
            pool = self._open_pool(cast)
            task.workers, task.is_alone = pool, True
            return pool.submit_alone(task.passage, cast, sound)
        return None

    def _count(self, change: int) -> None:
        with self._counting:
            self._running += change


def _failure_of(future: Future[Recording]) -> BaseException | None:
    return CancelledError() if future.cancelled() else future.exception()


def _lost_error(passage: Passage) -> EngineError:
    from audiobook.workers.local import describe_place

    place = describe_place(passage)
    return EngineError(
        message("{place}: every process that recorded it died or hung", place=place),
        message("choose another voice, or more memory; what is recorded is kept"),
    )
