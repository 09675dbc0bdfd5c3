"""The lock at a target: who publishes there, and whether they are still at it."""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from audiobook.errors import OutputError
from audiobook.messages import Message, message, verbatim
from audiobook.system.machine import is_running, machine_id, machine_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.podcast.targets.target import Target

NAME = ".audiobook-lock.json"
"""The path of the lock from the root of the target."""
BEAT = 20.0
"""Seconds after which who holds a lock writes it anew, as a sign of life."""
STALE = 180.0
"""Seconds without a sign of life after which a lock is broken.

They are counted by whoever waits: the clocks of two machines may differ by any amount.
"""
_LOOK = 1.0
"""Seconds between two looks at a lock that is waited for."""
_LOOKS = (0.0, 0.05, 0.2, 0.5)
"""Seconds before each look at our own lock, until it says whose it is."""


class TargetLock:
    """Keeps other machines from publishing to a target at the same time, as a context manager.

    Whoever finds the lock taken waits until it is free. A lock is broken if it was left by a
    process of this machine that is gone, or shows no sign of life for `STALE` seconds.

    Args:
        target: the target.
        report: is told what is waited for, and if the target cannot be locked.
    """

    def __init__(self, target: Target, report: Callable[[Message], None]) -> None:
        self._target, self._report = target, report
        self._id = uuid4().hex
        self._beats = 0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Wait for the lock, and hold it; a target that lets one of two writers in needs none.

        Raises:
            OutputError: the target cannot be reached.
        """
        if self._target.is_atomic:
            return self
        try:
            self._acquire()
        except NotImplementedError:
            self._report(
                message(
                    "{address} cannot be locked: let only one machine publish there at a time",
                    address=self._target.address,
                )
            )
            return self
        self._thread = threading.Thread(target=self._beat, name="lock", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread is None:
            return
        self._ended.set()
        self._thread.join()
        with suppress(OutputError):  # it will be found to be stale
            if self._is_ours():
                self._target.remove(NAME)

    def check(self) -> None:
        """Make sure that nobody else has taken the target in the meantime.

        Raises:
            OutputError: another machine has, because this one showed no sign of life.
        """
        if self._thread is not None and not self._is_ours():
            raise OutputError(
                message(
                    "another machine publishes to {address} now: this one showed no sign of life "
                    "for too long",
                    address=self._target.address,
                ),
                message("run the same command again"),
            )

    def _acquire(self) -> None:
        seen: bytes | None = None
        seen_at, told = 0.0, ""
        while not ((seen is None or self._is_given_back()) and self._create()):
            holder = self._target.read(NAME)
            now = time.monotonic()
            if holder is None:  # it was just given back, or the server shows it now and then
                time.sleep(_LOOKS[1])
                continue
            if holder != seen:
                seen, seen_at = holder, now
            name, is_gone = _describe(holder)
            if is_gone or now - seen_at > STALE:
                self._report(message("breaking the lock that {name} left at the target", name=name))
                if self._target.read(NAME) == holder:  # and not somebody else's by now
                    self._target.remove(NAME)
                continue
            if name != told:
                told = name
                self._report(
                    message(
                        "waiting for {name}, which publishes to {address}; its lock is broken if "
                        "it shows no sign of life for {minutes:g} minutes",
                        name=name,
                        address=self._target.address,
                        minutes=STALE / 60,
                    )
                )
            time.sleep(_LOOK)

    def _is_given_back(self) -> bool:
        """Whether there is no lock, also after a while.

        While the holder writes a sign of life, some servers have none for a moment.
        """
        for pause in _LOOKS:
            time.sleep(pause)
            if self._target.read(NAME) is not None:
                return False
        return True

    def _create(self) -> bool:
        """Write the lock if there is none, and return whether it is ours.

        Raises:
            NotImplementedError: the target lets two writers have it.
        """
        if not self._target.create_data(NAME, self._render()):
            return self._is_ours()  # a try whose answer was lost
        if self._target.create_data(NAME, self._render()):
            self._target.remove(NAME)
            raise NotImplementedError(self._target.address)
        return self._is_ours()

    def _beat(self) -> None:
        """Write the lock anew now and then, as long as it is ours."""
        while not self._ended.wait(BEAT):
            with suppress(OutputError):  # the next beat may come through
                if not self._is_ours():
                    return
                self._beats += 1
                self._target.put_data(NAME, self._render())

    def _is_ours(self) -> bool:
        for pause in _LOOKS:  # while a sign of life is written, some servers have no lock
            time.sleep(pause)
            holder = _parse(self._target.read(NAME) or b"")
            if "id" in holder:
                return bool(holder["id"] == self._id)
        return False

    def _render(self) -> bytes:
        holder = {
            "id": self._id,
            "machine": machine_name(),
            "machine_id": machine_id(),
            "process": os.getpid(),
            "beats": self._beats,
        }
        return json.dumps(holder).encode()


def _parse(data: bytes) -> dict[str, Any]:
    """Return what a lock says; nothing if it is not whole yet, or damaged."""
    try:
        holder = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return holder if isinstance(holder, dict) else {}


def _describe(data: bytes) -> tuple[Message, bool]:
    """Return the name of who holds a lock, and whether it is a process of ours that is gone."""
    holder = _parse(data)
    process = holder.get("process")
    is_gone = (
        holder.get("machine_id") == machine_id()
        and isinstance(process, int)
        and not is_running(process)
    )
    name = holder.get("machine")
    return verbatim(name) if isinstance(name, str) else message("another machine"), is_gone
