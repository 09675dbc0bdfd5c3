"""Sends quick passages several at a time, because a task of a cluster costs milliseconds."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.errors import EngineError
    from audiobook.model import Cast, Passage, Recording, Sound

# Seconds of recording that are worth a task, whose sending takes 7 ms of the processors of client,
# scheduler and worker together (bench/cluster.py).
_WORTH = 0.25
# Passages of a task: so many are recorded again if a worker is lost, or alone if one killed it.
_MOST = 16
# Seconds that recording a passage is taken to last before any of its cast was recorded, and what of
# a slow one is still expected after the next.
_UNKNOWN, _KEPT = 4.0, 0.9
# Seconds that a passage waits for others. Workers have another task meanwhile.
_PATIENCE = 0.02


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the passages of a task."""

    recordings: Sequence[Recording | EngineError]
    """One for each passage, in their order."""
    seconds: float
    """How long recording one took."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    passage: Passage
    future: Future[Recording]


class Bundles:
    """Collects passages until they are worth a task, and gives each its recording.

    Passages that take long are sent one by one, at once.

    Args:
        send: submits passages that have the same cast and sound as one task.
    """

    def __init__(self, send: Callable[[list[Passage], Cast, Sound], Future[Outcomes]]) -> None:
        self._send_task = send
        self._lock = threading.Lock()
        self._casts: set[Cast] = set()
        self._seconds = _UNKNOWN
        self._waiting: dict[tuple[Cast, Sound], list[_Waiting]] = {}
        self._timers: dict[tuple[Cast, Sound], threading.Timer] = {}

    @property
    def size(self) -> int:
        """How many passages are sent together now."""
        return max(1, int(_WORTH / max(self._seconds, _WORTH / _MOST)))

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Submit a passage, with others or alone; the future gives its recording."""
        one = _Waiting(passage, Future())
        with self._lock:
            if cast not in self._casts:
                self._casts.add(cast)
                self._seconds = _UNKNOWN
            waiting = self._waiting.setdefault((cast, sound), [])
            waiting.append(one)
            is_full = len(waiting) >= self.size
            if len(waiting) == 1 and not is_full:
                timer = threading.Timer(_PATIENCE, self._send, (cast, sound))
                timer.daemon = True
                timer.start()
                self._timers[cast, sound] = timer
        if is_full:
            self._send(cast, sound)
        return one.future

    def _send(self, cast: Cast, sound: Sound) -> None:
        with self._lock:
            waiting = self._waiting.pop((cast, sound), [])
            if timer := self._timers.pop((cast, sound), None):
                timer.cancel()
        wanted = [one for one in waiting if not one.future.cancelled()]
        if not wanted:
            return
        futures = [one.future for one in wanted]
        try:
            task = self._send_task([one.passage for one in wanted], cast, sound)
        except BaseException as problem:  # noqa: BLE001 (raised where the recordings are awaited)
            for future in futures:
                if future.set_running_or_notify_cancel():
                    future.set_exception(problem)
            return

        def cancel(_: Future[Recording]) -> None:
            if all(future.cancelled() for future in futures):
                task.cancel()

        for future in futures:
            future.add_done_callback(cancel)
        task.add_done_callback(lambda _: self._share(task, futures))

    def _share(self, task: Future[Outcomes], futures: list[Future[Recording]]) -> None:
        """Give each passage of a task that ended its outcome."""
        problem = CancelledError() if task.cancelled() else task.exception()
        if problem is None:
            outcomes = task.result()
            with self._lock:
                self._seconds = max(outcomes.seconds, self._seconds * _KEPT)
        for position, future in enumerate(futures):
            if not future.set_running_or_notify_cancel():
                continue
            outcome = problem or outcomes.recordings[position]
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
        # They hold this list through `cancel`, and would keep their recordings in the memory.
        futures.clear()
