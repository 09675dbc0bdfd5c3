"""One pace for every process of the user that asks the same online service."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

_LONGEST_WAIT = 300.0
_WIDEST_GAP = 30.0
_RECOVERY = 0.95


@dataclass(slots=True)
class _Pace:
    next_turn: float = 0.0
    """When the next request may go out, in seconds since the epoch."""
    gap: float = 0.0
    """Seconds between requests; never less than the pacer's own."""
    slowed: float = 0.0
    """When the service last asked for patience."""


class Pacer:
    """Hands out turns: everybody waits for the same clock, and when one is told to wait, all do.

    The pace lives in a small file, under a lock that the system drops when its holder dies.

    Args:
        path: the file; its folder is made.
        gap: least seconds between two requests of all processes together.
    """

    def __init__(self, path: Path, gap: float) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = FileLock(f"{path}.lock")
        self._gap = gap

    def wait_for_turn(self) -> float:
        """Sleep until this request may go out; return that moment."""
        with self._lock:
            pace = self._read()
            now = time.time()
            # A clock that jumped back must not make anybody wait for hours.
            turn = max(now, min(pace.next_turn, now + _LONGEST_WAIT))
            pace.next_turn = turn + max(pace.gap, self._gap)
            self._write(pace)
        time.sleep(max(0.0, turn - time.time()))
        return turn

    def succeed(self) -> None:
        """Let a gap that was widened shrink again, a little with each success."""
        with self._lock:
            pace = self._read()
            if pace.gap > self._gap:
                pace.gap *= _RECOVERY
                self._write(pace)

    def slow_down(self, turn: float, retry_after: float | None) -> None:
        """Make everybody wait, and ask less often afterwards.

        The gap doubles once for a burst: requests that went out before the service complained
        are not a second complaint.

        Args:
            turn: when the refused request went out, as `wait_for_turn` said.
            retry_after: seconds the service asked for; None when it did not say.
        """
        with self._lock:
            pace = self._read()
            now = time.time()
            if turn >= pace.slowed:
                pace.gap = min(max(pace.gap, self._gap) * 2, _WIDEST_GAP)
                pace.slowed = now
            wait = pace.gap if retry_after is None else min(retry_after, _LONGEST_WAIT)
            pace.next_turn = max(pace.next_turn, now + wait)
            self._write(pace)

    def _read(self) -> _Pace:
        try:
            return _Pace(**json.loads(self._path.read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return _Pace()  # the first one, or cut off by a crash

    def _write(self, pace: _Pace) -> None:
        self._path.write_text(json.dumps(asdict(pace)), "utf-8")
