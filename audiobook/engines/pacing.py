"""Keeps one pace of requests to an online service for all processes of the user."""

from __future__ import annotations

import json
import math
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from audiobook.errors import EngineError, OutputError
from audiobook.messages import message, plural
from audiobook.messages.plain import from_plain, to_plain
from audiobook.system import files, locks
from audiobook.system.folders import cache_folder
from audiobook.system.json_data import load_json

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
# Longest sleep: other processes may succeed, or note that the service is closed, meanwhile.
_NAP = 0.5

FAILURES = 10
"""After so many failures in a row, of all processes together, no requests are sent for a while.
The pauses between them last a minute and a half together: shorter outages are waited out."""


@dataclass(slots=True, kw_only=True)
class _Pace:
    noted: float = 0.0
    """When this was written, in seconds since the epoch like all moments here."""
    next_turn: float = 0.0
    """When the next request may go out."""
    gap: float = 0.0
    """Seconds between requests; never less than the gap of the pacer."""
    failed: float = 0.0
    """When the service last failed."""
    failures: float = 0.0
    """How often it has failed since its last answer; a burst of failures counts once."""
    probe: float = 0.0
    """While it fails: when one process may try whether it works again."""
    closed: float = 0.0
    """No requests are sent before this."""
    reason: str = ""
    """Why it failed last."""


_MOMENTS = ("next_turn", "failed", "probe", "closed")


def pacer(server: str, gap: float) -> Pacer:
    """Return the pacer of a server.

    Args:
        server: a name that identifies it, such as a host with its port.
        gap: least seconds between two requests.
    """
    return Pacer(cache_folder() / "pace" / f"{quote(server, safe='')}.json", gap)


class Pacer:
    """Grants turns for requests, to all processes together: when one must wait, all wait.

    The pace is stored in a small file, under a lock that the system releases when its holder
    dies. A turn is granted only at its time, so that none is left from before a refusal. Threads
    may share a pacer.

    Args:
        path: the file; its folder is created.
        gap: least seconds between two requests of all processes together.
    """

    def __init__(self, path: Path, gap: float) -> None:
        self._path = path
        self._lock = locks.FileLock(f"{path}.lock", poll_interval=0.01)
        self._gap = gap

    def wait_for_turn(self) -> float:
        """Sleep until this request may be sent; return that moment.

        Raises:
            EngineError: the service has failed too often, or asks to wait too long.
            OutputError: the file cannot be used.
        """
        while True:
            with self._locked_pace() as pace:
                if pace.closed > pace.noted:
                    raise _closed_error(pace)
                wait = max(pace.next_turn, pace.probe) - pace.noted
                if wait <= 0:
                    pace.next_turn = pace.noted + max(pace.gap, self._gap)
                    if pace.failures:
                        pace.probe = pace.noted + pause_after(pace.failures)
                    return pace.noted
            time.sleep(min(wait, _NAP))

    def succeed(self) -> None:
        """Note that the service answered.

        A gap that was widened shrinks a little with each success; after failures all processes
        may send requests again at once.
        """
        with self._locked_pace() as pace:
            pace.gap = max(pace.gap * _RECOVERY, self._gap)
            pace.failures = pace.probe = pace.closed = 0

    def fail(self, turn: float, reason: str) -> None:
        """Note that no answer came, which is no complaint about the pace.

        From now on only one process tries, after longer and longer pauses, until one succeeds.

        Args:
            turn: when the request was sent, as `wait_for_turn` returned it.
            reason: what happened, for the errors of later requests.
        """
        with self._locked_pace() as pace:
            _count_failure(pace, turn, reason)

    def slow_down(self, turn: float, retry_after: float | None, reason: str) -> None:
        """Make all processes wait, and send less often afterwards, because the service complains.

        The gap doubles once for a burst: refusals of requests that were sent before the complaint
        do not count as another one.

        Args:
            turn: when the refused request was sent, as `wait_for_turn` returned it.
            retry_after: seconds that the service asked to wait; None if it did not say.
            reason: the message of the service.
        """
        with self._locked_pace() as pace:
            if _count_failure(pace, turn, reason):
                pace.gap = min(max(pace.gap, self._gap) * 2, _WIDEST_GAP)
            if retry_after is None:
                retry_after = pace.gap
            if retry_after > _LONGEST_WAIT:
                pace.closed = pace.noted + min(retry_after, _LONGEST_REST)
            else:
                pace.next_turn = max(pace.next_turn, pace.noted + retry_after)

    @contextmanager
    def _locked_pace(self) -> Iterator[_Pace]:
        """Yield the pace as of now under the lock, and store the changes made to it."""
        try:
            files.make_private_folder(self._path.parent)
            with self._lock:
                pace = self._read_pace()
                now = time.time()
                # If the clock was set back, all moments are, so that no process waits for hours.
                set_back = max(0.0, pace.noted - now)
                for moment in _MOMENTS:
                    setattr(pace, moment, getattr(pace, moment) - set_back)
                pace.noted = now
                yield pace
                values = asdict(pace) | {"reason": to_plain(pace.reason)}
                self._path.write_text(json.dumps(values), "utf-8")
        except OSError as problem:
            raise OutputError(
                message("cannot use {path}: {reason}", path=self._path, reason=problem),
                message("fix its folder, or name another with AUDIOBOOK_CACHE"),
            ) from problem

    def _read_pace(self) -> _Pace:
        try:
            pace = _Pace(**load_json(self._path.read_text("utf-8")))
            pace.reason = from_plain(pace.reason)
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
        except (FileNotFoundError, ValueError, TypeError, KeyError, OverflowError):
            pass  # there is no file yet, or it is damaged
        return _Pace()


def _count_failure(pace: _Pace, turn: float, reason: str) -> bool:
    """Count a failure, unless it is of the same burst as the last; return whether it counts."""
    is_new = turn >= pace.failed
    if is_new:
        pace.failures += 1
        pace.failed = pace.noted
        pace.reason = reason
        pace.probe = pace.noted + pause_after(pace.failures)
        if pace.failures >= FAILURES:
            pace.closed = max(pace.closed, pace.noted + _REST)
    return is_new


def pause_after(failures: float) -> float:
    """Return the seconds to wait after so many failures in a row."""
    doublings = min(max(failures - 1, 0), 60)
    return float(min(_FIRST_PAUSE * 2**doublings, _LONGEST_PAUSE))


def _closed_error(pace: _Pace) -> EngineError:
    moment = time.strftime("%H:%M", time.localtime(pace.closed + 60))
    return EngineError(
        plural(
            "the voice's server failed once ({reason}), so it is left alone for a while",
            "the voice's server failed {count} times in a row ({reason}), so it is left alone for "
            "a while",
            count=round(pace.failures),
            reason=pace.reason,
        ),
        message(
            "run the same command again after {time}: it goes on where it stopped", time=moment
        ),
    )
