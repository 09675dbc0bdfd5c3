"""One pace for every process of the user that asks the same online service."""

from __future__ import annotations

import json
import math
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from audiobook.errors import EngineError, OutputError
from audiobook.system.folders import cache_folder
from audiobook.system.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# All in seconds.
_LONGEST_WAIT = 300.0
_WIDEST_GAP = 30.0
_RECOVERY = 0.9
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_REST = 300.0
_LONGEST_REST = 24 * 3600.0
# Others may have success, or open the circuit, while somebody sleeps.
_NAP = 0.5

FAILURES = 10
"""So many in a row, of all processes together, and nobody asks for a while. The pauses between
them are a minute and a half: shorter outages are waited out."""


@dataclass(slots=True)
class _Pace:
    noted: float = 0.0
    """When this was written, in seconds since the epoch, as all moments here."""
    next_turn: float = 0.0
    """When the next request may go out."""
    gap: float = 0.0
    """Seconds between requests; never less than the pacer's own."""
    failed: float = 0.0
    """When the service last failed."""
    failures: float = 0.0
    """How often it has failed since it last answered; once for a burst."""
    probe: float = 0.0
    """While it fails: when one of all may try whether it is back."""
    closed: float = 0.0
    """Nobody asks before this."""
    reason: str = ""
    """Why it failed last."""


_MOMENTS = ("next_turn", "failed", "probe", "closed")


def pacer(server: str, gap: float) -> Pacer:
    """Return the pacer of a server, by its name.

    Args:
        server: what tells it from others: a host, perhaps with its port.
        gap: least seconds between two requests.
    """
    return Pacer(cache_folder() / "pace" / f"{quote(server, safe='')}.json", gap)


class Pacer:
    """Hands out turns: everybody waits for the same clock, and when one is told to wait, all do.

    The pace lives in a small file, under a lock that the system drops when its holder dies. A
    turn is taken only when it has come, so that nobody sets out on one from before a refusal.
    It may be shared by threads.

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
            EngineError: the service has failed too often, or wants to be left alone for long.
            OutputError: the file cannot be used.
        """
        while True:
            with self._changing() as pace:
                if pace.closed > pace.noted:
                    raise _closed(pace)
                wait = max(pace.next_turn, pace.probe) - pace.noted
                if wait <= 0:
                    pace.next_turn = pace.noted + max(pace.gap, self._gap)
                    if pace.failures:
                        pace.probe = pace.noted + _pause(pace)
                    return pace.noted
            time.sleep(min(wait, _NAP))

    def succeed(self) -> None:
        """Note that the service answered.

        A gap that was widened shrinks a little with each success; after failures all may ask
        again at once.
        """
        with self._changing() as pace:
            pace.gap = max(pace.gap * _RECOVERY, self._gap)
            pace.failures = pace.probe = pace.closed = 0

    def fail(self, turn: float, reason: str) -> None:
        """Note that no answer came, which is no complaint about the pace.

        From now on one of all tries, after ever longer pauses, until somebody succeeds.

        Args:
            turn: when the request went out, as `wait_for_turn` said.
            reason: what happened, for the error of those who ask later.
        """
        with self._changing() as pace:
            _count(pace, turn, reason)

    def slow_down(self, turn: float, retry_after: float | None, reason: str) -> None:
        """Make everybody wait, and ask less often afterwards: the service complains.

        The gap doubles once for a burst: requests that went out before the service complained
        are not a second complaint.

        Args:
            turn: when the refused request went out, as `wait_for_turn` said.
            retry_after: seconds the service asked for; None when it did not say.
            reason: what it said.
        """
        with self._changing() as pace:
            if _count(pace, turn, reason):
                pace.gap = min(max(pace.gap, self._gap) * 2, _WIDEST_GAP)
            if retry_after is None:
                retry_after = pace.gap
            if retry_after > _LONGEST_WAIT:
                pace.closed = pace.noted + min(retry_after, _LONGEST_REST)
            else:
                pace.next_turn = max(pace.next_turn, pace.noted + retry_after)

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
                for moment in _MOMENTS:
                    setattr(pace, moment, getattr(pace, moment) - back)
                pace.noted = now
                yield pace
                self._path.write_text(json.dumps(asdict(pace)), "utf-8")
        except OSError as problem:
            raise OutputError(
                f"cannot use {self._path}: {problem.strerror}",
                "fix its folder, or name another with AUDIOBOOK_CACHE",
            ) from problem

    def _read(self) -> _Pace:
        try:
            pace = _Pace(**json.loads(self._path.read_text("utf-8")))
            numbers = {name: value for name, value in asdict(pace).items() if name != "reason"}
            ahead = [
                (pace.next_turn, _LONGEST_WAIT),
                (pace.probe, _LONGEST_PAUSE),
                (pace.closed, _LONGEST_REST),
            ]
            if (
                all(map(math.isfinite, numbers.values()))
                and all(round(moment - pace.noted) <= most for moment, most in ahead)
                and 0 <= pace.gap <= _WIDEST_GAP
                and pace.failures >= 0
                and isinstance(pace.reason, str)
            ):
                return pace
        except (FileNotFoundError, ValueError, TypeError, OverflowError):
            pass  # the first one, or cut off by a crash
        return _Pace()


def _count(pace: _Pace, turn: float, reason: str) -> bool:
    """Count a failure; return whether it is another than the last, not of the same burst."""
    another = turn >= pace.failed
    if another:
        pace.failures += 1
        pace.failed = pace.noted
        pace.reason = reason
        pace.probe = pace.noted + _pause(pace)
        if pace.failures >= FAILURES:
            pace.closed = max(pace.closed, pace.noted + _REST)
    return another


def _pause(pace: _Pace) -> float:
    doublings = min(max(pace.failures - 1, 0), 60)
    return float(min(_FIRST_PAUSE * 2**doublings, _LONGEST_PAUSE))


def _closed(pace: _Pace) -> EngineError:
    moment = time.strftime("%H:%M", time.localtime(pace.closed + 60))
    often = "once" if pace.failures == 1 else f"{pace.failures:.0f} times in a row"
    return EngineError(
        f"the voice's server failed {often} ({pace.reason}), so it is left alone for a while",
        f"run the same command again after {moment}: it goes on where it stopped",
    )
