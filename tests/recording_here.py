"""Recording in the process of the tests, instead of worker processes."""

from __future__ import annotations

import pickle
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.workers.local import record_in_time
from audiobook.workers.outcome import FailureKind

if TYPE_CHECKING:
    from audiobook.model import Cast, Passage, Recording, Sound

# As in a worker, an engine speaks one passage at a time.
_RECORDING = threading.Lock()


class WorkersHere:
    """`Workers` that record each passage as it is submitted.

    Starting a process takes longer than recording a short book. As on the way to a process and
    back, whatever cannot be pickled fails.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self._closed = False

    def begin(self, cast: Cast) -> None:
        """Start nothing."""

    def look_after(self) -> str:
        """Have nothing to mend."""
        return ""

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Record a passage."""
        if self._closed:
            raise EngineError(message("recording was stopped"))
        future: Future[Recording] = Future()
        ordered = pickle.loads(pickle.dumps((passage, cast, sound)))
        try:
            with _RECORDING:
                recording = record_in_time(*ordered)
        except Exception as problem:  # noqa: BLE001  # as a process returns it
            # Its causes stay there.
            problem.__cause__ = problem.__context__ = problem.__traceback__ = None
            future.set_exception(pickle.loads(pickle.dumps(problem)))
        else:
            future.set_result(pickle.loads(pickle.dumps(recording)))
        return future

    submit_alone = submit

    def judge(self, problem: BaseException) -> FailureKind:
        """Return that a passage failed by itself: there is no process that could have died."""
        del problem
        return FailureKind.FAILED

    def close(self, *, at_once: bool) -> None:
        """Record nothing any more."""
        del at_once
        self._closed = True
