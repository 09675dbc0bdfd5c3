"""One pace for every process of the user that asks the same online service."""

from __future__ import annotations

import json
import math
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from filelock import FileLock

from audiobook.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_WAIT = 300.0
_WIDEST_GAP = 30.0
_RECOVERY = 0.95


@dataclass(slots=True)
class _Pace:
    noted: float = 0.0
    """When this was written, in seconds since the epoch, as all moments here."""
    next_turn: float = 0.0
    """When the next request may go out."""
    gap: float = 0.0
    """Seconds between requests; never less than the pacer's own."""
    slowed: float = 0.0
    """When the service last asked for patience."""


class Pacer:
    """Hands out turns: everybody waits for the same clock, and when one is told to wait, all do.

    The pace lives in a small file, under a lock that the system drops when its holder dies. A
    turn is taken only when it has come, so that nobody sets out on one from before a refusal.

    Args:
        path: the file; its folder is made.
        gap: least seconds between two requests of all processes together.
    """

    def __init__(self, path: Path, gap: float) -> None:
        self._path = path
        self._lock = FileLock(f"{path}.lock", poll_interval=0.01)
        self._gap = gap

    def wait_for_turn(self) -> float:
        """Sleep until this request may go out; return that moment.

        Raises:
            OutputError: the file cannot be used.
        """
        while True:
            with self._changing() as pace:
                wait = pace.next_turn - pace.noted
                if wait <= 0:
                    pace.next_turn = pace.noted + max(pace.gap, self._gap)
                    return pace.noted
            time.sleep(wait)

    def succeed(self) -> None:
        """Let a gap that was widened shrink again, a little with each success."""
        with self._changing() as pace:
            pace.gap = max(pace.gap * _RECOVERY, self._gap)

    def slow_down(self, turn: float, retry_after: float | None) -> None:
        """Make everybody wait, and ask less often afterwards.

        The gap doubles once for a burst: requests that went out before the service complained
        are not a second complaint.

        Args:
            turn: when the refused request went out, as `wait_for_turn` said.
            retry_after: seconds the service asked for; None when it did not say.
        """
        with self._changing() as pace:
            if turn >= pace.slowed:
                pace.gap = min(max(pace.gap, self._gap) * 2, _WIDEST_GAP)
                pace.slowed = pace.noted
            wait = pace.gap if retry_after is None else min(retry_after, _LONGEST_WAIT)
            pace.next_turn = max(pace.next_turn, pace.noted + wait)

    @contextmanager
    def _changing(self) -> Iterator[_Pace]:
        """Read the pace as of now, and write down what becomes of it before another reads it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock:
                pace = self._read()
                now = time.time()
                # A clock that was set back takes all moments with it: nobody waits for hours.
                back = max(0.0, pace.noted - now)
                pace.next_turn -= back
                pace.slowed -= back
                pace.noted = now
                yield pace
                self._path.write_text(json.dumps(asdict(pace)), "utf-8")
        except OSError as problem:
            raise OutputError(
                f"cannot use {self._path}: {problem.strerror}",
                "mend its folder, or name another with AUDIOBOOK_CACHE",
            ) from problem

    def _read(self) -> _Pace:
        try:
            pace = _Pace(**json.loads(self._path.read_text("utf-8")))
            numbers = all(map(math.isfinite, asdict(pace).values()))
            ahead = round(pace.next_turn - pace.noted)
            if numbers and ahead <= _LONGEST_WAIT and 0 <= pace.gap <= _WIDEST_GAP:
                return pace
        except (FileNotFoundError, ValueError, TypeError, OverflowError):
            pass  # the first one, or cut off by a crash
        return _Pace()
